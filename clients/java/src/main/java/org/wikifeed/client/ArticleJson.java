package org.wikifeed.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import org.wikifeed.v1.Article;

/** Articles as Enterprise and snapshots write them in JSON. */
final class ArticleJson {
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
  private static final List<String> TABLE_PARTS = List.of("headers", "rows", "footers");

  private ArticleJson() {}

  /** The article of one JSON object. Fields that are not known are dropped. */
  static Article parse(String json) {
    Article.Builder article = Article.newBuilder();
    try {
      PARSER.merge(json.contains("\"tables\"") ? withNamedCells(json) : json, article);
    } catch (InvalidProtocolBufferException | JsonParseException | IllegalStateException error) {
      String start = json.substring(0, Math.min(60, json.length()));
      throw new StoreException("this is no article: " + start, error);
    }
    return article.build();
  }

  /** Make of the rows, which JSON has as lists of cells, the messages that the contract has. */
  private static String withNamedCells(String json) {
    JsonObject article = JsonParser.parseString(json).getAsJsonObject();
    JsonElement tables = article.get("tables");
    if (tables != null && tables.isJsonArray()) {
      tables.getAsJsonArray().forEach(table -> nameCells(table.getAsJsonObject()));
    }
    return article.toString();
  }

  private static void nameCells(JsonObject table) {
    for (String part : TABLE_PARTS) {
      JsonElement rows = table.get(part);
      if (rows == null || !rows.isJsonArray()) {
        continue;
      }
      JsonArray named = new JsonArray();
      for (JsonElement row : rows.getAsJsonArray()) {
        row.getAsJsonArray().forEach(cell -> nameNested(cell.getAsJsonObject()));
        JsonObject message = new JsonObject();
        message.add("cells", row);
        named.add(message);
      }
      table.add(part, named);
    }
  }

  private static void nameNested(JsonObject cell) {
    JsonElement nested = cell.get("nested_table");
    if (nested != null && nested.isJsonObject()) {
      nameCells(nested.getAsJsonObject());
    }
  }
}
