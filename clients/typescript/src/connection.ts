/** One connection, the stubs on it, and how a call on it is made. */

import {
  type CallOptions,
  Channel,
  type ChannelCredentials,
  type ClientOptions as StubOptions,
  type ClientReadableStream,
  type ClientUnaryCall,
  type Metadata,
  type ServiceError,
  status as Code,
} from "@grpc/grpc-js";

import { type ClientOptions, type Settled, settled } from "./connecting.js";
import { errorOfCall, WikifeedError } from "./errors.js";
import { Incoming } from "./incoming.js";
import { whenAborted } from "./signals.js";

/** A generated stub's class. */
export type StubClass<Stub> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<StubOptions>,
) => Stub;

type Method<Question, Answer> = (
  question: Question,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, answer: Answer) => void,
) => ClientUnaryCall;

/** A channel of gRPC's with what each call on it shows. */
export class Connection {
  readonly settled: Settled;
  readonly #channel: Channel;
  readonly #closing = new AbortController();

  constructor(
    private readonly address: string,
    options: ClientOptions,
  ) {
    this.settled = settled(address, options);
    this.#channel = new Channel(address, this.settled.credentials, this.settled.channel);
  }

  /** Given once the connection is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  stub<Stub>(kind: StubClass<Stub>): Stub {
    return new kind(this.address, this.settled.credentials, { channelOverride: this.#channel });
  }

  /** A method that answers once, as a function of its question. gRPC makes it again where the server is unavailable. */
  asking<Question, Answer>(
    method: Method<Question, Answer>,
    signal?: AbortSignal,
  ): (question: Question) => Promise<Answer> {
    return async (question) => {
      const metadata = await this.settled.metadata();
      this.closing.throwIfAborted();
      signal?.throwIfAborted();
      return new Promise<Answer>((resolve, reject) => {
        const deadline = Date.now() + this.settled.deadlineMs;
        const call = method(question, metadata, { deadline }, (error, answer) => {
          stopListening();
          if (error === null) {
            resolve(answer);
          } else {
            reject(errorOfCall(error));
          }
        });
        const stopListening = whenAborted([signal, this.closing], (reason) => {
          reject(reason);
          call.cancel();
        });
      });
    };
  }

  /** What a call brings that one of the signals ends. */
  async receiving<Message>(
    open: (metadata: Metadata) => ClientReadableStream<Message>,
    signals: readonly (AbortSignal | undefined)[] = [],
  ): Promise<Incoming<Message>> {
    const metadata = await this.settled.metadata();
    this.closing.throwIfAborted();
    return new Incoming(open(metadata), this.settled.reconnecting.silenceMs, signals);
  }

  close(): void {
    this.#closing.abort(new WikifeedError("the client is closed", { code: Code.CANCELLED }));
    this.#channel.close();
  }
}
