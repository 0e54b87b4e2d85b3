package org.wikifeed.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * AccountService is what accounts can do for themselves. Who runs the server makes and changes accounts and plans, at
 * the command line.
 * Calls show who makes them in metadata: "authorization: Bearer " and an access token or an API key. CreateSession,
 * RefreshSession and DeleteSession need none, ListPlans needs one where the server asks it of all calls; the other
 * methods are about the account that calls, and UNAUTHENTICATED with reason CREDENTIALS_INVALID without one. No plan
 * counts or refuses these calls.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AccountServiceGrpc {

  private AccountServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "wikifeed.v1.AccountService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.CreateSessionRequest,
      org.wikifeed.v1.CreateSessionResponse> getCreateSessionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateSession",
      requestType = org.wikifeed.v1.CreateSessionRequest.class,
      responseType = org.wikifeed.v1.CreateSessionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.CreateSessionRequest,
      org.wikifeed.v1.CreateSessionResponse> getCreateSessionMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.CreateSessionRequest, org.wikifeed.v1.CreateSessionResponse> getCreateSessionMethod;
    if ((getCreateSessionMethod = AccountServiceGrpc.getCreateSessionMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getCreateSessionMethod = AccountServiceGrpc.getCreateSessionMethod) == null) {
          AccountServiceGrpc.getCreateSessionMethod = getCreateSessionMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.CreateSessionRequest, org.wikifeed.v1.CreateSessionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateSession"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.CreateSessionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.CreateSessionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("CreateSession"))
              .build();
        }
      }
    }
    return getCreateSessionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.RefreshSessionRequest,
      org.wikifeed.v1.RefreshSessionResponse> getRefreshSessionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RefreshSession",
      requestType = org.wikifeed.v1.RefreshSessionRequest.class,
      responseType = org.wikifeed.v1.RefreshSessionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.RefreshSessionRequest,
      org.wikifeed.v1.RefreshSessionResponse> getRefreshSessionMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.RefreshSessionRequest, org.wikifeed.v1.RefreshSessionResponse> getRefreshSessionMethod;
    if ((getRefreshSessionMethod = AccountServiceGrpc.getRefreshSessionMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getRefreshSessionMethod = AccountServiceGrpc.getRefreshSessionMethod) == null) {
          AccountServiceGrpc.getRefreshSessionMethod = getRefreshSessionMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.RefreshSessionRequest, org.wikifeed.v1.RefreshSessionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RefreshSession"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.RefreshSessionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.RefreshSessionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("RefreshSession"))
              .build();
        }
      }
    }
    return getRefreshSessionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteSessionRequest,
      org.wikifeed.v1.DeleteSessionResponse> getDeleteSessionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteSession",
      requestType = org.wikifeed.v1.DeleteSessionRequest.class,
      responseType = org.wikifeed.v1.DeleteSessionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteSessionRequest,
      org.wikifeed.v1.DeleteSessionResponse> getDeleteSessionMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteSessionRequest, org.wikifeed.v1.DeleteSessionResponse> getDeleteSessionMethod;
    if ((getDeleteSessionMethod = AccountServiceGrpc.getDeleteSessionMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getDeleteSessionMethod = AccountServiceGrpc.getDeleteSessionMethod) == null) {
          AccountServiceGrpc.getDeleteSessionMethod = getDeleteSessionMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.DeleteSessionRequest, org.wikifeed.v1.DeleteSessionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteSession"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.DeleteSessionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.DeleteSessionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("DeleteSession"))
              .build();
        }
      }
    }
    return getDeleteSessionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ChangePasswordRequest,
      org.wikifeed.v1.ChangePasswordResponse> getChangePasswordMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ChangePassword",
      requestType = org.wikifeed.v1.ChangePasswordRequest.class,
      responseType = org.wikifeed.v1.ChangePasswordResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ChangePasswordRequest,
      org.wikifeed.v1.ChangePasswordResponse> getChangePasswordMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ChangePasswordRequest, org.wikifeed.v1.ChangePasswordResponse> getChangePasswordMethod;
    if ((getChangePasswordMethod = AccountServiceGrpc.getChangePasswordMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getChangePasswordMethod = AccountServiceGrpc.getChangePasswordMethod) == null) {
          AccountServiceGrpc.getChangePasswordMethod = getChangePasswordMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ChangePasswordRequest, org.wikifeed.v1.ChangePasswordResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ChangePassword"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ChangePasswordRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ChangePasswordResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("ChangePassword"))
              .build();
        }
      }
    }
    return getChangePasswordMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetAccountRequest,
      org.wikifeed.v1.GetAccountResponse> getGetAccountMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetAccount",
      requestType = org.wikifeed.v1.GetAccountRequest.class,
      responseType = org.wikifeed.v1.GetAccountResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetAccountRequest,
      org.wikifeed.v1.GetAccountResponse> getGetAccountMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetAccountRequest, org.wikifeed.v1.GetAccountResponse> getGetAccountMethod;
    if ((getGetAccountMethod = AccountServiceGrpc.getGetAccountMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getGetAccountMethod = AccountServiceGrpc.getGetAccountMethod) == null) {
          AccountServiceGrpc.getGetAccountMethod = getGetAccountMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetAccountRequest, org.wikifeed.v1.GetAccountResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetAccount"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetAccountRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetAccountResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("GetAccount"))
              .build();
        }
      }
    }
    return getGetAccountMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListUsageRequest,
      org.wikifeed.v1.ListUsageResponse> getListUsageMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListUsage",
      requestType = org.wikifeed.v1.ListUsageRequest.class,
      responseType = org.wikifeed.v1.ListUsageResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListUsageRequest,
      org.wikifeed.v1.ListUsageResponse> getListUsageMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListUsageRequest, org.wikifeed.v1.ListUsageResponse> getListUsageMethod;
    if ((getListUsageMethod = AccountServiceGrpc.getListUsageMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getListUsageMethod = AccountServiceGrpc.getListUsageMethod) == null) {
          AccountServiceGrpc.getListUsageMethod = getListUsageMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListUsageRequest, org.wikifeed.v1.ListUsageResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListUsage"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListUsageRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListUsageResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("ListUsage"))
              .build();
        }
      }
    }
    return getListUsageMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.CreateKeyRequest,
      org.wikifeed.v1.CreateKeyResponse> getCreateKeyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateKey",
      requestType = org.wikifeed.v1.CreateKeyRequest.class,
      responseType = org.wikifeed.v1.CreateKeyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.CreateKeyRequest,
      org.wikifeed.v1.CreateKeyResponse> getCreateKeyMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.CreateKeyRequest, org.wikifeed.v1.CreateKeyResponse> getCreateKeyMethod;
    if ((getCreateKeyMethod = AccountServiceGrpc.getCreateKeyMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getCreateKeyMethod = AccountServiceGrpc.getCreateKeyMethod) == null) {
          AccountServiceGrpc.getCreateKeyMethod = getCreateKeyMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.CreateKeyRequest, org.wikifeed.v1.CreateKeyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateKey"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.CreateKeyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.CreateKeyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("CreateKey"))
              .build();
        }
      }
    }
    return getCreateKeyMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListKeysRequest,
      org.wikifeed.v1.ListKeysResponse> getListKeysMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListKeys",
      requestType = org.wikifeed.v1.ListKeysRequest.class,
      responseType = org.wikifeed.v1.ListKeysResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListKeysRequest,
      org.wikifeed.v1.ListKeysResponse> getListKeysMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListKeysRequest, org.wikifeed.v1.ListKeysResponse> getListKeysMethod;
    if ((getListKeysMethod = AccountServiceGrpc.getListKeysMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getListKeysMethod = AccountServiceGrpc.getListKeysMethod) == null) {
          AccountServiceGrpc.getListKeysMethod = getListKeysMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListKeysRequest, org.wikifeed.v1.ListKeysResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListKeys"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListKeysRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListKeysResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("ListKeys"))
              .build();
        }
      }
    }
    return getListKeysMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteKeyRequest,
      org.wikifeed.v1.DeleteKeyResponse> getDeleteKeyMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteKey",
      requestType = org.wikifeed.v1.DeleteKeyRequest.class,
      responseType = org.wikifeed.v1.DeleteKeyResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteKeyRequest,
      org.wikifeed.v1.DeleteKeyResponse> getDeleteKeyMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.DeleteKeyRequest, org.wikifeed.v1.DeleteKeyResponse> getDeleteKeyMethod;
    if ((getDeleteKeyMethod = AccountServiceGrpc.getDeleteKeyMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getDeleteKeyMethod = AccountServiceGrpc.getDeleteKeyMethod) == null) {
          AccountServiceGrpc.getDeleteKeyMethod = getDeleteKeyMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.DeleteKeyRequest, org.wikifeed.v1.DeleteKeyResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteKey"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.DeleteKeyRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.DeleteKeyResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("DeleteKey"))
              .build();
        }
      }
    }
    return getDeleteKeyMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListPlansRequest,
      org.wikifeed.v1.ListPlansResponse> getListPlansMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListPlans",
      requestType = org.wikifeed.v1.ListPlansRequest.class,
      responseType = org.wikifeed.v1.ListPlansResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListPlansRequest,
      org.wikifeed.v1.ListPlansResponse> getListPlansMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListPlansRequest, org.wikifeed.v1.ListPlansResponse> getListPlansMethod;
    if ((getListPlansMethod = AccountServiceGrpc.getListPlansMethod) == null) {
      synchronized (AccountServiceGrpc.class) {
        if ((getListPlansMethod = AccountServiceGrpc.getListPlansMethod) == null) {
          AccountServiceGrpc.getListPlansMethod = getListPlansMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListPlansRequest, org.wikifeed.v1.ListPlansResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListPlans"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListPlansRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListPlansResponse.getDefaultInstance()))
              .setSchemaDescriptor(new AccountServiceMethodDescriptorSupplier("ListPlans"))
              .build();
        }
      }
    }
    return getListPlansMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AccountServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AccountServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AccountServiceStub>() {
        @java.lang.Override
        public AccountServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AccountServiceStub(channel, callOptions);
        }
      };
    return AccountServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AccountServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AccountServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AccountServiceBlockingV2Stub>() {
        @java.lang.Override
        public AccountServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AccountServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AccountServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AccountServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AccountServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AccountServiceBlockingStub>() {
        @java.lang.Override
        public AccountServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AccountServiceBlockingStub(channel, callOptions);
        }
      };
    return AccountServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AccountServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AccountServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AccountServiceFutureStub>() {
        @java.lang.Override
        public AccountServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AccountServiceFutureStub(channel, callOptions);
        }
      };
    return AccountServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * AccountService is what accounts can do for themselves. Who runs the server makes and changes accounts and plans, at
   * the command line.
   * Calls show who makes them in metadata: "authorization: Bearer " and an access token or an API key. CreateSession,
   * RefreshSession and DeleteSession need none, ListPlans needs one where the server asks it of all calls; the other
   * methods are about the account that calls, and UNAUTHENTICATED with reason CREDENTIALS_INVALID without one. No plan
   * counts or refuses these calls.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * CreateSession gives tokens for a password. UNAUTHENTICATED with reason CREDENTIALS_INVALID: there is no such
     * account, it has another password or none, or it is disabled; which of these is not told. RESOURCE_EXHAUSTED with
     * reason TOO_MANY_TRIES and RetryInfo: too many wrong passwords came of late.
     * </pre>
     */
    default void createSession(org.wikifeed.v1.CreateSessionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateSessionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateSessionMethod(), responseObserver);
    }

    /**
     * <pre>
     * RefreshSession gives further tokens for a refresh token. UNAUTHENTICATED with reason CREDENTIALS_INVALID: it is
     * expired or revoked, or its account is disabled.
     * </pre>
     */
    default void refreshSession(org.wikifeed.v1.RefreshSessionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.RefreshSessionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRefreshSessionMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteSession revokes a refresh token and all access tokens that it gave. Streams opened with these end within 5
     * seconds. A token that is not good (any more) is no error.
     * </pre>
     */
    default void deleteSession(org.wikifeed.v1.DeleteSessionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteSessionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteSessionMethod(), responseObserver);
    }

    /**
     * <pre>
     * ChangePassword sets a new password and revokes all tokens of the account; keys stay. UNAUTHENTICATED with reason
     * CREDENTIALS_INVALID: the old password is another. RESOURCE_EXHAUSTED as above.
     * </pre>
     */
    default void changePassword(org.wikifeed.v1.ChangePasswordRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ChangePasswordResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getChangePasswordMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetAccount returns the account that calls, and what is left to it this month.
     * </pre>
     */
    default void getAccount(org.wikifeed.v1.GetAccountRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetAccountResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetAccountMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListUsage returns what the account that calls used, by day.
     * </pre>
     */
    default void listUsage(org.wikifeed.v1.ListUsageRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListUsageResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListUsageMethod(), responseObserver);
    }

    /**
     * <pre>
     * CreateKey makes an API key of the account that calls. The key itself is in this response and nowhere else: the
     * server does not keep it.
     * </pre>
     */
    default void createKey(org.wikifeed.v1.CreateKeyRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateKeyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateKeyMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListKeys returns the keys of the account that calls, the oldest first. The list is whole.
     * </pre>
     */
    default void listKeys(org.wikifeed.v1.ListKeysRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListKeysResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListKeysMethod(), responseObserver);
    }

    /**
     * <pre>
     * DeleteKey revokes a key of the account that calls. Streams opened with it end within 5 seconds. NOT_FOUND with
     * reason KEY_NOT_FOUND.
     * </pre>
     */
    default void deleteKey(org.wikifeed.v1.DeleteKeyRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteKeyResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteKeyMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListPlans returns the server's plans in the order of their identifiers. The list is whole.
     * </pre>
     */
    default void listPlans(org.wikifeed.v1.ListPlansRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListPlansResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListPlansMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AccountService.
   * <pre>
   * AccountService is what accounts can do for themselves. Who runs the server makes and changes accounts and plans, at
   * the command line.
   * Calls show who makes them in metadata: "authorization: Bearer " and an access token or an API key. CreateSession,
   * RefreshSession and DeleteSession need none, ListPlans needs one where the server asks it of all calls; the other
   * methods are about the account that calls, and UNAUTHENTICATED with reason CREDENTIALS_INVALID without one. No plan
   * counts or refuses these calls.
   * </pre>
   */
  public static abstract class AccountServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AccountServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AccountService.
   * <pre>
   * AccountService is what accounts can do for themselves. Who runs the server makes and changes accounts and plans, at
   * the command line.
   * Calls show who makes them in metadata: "authorization: Bearer " and an access token or an API key. CreateSession,
   * RefreshSession and DeleteSession need none, ListPlans needs one where the server asks it of all calls; the other
   * methods are about the account that calls, and UNAUTHENTICATED with reason CREDENTIALS_INVALID without one. No plan
   * counts or refuses these calls.
   * </pre>
   */
  public static final class AccountServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AccountServiceStub> {
    private AccountServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AccountServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AccountServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateSession gives tokens for a password. UNAUTHENTICATED with reason CREDENTIALS_INVALID: there is no such
     * account, it has another password or none, or it is disabled; which of these is not told. RESOURCE_EXHAUSTED with
     * reason TOO_MANY_TRIES and RetryInfo: too many wrong passwords came of late.
     * </pre>
     */
    public void createSession(org.wikifeed.v1.CreateSessionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateSessionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateSessionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * RefreshSession gives further tokens for a refresh token. UNAUTHENTICATED with reason CREDENTIALS_INVALID: it is
     * expired or revoked, or its account is disabled.
     * </pre>
     */
    public void refreshSession(org.wikifeed.v1.RefreshSessionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.RefreshSessionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRefreshSessionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteSession revokes a refresh token and all access tokens that it gave. Streams opened with these end within 5
     * seconds. A token that is not good (any more) is no error.
     * </pre>
     */
    public void deleteSession(org.wikifeed.v1.DeleteSessionRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteSessionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteSessionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ChangePassword sets a new password and revokes all tokens of the account; keys stay. UNAUTHENTICATED with reason
     * CREDENTIALS_INVALID: the old password is another. RESOURCE_EXHAUSTED as above.
     * </pre>
     */
    public void changePassword(org.wikifeed.v1.ChangePasswordRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ChangePasswordResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getChangePasswordMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetAccount returns the account that calls, and what is left to it this month.
     * </pre>
     */
    public void getAccount(org.wikifeed.v1.GetAccountRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetAccountResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetAccountMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListUsage returns what the account that calls used, by day.
     * </pre>
     */
    public void listUsage(org.wikifeed.v1.ListUsageRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListUsageResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListUsageMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * CreateKey makes an API key of the account that calls. The key itself is in this response and nowhere else: the
     * server does not keep it.
     * </pre>
     */
    public void createKey(org.wikifeed.v1.CreateKeyRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateKeyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateKeyMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListKeys returns the keys of the account that calls, the oldest first. The list is whole.
     * </pre>
     */
    public void listKeys(org.wikifeed.v1.ListKeysRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListKeysResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListKeysMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * DeleteKey revokes a key of the account that calls. Streams opened with it end within 5 seconds. NOT_FOUND with
     * reason KEY_NOT_FOUND.
     * </pre>
     */
    public void deleteKey(org.wikifeed.v1.DeleteKeyRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteKeyResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteKeyMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListPlans returns the server's plans in the order of their identifiers. The list is whole.
     * </pre>
     */
    public void listPlans(org.wikifeed.v1.ListPlansRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListPlansResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListPlansMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AccountService.
   * <pre>
   * AccountService is what accounts can do for themselves. Who runs the server makes and changes accounts and plans, at
   * the command line.
   * Calls show who makes them in metadata: "authorization: Bearer " and an access token or an API key. CreateSession,
   * RefreshSession and DeleteSession need none, ListPlans needs one where the server asks it of all calls; the other
   * methods are about the account that calls, and UNAUTHENTICATED with reason CREDENTIALS_INVALID without one. No plan
   * counts or refuses these calls.
   * </pre>
   */
  public static final class AccountServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AccountServiceBlockingV2Stub> {
    private AccountServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AccountServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AccountServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateSession gives tokens for a password. UNAUTHENTICATED with reason CREDENTIALS_INVALID: there is no such
     * account, it has another password or none, or it is disabled; which of these is not told. RESOURCE_EXHAUSTED with
     * reason TOO_MANY_TRIES and RetryInfo: too many wrong passwords came of late.
     * </pre>
     */
    public org.wikifeed.v1.CreateSessionResponse createSession(org.wikifeed.v1.CreateSessionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateSessionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RefreshSession gives further tokens for a refresh token. UNAUTHENTICATED with reason CREDENTIALS_INVALID: it is
     * expired or revoked, or its account is disabled.
     * </pre>
     */
    public org.wikifeed.v1.RefreshSessionResponse refreshSession(org.wikifeed.v1.RefreshSessionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRefreshSessionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteSession revokes a refresh token and all access tokens that it gave. Streams opened with these end within 5
     * seconds. A token that is not good (any more) is no error.
     * </pre>
     */
    public org.wikifeed.v1.DeleteSessionResponse deleteSession(org.wikifeed.v1.DeleteSessionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteSessionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ChangePassword sets a new password and revokes all tokens of the account; keys stay. UNAUTHENTICATED with reason
     * CREDENTIALS_INVALID: the old password is another. RESOURCE_EXHAUSTED as above.
     * </pre>
     */
    public org.wikifeed.v1.ChangePasswordResponse changePassword(org.wikifeed.v1.ChangePasswordRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getChangePasswordMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetAccount returns the account that calls, and what is left to it this month.
     * </pre>
     */
    public org.wikifeed.v1.GetAccountResponse getAccount(org.wikifeed.v1.GetAccountRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetAccountMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListUsage returns what the account that calls used, by day.
     * </pre>
     */
    public org.wikifeed.v1.ListUsageResponse listUsage(org.wikifeed.v1.ListUsageRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListUsageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CreateKey makes an API key of the account that calls. The key itself is in this response and nowhere else: the
     * server does not keep it.
     * </pre>
     */
    public org.wikifeed.v1.CreateKeyResponse createKey(org.wikifeed.v1.CreateKeyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListKeys returns the keys of the account that calls, the oldest first. The list is whole.
     * </pre>
     */
    public org.wikifeed.v1.ListKeysResponse listKeys(org.wikifeed.v1.ListKeysRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListKeysMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteKey revokes a key of the account that calls. Streams opened with it end within 5 seconds. NOT_FOUND with
     * reason KEY_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.DeleteKeyResponse deleteKey(org.wikifeed.v1.DeleteKeyRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListPlans returns the server's plans in the order of their identifiers. The list is whole.
     * </pre>
     */
    public org.wikifeed.v1.ListPlansResponse listPlans(org.wikifeed.v1.ListPlansRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListPlansMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AccountService.
   * <pre>
   * AccountService is what accounts can do for themselves. Who runs the server makes and changes accounts and plans, at
   * the command line.
   * Calls show who makes them in metadata: "authorization: Bearer " and an access token or an API key. CreateSession,
   * RefreshSession and DeleteSession need none, ListPlans needs one where the server asks it of all calls; the other
   * methods are about the account that calls, and UNAUTHENTICATED with reason CREDENTIALS_INVALID without one. No plan
   * counts or refuses these calls.
   * </pre>
   */
  public static final class AccountServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AccountServiceBlockingStub> {
    private AccountServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AccountServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AccountServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateSession gives tokens for a password. UNAUTHENTICATED with reason CREDENTIALS_INVALID: there is no such
     * account, it has another password or none, or it is disabled; which of these is not told. RESOURCE_EXHAUSTED with
     * reason TOO_MANY_TRIES and RetryInfo: too many wrong passwords came of late.
     * </pre>
     */
    public org.wikifeed.v1.CreateSessionResponse createSession(org.wikifeed.v1.CreateSessionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateSessionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * RefreshSession gives further tokens for a refresh token. UNAUTHENTICATED with reason CREDENTIALS_INVALID: it is
     * expired or revoked, or its account is disabled.
     * </pre>
     */
    public org.wikifeed.v1.RefreshSessionResponse refreshSession(org.wikifeed.v1.RefreshSessionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRefreshSessionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteSession revokes a refresh token and all access tokens that it gave. Streams opened with these end within 5
     * seconds. A token that is not good (any more) is no error.
     * </pre>
     */
    public org.wikifeed.v1.DeleteSessionResponse deleteSession(org.wikifeed.v1.DeleteSessionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteSessionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ChangePassword sets a new password and revokes all tokens of the account; keys stay. UNAUTHENTICATED with reason
     * CREDENTIALS_INVALID: the old password is another. RESOURCE_EXHAUSTED as above.
     * </pre>
     */
    public org.wikifeed.v1.ChangePasswordResponse changePassword(org.wikifeed.v1.ChangePasswordRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getChangePasswordMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetAccount returns the account that calls, and what is left to it this month.
     * </pre>
     */
    public org.wikifeed.v1.GetAccountResponse getAccount(org.wikifeed.v1.GetAccountRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetAccountMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListUsage returns what the account that calls used, by day.
     * </pre>
     */
    public org.wikifeed.v1.ListUsageResponse listUsage(org.wikifeed.v1.ListUsageRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListUsageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * CreateKey makes an API key of the account that calls. The key itself is in this response and nowhere else: the
     * server does not keep it.
     * </pre>
     */
    public org.wikifeed.v1.CreateKeyResponse createKey(org.wikifeed.v1.CreateKeyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListKeys returns the keys of the account that calls, the oldest first. The list is whole.
     * </pre>
     */
    public org.wikifeed.v1.ListKeysResponse listKeys(org.wikifeed.v1.ListKeysRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListKeysMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * DeleteKey revokes a key of the account that calls. Streams opened with it end within 5 seconds. NOT_FOUND with
     * reason KEY_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.DeleteKeyResponse deleteKey(org.wikifeed.v1.DeleteKeyRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteKeyMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListPlans returns the server's plans in the order of their identifiers. The list is whole.
     * </pre>
     */
    public org.wikifeed.v1.ListPlansResponse listPlans(org.wikifeed.v1.ListPlansRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListPlansMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AccountService.
   * <pre>
   * AccountService is what accounts can do for themselves. Who runs the server makes and changes accounts and plans, at
   * the command line.
   * Calls show who makes them in metadata: "authorization: Bearer " and an access token or an API key. CreateSession,
   * RefreshSession and DeleteSession need none, ListPlans needs one where the server asks it of all calls; the other
   * methods are about the account that calls, and UNAUTHENTICATED with reason CREDENTIALS_INVALID without one. No plan
   * counts or refuses these calls.
   * </pre>
   */
  public static final class AccountServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AccountServiceFutureStub> {
    private AccountServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AccountServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AccountServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * CreateSession gives tokens for a password. UNAUTHENTICATED with reason CREDENTIALS_INVALID: there is no such
     * account, it has another password or none, or it is disabled; which of these is not told. RESOURCE_EXHAUSTED with
     * reason TOO_MANY_TRIES and RetryInfo: too many wrong passwords came of late.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.CreateSessionResponse> createSession(
        org.wikifeed.v1.CreateSessionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateSessionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * RefreshSession gives further tokens for a refresh token. UNAUTHENTICATED with reason CREDENTIALS_INVALID: it is
     * expired or revoked, or its account is disabled.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.RefreshSessionResponse> refreshSession(
        org.wikifeed.v1.RefreshSessionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRefreshSessionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteSession revokes a refresh token and all access tokens that it gave. Streams opened with these end within 5
     * seconds. A token that is not good (any more) is no error.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.DeleteSessionResponse> deleteSession(
        org.wikifeed.v1.DeleteSessionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteSessionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ChangePassword sets a new password and revokes all tokens of the account; keys stay. UNAUTHENTICATED with reason
     * CREDENTIALS_INVALID: the old password is another. RESOURCE_EXHAUSTED as above.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ChangePasswordResponse> changePassword(
        org.wikifeed.v1.ChangePasswordRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getChangePasswordMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetAccount returns the account that calls, and what is left to it this month.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetAccountResponse> getAccount(
        org.wikifeed.v1.GetAccountRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetAccountMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListUsage returns what the account that calls used, by day.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListUsageResponse> listUsage(
        org.wikifeed.v1.ListUsageRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListUsageMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * CreateKey makes an API key of the account that calls. The key itself is in this response and nowhere else: the
     * server does not keep it.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.CreateKeyResponse> createKey(
        org.wikifeed.v1.CreateKeyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateKeyMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListKeys returns the keys of the account that calls, the oldest first. The list is whole.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListKeysResponse> listKeys(
        org.wikifeed.v1.ListKeysRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListKeysMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * DeleteKey revokes a key of the account that calls. Streams opened with it end within 5 seconds. NOT_FOUND with
     * reason KEY_NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.DeleteKeyResponse> deleteKey(
        org.wikifeed.v1.DeleteKeyRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteKeyMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListPlans returns the server's plans in the order of their identifiers. The list is whole.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListPlansResponse> listPlans(
        org.wikifeed.v1.ListPlansRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListPlansMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_SESSION = 0;
  private static final int METHODID_REFRESH_SESSION = 1;
  private static final int METHODID_DELETE_SESSION = 2;
  private static final int METHODID_CHANGE_PASSWORD = 3;
  private static final int METHODID_GET_ACCOUNT = 4;
  private static final int METHODID_LIST_USAGE = 5;
  private static final int METHODID_CREATE_KEY = 6;
  private static final int METHODID_LIST_KEYS = 7;
  private static final int METHODID_DELETE_KEY = 8;
  private static final int METHODID_LIST_PLANS = 9;

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
        case METHODID_CREATE_SESSION:
          serviceImpl.createSession((org.wikifeed.v1.CreateSessionRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateSessionResponse>) responseObserver);
          break;
        case METHODID_REFRESH_SESSION:
          serviceImpl.refreshSession((org.wikifeed.v1.RefreshSessionRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.RefreshSessionResponse>) responseObserver);
          break;
        case METHODID_DELETE_SESSION:
          serviceImpl.deleteSession((org.wikifeed.v1.DeleteSessionRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteSessionResponse>) responseObserver);
          break;
        case METHODID_CHANGE_PASSWORD:
          serviceImpl.changePassword((org.wikifeed.v1.ChangePasswordRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ChangePasswordResponse>) responseObserver);
          break;
        case METHODID_GET_ACCOUNT:
          serviceImpl.getAccount((org.wikifeed.v1.GetAccountRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetAccountResponse>) responseObserver);
          break;
        case METHODID_LIST_USAGE:
          serviceImpl.listUsage((org.wikifeed.v1.ListUsageRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListUsageResponse>) responseObserver);
          break;
        case METHODID_CREATE_KEY:
          serviceImpl.createKey((org.wikifeed.v1.CreateKeyRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.CreateKeyResponse>) responseObserver);
          break;
        case METHODID_LIST_KEYS:
          serviceImpl.listKeys((org.wikifeed.v1.ListKeysRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListKeysResponse>) responseObserver);
          break;
        case METHODID_DELETE_KEY:
          serviceImpl.deleteKey((org.wikifeed.v1.DeleteKeyRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.DeleteKeyResponse>) responseObserver);
          break;
        case METHODID_LIST_PLANS:
          serviceImpl.listPlans((org.wikifeed.v1.ListPlansRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListPlansResponse>) responseObserver);
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
          getCreateSessionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.CreateSessionRequest,
              org.wikifeed.v1.CreateSessionResponse>(
                service, METHODID_CREATE_SESSION)))
        .addMethod(
          getRefreshSessionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.RefreshSessionRequest,
              org.wikifeed.v1.RefreshSessionResponse>(
                service, METHODID_REFRESH_SESSION)))
        .addMethod(
          getDeleteSessionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.DeleteSessionRequest,
              org.wikifeed.v1.DeleteSessionResponse>(
                service, METHODID_DELETE_SESSION)))
        .addMethod(
          getChangePasswordMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ChangePasswordRequest,
              org.wikifeed.v1.ChangePasswordResponse>(
                service, METHODID_CHANGE_PASSWORD)))
        .addMethod(
          getGetAccountMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetAccountRequest,
              org.wikifeed.v1.GetAccountResponse>(
                service, METHODID_GET_ACCOUNT)))
        .addMethod(
          getListUsageMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListUsageRequest,
              org.wikifeed.v1.ListUsageResponse>(
                service, METHODID_LIST_USAGE)))
        .addMethod(
          getCreateKeyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.CreateKeyRequest,
              org.wikifeed.v1.CreateKeyResponse>(
                service, METHODID_CREATE_KEY)))
        .addMethod(
          getListKeysMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListKeysRequest,
              org.wikifeed.v1.ListKeysResponse>(
                service, METHODID_LIST_KEYS)))
        .addMethod(
          getDeleteKeyMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.DeleteKeyRequest,
              org.wikifeed.v1.DeleteKeyResponse>(
                service, METHODID_DELETE_KEY)))
        .addMethod(
          getListPlansMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListPlansRequest,
              org.wikifeed.v1.ListPlansResponse>(
                service, METHODID_LIST_PLANS)))
        .build();
  }

  private static abstract class AccountServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    AccountServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return org.wikifeed.v1.AccountServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("AccountService");
    }
  }

  private static final class AccountServiceFileDescriptorSupplier
      extends AccountServiceBaseDescriptorSupplier {
    AccountServiceFileDescriptorSupplier() {}
  }

  private static final class AccountServiceMethodDescriptorSupplier
      extends AccountServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    AccountServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (AccountServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new AccountServiceFileDescriptorSupplier())
              .addMethod(getCreateSessionMethod())
              .addMethod(getRefreshSessionMethod())
              .addMethod(getDeleteSessionMethod())
              .addMethod(getChangePasswordMethod())
              .addMethod(getGetAccountMethod())
              .addMethod(getListUsageMethod())
              .addMethod(getCreateKeyMethod())
              .addMethod(getListKeysMethod())
              .addMethod(getDeleteKeyMethod())
              .addMethod(getListPlansMethod())
              .build();
        }
      }
    }
    return result;
  }
}
