/** Servers that do as a test says. */

import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import * as wire from "@wikifeed/proto/v1";

import { Client } from "../src/index.js";

const SERVICES: readonly ServiceDefinition[] = [
  wire.AccountServiceService,
  wire.ArticleServiceService,
  wire.BatchServiceService,
  wire.CatalogServiceService,
  wire.ChangeServiceService,
  wire.SnapshotServiceService,
];
const QUICKLY = { firstMs: 1, longestMs: 5 };

/** What answers the methods, by name. */
export type Handlers = Readonly<Record<string, (...call: never[]) => void>>;
/** A call that is answered by a stream. */
export type Writable<Message> = {
  write(message: Message): void;
  end(): void;
  emit(event: "error", error: Error): void;
};

/** A client of a server on this machine that has these methods and no others. */
export async function withServer(handlers: Handlers, work: (client: Client) => Promise<void>): Promise<void> {
  const server = new Server();
  for (const service of SERVICES) {
    server.addService(service, handlers as UntypedServiceImplementation);
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const client = new Client(`127.0.0.1:${port}`, { reconnecting: QUICKLY });
  try {
    await work(client);
  } finally {
    client.close();
    server.forceShutdown();
  }
}
