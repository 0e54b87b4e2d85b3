package org.wikifeed.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * BatchService gives the changes of each closed hour as files: equal to the log of that hour.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class BatchServiceGrpc {

  private BatchServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "wikifeed.v1.BatchService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListBatchesRequest,
      org.wikifeed.v1.ListBatchesResponse> getListBatchesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListBatches",
      requestType = org.wikifeed.v1.ListBatchesRequest.class,
      responseType = org.wikifeed.v1.ListBatchesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListBatchesRequest,
      org.wikifeed.v1.ListBatchesResponse> getListBatchesMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListBatchesRequest, org.wikifeed.v1.ListBatchesResponse> getListBatchesMethod;
    if ((getListBatchesMethod = BatchServiceGrpc.getListBatchesMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getListBatchesMethod = BatchServiceGrpc.getListBatchesMethod) == null) {
          BatchServiceGrpc.getListBatchesMethod = getListBatchesMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListBatchesRequest, org.wikifeed.v1.ListBatchesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListBatches"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListBatchesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListBatchesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("ListBatches"))
              .build();
        }
      }
    }
    return getListBatchesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetBatchRequest,
      org.wikifeed.v1.GetBatchResponse> getGetBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetBatch",
      requestType = org.wikifeed.v1.GetBatchRequest.class,
      responseType = org.wikifeed.v1.GetBatchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetBatchRequest,
      org.wikifeed.v1.GetBatchResponse> getGetBatchMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetBatchRequest, org.wikifeed.v1.GetBatchResponse> getGetBatchMethod;
    if ((getGetBatchMethod = BatchServiceGrpc.getGetBatchMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getGetBatchMethod = BatchServiceGrpc.getGetBatchMethod) == null) {
          BatchServiceGrpc.getGetBatchMethod = getGetBatchMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetBatchRequest, org.wikifeed.v1.GetBatchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetBatchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetBatchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("GetBatch"))
              .build();
        }
      }
    }
    return getGetBatchMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ExportBatchRequest,
      org.wikifeed.v1.ExportBatchResponse> getExportBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ExportBatch",
      requestType = org.wikifeed.v1.ExportBatchRequest.class,
      responseType = org.wikifeed.v1.ExportBatchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ExportBatchRequest,
      org.wikifeed.v1.ExportBatchResponse> getExportBatchMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ExportBatchRequest, org.wikifeed.v1.ExportBatchResponse> getExportBatchMethod;
    if ((getExportBatchMethod = BatchServiceGrpc.getExportBatchMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getExportBatchMethod = BatchServiceGrpc.getExportBatchMethod) == null) {
          BatchServiceGrpc.getExportBatchMethod = getExportBatchMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ExportBatchRequest, org.wikifeed.v1.ExportBatchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ExportBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ExportBatchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ExportBatchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("ExportBatch"))
              .build();
        }
      }
    }
    return getExportBatchMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static BatchServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BatchServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BatchServiceStub>() {
        @java.lang.Override
        public BatchServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BatchServiceStub(channel, callOptions);
        }
      };
    return BatchServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static BatchServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BatchServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BatchServiceBlockingV2Stub>() {
        @java.lang.Override
        public BatchServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BatchServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return BatchServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static BatchServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BatchServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BatchServiceBlockingStub>() {
        @java.lang.Override
        public BatchServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BatchServiceBlockingStub(channel, callOptions);
        }
      };
    return BatchServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static BatchServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BatchServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BatchServiceFutureStub>() {
        @java.lang.Override
        public BatchServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BatchServiceFutureStub(channel, callOptions);
        }
      };
    return BatchServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * BatchService gives the changes of each closed hour as files: equal to the log of that hour.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * ListBatches returns the batches that this server holds, the newest hour first, by identifier within each.
     * </pre>
     */
    default void listBatches(org.wikifeed.v1.ListBatchesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListBatchesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListBatchesMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetBatch returns one batch. NOT_FOUND with reason BATCH_NOT_FOUND: the hour is not over and its grace with it, it
     * is older than batches are kept, or nothing changed there in that hour.
     * </pre>
     */
    default void getBatch(org.wikifeed.v1.GetBatchRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetBatchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetBatchMethod(), responseObserver);
    }

    /**
     * <pre>
     * ExportBatch sends the bytes of a batch's file. A client that was cut off goes on at any byte: start_position.
     * NOT_FOUND as above. OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's
     * size.
     * </pre>
     */
    default void exportBatch(org.wikifeed.v1.ExportBatchRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ExportBatchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExportBatchMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service BatchService.
   * <pre>
   * BatchService gives the changes of each closed hour as files: equal to the log of that hour.
   * </pre>
   */
  public static abstract class BatchServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return BatchServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service BatchService.
   * <pre>
   * BatchService gives the changes of each closed hour as files: equal to the log of that hour.
   * </pre>
   */
  public static final class BatchServiceStub
      extends io.grpc.stub.AbstractAsyncStub<BatchServiceStub> {
    private BatchServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BatchServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BatchServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListBatches returns the batches that this server holds, the newest hour first, by identifier within each.
     * </pre>
     */
    public void listBatches(org.wikifeed.v1.ListBatchesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListBatchesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListBatchesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetBatch returns one batch. NOT_FOUND with reason BATCH_NOT_FOUND: the hour is not over and its grace with it, it
     * is older than batches are kept, or nothing changed there in that hour.
     * </pre>
     */
    public void getBatch(org.wikifeed.v1.GetBatchRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetBatchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetBatchMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ExportBatch sends the bytes of a batch's file. A client that was cut off goes on at any byte: start_position.
     * NOT_FOUND as above. OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's
     * size.
     * </pre>
     */
    public void exportBatch(org.wikifeed.v1.ExportBatchRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ExportBatchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getExportBatchMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service BatchService.
   * <pre>
   * BatchService gives the changes of each closed hour as files: equal to the log of that hour.
   * </pre>
   */
  public static final class BatchServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<BatchServiceBlockingV2Stub> {
    private BatchServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BatchServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BatchServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * ListBatches returns the batches that this server holds, the newest hour first, by identifier within each.
     * </pre>
     */
    public org.wikifeed.v1.ListBatchesResponse listBatches(org.wikifeed.v1.ListBatchesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListBatchesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetBatch returns one batch. NOT_FOUND with reason BATCH_NOT_FOUND: the hour is not over and its grace with it, it
     * is older than batches are kept, or nothing changed there in that hour.
     * </pre>
     */
    public org.wikifeed.v1.GetBatchResponse getBatch(org.wikifeed.v1.GetBatchRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ExportBatch sends the bytes of a batch's file. A client that was cut off goes on at any byte: start_position.
     * NOT_FOUND as above. OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's
     * size.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, org.wikifeed.v1.ExportBatchResponse>
        exportBatch(org.wikifeed.v1.ExportBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getExportBatchMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service BatchService.
   * <pre>
   * BatchService gives the changes of each closed hour as files: equal to the log of that hour.
   * </pre>
   */
  public static final class BatchServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<BatchServiceBlockingStub> {
    private BatchServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BatchServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BatchServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListBatches returns the batches that this server holds, the newest hour first, by identifier within each.
     * </pre>
     */
    public org.wikifeed.v1.ListBatchesResponse listBatches(org.wikifeed.v1.ListBatchesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListBatchesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetBatch returns one batch. NOT_FOUND with reason BATCH_NOT_FOUND: the hour is not over and its grace with it, it
     * is older than batches are kept, or nothing changed there in that hour.
     * </pre>
     */
    public org.wikifeed.v1.GetBatchResponse getBatch(org.wikifeed.v1.GetBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ExportBatch sends the bytes of a batch's file. A client that was cut off goes on at any byte: start_position.
     * NOT_FOUND as above. OUT_OF_RANGE with reason POSITION_BEYOND_END when start_position is greater than the file's
     * size.
     * </pre>
     */
    public java.util.Iterator<org.wikifeed.v1.ExportBatchResponse> exportBatch(
        org.wikifeed.v1.ExportBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getExportBatchMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service BatchService.
   * <pre>
   * BatchService gives the changes of each closed hour as files: equal to the log of that hour.
   * </pre>
   */
  public static final class BatchServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<BatchServiceFutureStub> {
    private BatchServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BatchServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BatchServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListBatches returns the batches that this server holds, the newest hour first, by identifier within each.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListBatchesResponse> listBatches(
        org.wikifeed.v1.ListBatchesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListBatchesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetBatch returns one batch. NOT_FOUND with reason BATCH_NOT_FOUND: the hour is not over and its grace with it, it
     * is older than batches are kept, or nothing changed there in that hour.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetBatchResponse> getBatch(
        org.wikifeed.v1.GetBatchRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetBatchMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_BATCHES = 0;
  private static final int METHODID_GET_BATCH = 1;
  private static final int METHODID_EXPORT_BATCH = 2;

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
        case METHODID_LIST_BATCHES:
          serviceImpl.listBatches((org.wikifeed.v1.ListBatchesRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListBatchesResponse>) responseObserver);
          break;
        case METHODID_GET_BATCH:
          serviceImpl.getBatch((org.wikifeed.v1.GetBatchRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetBatchResponse>) responseObserver);
          break;
        case METHODID_EXPORT_BATCH:
          serviceImpl.exportBatch((org.wikifeed.v1.ExportBatchRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ExportBatchResponse>) responseObserver);
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
          getListBatchesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListBatchesRequest,
              org.wikifeed.v1.ListBatchesResponse>(
                service, METHODID_LIST_BATCHES)))
        .addMethod(
          getGetBatchMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetBatchRequest,
              org.wikifeed.v1.GetBatchResponse>(
                service, METHODID_GET_BATCH)))
        .addMethod(
          getExportBatchMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              org.wikifeed.v1.ExportBatchRequest,
              org.wikifeed.v1.ExportBatchResponse>(
                service, METHODID_EXPORT_BATCH)))
        .build();
  }

  private static abstract class BatchServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    BatchServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return org.wikifeed.v1.BatchServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("BatchService");
    }
  }

  private static final class BatchServiceFileDescriptorSupplier
      extends BatchServiceBaseDescriptorSupplier {
    BatchServiceFileDescriptorSupplier() {}
  }

  private static final class BatchServiceMethodDescriptorSupplier
      extends BatchServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    BatchServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (BatchServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new BatchServiceFileDescriptorSupplier())
              .addMethod(getListBatchesMethod())
              .addMethod(getGetBatchMethod())
              .addMethod(getExportBatchMethod())
              .build();
        }
      }
    }
    return result;
  }
}
