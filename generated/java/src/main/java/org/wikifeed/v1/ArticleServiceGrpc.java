package org.wikifeed.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * ArticleService answers what articles say now.
 * Every read_mask names fields of Article by dotted paths ("name", "version.editor.name", "article_body.wikitext"); an
 * empty mask means the whole article; an unknown path is INVALID_ARGUMENT. In titles, underscores are spaces and the
 * first letter's case follows the project's rule, as in MediaWiki.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ArticleServiceGrpc {

  private ArticleServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "wikifeed.v1.ArticleService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetArticleRequest,
      org.wikifeed.v1.GetArticleResponse> getGetArticleMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetArticle",
      requestType = org.wikifeed.v1.GetArticleRequest.class,
      responseType = org.wikifeed.v1.GetArticleResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetArticleRequest,
      org.wikifeed.v1.GetArticleResponse> getGetArticleMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetArticleRequest, org.wikifeed.v1.GetArticleResponse> getGetArticleMethod;
    if ((getGetArticleMethod = ArticleServiceGrpc.getGetArticleMethod) == null) {
      synchronized (ArticleServiceGrpc.class) {
        if ((getGetArticleMethod = ArticleServiceGrpc.getGetArticleMethod) == null) {
          ArticleServiceGrpc.getGetArticleMethod = getGetArticleMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetArticleRequest, org.wikifeed.v1.GetArticleResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetArticle"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetArticleRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetArticleResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ArticleServiceMethodDescriptorSupplier("GetArticle"))
              .build();
        }
      }
    }
    return getGetArticleMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.GetStructuredContentsRequest,
      org.wikifeed.v1.GetStructuredContentsResponse> getGetStructuredContentsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetStructuredContents",
      requestType = org.wikifeed.v1.GetStructuredContentsRequest.class,
      responseType = org.wikifeed.v1.GetStructuredContentsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.GetStructuredContentsRequest,
      org.wikifeed.v1.GetStructuredContentsResponse> getGetStructuredContentsMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.GetStructuredContentsRequest, org.wikifeed.v1.GetStructuredContentsResponse> getGetStructuredContentsMethod;
    if ((getGetStructuredContentsMethod = ArticleServiceGrpc.getGetStructuredContentsMethod) == null) {
      synchronized (ArticleServiceGrpc.class) {
        if ((getGetStructuredContentsMethod = ArticleServiceGrpc.getGetStructuredContentsMethod) == null) {
          ArticleServiceGrpc.getGetStructuredContentsMethod = getGetStructuredContentsMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.GetStructuredContentsRequest, org.wikifeed.v1.GetStructuredContentsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetStructuredContents"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetStructuredContentsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.GetStructuredContentsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ArticleServiceMethodDescriptorSupplier("GetStructuredContents"))
              .build();
        }
      }
    }
    return getGetStructuredContentsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.BatchGetArticlesRequest,
      org.wikifeed.v1.BatchGetArticlesResponse> getBatchGetArticlesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchGetArticles",
      requestType = org.wikifeed.v1.BatchGetArticlesRequest.class,
      responseType = org.wikifeed.v1.BatchGetArticlesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.BatchGetArticlesRequest,
      org.wikifeed.v1.BatchGetArticlesResponse> getBatchGetArticlesMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.BatchGetArticlesRequest, org.wikifeed.v1.BatchGetArticlesResponse> getBatchGetArticlesMethod;
    if ((getBatchGetArticlesMethod = ArticleServiceGrpc.getBatchGetArticlesMethod) == null) {
      synchronized (ArticleServiceGrpc.class) {
        if ((getBatchGetArticlesMethod = ArticleServiceGrpc.getBatchGetArticlesMethod) == null) {
          ArticleServiceGrpc.getBatchGetArticlesMethod = getBatchGetArticlesMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.BatchGetArticlesRequest, org.wikifeed.v1.BatchGetArticlesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchGetArticles"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.BatchGetArticlesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.BatchGetArticlesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ArticleServiceMethodDescriptorSupplier("BatchGetArticles"))
              .build();
        }
      }
    }
    return getBatchGetArticlesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.LookupArticlesRequest,
      org.wikifeed.v1.LookupArticlesResponse> getLookupArticlesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "LookupArticles",
      requestType = org.wikifeed.v1.LookupArticlesRequest.class,
      responseType = org.wikifeed.v1.LookupArticlesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.LookupArticlesRequest,
      org.wikifeed.v1.LookupArticlesResponse> getLookupArticlesMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.LookupArticlesRequest, org.wikifeed.v1.LookupArticlesResponse> getLookupArticlesMethod;
    if ((getLookupArticlesMethod = ArticleServiceGrpc.getLookupArticlesMethod) == null) {
      synchronized (ArticleServiceGrpc.class) {
        if ((getLookupArticlesMethod = ArticleServiceGrpc.getLookupArticlesMethod) == null) {
          ArticleServiceGrpc.getLookupArticlesMethod = getLookupArticlesMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.LookupArticlesRequest, org.wikifeed.v1.LookupArticlesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "LookupArticles"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.LookupArticlesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.LookupArticlesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ArticleServiceMethodDescriptorSupplier("LookupArticles"))
              .build();
        }
      }
    }
    return getLookupArticlesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<org.wikifeed.v1.ListArticlesRequest,
      org.wikifeed.v1.ListArticlesResponse> getListArticlesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListArticles",
      requestType = org.wikifeed.v1.ListArticlesRequest.class,
      responseType = org.wikifeed.v1.ListArticlesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<org.wikifeed.v1.ListArticlesRequest,
      org.wikifeed.v1.ListArticlesResponse> getListArticlesMethod() {
    io.grpc.MethodDescriptor<org.wikifeed.v1.ListArticlesRequest, org.wikifeed.v1.ListArticlesResponse> getListArticlesMethod;
    if ((getListArticlesMethod = ArticleServiceGrpc.getListArticlesMethod) == null) {
      synchronized (ArticleServiceGrpc.class) {
        if ((getListArticlesMethod = ArticleServiceGrpc.getListArticlesMethod) == null) {
          ArticleServiceGrpc.getListArticlesMethod = getListArticlesMethod =
              io.grpc.MethodDescriptor.<org.wikifeed.v1.ListArticlesRequest, org.wikifeed.v1.ListArticlesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListArticles"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListArticlesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  org.wikifeed.v1.ListArticlesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ArticleServiceMethodDescriptorSupplier("ListArticles"))
              .build();
        }
      }
    }
    return getListArticlesMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ArticleServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ArticleServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ArticleServiceStub>() {
        @java.lang.Override
        public ArticleServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ArticleServiceStub(channel, callOptions);
        }
      };
    return ArticleServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ArticleServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ArticleServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ArticleServiceBlockingV2Stub>() {
        @java.lang.Override
        public ArticleServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ArticleServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ArticleServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ArticleServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ArticleServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ArticleServiceBlockingStub>() {
        @java.lang.Override
        public ArticleServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ArticleServiceBlockingStub(channel, callOptions);
        }
      };
    return ArticleServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ArticleServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ArticleServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ArticleServiceFutureStub>() {
        @java.lang.Override
        public ArticleServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ArticleServiceFutureStub(channel, callOptions);
        }
      };
    return ArticleServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * ArticleService answers what articles say now.
   * Every read_mask names fields of Article by dotted paths ("name", "version.editor.name", "article_body.wikitext"); an
   * empty mask means the whole article; an unknown path is INVALID_ARGUMENT. In titles, underscores are spaces and the
   * first letter's case follows the project's rule, as in MediaWiki.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * GetArticle returns one article. A redirect is followed and reported.
     * NOT_FOUND with reason ARTICLE_NOT_FOUND when the project has no such page or revision, ARTICLE_DELETED when the
     * page was deleted (metadata `deleted_at`), PROJECT_NOT_FOUND when this server has no such project,
     * REDIRECT_TARGET_NOT_FOUND when the page leads to one that this server does not have.
     * </pre>
     */
    default void getArticle(org.wikifeed.v1.GetArticleRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetArticleResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetArticleMethod(), responseObserver);
    }

    /**
     * <pre>
     * GetStructuredContents returns the structured contents of one article: the Article with these fields and no others,
     * those that Wikimedia Enterprise's structured contents have: name, identifier, abstract, description, version,
     * event, url, date_created, date_modified, main_entity, is_part_of, additional_entities, in_language, image,
     * visibility, license, infoboxes, sections, references, tables, attribution. A redirect is followed and reported.
     * Errors are those of GetArticle. A page of which nothing structured is known is answered without those fields.
     * </pre>
     */
    default void getStructuredContents(org.wikifeed.v1.GetStructuredContentsRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetStructuredContentsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetStructuredContentsMethod(), responseObserver);
    }

    /**
     * <pre>
     * BatchGetArticles returns many articles, each with an outcome of its own; one missing article fails nothing else.
     * Outcomes come in the order of the keys, several in a response.
     * </pre>
     */
    default void batchGetArticles(org.wikifeed.v1.BatchGetArticlesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.BatchGetArticlesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchGetArticlesMethod(), responseObserver);
    }

    /**
     * <pre>
     * LookupArticles returns the articles that bear one title, across all projects.
     * </pre>
     */
    default void lookupArticles(org.wikifeed.v1.LookupArticlesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.LookupArticlesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getLookupArticlesMethod(), responseObserver);
    }

    /**
     * <pre>
     * ListArticles returns a project's articles in the order of their page ids, without redirect pages and deleted ones.
     * All pages of one listing show the project as of the same offset.
     * </pre>
     */
    default void listArticles(org.wikifeed.v1.ListArticlesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListArticlesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListArticlesMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ArticleService.
   * <pre>
   * ArticleService answers what articles say now.
   * Every read_mask names fields of Article by dotted paths ("name", "version.editor.name", "article_body.wikitext"); an
   * empty mask means the whole article; an unknown path is INVALID_ARGUMENT. In titles, underscores are spaces and the
   * first letter's case follows the project's rule, as in MediaWiki.
   * </pre>
   */
  public static abstract class ArticleServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ArticleServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ArticleService.
   * <pre>
   * ArticleService answers what articles say now.
   * Every read_mask names fields of Article by dotted paths ("name", "version.editor.name", "article_body.wikitext"); an
   * empty mask means the whole article; an unknown path is INVALID_ARGUMENT. In titles, underscores are spaces and the
   * first letter's case follows the project's rule, as in MediaWiki.
   * </pre>
   */
  public static final class ArticleServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ArticleServiceStub> {
    private ArticleServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ArticleServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ArticleServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetArticle returns one article. A redirect is followed and reported.
     * NOT_FOUND with reason ARTICLE_NOT_FOUND when the project has no such page or revision, ARTICLE_DELETED when the
     * page was deleted (metadata `deleted_at`), PROJECT_NOT_FOUND when this server has no such project,
     * REDIRECT_TARGET_NOT_FOUND when the page leads to one that this server does not have.
     * </pre>
     */
    public void getArticle(org.wikifeed.v1.GetArticleRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetArticleResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetArticleMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * GetStructuredContents returns the structured contents of one article: the Article with these fields and no others,
     * those that Wikimedia Enterprise's structured contents have: name, identifier, abstract, description, version,
     * event, url, date_created, date_modified, main_entity, is_part_of, additional_entities, in_language, image,
     * visibility, license, infoboxes, sections, references, tables, attribution. A redirect is followed and reported.
     * Errors are those of GetArticle. A page of which nothing structured is known is answered without those fields.
     * </pre>
     */
    public void getStructuredContents(org.wikifeed.v1.GetStructuredContentsRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.GetStructuredContentsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetStructuredContentsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * BatchGetArticles returns many articles, each with an outcome of its own; one missing article fails nothing else.
     * Outcomes come in the order of the keys, several in a response.
     * </pre>
     */
    public void batchGetArticles(org.wikifeed.v1.BatchGetArticlesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.BatchGetArticlesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getBatchGetArticlesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * LookupArticles returns the articles that bear one title, across all projects.
     * </pre>
     */
    public void lookupArticles(org.wikifeed.v1.LookupArticlesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.LookupArticlesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getLookupArticlesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * ListArticles returns a project's articles in the order of their page ids, without redirect pages and deleted ones.
     * All pages of one listing show the project as of the same offset.
     * </pre>
     */
    public void listArticles(org.wikifeed.v1.ListArticlesRequest request,
        io.grpc.stub.StreamObserver<org.wikifeed.v1.ListArticlesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListArticlesMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ArticleService.
   * <pre>
   * ArticleService answers what articles say now.
   * Every read_mask names fields of Article by dotted paths ("name", "version.editor.name", "article_body.wikitext"); an
   * empty mask means the whole article; an unknown path is INVALID_ARGUMENT. In titles, underscores are spaces and the
   * first letter's case follows the project's rule, as in MediaWiki.
   * </pre>
   */
  public static final class ArticleServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ArticleServiceBlockingV2Stub> {
    private ArticleServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ArticleServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ArticleServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * GetArticle returns one article. A redirect is followed and reported.
     * NOT_FOUND with reason ARTICLE_NOT_FOUND when the project has no such page or revision, ARTICLE_DELETED when the
     * page was deleted (metadata `deleted_at`), PROJECT_NOT_FOUND when this server has no such project,
     * REDIRECT_TARGET_NOT_FOUND when the page leads to one that this server does not have.
     * </pre>
     */
    public org.wikifeed.v1.GetArticleResponse getArticle(org.wikifeed.v1.GetArticleRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetArticleMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetStructuredContents returns the structured contents of one article: the Article with these fields and no others,
     * those that Wikimedia Enterprise's structured contents have: name, identifier, abstract, description, version,
     * event, url, date_created, date_modified, main_entity, is_part_of, additional_entities, in_language, image,
     * visibility, license, infoboxes, sections, references, tables, attribution. A redirect is followed and reported.
     * Errors are those of GetArticle. A page of which nothing structured is known is answered without those fields.
     * </pre>
     */
    public org.wikifeed.v1.GetStructuredContentsResponse getStructuredContents(org.wikifeed.v1.GetStructuredContentsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetStructuredContentsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BatchGetArticles returns many articles, each with an outcome of its own; one missing article fails nothing else.
     * Outcomes come in the order of the keys, several in a response.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, org.wikifeed.v1.BatchGetArticlesResponse>
        batchGetArticles(org.wikifeed.v1.BatchGetArticlesRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getBatchGetArticlesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * LookupArticles returns the articles that bear one title, across all projects.
     * </pre>
     */
    public org.wikifeed.v1.LookupArticlesResponse lookupArticles(org.wikifeed.v1.LookupArticlesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getLookupArticlesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListArticles returns a project's articles in the order of their page ids, without redirect pages and deleted ones.
     * All pages of one listing show the project as of the same offset.
     * </pre>
     */
    public org.wikifeed.v1.ListArticlesResponse listArticles(org.wikifeed.v1.ListArticlesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListArticlesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ArticleService.
   * <pre>
   * ArticleService answers what articles say now.
   * Every read_mask names fields of Article by dotted paths ("name", "version.editor.name", "article_body.wikitext"); an
   * empty mask means the whole article; an unknown path is INVALID_ARGUMENT. In titles, underscores are spaces and the
   * first letter's case follows the project's rule, as in MediaWiki.
   * </pre>
   */
  public static final class ArticleServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ArticleServiceBlockingStub> {
    private ArticleServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ArticleServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ArticleServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetArticle returns one article. A redirect is followed and reported.
     * NOT_FOUND with reason ARTICLE_NOT_FOUND when the project has no such page or revision, ARTICLE_DELETED when the
     * page was deleted (metadata `deleted_at`), PROJECT_NOT_FOUND when this server has no such project,
     * REDIRECT_TARGET_NOT_FOUND when the page leads to one that this server does not have.
     * </pre>
     */
    public org.wikifeed.v1.GetArticleResponse getArticle(org.wikifeed.v1.GetArticleRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetArticleMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * GetStructuredContents returns the structured contents of one article: the Article with these fields and no others,
     * those that Wikimedia Enterprise's structured contents have: name, identifier, abstract, description, version,
     * event, url, date_created, date_modified, main_entity, is_part_of, additional_entities, in_language, image,
     * visibility, license, infoboxes, sections, references, tables, attribution. A redirect is followed and reported.
     * Errors are those of GetArticle. A page of which nothing structured is known is answered without those fields.
     * </pre>
     */
    public org.wikifeed.v1.GetStructuredContentsResponse getStructuredContents(org.wikifeed.v1.GetStructuredContentsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetStructuredContentsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * BatchGetArticles returns many articles, each with an outcome of its own; one missing article fails nothing else.
     * Outcomes come in the order of the keys, several in a response.
     * </pre>
     */
    public java.util.Iterator<org.wikifeed.v1.BatchGetArticlesResponse> batchGetArticles(
        org.wikifeed.v1.BatchGetArticlesRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getBatchGetArticlesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * LookupArticles returns the articles that bear one title, across all projects.
     * </pre>
     */
    public org.wikifeed.v1.LookupArticlesResponse lookupArticles(org.wikifeed.v1.LookupArticlesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getLookupArticlesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * ListArticles returns a project's articles in the order of their page ids, without redirect pages and deleted ones.
     * All pages of one listing show the project as of the same offset.
     * </pre>
     */
    public org.wikifeed.v1.ListArticlesResponse listArticles(org.wikifeed.v1.ListArticlesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListArticlesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ArticleService.
   * <pre>
   * ArticleService answers what articles say now.
   * Every read_mask names fields of Article by dotted paths ("name", "version.editor.name", "article_body.wikitext"); an
   * empty mask means the whole article; an unknown path is INVALID_ARGUMENT. In titles, underscores are spaces and the
   * first letter's case follows the project's rule, as in MediaWiki.
   * </pre>
   */
  public static final class ArticleServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ArticleServiceFutureStub> {
    private ArticleServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ArticleServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ArticleServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * GetArticle returns one article. A redirect is followed and reported.
     * NOT_FOUND with reason ARTICLE_NOT_FOUND when the project has no such page or revision, ARTICLE_DELETED when the
     * page was deleted (metadata `deleted_at`), PROJECT_NOT_FOUND when this server has no such project,
     * REDIRECT_TARGET_NOT_FOUND when the page leads to one that this server does not have.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetArticleResponse> getArticle(
        org.wikifeed.v1.GetArticleRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetArticleMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * GetStructuredContents returns the structured contents of one article: the Article with these fields and no others,
     * those that Wikimedia Enterprise's structured contents have: name, identifier, abstract, description, version,
     * event, url, date_created, date_modified, main_entity, is_part_of, additional_entities, in_language, image,
     * visibility, license, infoboxes, sections, references, tables, attribution. A redirect is followed and reported.
     * Errors are those of GetArticle. A page of which nothing structured is known is answered without those fields.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.GetStructuredContentsResponse> getStructuredContents(
        org.wikifeed.v1.GetStructuredContentsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetStructuredContentsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * LookupArticles returns the articles that bear one title, across all projects.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.LookupArticlesResponse> lookupArticles(
        org.wikifeed.v1.LookupArticlesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getLookupArticlesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * ListArticles returns a project's articles in the order of their page ids, without redirect pages and deleted ones.
     * All pages of one listing show the project as of the same offset.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<org.wikifeed.v1.ListArticlesResponse> listArticles(
        org.wikifeed.v1.ListArticlesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListArticlesMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_ARTICLE = 0;
  private static final int METHODID_GET_STRUCTURED_CONTENTS = 1;
  private static final int METHODID_BATCH_GET_ARTICLES = 2;
  private static final int METHODID_LOOKUP_ARTICLES = 3;
  private static final int METHODID_LIST_ARTICLES = 4;

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
        case METHODID_GET_ARTICLE:
          serviceImpl.getArticle((org.wikifeed.v1.GetArticleRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetArticleResponse>) responseObserver);
          break;
        case METHODID_GET_STRUCTURED_CONTENTS:
          serviceImpl.getStructuredContents((org.wikifeed.v1.GetStructuredContentsRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.GetStructuredContentsResponse>) responseObserver);
          break;
        case METHODID_BATCH_GET_ARTICLES:
          serviceImpl.batchGetArticles((org.wikifeed.v1.BatchGetArticlesRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.BatchGetArticlesResponse>) responseObserver);
          break;
        case METHODID_LOOKUP_ARTICLES:
          serviceImpl.lookupArticles((org.wikifeed.v1.LookupArticlesRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.LookupArticlesResponse>) responseObserver);
          break;
        case METHODID_LIST_ARTICLES:
          serviceImpl.listArticles((org.wikifeed.v1.ListArticlesRequest) request,
              (io.grpc.stub.StreamObserver<org.wikifeed.v1.ListArticlesResponse>) responseObserver);
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
          getGetArticleMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetArticleRequest,
              org.wikifeed.v1.GetArticleResponse>(
                service, METHODID_GET_ARTICLE)))
        .addMethod(
          getGetStructuredContentsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.GetStructuredContentsRequest,
              org.wikifeed.v1.GetStructuredContentsResponse>(
                service, METHODID_GET_STRUCTURED_CONTENTS)))
        .addMethod(
          getBatchGetArticlesMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              org.wikifeed.v1.BatchGetArticlesRequest,
              org.wikifeed.v1.BatchGetArticlesResponse>(
                service, METHODID_BATCH_GET_ARTICLES)))
        .addMethod(
          getLookupArticlesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.LookupArticlesRequest,
              org.wikifeed.v1.LookupArticlesResponse>(
                service, METHODID_LOOKUP_ARTICLES)))
        .addMethod(
          getListArticlesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              org.wikifeed.v1.ListArticlesRequest,
              org.wikifeed.v1.ListArticlesResponse>(
                service, METHODID_LIST_ARTICLES)))
        .build();
  }

  private static abstract class ArticleServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ArticleServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return org.wikifeed.v1.ArticleServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ArticleService");
    }
  }

  private static final class ArticleServiceFileDescriptorSupplier
      extends ArticleServiceBaseDescriptorSupplier {
    ArticleServiceFileDescriptorSupplier() {}
  }

  private static final class ArticleServiceMethodDescriptorSupplier
      extends ArticleServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ArticleServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ArticleServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ArticleServiceFileDescriptorSupplier())
              .addMethod(getGetArticleMethod())
              .addMethod(getGetStructuredContentsMethod())
              .addMethod(getBatchGetArticlesMethod())
              .addMethod(getLookupArticlesMethod())
              .addMethod(getListArticlesMethod())
              .build();
        }
      }
    }
    return result;
  }
}
