package org.wikifeed.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * ChangeService answers what changed.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ChangeServiceGrpc {

  private ChangeServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "wikifeed.v1.ChangeService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.StreamChangesRequest,
      org.wikifeed.v1.StreamChangesResponse> getStreamChangesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StreamChanges",
      requestType = org.wikifeed.v1.StreamChangesRequest.class,
      responseType = org.wikifeed.v1.StreamChangesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.StreamChangesRequest,
      org.wikifeed.v1.StreamChangesResponse> getStreamChangesMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.StreamChangesRequest, org.wikifeed.v1.StreamChangesResponse> getStreamChangesMethod;
    if ((getStreamChangesMethod = ChangeServiceGrpc.getStreamChangesMethod) == null) {
      synchronized (ChangeServiceGrpc.class) {
        if ((getStreamChangesMethod = ChangeServiceGrpc.getStreamChangesMethod) == null) {
          ChangeServiceGrpc.getStreamChangesMethod = getStreamChangesMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.StreamChangesRequest, org.wikifeed.v1.StreamChangesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StreamChanges"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.StreamChangesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.StreamChangesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ChangeServiceMethodDescriptorSupplier("StreamChanges"))
              .build();
        }
      }
    }
    return getStreamChangesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.SubscribeRequest,
      org.wikifeed.v1.SubscribeResponse> getSubscribeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Subscribe",
      requestType = org.wikifeed.v1.SubscribeRequest.class,
      responseType = org.wikifeed.v1.SubscribeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.SubscribeRequest,
      org.wikifeed.v1.SubscribeResponse> getSubscribeMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.SubscribeRequest, org.wikifeed.v1.SubscribeResponse> getSubscribeMethod;
    if ((getSubscribeMethod = ChangeServiceGrpc.getSubscribeMethod) == null) {
      synchronized (ChangeServiceGrpc.class) {
        if ((getSubscribeMethod = ChangeServiceGrpc.getSubscribeMethod) == null) {
          ChangeServiceGrpc.getSubscribeMethod = getSubscribeMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.SubscribeRequest, org.wikifeed.v1.SubscribeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Subscribe"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.SubscribeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.SubscribeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ChangeServiceMethodDescriptorSupplier("Subscribe"))
              .build();
        }
      }
    }
    return getSubscribeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetSubscriptionRequest,
      org.wikifeed.v1.GetSubscriptionResponse> getGetSubscriptionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetSubscription",
      requestType = org.wikifeed.v1.GetSubscriptionRequest.class,
      responseType = org.wikifeed.v1.GetSubscriptionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetSubscriptionRequest,
      org.wikifeed.v1.GetSubscriptionResponse> getGetSubscriptionMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetSubscriptionRequest, org.wikifeed.v1.GetSubscriptionResponse> getGetSubscriptionMethod;
    if ((getGetSubscriptionMethod = ChangeServiceGrpc.getGetSubscriptionMethod) == null) {
      synchronized (ChangeServiceGrpc.class) {
        if ((getGetSubscriptionMethod = ChangeServiceGrpc.getGetSubscriptionMethod) == null) {
          ChangeServiceGrpc.getGetSubscriptionMethod = getGetSubscriptionMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetSubscriptionRequest, org.wikifeed.v1.GetSubscriptionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetSubscription"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetSubscriptionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetSubscriptionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ChangeServiceMethodDescriptorSupplier("GetSubscription"))
              .build();
        }
      }
    }
    return getGetSubscriptionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListSubscriptionsRequest,
      org.wikifeed.v1.ListSubscriptionsResponse> getListSubscriptionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListSubscriptions",
      requestType = org.wikifeed.v1.ListSubscriptionsRequest.class,
      responseType = org.wikifeed.v1.ListSubscriptionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListSubscriptionsRequest,
      org.wikifeed.v1.ListSubscriptionsResponse> getListSubscriptionsMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListSubscriptionsRequest, org.wikifeed.v1.ListSubscriptionsResponse> getListSubscriptionsMethod;
    if ((getListSubscriptionsMethod = ChangeServiceGrpc.getListSubscriptionsMethod) == null) {
      synchronized (ChangeServiceGrpc.class) {
        if ((getListSubscriptionsMethod = ChangeServiceGrpc.getListSubscriptionsMethod) == null) {
          ChangeServiceGrpc.getListSubscriptionsMethod = getListSubscriptionsMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListSubscriptionsRequest, org.wikifeed.v1.ListSubscriptionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListSubscriptions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListSubscriptionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListSubscriptionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ChangeServiceMethodDescriptorSupplier("ListSubscriptions"))
              .build();
        }
      }
    }
    return getListSubscriptionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteSubscriptionRequest,
      org.wikifeed.v1.DeleteSubscriptionResponse> getDeleteSubscriptionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteSubscription",
      requestType = org.wikifeed.v1.DeleteSubscriptionRequest.class,
      responseType = org.wikifeed.v1.DeleteSubscriptionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteSubscriptionRequest,
      org.wikifeed.v1.DeleteSubscriptionResponse> getDeleteSubscriptionMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteSubscriptionRequest, org.wikifeed.v1.DeleteSubscriptionResponse> getDeleteSubscriptionMethod;
    if ((getDeleteSubscriptionMethod = ChangeServiceGrpc.getDeleteSubscriptionMethod) == null) {
      synchronized (ChangeServiceGrpc.class) {
        if ((getDeleteSubscriptionMethod = ChangeServiceGrpc.getDeleteSubscriptionMethod) == null) {
          ChangeServiceGrpc.getDeleteSubscriptionMethod = getDeleteSubscriptionMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.DeleteSubscriptionRequest, org.wikifeed.v1.DeleteSubscriptionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteSubscription"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.DeleteSubscriptionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.DeleteSubscriptionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ChangeServiceMethodDescriptorSupplier("DeleteSubscription"))
              .build();
        }
      }
    }
    return getDeleteSubscriptionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetChangeLogInfoRequest,
      org.wikifeed.v1.GetChangeLogInfoResponse> getGetChangeLogInfoMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetChangeLogInfo",
      requestType = org.wikifeed.v1.GetChangeLogInfoRequest.class,
      responseType = org.wikifeed.v1.GetChangeLogInfoResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetChangeLogInfoRequest,
      org.wikifeed.v1.GetChangeLogInfoResponse> getGetChangeLogInfoMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetChangeLogInfoRequest, org.wikifeed.v1.GetChangeLogInfoResponse> getGetChangeLogInfoMethod;
    if ((getGetChangeLogInfoMethod = ChangeServiceGrpc.getGetChangeLogInfoMethod) == null) {
      synchronized (ChangeServiceGrpc.class) {
        if ((getGetChangeLogInfoMethod = ChangeServiceGrpc.getGetChangeLogInfoMethod) == null) {
          ChangeServiceGrpc.getGetChangeLogInfoMethod = getGetChangeLogInfoMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetChangeLogInfoRequest, org.wikifeed.v1.GetChangeLogInfoResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetChangeLogInfo"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetChangeLogInfoRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetChangeLogInfoResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ChangeServiceMethodDescriptorSupplier("GetChangeLogInfo"))
              .build();
        }
      }
    }
    return getGetChangeLogInfoMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ChangeServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ChangeServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ChangeServiceStub>() {
        @java.lang.Override
        public ChangeServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ChangeServiceStub(channel, callOptions);
        }
      };
    return ChangeServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ChangeServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ChangeServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ChangeServiceBlockingV2Stub>() {
        @java.lang.Override
        public ChangeServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ChangeServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ChangeServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ChangeServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ChangeServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ChangeServiceBlockingStub>() {
        @java.lang.Override
        public ChangeServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ChangeServiceBlockingStub(channel, callOptions);
        }
      };
    return ChangeServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ChangeServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ChangeServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ChangeServiceFutureStub>() {
        @java.lang.Override
        public ChangeServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ChangeServiceFutureStub(channel, callOptions);
        }
      };
    return ChangeServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * ChangeService answers what changed.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * StreamChanges sends the log's changes that pass the filters, in the order of their offsets, from the start that
     * the request names, first those of the past and then each as it happens, until the client ends the call.
     * Each change is sent exactly once on a stream. A client that was cut off goes on without loss or repeat by
     * asking for after_offset = the last response's through_offset.
     * OUT_OF_RANGE with reason OFFSET_EXPIRED when the start is older than the log keeps (metadata `oldest_offset`: a
     * start after oldest_offset - 1 works; `snapshot_identifier` and `snapshot_offset`: the newest snapshot of the first
     * project asked for from which the stream can go on, where there is one), OFFSET_IN_FUTURE when it is beyond the
     * newest (metadata `newest_offset`).
     * UNAVAILABLE with reason SERVER_STOPPING (metadata `through_offset`) when the server stops: connect again.
     * RESOURCE_EXHAUSTED with reason SUBSCRIBER_STALLED (metadata `through_offset`) when the client took nothing for so
     * long that the server gives it up: connect again, and read.
     * </pre>
     */
    default void streamChanges(org.wikifeed.v1.StreamChangesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.StreamChangesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStreamChangesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Subscribe opens a durable subscription by its name. The server keeps what was acknowledged, so that a client that
     * lost everything but the name goes on where it was.
     * The first request is `open`; every later one is another action. Each change that passes the filter is delivered at
     * least once; the changes of a page come in the order of their offsets. Those that were delivered but not
     * acknowledged when a client goes away are delivered again. Several clients on one name share the work by page: all
     * changes of a page go to the same client until the shares move, and none is delivered to another client before what
     * the first one holds of that page is acknowledged or the first one is gone.
     * Errors as of StreamChanges: OFFSET_EXPIRED where the log no longer keeps what follows the acknowledged offset.
     * FAILED_PRECONDITION with reason SUBSCRIPTION_FULL when the name has as many clients as may share one.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<org.wikifeed.v1.SubscribeRequest> subscribe(
        io.grpc.stub.StreamObserver<org.wikifeed.v1.SubscribeResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getSubscribeMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetSubscription tells how far a subscription is. NOT_FOUND with reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    default void getSubscription(org.wikifeed.v1.GetSubscriptionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetSubscriptionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetSubscriptionMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListSubscriptions returns all subscriptions in the order of their names.
     * </pre>
     */
    default void listSubscriptions(org.wikifeed.v1.ListSubscriptionsRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListSubscriptionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListSubscriptionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteSubscription forgets a subscription; its clients' calls end with NOT_FOUND, reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    default void deleteSubscription(org.wikifeed.v1.DeleteSubscriptionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteSubscriptionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteSubscriptionMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetChangeLogInfo tells which offsets and times the log holds, and how long it keeps them.
     * </pre>
     */
    default void getChangeLogInfo(org.wikifeed.v1.GetChangeLogInfoRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetChangeLogInfoResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetChangeLogInfoMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ChangeService.
   * <pre>
   * ChangeService answers what changed.
   * </pre>
   */
  public static abstract class ChangeServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ChangeServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ChangeService.
   * <pre>
   * ChangeService answers what changed.
   * </pre>
   */
  public static final class ChangeServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ChangeServiceStub> {
    private ChangeServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ChangeServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ChangeServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * StreamChanges sends the log's changes that pass the filters, in the order of their offsets, from the start that
     * the request names, first those of the past and then each as it happens, until the client ends the call.
     * Each change is sent exactly once on a stream. A client that was cut off goes on without loss or repeat by
     * asking for after_offset = the last response's through_offset.
     * OUT_OF_RANGE with reason OFFSET_EXPIRED when the start is older than the log keeps (metadata `oldest_offset`: a
     * start after oldest_offset - 1 works; `snapshot_identifier` and `snapshot_offset`: the newest snapshot of the first
     * project asked for from which the stream can go on, where there is one), OFFSET_IN_FUTURE when it is beyond the
     * newest (metadata `newest_offset`).
     * UNAVAILABLE with reason SERVER_STOPPING (metadata `through_offset`) when the server stops: connect again.
     * RESOURCE_EXHAUSTED with reason SUBSCRIBER_STALLED (metadata `through_offset`) when the client took nothing for so
     * long that the server gives it up: connect again, and read.
     * </pre>
     */
    public void streamChanges(org.wikifeed.v1.StreamChangesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.StreamChangesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getStreamChangesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Subscribe opens a durable subscription by its name. The server keeps what was acknowledged, so that a client that
     * lost everything but the name goes on where it was.
     * The first request is `open`; every later one is another action. Each change that passes the filter is delivered at
     * least once; the changes of a page come in the order of their offsets. Those that were delivered but not
     * acknowledged when a client goes away are delivered again. Several clients on one name share the work by page: all
     * changes of a page go to the same client until the shares move, and none is delivered to another client before what
     * the first one holds of that page is acknowledged or the first one is gone.
     * Errors as of StreamChanges: OFFSET_EXPIRED where the log no longer keeps what follows the acknowledged offset.
     * FAILED_PRECONDITION with reason SUBSCRIPTION_FULL when the name has as many clients as may share one.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<org.wikifeed.v1.SubscribeRequest> subscribe(
        io.grpc.stub.StreamObserver<org.wikifeed.v1.SubscribeResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncBidiStreamingCall(
          getChannel().newCall(getSubscribeMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * GetSubscription tells how far a subscription is. NOT_FOUND with reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    public void getSubscription(org.wikifeed.v1.GetSubscriptionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetSubscriptionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetSubscriptionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListSubscriptions returns all subscriptions in the order of their names.
     * </pre>
     */
    public void listSubscriptions(org.wikifeed.v1.ListSubscriptionsRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListSubscriptionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListSubscriptionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteSubscription forgets a subscription; its clients' calls end with NOT_FOUND, reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    public void deleteSubscription(org.wikifeed.v1.DeleteSubscriptionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteSubscriptionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteSubscriptionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetChangeLogInfo tells which offsets and times the log holds, and how long it keeps them.
     * </pre>
     */
    public void getChangeLogInfo(org.wikifeed.v1.GetChangeLogInfoRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetChangeLogInfoResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetChangeLogInfoMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ChangeService.
   * <pre>
   * ChangeService answers what changed.
   * </pre>
   */
  public static final class ChangeServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ChangeServiceBlockingV2Stub> {
    private ChangeServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ChangeServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ChangeServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * StreamChanges sends the log's changes that pass the filters, in the order of their offsets, from the start that
     * the request names, first those of the past and then each as it happens, until the client ends the call.
     * Each change is sent exactly once on a stream. A client that was cut off goes on without loss or repeat by
     * asking for after_offset = the last response's through_offset.
     * OUT_OF_RANGE with reason OFFSET_EXPIRED when the start is older than the log keeps (metadata `oldest_offset`: a
     * start after oldest_offset - 1 works; `snapshot_identifier` and `snapshot_offset`: the newest snapshot of the first
     * project asked for from which the stream can go on, where there is one), OFFSET_IN_FUTURE when it is beyond the
     * newest (metadata `newest_offset`).
     * UNAVAILABLE with reason SERVER_STOPPING (metadata `through_offset`) when the server stops: connect again.
     * RESOURCE_EXHAUSTED with reason SUBSCRIBER_STALLED (metadata `through_offset`) when the client took nothing for so
     * long that the server gives it up: connect again, and read.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, org.wikifeed.v1.StreamChangesResponse>
        streamChanges(org.wikifeed.v1.StreamChangesRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getStreamChangesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Subscribe opens a durable subscription by its name. The server keeps what was acknowledged, so that a client that
     * lost everything but the name goes on where it was.
     * The first request is `open`; every later one is another action. Each change that passes the filter is delivered at
     * least once; the changes of a page come in the order of their offsets. Those that were delivered but not
     * acknowledged when a client goes away are delivered again. Several clients on one name share the work by page: all
     * changes of a page go to the same client until the shares move, and none is delivered to another client before what
     * the first one holds of that page is acknowledged or the first one is gone.
     * Errors as of StreamChanges: OFFSET_EXPIRED where the log no longer keeps what follows the acknowledged offset.
     * FAILED_PRECONDITION with reason SUBSCRIPTION_FULL when the name has as many clients as may share one.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<org.wikifeed.v1.SubscribeRequest, org.wikifeed.v1.SubscribeResponse>
        subscribe() {
      return io.grpc.stub.ClientCalls.blockingBidiStreamingCall(
          getChannel(), getSubscribeMethod(), getCallOptions());
    }

    /**
     * <pre>
     * GetSubscription tells how far a subscription is. NOT_FOUND with reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetSubscriptionResponse getSubscription(org.wikifeed.v1.GetSubscriptionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetSubscriptionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListSubscriptions returns all subscriptions in the order of their names.
     * </pre>
     */
    public org.wikifeed.v1.ListSubscriptionsResponse listSubscriptions(org.wikifeed.v1.ListSubscriptionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListSubscriptionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteSubscription forgets a subscription; its clients' calls end with NOT_FOUND, reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.DeleteSubscriptionResponse deleteSubscription(org.wikifeed.v1.DeleteSubscriptionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteSubscriptionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetChangeLogInfo tells which offsets and times the log holds, and how long it keeps them.
     * </pre>
     */
    public org.wikifeed.v1.GetChangeLogInfoResponse getChangeLogInfo(org.wikifeed.v1.GetChangeLogInfoRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetChangeLogInfoMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ChangeService.
   * <pre>
   * ChangeService answers what changed.
   * </pre>
   */
  public static final class ChangeServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ChangeServiceBlockingStub> {
    private ChangeServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ChangeServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ChangeServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * StreamChanges sends the log's changes that pass the filters, in the order of their offsets, from the start that
     * the request names, first those of the past and then each as it happens, until the client ends the call.
     * Each change is sent exactly once on a stream. A client that was cut off goes on without loss or repeat by
     * asking for after_offset = the last response's through_offset.
     * OUT_OF_RANGE with reason OFFSET_EXPIRED when the start is older than the log keeps (metadata `oldest_offset`: a
     * start after oldest_offset - 1 works; `snapshot_identifier` and `snapshot_offset`: the newest snapshot of the first
     * project asked for from which the stream can go on, where there is one), OFFSET_IN_FUTURE when it is beyond the
     * newest (metadata `newest_offset`).
     * UNAVAILABLE with reason SERVER_STOPPING (metadata `through_offset`) when the server stops: connect again.
     * RESOURCE_EXHAUSTED with reason SUBSCRIBER_STALLED (metadata `through_offset`) when the client took nothing for so
     * long that the server gives it up: connect again, and read.
     * </pre>
     */
    public java.util.Iterator<org.wikifeed.v1.StreamChangesResponse> streamChanges(
        org.wikifeed.v1.StreamChangesRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getStreamChangesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetSubscription tells how far a subscription is. NOT_FOUND with reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetSubscriptionResponse getSubscription(org.wikifeed.v1.GetSubscriptionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetSubscriptionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListSubscriptions returns all subscriptions in the order of their names.
     * </pre>
     */
    public org.wikifeed.v1.ListSubscriptionsResponse listSubscriptions(org.wikifeed.v1.ListSubscriptionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListSubscriptionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteSubscription forgets a subscription; its clients' calls end with NOT_FOUND, reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.DeleteSubscriptionResponse deleteSubscription(org.wikifeed.v1.DeleteSubscriptionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteSubscriptionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetChangeLogInfo tells which offsets and times the log holds, and how long it keeps them.
     * </pre>
     */
    public org.wikifeed.v1.GetChangeLogInfoResponse getChangeLogInfo(org.wikifeed.v1.GetChangeLogInfoRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetChangeLogInfoMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ChangeService.
   * <pre>
   * ChangeService answers what changed.
   * </pre>
   */
  public static final class ChangeServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ChangeServiceFutureStub> {
    private ChangeServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ChangeServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ChangeServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetSubscription tells how far a subscription is. NOT_FOUND with reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetSubscriptionResponse> getSubscription(
        org.wikifeed.v1.GetSubscriptionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetSubscriptionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListSubscriptions returns all subscriptions in the order of their names.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListSubscriptionsResponse> listSubscriptions(
        org.wikifeed.v1.ListSubscriptionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListSubscriptionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteSubscription forgets a subscription; its clients' calls end with NOT_FOUND, reason SUBSCRIPTION_NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.DeleteSubscriptionResponse> deleteSubscription(
        org.wikifeed.v1.DeleteSubscriptionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteSubscriptionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetChangeLogInfo tells which offsets and times the log holds, and how long it keeps them.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetChangeLogInfoResponse> getChangeLogInfo(
        org.wikifeed.v1.GetChangeLogInfoRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetChangeLogInfoMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_STREAM_CHANGES = 0;
  private static final int METHODID_GET_SUBSCRIPTION = 1;
  private static final int METHODID_LIST_SUBSCRIPTIONS = 2;
  private static final int METHODID_DELETE_SUBSCRIPTION = 3;
  private static final int METHODID_GET_CHANGE_LOG_INFO = 4;
  private static final int METHODID_SUBSCRIBE = 5;

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
        case METHODID_STREAM_CHANGES:
          serviceImpl.streamChanges((org.wikifeed.v1.StreamChangesRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.StreamChangesResponse>) responseObserver);
          break;
        case METHODID_GET_SUBSCRIPTION:
          serviceImpl.getSubscription((org.wikifeed.v1.GetSubscriptionRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetSubscriptionResponse>) responseObserver);
          break;
        case METHODID_LIST_SUBSCRIPTIONS:
          serviceImpl.listSubscriptions((org.wikifeed.v1.ListSubscriptionsRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListSubscriptionsResponse>) responseObserver);
          break;
        case METHODID_DELETE_SUBSCRIPTION:
          serviceImpl.deleteSubscription((org.wikifeed.v1.DeleteSubscriptionRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteSubscriptionResponse>) responseObserver);
          break;
        case METHODID_GET_CHANGE_LOG_INFO:
          serviceImpl.getChangeLogInfo((org.wikifeed.v1.GetChangeLogInfoRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetChangeLogInfoResponse>) responseObserver);
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
        case METHODID_SUBSCRIBE:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.subscribe(
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.SubscribeResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getStreamChangesMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              org.wikifeed.v1.StreamChangesRequest,
              org.wikifeed.v1.StreamChangesResponse>(
                service, METHODID_STREAM_CHANGES)))
        .addMethod(
          getSubscribeMethod(),
          io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
            new MethodHandlers<
              org.wikifeed.v1.SubscribeRequest,
              org.wikifeed.v1.SubscribeResponse>(
                service, METHODID_SUBSCRIBE)))
        .addMethod(
          getGetSubscriptionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetSubscriptionRequest,
              org.wikifeed.v1.GetSubscriptionResponse>(
                service, METHODID_GET_SUBSCRIPTION)))
        .addMethod(
          getListSubscriptionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListSubscriptionsRequest,
              org.wikifeed.v1.ListSubscriptionsResponse>(
                service, METHODID_LIST_SUBSCRIPTIONS)))
        .addMethod(
          getDeleteSubscriptionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.DeleteSubscriptionRequest,
              org.wikifeed.v1.DeleteSubscriptionResponse>(
                service, METHODID_DELETE_SUBSCRIPTION)))
        .addMethod(
          getGetChangeLogInfoMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetChangeLogInfoRequest,
              org.wikifeed.v1.GetChangeLogInfoResponse>(
                service, METHODID_GET_CHANGE_LOG_INFO)))
        .build();
  }

  private static abstract class ChangeServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ChangeServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return org.wikifeed.v1.ChangeServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ChangeService");
    }
  }

  private static final class ChangeServiceFileDescriptorSupplier
      extends ChangeServiceBaseDescriptorSupplier {
    ChangeServiceFileDescriptorSupplier() {}
  }

  private static final class ChangeServiceMethodDescriptorSupplier
      extends ChangeServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ChangeServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ChangeServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ChangeServiceFileDescriptorSupplier())
              .addMethod(getStreamChangesMethod())
              .addMethod(getSubscribeMethod())
              .addMethod(getGetSubscriptionMethod())
              .addMethod(getListSubscriptionsMethod())
              .addMethod(getDeleteSubscriptionMethod())
              .addMethod(getGetChangeLogInfoMethod())
              .build();
        }
      }
    }
    return result;
  }
}
