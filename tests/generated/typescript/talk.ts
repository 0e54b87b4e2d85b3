/** Calls a server with the generated stub alone, once in each way that there is, and prints what came. */

import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Status } from "@wikifeed/proto/google/rpc";
import {
  Article,
  ArticleServiceClient,
  ChangeServiceClient,
  GetArticleRequest,
  type GetArticleResponse,
  StreamChangesRequest,
  type StreamChangesResponse,
  SubscribeRequest,
  type SubscribeResponse,
} from "@wikifeed/proto/v1";

const [address = "", subscription = ""] = process.argv.slice(2);
const articles = new ArticleServiceClient(address, credentials.createInsecure());
const changes = new ChangeServiceClient(address, credentials.createInsecure());

function get(title: string): Promise<GetArticleResponse> {
  const request = GetArticleRequest.fromPartial({ project: "enwiki", key: { $case: "title", value: title } });
  return new Promise((resolve, reject) =>
    articles.getArticle(request, (error, answer) => (error === null ? resolve(answer) : reject(error))),
  );
}

/** The first field of the ErrorInfo among the details, its reason: there are no stubs of google.rpc's details. */
function reasonOf(error: ServiceError): string {
  const status = Status.decode(error.metadata.get("grpc-status-details-bin")[0] as Buffer);
  const info = status.details.find((detail) => detail.typeUrl.endsWith("/google.rpc.ErrorInfo"));
  const packed = Buffer.from(info?.value ?? []);
  return packed.subarray(2, 2 + (packed[1] ?? 0)).toString();
}

async function stream(): Promise<number[]> {
  const request = StreamChangesRequest.fromPartial({ start: { $case: "afterOffset", value: 0n }, untilOffset: 3n });
  const offsets: number[] = [];
  for await (const response of changes.streamChanges(request)) {
    offsets.push(...(response as StreamChangesResponse).changes.map((change) => Number(change.offset)));
  }
  return offsets;
}

async function subscribe(): Promise<number[]> {
  const call = changes.subscribe();
  const open = { name: subscription, maxBatchSize: 1, start: { $case: "afterOffset" as const, value: 0n } };
  call.write(SubscribeRequest.fromPartial({ action: { $case: "open", value: open } }));
  const taken: number[] = [];
  for await (const each of call) {
    const response = each as SubscribeResponse;
    if (response.deliveryId > 0n && taken.length === 0) {
      taken.push(...response.changes.map((change) => Number(change.offset)));
      call.write(SubscribeRequest.fromPartial({ action: { $case: "acknowledge", value: response.deliveryId } }));
      call.end();
    }
  }
  return taken;
}

/** Whether a field of a later contract survives being read and written. */
function keepsUnknownFields(): boolean {
  const later = Buffer.from("\xd2\xb2\x04\x05later", "latin1");
  return Buffer.from(Article.encode(Article.decode(later)).finish()).equals(later);
}

const name = (await get("Anarchism")).article?.name;
const failure = await get("No such page").then(
  () => undefined,
  (error: ServiceError) => error,
);
const told = {
  name,
  offsets: await stream(),
  code: failure?.code,
  reason: failure && reasonOf(failure),
  delivered: await subscribe(),
  kept: keepsUnknownFields(),
};
process.stdout.write(`${JSON.stringify(told)}\n`);
articles.close();
changes.close();
