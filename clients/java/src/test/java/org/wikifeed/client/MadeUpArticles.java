package org.wikifeed.client;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.ArticleMatch;
import org.wikifeed.v1.ArticleServiceGrpc.ArticleServiceImplBase;
import org.wikifeed.v1.GetArticleRequest;
import org.wikifeed.v1.GetArticleResponse;
import org.wikifeed.v1.GetStructuredContentsRequest;
import org.wikifeed.v1.GetStructuredContentsResponse;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.ListArticlesResponse;
import org.wikifeed.v1.LookupArticlesRequest;
import org.wikifeed.v1.LookupArticlesResponse;

/** A service that answers everything with one article, and remembers what it was asked. */
final class MadeUpArticles extends ArticleServiceImplBase {
  static final Article ARTICLE = Article.newBuilder().setName("Anarchism").build();
  static final ArticleMatch MATCH = ArticleMatch.newBuilder().setArticle(ARTICLE).build();

  final List<Message> requests = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void getArticle(GetArticleRequest request, StreamObserver<GetArticleResponse> answer) {
    answer(request, GetArticleResponse.newBuilder().setArticle(ARTICLE).build(), answer);
  }

  @Override
  public void getStructuredContents(
      GetStructuredContentsRequest request, StreamObserver<GetStructuredContentsResponse> answer) {
    answer(request, GetStructuredContentsResponse.newBuilder().setArticle(ARTICLE).build(), answer);
  }

  @Override
  public void lookupArticles(
      LookupArticlesRequest request, StreamObserver<LookupArticlesResponse> answer) {
    answer(request, LookupArticlesResponse.newBuilder().addMatches(MATCH).build(), answer);
  }

  @Override
  public void listArticles(
      ListArticlesRequest request, StreamObserver<ListArticlesResponse> answer) {
    answer(request, ListArticlesResponse.newBuilder().addArticles(ARTICLE).build(), answer);
  }

  private <R> void answer(Message request, R response, StreamObserver<R> answer) {
    requests.add(request);
    answer.onNext(response);
    answer.onCompleted();
  }
}
