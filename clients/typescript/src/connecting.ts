/** The connection: TLS, credentials, keepalive, sizes, and which calls gRPC itself makes again. */

import { type ChannelCredentials, credentials, type ChannelOptions, Metadata } from "@grpc/grpc-js";

import { RECONNECTING, type Reconnecting } from "./reconnecting.js";
import { VERSION } from "./version.js";

/** How to connect. */
export interface ClientOptions {
  /** Whether to speak TLS. Unless set it is spoken where the address is not of this machine. */
  readonly tls?: boolean;
  /** Who vouches for the server (PEM), in place of those that the system trusts. Speaks TLS. */
  readonly authority?: Buffer;
  /** A certificate to show the server (PEM), with its key. Speaks TLS. */
  readonly identity?: { readonly certificate: Buffer; readonly key: Buffer };
  /** An API key, or an access token that does not change. */
  readonly key?: string;
  /** Asked before each call what to show: for tokens that expire. */
  readonly tokens?: () => string | Promise<string>;
  /** The caller's own product, put behind this client's in the user agent: "indexer/2.1". */
  readonly userAgent?: string;
  /** How long a call that answers once may take, its tries together, in milliseconds; 30,000 unless set. */
  readonly deadlineMs?: number;
  /** How streams are opened again. */
  readonly reconnecting?: Partial<Reconnecting>;
}

const DEADLINE_MS = 30_000;
const RECEIVE_BYTES = 64 << 20;
// How much of one stream may be on its way: what a snapshot at full speed needs.
const WINDOW_BYTES = 4 << 20;

// Streams go on where they were cut, which only this package knows how to; these gRPC can make again by itself.
const ANSWERED_ONCE: Readonly<Record<string, readonly string[]>> = {
  AccountService: ["GetAccount", "ListUsage"],
  ArticleService: ["GetArticle", "GetStructuredContents", "LookupArticles", "ListArticles"],
  BatchService: ["ListBatches", "GetBatch"],
  CatalogService: ["ListProjects"],
  ChangeService: ["GetChangeLogInfo", "GetSubscription", "ListSubscriptions", "DeleteSubscription"],
  SnapshotService: ["ListSnapshots", "GetSnapshot", "CreateSnapshot"],
};

const SERVICE_CONFIG = JSON.stringify({
  methodConfig: [
    {
      name: Object.entries(ANSWERED_ONCE).flatMap(([service, methods]) =>
        methods.map((method) => ({ service: `wikifeed.v1.${service}`, method })),
      ),
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: "0.1s",
        maxBackoff: "2s",
        backoffMultiplier: 2,
        // A server that stops cancels calls that reach it too late.
        retryableStatusCodes: ["UNAVAILABLE", "CANCELLED"],
      },
    },
  ],
});

/** What a client is made with, everything settled. */
export interface Settled {
  readonly credentials: ChannelCredentials;
  readonly channel: ChannelOptions;
  readonly deadlineMs: number;
  readonly reconnecting: Reconnecting;
  /** What each call shows. */
  readonly metadata: () => Promise<Metadata>;
}

export function settled(address: string, options: ClientOptions): Settled {
  const userAgent = `wikifeed-typescript/${VERSION}${options.userAgent === undefined ? "" : ` ${options.userAgent}`}`;
  const reconnecting = { ...RECONNECTING, ...options.reconnecting };
  return {
    credentials: credentialsOf(address, options),
    channel: {
      "grpc.primary_user_agent": userAgent,
      "grpc.keepalive_time_ms": 30_000,
      "grpc.keepalive_timeout_ms": 10_000,
      "grpc.max_receive_message_length": RECEIVE_BYTES,
      "grpc.initial_reconnect_backoff_ms": Math.max(100, reconnecting.firstMs),
      "grpc.max_reconnect_backoff_ms": Math.max(100, reconnecting.longestMs),
      "grpc.service_config": SERVICE_CONFIG,
      // A client that is closed takes its connection with it.
      "grpc.use_local_subchannel_pool": 1,
      // Proxies for the web rarely let gRPC through.
      "grpc.enable_http_proxy": 0,
      "grpc-node.flow_control_window": WINDOW_BYTES,
    },
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    reconnecting,
    metadata: async () => {
      const metadata = new Metadata();
      const shown = options.tokens === undefined ? options.key : await options.tokens();
      if (shown !== undefined && shown !== "") {
        metadata.set("authorization", `Bearer ${shown}`);
      }
      return metadata;
    },
  };
}

function credentialsOf(address: string, options: ClientOptions): ChannelCredentials {
  const { authority, identity } = options;
  const speaksTls = options.tls ?? (authority !== undefined || identity !== undefined || !isThisMachine(address));
  return speaksTls
    ? credentials.createSsl(authority ?? null, identity?.key ?? null, identity?.certificate ?? null)
    : credentials.createInsecure();
}

/** Whether an address, "host:port", is of this machine. */
export function isThisMachine(address: string): boolean {
  const host = address.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host) || address.startsWith("unix:");
}
