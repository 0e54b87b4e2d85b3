package org.wikifeed.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * CatalogService tells which projects, languages, namespaces and codes this server has articles of.
 * All lists are whole and in the order of their identifiers. NOT_FOUND where an identifier is not among them.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class CatalogServiceGrpc {

  private CatalogServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "wikifeed.v1.CatalogService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListProjectsRequest,
      org.wikifeed.v1.ListProjectsResponse> getListProjectsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListProjects",
      requestType = org.wikifeed.v1.ListProjectsRequest.class,
      responseType = org.wikifeed.v1.ListProjectsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListProjectsRequest,
      org.wikifeed.v1.ListProjectsResponse> getListProjectsMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListProjectsRequest, org.wikifeed.v1.ListProjectsResponse> getListProjectsMethod;
    if ((getListProjectsMethod = CatalogServiceGrpc.getListProjectsMethod) == null) {
      synchronized (CatalogServiceGrpc.class) {
        if ((getListProjectsMethod = CatalogServiceGrpc.getListProjectsMethod) == null) {
          CatalogServiceGrpc.getListProjectsMethod = getListProjectsMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListProjectsRequest, org.wikifeed.v1.ListProjectsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListProjects"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListProjectsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListProjectsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CatalogServiceMethodDescriptorSupplier("ListProjects"))
              .build();
        }
      }
    }
    return getListProjectsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetProjectRequest,
      org.wikifeed.v1.GetProjectResponse> getGetProjectMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetProject",
      requestType = org.wikifeed.v1.GetProjectRequest.class,
      responseType = org.wikifeed.v1.GetProjectResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetProjectRequest,
      org.wikifeed.v1.GetProjectResponse> getGetProjectMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetProjectRequest, org.wikifeed.v1.GetProjectResponse> getGetProjectMethod;
    if ((getGetProjectMethod = CatalogServiceGrpc.getGetProjectMethod) == null) {
      synchronized (CatalogServiceGrpc.class) {
        if ((getGetProjectMethod = CatalogServiceGrpc.getGetProjectMethod) == null) {
          CatalogServiceGrpc.getGetProjectMethod = getGetProjectMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetProjectRequest, org.wikifeed.v1.GetProjectResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetProject"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetProjectRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetProjectResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CatalogServiceMethodDescriptorSupplier("GetProject"))
              .build();
        }
      }
    }
    return getGetProjectMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListLanguagesRequest,
      org.wikifeed.v1.ListLanguagesResponse> getListLanguagesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListLanguages",
      requestType = org.wikifeed.v1.ListLanguagesRequest.class,
      responseType = org.wikifeed.v1.ListLanguagesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListLanguagesRequest,
      org.wikifeed.v1.ListLanguagesResponse> getListLanguagesMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListLanguagesRequest, org.wikifeed.v1.ListLanguagesResponse> getListLanguagesMethod;
    if ((getListLanguagesMethod = CatalogServiceGrpc.getListLanguagesMethod) == null) {
      synchronized (CatalogServiceGrpc.class) {
        if ((getListLanguagesMethod = CatalogServiceGrpc.getListLanguagesMethod) == null) {
          CatalogServiceGrpc.getListLanguagesMethod = getListLanguagesMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListLanguagesRequest, org.wikifeed.v1.ListLanguagesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListLanguages"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListLanguagesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListLanguagesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CatalogServiceMethodDescriptorSupplier("ListLanguages"))
              .build();
        }
      }
    }
    return getListLanguagesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetLanguageRequest,
      org.wikifeed.v1.GetLanguageResponse> getGetLanguageMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetLanguage",
      requestType = org.wikifeed.v1.GetLanguageRequest.class,
      responseType = org.wikifeed.v1.GetLanguageResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetLanguageRequest,
      org.wikifeed.v1.GetLanguageResponse> getGetLanguageMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetLanguageRequest, org.wikifeed.v1.GetLanguageResponse> getGetLanguageMethod;
    if ((getGetLanguageMethod = CatalogServiceGrpc.getGetLanguageMethod) == null) {
      synchronized (CatalogServiceGrpc.class) {
        if ((getGetLanguageMethod = CatalogServiceGrpc.getGetLanguageMethod) == null) {
          CatalogServiceGrpc.getGetLanguageMethod = getGetLanguageMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetLanguageRequest, org.wikifeed.v1.GetLanguageResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetLanguage"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetLanguageRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetLanguageResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CatalogServiceMethodDescriptorSupplier("GetLanguage"))
              .build();
        }
      }
    }
    return getGetLanguageMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListNamespacesRequest,
      org.wikifeed.v1.ListNamespacesResponse> getListNamespacesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListNamespaces",
      requestType = org.wikifeed.v1.ListNamespacesRequest.class,
      responseType = org.wikifeed.v1.ListNamespacesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListNamespacesRequest,
      org.wikifeed.v1.ListNamespacesResponse> getListNamespacesMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListNamespacesRequest, org.wikifeed.v1.ListNamespacesResponse> getListNamespacesMethod;
    if ((getListNamespacesMethod = CatalogServiceGrpc.getListNamespacesMethod) == null) {
      synchronized (CatalogServiceGrpc.class) {
        if ((getListNamespacesMethod = CatalogServiceGrpc.getListNamespacesMethod) == null) {
          CatalogServiceGrpc.getListNamespacesMethod = getListNamespacesMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListNamespacesRequest, org.wikifeed.v1.ListNamespacesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListNamespaces"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListNamespacesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListNamespacesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CatalogServiceMethodDescriptorSupplier("ListNamespaces"))
              .build();
        }
      }
    }
    return getListNamespacesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetNamespaceRequest,
      org.wikifeed.v1.GetNamespaceResponse> getGetNamespaceMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetNamespace",
      requestType = org.wikifeed.v1.GetNamespaceRequest.class,
      responseType = org.wikifeed.v1.GetNamespaceResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetNamespaceRequest,
      org.wikifeed.v1.GetNamespaceResponse> getGetNamespaceMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetNamespaceRequest, org.wikifeed.v1.GetNamespaceResponse> getGetNamespaceMethod;
    if ((getGetNamespaceMethod = CatalogServiceGrpc.getGetNamespaceMethod) == null) {
      synchronized (CatalogServiceGrpc.class) {
        if ((getGetNamespaceMethod = CatalogServiceGrpc.getGetNamespaceMethod) == null) {
          CatalogServiceGrpc.getGetNamespaceMethod = getGetNamespaceMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetNamespaceRequest, org.wikifeed.v1.GetNamespaceResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetNamespace"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetNamespaceRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetNamespaceResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CatalogServiceMethodDescriptorSupplier("GetNamespace"))
              .build();
        }
      }
    }
    return getGetNamespaceMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListCodesRequest,
      org.wikifeed.v1.ListCodesResponse> getListCodesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListCodes",
      requestType = org.wikifeed.v1.ListCodesRequest.class,
      responseType = org.wikifeed.v1.ListCodesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListCodesRequest,
      org.wikifeed.v1.ListCodesResponse> getListCodesMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListCodesRequest, org.wikifeed.v1.ListCodesResponse> getListCodesMethod;
    if ((getListCodesMethod = CatalogServiceGrpc.getListCodesMethod) == null) {
      synchronized (CatalogServiceGrpc.class) {
        if ((getListCodesMethod = CatalogServiceGrpc.getListCodesMethod) == null) {
          CatalogServiceGrpc.getListCodesMethod = getListCodesMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListCodesRequest, org.wikifeed.v1.ListCodesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListCodes"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListCodesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListCodesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CatalogServiceMethodDescriptorSupplier("ListCodes"))
              .build();
        }
      }
    }
    return getListCodesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetCodeRequest,
      org.wikifeed.v1.GetCodeResponse> getGetCodeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetCode",
      requestType = org.wikifeed.v1.GetCodeRequest.class,
      responseType = org.wikifeed.v1.GetCodeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetCodeRequest,
      org.wikifeed.v1.GetCodeResponse> getGetCodeMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetCodeRequest, org.wikifeed.v1.GetCodeResponse> getGetCodeMethod;
    if ((getGetCodeMethod = CatalogServiceGrpc.getGetCodeMethod) == null) {
      synchronized (CatalogServiceGrpc.class) {
        if ((getGetCodeMethod = CatalogServiceGrpc.getGetCodeMethod) == null) {
          CatalogServiceGrpc.getGetCodeMethod = getGetCodeMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetCodeRequest, org.wikifeed.v1.GetCodeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetCode"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetCodeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetCodeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new CatalogServiceMethodDescriptorSupplier("GetCode"))
              .build();
        }
      }
    }
    return getGetCodeMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static CatalogServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<CatalogServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<CatalogServiceStub>() {
        @java.lang.Override
        public CatalogServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new CatalogServiceStub(channel, callOptions);
        }
      };
    return CatalogServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static CatalogServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<CatalogServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<CatalogServiceBlockingV2Stub>() {
        @java.lang.Override
        public CatalogServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new CatalogServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return CatalogServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static CatalogServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<CatalogServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<CatalogServiceBlockingStub>() {
        @java.lang.Override
        public CatalogServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new CatalogServiceBlockingStub(channel, callOptions);
        }
      };
    return CatalogServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static CatalogServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<CatalogServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<CatalogServiceFutureStub>() {
        @java.lang.Override
        public CatalogServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new CatalogServiceFutureStub(channel, callOptions);
        }
      };
    return CatalogServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * CatalogService tells which projects, languages, namespaces and codes this server has articles of.
   * All lists are whole and in the order of their identifiers. NOT_FOUND where an identifier is not among them.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * ListProjects returns all projects.
     * </pre>
     */
    default void listProjects(org.wikifeed.v1.ListProjectsRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListProjectsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListProjectsMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetProject returns one project. NOT_FOUND with reason PROJECT_NOT_FOUND.
     * </pre>
     */
    default void getProject(org.wikifeed.v1.GetProjectRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetProjectResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetProjectMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListLanguages returns the languages of all projects.
     * </pre>
     */
    default void listLanguages(org.wikifeed.v1.ListLanguagesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListLanguagesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListLanguagesMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetLanguage returns one language. NOT_FOUND with reason LANGUAGE_NOT_FOUND.
     * </pre>
     */
    default void getLanguage(org.wikifeed.v1.GetLanguageRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetLanguageResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetLanguageMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListNamespaces returns the namespaces of one project or of all.
     * </pre>
     */
    default void listNamespaces(org.wikifeed.v1.ListNamespacesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListNamespacesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListNamespacesMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetNamespace returns one namespace. NOT_FOUND with reason NAMESPACE_NOT_FOUND.
     * </pre>
     */
    default void getNamespace(org.wikifeed.v1.GetNamespaceRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetNamespaceResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetNamespaceMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListCodes returns the kinds of projects.
     * </pre>
     */
    default void listCodes(org.wikifeed.v1.ListCodesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListCodesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListCodesMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetCode returns one kind of project. NOT_FOUND with reason CODE_NOT_FOUND.
     * </pre>
     */
    default void getCode(org.wikifeed.v1.GetCodeRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetCodeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetCodeMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service CatalogService.
   * <pre>
   * CatalogService tells which projects, languages, namespaces and codes this server has articles of.
   * All lists are whole and in the order of their identifiers. NOT_FOUND where an identifier is not among them.
   * </pre>
   */
  public static abstract class CatalogServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return CatalogServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service CatalogService.
   * <pre>
   * CatalogService tells which projects, languages, namespaces and codes this server has articles of.
   * All lists are whole and in the order of their identifiers. NOT_FOUND where an identifier is not among them.
   * </pre>
   */
  public static final class CatalogServiceStub
      extends io.grpc.stub.AbstractAsyncStub<CatalogServiceStub> {
    private CatalogServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected CatalogServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new CatalogServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListProjects returns all projects.
     * </pre>
     */
    public void listProjects(org.wikifeed.v1.ListProjectsRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListProjectsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListProjectsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetProject returns one project. NOT_FOUND with reason PROJECT_NOT_FOUND.
     * </pre>
     */
    public void getProject(org.wikifeed.v1.GetProjectRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetProjectResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetProjectMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListLanguages returns the languages of all projects.
     * </pre>
     */
    public void listLanguages(org.wikifeed.v1.ListLanguagesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListLanguagesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListLanguagesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetLanguage returns one language. NOT_FOUND with reason LANGUAGE_NOT_FOUND.
     * </pre>
     */
    public void getLanguage(org.wikifeed.v1.GetLanguageRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetLanguageResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetLanguageMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListNamespaces returns the namespaces of one project or of all.
     * </pre>
     */
    public void listNamespaces(org.wikifeed.v1.ListNamespacesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListNamespacesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListNamespacesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetNamespace returns one namespace. NOT_FOUND with reason NAMESPACE_NOT_FOUND.
     * </pre>
     */
    public void getNamespace(org.wikifeed.v1.GetNamespaceRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetNamespaceResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetNamespaceMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListCodes returns the kinds of projects.
     * </pre>
     */
    public void listCodes(org.wikifeed.v1.ListCodesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListCodesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListCodesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetCode returns one kind of project. NOT_FOUND with reason CODE_NOT_FOUND.
     * </pre>
     */
    public void getCode(org.wikifeed.v1.GetCodeRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetCodeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetCodeMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service CatalogService.
   * <pre>
   * CatalogService tells which projects, languages, namespaces and codes this server has articles of.
   * All lists are whole and in the order of their identifiers. NOT_FOUND where an identifier is not among them.
   * </pre>
   */
  public static final class CatalogServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<CatalogServiceBlockingV2Stub> {
    private CatalogServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected CatalogServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new CatalogServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * ListProjects returns all projects.
     * </pre>
     */
    public org.wikifeed.v1.ListProjectsResponse listProjects(org.wikifeed.v1.ListProjectsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListProjectsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetProject returns one project. NOT_FOUND with reason PROJECT_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetProjectResponse getProject(org.wikifeed.v1.GetProjectRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetProjectMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListLanguages returns the languages of all projects.
     * </pre>
     */
    public org.wikifeed.v1.ListLanguagesResponse listLanguages(org.wikifeed.v1.ListLanguagesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListLanguagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetLanguage returns one language. NOT_FOUND with reason LANGUAGE_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetLanguageResponse getLanguage(org.wikifeed.v1.GetLanguageRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetLanguageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListNamespaces returns the namespaces of one project or of all.
     * </pre>
     */
    public org.wikifeed.v1.ListNamespacesResponse listNamespaces(org.wikifeed.v1.ListNamespacesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListNamespacesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetNamespace returns one namespace. NOT_FOUND with reason NAMESPACE_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetNamespaceResponse getNamespace(org.wikifeed.v1.GetNamespaceRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListCodes returns the kinds of projects.
     * </pre>
     */
    public org.wikifeed.v1.ListCodesResponse listCodes(org.wikifeed.v1.ListCodesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListCodesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetCode returns one kind of project. NOT_FOUND with reason CODE_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetCodeResponse getCode(org.wikifeed.v1.GetCodeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetCodeMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service CatalogService.
   * <pre>
   * CatalogService tells which projects, languages, namespaces and codes this server has articles of.
   * All lists are whole and in the order of their identifiers. NOT_FOUND where an identifier is not among them.
   * </pre>
   */
  public static final class CatalogServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<CatalogServiceBlockingStub> {
    private CatalogServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected CatalogServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new CatalogServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListProjects returns all projects.
     * </pre>
     */
    public org.wikifeed.v1.ListProjectsResponse listProjects(org.wikifeed.v1.ListProjectsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListProjectsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetProject returns one project. NOT_FOUND with reason PROJECT_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetProjectResponse getProject(org.wikifeed.v1.GetProjectRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetProjectMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListLanguages returns the languages of all projects.
     * </pre>
     */
    public org.wikifeed.v1.ListLanguagesResponse listLanguages(org.wikifeed.v1.ListLanguagesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListLanguagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetLanguage returns one language. NOT_FOUND with reason LANGUAGE_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetLanguageResponse getLanguage(org.wikifeed.v1.GetLanguageRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetLanguageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListNamespaces returns the namespaces of one project or of all.
     * </pre>
     */
    public org.wikifeed.v1.ListNamespacesResponse listNamespaces(org.wikifeed.v1.ListNamespacesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListNamespacesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetNamespace returns one namespace. NOT_FOUND with reason NAMESPACE_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetNamespaceResponse getNamespace(org.wikifeed.v1.GetNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetNamespaceMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListCodes returns the kinds of projects.
     * </pre>
     */
    public org.wikifeed.v1.ListCodesResponse listCodes(org.wikifeed.v1.ListCodesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListCodesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetCode returns one kind of project. NOT_FOUND with reason CODE_NOT_FOUND.
     * </pre>
     */
    public org.wikifeed.v1.GetCodeResponse getCode(org.wikifeed.v1.GetCodeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetCodeMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service CatalogService.
   * <pre>
   * CatalogService tells which projects, languages, namespaces and codes this server has articles of.
   * All lists are whole and in the order of their identifiers. NOT_FOUND where an identifier is not among them.
   * </pre>
   */
  public static final class CatalogServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<CatalogServiceFutureStub> {
    private CatalogServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected CatalogServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new CatalogServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * ListProjects returns all projects.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListProjectsResponse> listProjects(
        org.wikifeed.v1.ListProjectsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListProjectsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetProject returns one project. NOT_FOUND with reason PROJECT_NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetProjectResponse> getProject(
        org.wikifeed.v1.GetProjectRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetProjectMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListLanguages returns the languages of all projects.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListLanguagesResponse> listLanguages(
        org.wikifeed.v1.ListLanguagesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListLanguagesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetLanguage returns one language. NOT_FOUND with reason LANGUAGE_NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetLanguageResponse> getLanguage(
        org.wikifeed.v1.GetLanguageRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetLanguageMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListNamespaces returns the namespaces of one project or of all.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListNamespacesResponse> listNamespaces(
        org.wikifeed.v1.ListNamespacesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListNamespacesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetNamespace returns one namespace. NOT_FOUND with reason NAMESPACE_NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetNamespaceResponse> getNamespace(
        org.wikifeed.v1.GetNamespaceRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetNamespaceMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListCodes returns the kinds of projects.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListCodesResponse> listCodes(
        org.wikifeed.v1.ListCodesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListCodesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetCode returns one kind of project. NOT_FOUND with reason CODE_NOT_FOUND.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetCodeResponse> getCode(
        org.wikifeed.v1.GetCodeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetCodeMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_PROJECTS = 0;
  private static final int METHODID_GET_PROJECT = 1;
  private static final int METHODID_LIST_LANGUAGES = 2;
  private static final int METHODID_GET_LANGUAGE = 3;
  private static final int METHODID_LIST_NAMESPACES = 4;
  private static final int METHODID_GET_NAMESPACE = 5;
  private static final int METHODID_LIST_CODES = 6;
  private static final int METHODID_GET_CODE = 7;

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
        case METHODID_LIST_PROJECTS:
          serviceImpl.listProjects((org.wikifeed.v1.ListProjectsRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListProjectsResponse>) responseObserver);
          break;
        case METHODID_GET_PROJECT:
          serviceImpl.getProject((org.wikifeed.v1.GetProjectRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetProjectResponse>) responseObserver);
          break;
        case METHODID_LIST_LANGUAGES:
          serviceImpl.listLanguages((org.wikifeed.v1.ListLanguagesRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListLanguagesResponse>) responseObserver);
          break;
        case METHODID_GET_LANGUAGE:
          serviceImpl.getLanguage((org.wikifeed.v1.GetLanguageRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetLanguageResponse>) responseObserver);
          break;
        case METHODID_LIST_NAMESPACES:
          serviceImpl.listNamespaces((org.wikifeed.v1.ListNamespacesRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListNamespacesResponse>) responseObserver);
          break;
        case METHODID_GET_NAMESPACE:
          serviceImpl.getNamespace((org.wikifeed.v1.GetNamespaceRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetNamespaceResponse>) responseObserver);
          break;
        case METHODID_LIST_CODES:
          serviceImpl.listCodes((org.wikifeed.v1.ListCodesRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListCodesResponse>) responseObserver);
          break;
        case METHODID_GET_CODE:
          serviceImpl.getCode((org.wikifeed.v1.GetCodeRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetCodeResponse>) responseObserver);
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
          getListProjectsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListProjectsRequest,
              org.wikifeed.v1.ListProjectsResponse>(
                service, METHODID_LIST_PROJECTS)))
        .addMethod(
          getGetProjectMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetProjectRequest,
              org.wikifeed.v1.GetProjectResponse>(
                service, METHODID_GET_PROJECT)))
        .addMethod(
          getListLanguagesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListLanguagesRequest,
              org.wikifeed.v1.ListLanguagesResponse>(
                service, METHODID_LIST_LANGUAGES)))
        .addMethod(
          getGetLanguageMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetLanguageRequest,
              org.wikifeed.v1.GetLanguageResponse>(
                service, METHODID_GET_LANGUAGE)))
        .addMethod(
          getListNamespacesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListNamespacesRequest,
              org.wikifeed.v1.ListNamespacesResponse>(
                service, METHODID_LIST_NAMESPACES)))
        .addMethod(
          getGetNamespaceMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetNamespaceRequest,
              org.wikifeed.v1.GetNamespaceResponse>(
                service, METHODID_GET_NAMESPACE)))
        .addMethod(
          getListCodesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListCodesRequest,
              org.wikifeed.v1.ListCodesResponse>(
                service, METHODID_LIST_CODES)))
        .addMethod(
          getGetCodeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetCodeRequest,
              org.wikifeed.v1.GetCodeResponse>(
                service, METHODID_GET_CODE)))
        .build();
  }

  private static abstract class CatalogServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    CatalogServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return org.wikifeed.v1.CatalogServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("CatalogService");
    }
  }

  private static final class CatalogServiceFileDescriptorSupplier
      extends CatalogServiceBaseDescriptorSupplier {
    CatalogServiceFileDescriptorSupplier() {}
  }

  private static final class CatalogServiceMethodDescriptorSupplier
      extends CatalogServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    CatalogServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (CatalogServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new CatalogServiceFileDescriptorSupplier())
              .addMethod(getListProjectsMethod())
              .addMethod(getGetProjectMethod())
              .addMethod(getListLanguagesMethod())
              .addMethod(getGetLanguageMethod())
              .addMethod(getListNamespacesMethod())
              .addMethod(getGetNamespaceMethod())
              .addMethod(getListCodesMethod())
              .addMethod(getGetCodeMethod())
              .build();
        }
      }
    }
    return result;
  }
}
