package org.wikifeed.client;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** What a server ends calls with. */
final class MadeUpStatus {
  private MadeUpStatus() {}

  static StatusRuntimeException of(Code code, String reason) {
    ErrorInfo info = ErrorInfo.newBuilder().setDomain("wikifeed").setReason(reason).build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder().setCode(code.value()).addDetails(Any.pack(info)).build());
  }
}
