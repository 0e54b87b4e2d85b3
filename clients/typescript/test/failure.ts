/** Errors as servers make them. */

import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { Metadata, status as Code, type ServiceError } from "@grpc/grpc-js";
import { Status } from "@wikifeed/proto/google/rpc";

/** A failed call of a server that tells a reason. */
export function failure(
  code: Code,
  reason = "",
  pairs: Readonly<Record<string, string>> = {},
  domain = "wikifeed",
): ServiceError {
  const info = new BinaryWriter().uint32(10).string(reason).uint32(18).string(domain);
  for (const [key, value] of Object.entries(pairs)) {
    info.uint32(26).fork().uint32(10).string(key).uint32(18).string(value).join();
  }
  const details = [{ typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value: Buffer.from(info.finish()) }];
  const metadata = new Metadata();
  const packed = Status.encode(Status.fromPartial({ code, message: "words", details })).finish();
  metadata.set("grpc-status-details-bin", Buffer.from(packed));
  return Object.assign(new Error("words"), { code, details: "words", metadata });
}
