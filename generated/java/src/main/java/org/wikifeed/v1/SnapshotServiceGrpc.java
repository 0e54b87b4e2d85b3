package org.wikifeed.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * SnapshotService gives whole projects, each snapshot exact at one offset of the log.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class SnapshotServiceGrpc {

  private SnapshotServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "wikifeed.v1.SnapshotService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListSnapshotsRequest,
      org.wikifeed.v1.ListSnapshotsResponse> getListSnapshotsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListSnapshots",
      requestType = org.wikifeed.v1.ListSnapshotsRequest.class,
      responseType = org.wikifeed.v1.ListSnapshotsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListSnapshotsRequest,
      org.wikifeed.v1.ListSnapshotsResponse> getListSnapshotsMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListSnapshotsRequest, org.wikifeed.v1.ListSnapshotsResponse> getListSnapshotsMethod;
    if ((getListSnapshotsMethod = SnapshotServiceGrpc.getListSnapshotsMethod) == null) {
      synchronized (SnapshotServiceGrpc.class) {
        if ((getListSnapshotsMethod = SnapshotServiceGrpc.getListSnapshotsMethod) == null) {
          SnapshotServiceGrpc.getListSnapshotsMethod = getListSnapshotsMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListSnapshotsRequest, org.wikifeed.v1.ListSnapshotsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListSnapshots"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListSnapshotsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListSnapshotsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new SnapshotServiceMethodDescriptorSupplier("ListSnapshots"))
              .build();
        }
      }
    }
    return getListSnapshotsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetSnapshotRequest,
      org.wikifeed.v1.GetSnapshotResponse> getGetSnapshotMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetSnapshot",
      requestType = org.wikifeed.v1.GetSnapshotRequest.class,
      responseType = org.wikifeed.v1.GetSnapshotResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetSnapshotRequest,
      org.wikifeed.v1.GetSnapshotResponse> getGetSnapshotMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetSnapshotRequest, org.wikifeed.v1.GetSnapshotResponse> getGetSnapshotMethod;
    if ((getGetSnapshotMethod = SnapshotServiceGrpc.getGetSnapshotMethod) == null) {
      synchronized (SnapshotServiceGrpc.class) {
        if ((getGetSnapshotMethod = SnapshotServiceGrpc.getGetSnapshotMethod) == null) {
          SnapshotServiceGrpc.getGetSnapshotMethod = getGetSnapshotMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetSnapshotRequest, org.wikifeed.v1.GetSnapshotResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetSnapshot"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetSnapshotRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetSnapshotResponse.getDefaultInstance()))
              .setSchemaDescriptor(new SnapshotServiceMethodDescriptorSupplier("GetSnapshot"))
              .build();
        }
      }
    }
    return getGetSnapshotMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.CreateSnapshotRequest,
      org.wikifeed.v1.CreateSnapshotResponse> getCreateSnapshotMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateSnapshot",
      requestType = org.wikifeed.v1.CreateSnapshotRequest.class,
      responseType = org.wikifeed.v1.CreateSnapshotResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.CreateSnapshotRequest,
      org.wikifeed.v1.CreateSnapshotResponse> getCreateSnapshotMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.CreateSnapshotRequest, org.wikifeed.v1.CreateSnapshotResponse> getCreateSnapshotMethod;
    if ((getCreateSnapshotMethod = SnapshotServiceGrpc.getCreateSnapshotMethod) == null) {
      synchronized (SnapshotServiceGrpc.class) {
        if ((getCreateSnapshotMethod = SnapshotServiceGrpc.getCreateSnapshotMethod) == null) {
          SnapshotServiceGrpc.getCreateSnapshotMethod = getCreateSnapshotMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.CreateSnapshotRequest, org.wikifeed.v1.CreateSnapshotResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateSnapshot"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.CreateSnapshotRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.CreateSnapshotResponse.getDefaultInstance()))
              .setSchemaDescriptor(new SnapshotServiceMethodDescriptorSupplier("CreateSnapshot"))
              .build();
        }
      }
    }
    return getCreateSnapshotMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ExportSnapshotRequest,
      org.wikifeed.v1.ExportSnapshotResponse> getExportSnapshotMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ExportSnapshot",
      requestType = org.wikifeed.v1.ExportSnapshotRequest.class,
      responseType = org.wikifeed.v1.ExportSnapshotResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ExportSnapshotRequest,
      org.wikifeed.v1.ExportSnapshotResponse> getExportSnapshotMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ExportSnapshotRequest, org.wikifeed.v1.ExportSnapshotResponse> getExportSnapshotMethod;
    if ((getExportSnapshotMethod = SnapshotServiceGrpc.getExportSnapshotMethod) == null) {
      synchronized (SnapshotServiceGrpc.class) {
        if ((getExportSnapshotMethod = SnapshotServiceGrpc.getExportSnapshotMethod) == null) {
          SnapshotServiceGrpc.getExportSnapshotMethod = getExportSnapshotMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ExportSnapshotRequest, org.wikifeed.v1.ExportSnapshotResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ExportSnapshot"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ExportSnapshotRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ExportSnapshotResponse.getDefaultInstance()))
              .setSchemaDescriptor(new SnapshotServiceMethodDescriptorSupplier("ExportSnapshot"))
              .build();
        }
      }
    }
    return getExportSnapshotMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static SnapshotServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<SnapshotServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<SnapshotServiceStub>() {
        @java.lang.Override
        public SnapshotServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new SnapshotServiceStub(channel, callOptions);
        }
      };
    return SnapshotServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static SnapshotServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<SnapshotServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<SnapshotServiceBlockingV2Stub>() {
        @java.lang.Override
        public SnapshotServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new SnapshotServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return SnapshotServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static SnapshotServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<SnapshotServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<SnapshotServiceBlockingStub>() {
        @java.lang.Override
        public SnapshotServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new SnapshotServiceBlockingStub(channel, callOptions);
        }
      };
    return SnapshotServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static SnapshotServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<SnapshotServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<SnapshotServiceFutureStub>() {
        @java.lang.Override
        public SnapshotServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new SnapshotServiceFutureStub(channel, callOptions);
        }
      };
    return SnapshotServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * SnapshotService gives whole projects, each snapshot exact at one offset of the log.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * ListSnapshots returns the snapshots that this server holds, newest first within each identifier.
     * </pre>
     */
    default void listSnapshots(org.wikifeed.v1.ListSnapshotsRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListSnapshotsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListSnapshotsMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetSnapshot returns one snapshot with its chunks. NOT_FOUND with reason SNAPSHOT_NOT_FOUND.
     * </pre>
     */
    default void getSnapshot(org.wikifeed.v1.GetSnapshotRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetSnapshotResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetSnapshotMethod(), responseObserver);
    }

    /**
     * <pre>
     * CreateSnapshot begins to write a snapshot as of the newest offset and returns at once with the state WRITING;
     * GetSnapshot with its identifier and offset tells how far it is. Where the same snapshot (same identifier and
     * offset) exists or is being written, that one is returned.
     * </pre>
     */
    default void createSnapshot(org.wikifeed.v1.CreateSnapshotRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateSnapshotResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateSnapshotMethod(), responseObserver);
    }

    /**
     * <pre>
     * ExportSnapshot sends the bytes of a snapshot's files, one chunk after the other.
     * A client that was cut off goes on at any byte: first_chunk and start_position say where.
     * FAILED_PRECONDITION with reason SNAPSHOT_NOT_READY (metadata `articles_count`) while it is being written.
     * OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's size, or
     * the snapshot has no chunk of the number first_chunk.
     * </pre>
     */
    default void exportSnapshot(org.wikifeed.v1.ExportSnapshotRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ExportSnapshotResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExportSnapshotMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service SnapshotService.
   * <pre>
   * SnapshotService gives whole projects, each snapshot exact at one offset of the log.
   * </pre>
   */
  public static abstract class SnapshotServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return SnapshotServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service SnapshotService.
   * <pre>
   * SnapshotService gives whole projects, each snapshot exact at one offset of the log.
   * </pre>
   */
  public static final class SnapshotServiceStub
      extends io.grpc.stub.AbstractAsyncStub<SnapshotServiceStub> {
    private SnapshotServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected SnapshotServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new SnapshotServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListSnapshots returns the snapshots that this server holds, newest first within each identifier.
     * </pre>
     */
    public void listSnapshots(org.wikifeed.v1.ListSnapshotsRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListSnapshotsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListSnapshotsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetSnapshot returns one snapshot with its chunks. NOT_FOUND with reason SNAPSHOT_NOT_FOUND.
     * </pre>
     */
    public void getSnapshot(org.wikifeed.v1.GetSnapshotRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetSnapshotResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetSnapshotMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * CreateSnapshot begins to write a snapshot as of the newest offset and returns at once with the state WRITING;
     * GetSnapshot with its identifier and offset tells how far it is. Where the same snapshot (same identifier and
     * offset) exists or is being written, that one is returned.
     * </pre>
     */
    public void createSnapshot(org.wikifeed.v1.CreateSnapshotRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateSnapshotResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateSnapshotMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ExportSnapshot sends the bytes of a snapshot's files, one chunk after the other.
     * A client that was cut off goes on at any byte: first_chunk and start_position say where.
     * FAILED_PRECONDITION with reason SNAPSHOT_NOT_READY (metadata `articles_count`) while it is being written.
     * OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's size, or
     * the snapshot has no chunk of the number first_chunk.
     * </pre>
     */
    public void exportSnapshot(org.wikifeed.v1.ExportSnapshotRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ExportSnapshotResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getExportSnapshotMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service SnapshotService.
   * <pre>
   * SnapshotService gives whole projects, each snapshot exact at one offset of the log.
   * </pre>
   */
  public static final class SnapshotServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<SnapshotServiceBlockingV2Stub> {
    private SnapshotServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected SnapshotServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new SnapshotServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * ListSnapshots returns the snapshots that this server holds, newest first within each identifier.
     * </pre>
     */
    public org.wikifeed.v1.ListSnapshotsResponse listSnapshots(org.wikifeed.v1.ListSnapshotsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListSnapshotsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetSnapshot returns one snapshot with its chunks. NOT_FOUND with reason SNAPSHOT_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetSnapshotResponse getSnapshot(org.wikifeed.v1.GetSnapshotRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetSnapshotMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CreateSnapshot begins to write a snapshot as of the newest offset and returns at once with the state WRITING;
     * GetSnapshot with its identifier and offset tells how far it is. Where the same snapshot (same identifier and
     * offset) exists or is being written, that one is returned.
     * </pre>
     */
    public org.wikifeed.v1.CreateSnapshotResponse createSnapshot(org.wikifeed.v1.CreateSnapshotRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateSnapshotMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ExportSnapshot sends the bytes of a snapshot's files, one chunk after the other.
     * A client that was cut off goes on at any byte: first_chunk and start_position say where.
     * FAILED_PRECONDITION with reason SNAPSHOT_NOT_READY (metadata `articles_count`) while it is being written.
     * OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's size, or
     * the snapshot has no chunk of the number first_chunk.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, org.wikifeed.v1.ExportSnapshotResponse>
        exportSnapshot(org.wikifeed.v1.ExportSnapshotRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getExportSnapshotMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service SnapshotService.
   * <pre>
   * SnapshotService gives whole projects, each snapshot exact at one offset of the log.
   * </pre>
   */
  public static final class SnapshotServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<SnapshotServiceBlockingStub> {
    private SnapshotServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected SnapshotServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new SnapshotServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListSnapshots returns the snapshots that this server holds, newest first within each identifier.
     * </pre>
     */
    public org.wikifeed.v1.ListSnapshotsResponse listSnapshots(org.wikifeed.v1.ListSnapshotsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListSnapshotsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetSnapshot returns one snapshot with its chunks. NOT_FOUND with reason SNAPSHOT_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetSnapshotResponse getSnapshot(org.wikifeed.v1.GetSnapshotRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetSnapshotMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CreateSnapshot begins to write a snapshot as of the newest offset and returns at once with the state WRITING;
     * GetSnapshot with its identifier and offset tells how far it is. Where the same snapshot (same identifier and
     * offset) exists or is being written, that one is returned.
     * </pre>
     */
    public org.wikifeed.v1.CreateSnapshotResponse createSnapshot(org.wikifeed.v1.CreateSnapshotRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateSnapshotMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ExportSnapshot sends the bytes of a snapshot's files, one chunk after the other.
     * A client that was cut off goes on at any byte: first_chunk and start_position say where.
     * FAILED_PRECONDITION with reason SNAPSHOT_NOT_READY (metadata `articles_count`) while it is being written.
     * OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's size, or
     * the snapshot has no chunk of the number first_chunk.
     * </pre>
     */
    public java.util.Iterator<org.wikifeed.v1.ExportSnapshotResponse> exportSnapshot(
        org.wikifeed.v1.ExportSnapshotRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getExportSnapshotMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service SnapshotService.
   * <pre>
   * SnapshotService gives whole projects, each snapshot exact at one offset of the log.
   * </pre>
   */
  public static final class SnapshotServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<SnapshotServiceFutureStub> {
    private SnapshotServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected SnapshotServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new SnapshotServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListSnapshots returns the snapshots that this server holds, newest first within each identifier.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListSnapshotsResponse> listSnapshots(
        org.wikifeed.v1.ListSnapshotsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListSnapshotsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetSnapshot returns one snapshot with its chunks. NOT_FOUND with reason SNAPSHOT_NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetSnapshotResponse> getSnapshot(
        org.wikifeed.v1.GetSnapshotRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetSnapshotMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * CreateSnapshot begins to write a snapshot as of the newest offset and returns at once with the state WRITING;
     * GetSnapshot with its identifier and offset tells how far it is. Where the same snapshot (same identifier and
     * offset) exists or is being written, that one is returned.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.CreateSnapshotResponse> createSnapshot(
        org.wikifeed.v1.CreateSnapshotRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateSnapshotMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_SNAPSHOTS = 0;
  private static final int METHODID_GET_SNAPSHOT = 1;
  private static final int METHODID_CREATE_SNAPSHOT = 2;
  private static final int METHODID_EXPORT_SNAPSHOT = 3;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_LIST_SNAPSHOTS:
          serviceImpl.listSnapshots((org.wikifeed.v1.ListSnapshotsRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListSnapshotsResponse>) responseObserver);
          break;
        case METHODID_GET_SNAPSHOT:
          serviceImpl.getSnapshot((org.wikifeed.v1.GetSnapshotRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetSnapshotResponse>) responseObserver);
          break;
        case METHODID_CREATE_SNAPSHOT:
          serviceImpl.createSnapshot((org.wikifeed.v1.CreateSnapshotRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateSnapshotResponse>) responseObserver);
          break;
        case METHODID_EXPORT_SNAPSHOT:
          serviceImpl.exportSnapshot((org.wikifeed.v1.ExportSnapshotRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ExportSnapshotResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getListSnapshotsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListSnapshotsRequest,
              org.wikifeed.v1.ListSnapshotsResponse>(
                service, METHODID_LIST_SNAPSHOTS)))
        .addMethod(
          getGetSnapshotMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetSnapshotRequest,
              org.wikifeed.v1.GetSnapshotResponse>(
                service, METHODID_GET_SNAPSHOT)))
        .addMethod(
          getCreateSnapshotMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.CreateSnapshotRequest,
              org.wikifeed.v1.CreateSnapshotResponse>(
                service, METHODID_CREATE_SNAPSHOT)))
        .addMethod(
          getExportSnapshotMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              org.wikifeed.v1.ExportSnapshotRequest,
              org.wikifeed.v1.ExportSnapshotResponse>(
                service, METHODID_EXPORT_SNAPSHOT)))
        .build();
  }

  private static abstract class SnapshotServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    SnapshotServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return org.wikifeed.v1.SnapshotServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("SnapshotService");
    }
  }

  private static final class SnapshotServiceFileDescriptorSupplier
      extends SnapshotServiceBaseDescriptorSupplier {
    SnapshotServiceFileDescriptorSupplier() {}
  }

  private static final class SnapshotServiceMethodDescriptorSupplier
      extends SnapshotServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    SnapshotServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (SnapshotServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new SnapshotServiceFileDescriptorSupplier())
              .addMethod(getListSnapshotsMethod())
              .addMethod(getGetSnapshotMethod())
              .addMethod(getCreateSnapshotMethod())
              .addMethod(getExportSnapshotMethod())
              .build();
        }
      }
    }
    return result;
  }
}
