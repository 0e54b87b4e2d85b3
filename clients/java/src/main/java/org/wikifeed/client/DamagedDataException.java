package org.wikifeed.client;

import io.grpc.Status;

/** Bytes came that are not what their checksum says, and asking again did not help. */
public final class DamagedDataException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  DamagedDataException(Failure failure) {
    super(failure);
  }

  DamagedDataException(String message) {
    super(Failure.of(message, Status.Code.DATA_LOSS));
  }
}
