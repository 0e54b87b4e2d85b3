// What the official client sees of a server, in Node and in a browser.

import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

// JSON of an answer may have errors' details in it, whose types must be known.
const TRANSPORTS = {
  "connect": (options) => createConnectTransport({ ...options, useBinaryFormat: true }),
  "connect json": (options) => createConnectTransport({ ...options, useBinaryFormat: false }),
  "grpc-web": createGrpcWebTransport,
};

/** What each transport saw. `image` is a serialized FileDescriptorSet, `key` an API key. */
export async function callAll(baseUrl, image, key) {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  const jsonOptions = { registry };
  const seen = {};
  for (const [name, make] of Object.entries(TRANSPORTS)) {
    const showKey = (next) => (request) => {
      request.header.set("Authorization", `Bearer ${key}`);
      return next(request);
    };
    const known = clients(registry, make({ baseUrl, jsonOptions, interceptors: [showKey] }));
    const unknown = clients(registry, make({ baseUrl, jsonOptions }));
    seen[name] = await callEach(registry, known, unknown);
  }
  return seen;
}

function clients(registry, transport) {
  const client = (name) => createClient(registry.getService(`wikifeed.v1.${name}`), transport);
  return { articles: client("ArticleService"), changes: client("ChangeService"), catalog: client("CatalogService") };
}

async function callEach(registry, { articles, changes, catalog }, unknown) {
  const titled = (value) => ({ project: "enwiki", key: { case: "title", value } });
  const after = (value) => ({ start: { case: "afterOffset", value } });
  const ended = (call) => call.then(() => "went well", (error) => told(registry, error));
  return {
    article: (await articles.getArticle(titled("Ada Lovelace"))).article.name,
    projects: (await catalog.listProjects({})).projects.map((each) => each.identifier),
    outcomes: (await all(articles.batchGetArticles({ keys: [titled("Ada Lovelace"), titled("Nobody")] })))
      .flatMap((each) => each.outcomes.map((outcome) => outcome.outcome.case)),
    offsets: await offsets(changes.streamChanges(after(0n)), 3),
    missing: await ended(articles.getArticle(titled("Nobody"))),
    ahead: await ended(all(changes.streamChanges(after(10n ** 9n)))),
    stranger: await ended(unknown.articles.getArticle(titled("Ada Lovelace"))),
    strangers_stream: await ended(all(unknown.changes.streamChanges({}))),
  };
}

async function all(stream) {
  const found = [];
  for await (const each of stream) found.push(each);
  return found;
}

async function offsets(stream, count) {
  const found = [];
  for await (const { changes } of stream) {
    found.push(...changes.map((change) => Number(change.offset)));
    if (found.length >= count) break;
  }
  return found.slice(0, count);
}

function told(registry, error) {
  const { code, details, rawMessage } = ConnectError.from(error);
  const [info] = ConnectError.from(error).findDetails(registry.getMessage("google.rpc.ErrorInfo"));
  return info ? [Code[code], info.reason] : [Code[code], rawMessage, details.length];
}
