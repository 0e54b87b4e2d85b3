package org.wikifeed.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** How to connect: made by {@link Client#builder}. */
public final class ClientBuilder {
  private static final int RECEIVE_BYTES = 64 << 20;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  // Streams go on where they were cut, which only this package knows how to; these gRPC makes again
  // by itself.
  private static final Map<String, List<String>> ANSWERED_ONCE =
      Map.of(
          "AccountService",
          List.of("GetAccount", "ListUsage"),
          "ArticleService",
          List.of("GetArticle", "GetStructuredContents", "LookupArticles", "ListArticles"),
          "BatchService",
          List.of("ListBatches", "GetBatch"),
          "CatalogService",
          List.of("ListProjects"),
          "ChangeService",
          List.of("GetChangeLogInfo", "GetSubscription", "ListSubscriptions", "DeleteSubscription"),
          "SnapshotService",
          List.of("ListSnapshots", "GetSnapshot", "CreateSnapshot"));

  private final String address;
  private Boolean speaksTls;
  private final TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
  private Supplier<String> tokens;
  private String userAgent = "wikifeed-java/" + Version.TEXT;
  private Duration timeout = Duration.ofSeconds(30);
  private Reconnecting reconnecting = Reconnecting.DEFAULT;

  ClientBuilder(String address) {
    this.address = address;
  }

  /**
   * Speaks TLS, or not. Unless said it is spoken where the address is not of this machine.
   *
   * @param speaks whether to
   * @return this
   */
  public ClientBuilder tls(boolean speaks) {
    speaksTls = speaks;
    return this;
  }

  /**
   * Trusts servers that this certificate vouches for, in place of those that Java trusts. Speaks
   * TLS.
   *
   * @param certificate a file, PEM
   * @return this
   */
  public ClientBuilder authority(Path certificate) {
    try {
      tls.trustManager(certificate.toFile());
    } catch (IOException error) {
      throw new UncheckedIOException("reading " + certificate + " failed", error);
    }
    return tls(true);
  }

  /**
   * Shows the server a certificate. Speaks TLS.
   *
   * @param certificate a file, PEM
   * @param key its key, PEM
   * @return this
   */
  public ClientBuilder identity(Path certificate, Path key) {
    try {
      tls.keyManager(certificate.toFile(), key.toFile());
    } catch (IOException error) {
      throw new UncheckedIOException("reading " + certificate + " or " + key + " failed", error);
    }
    return tls(true);
  }

  /**
   * Shows an API key, or an access token that does not change.
   *
   * @param key the key
   * @return this
   */
  public ClientBuilder key(String key) {
    return tokens(() -> key);
  }

  /**
   * Shows what this gives, which is asked before each call: for tokens that expire.
   *
   * @param tokens gives a token
   * @return this
   */
  public ClientBuilder tokens(Supplier<String> tokens) {
    this.tokens = tokens;
    return this;
  }

  /**
   * Puts the caller's own product behind this client's in the user agent.
   *
   * @param product "indexer/2.1"
   * @return this
   */
  public ClientBuilder userAgent(String product) {
    userAgent = "wikifeed-java/" + Version.TEXT + " " + product;
    return this;
  }

  /**
   * Bounds how long a call that answers once may take, its tries together; 30 s unless said.
   *
   * @param timeout how long
   * @return this
   */
  public ClientBuilder timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /**
   * Says how streams are opened again.
   *
   * @param reconnecting how
   * @return this
   */
  public ClientBuilder reconnecting(Reconnecting reconnecting) {
    this.reconnecting = reconnecting;
    return this;
  }

  /**
   * Makes the client. It connects with the first call.
   *
   * @return the client; close it
   */
  public Client build() {
    return new Client(connection());
  }

  /**
   * Makes a client that blocks nowhere. It connects with the first call.
   *
   * @return the client; close it
   */
  public AsyncClient buildAsync() {
    return new AsyncClient(new Client(connection()));
  }

  private Connection connection() {
    boolean hides = speaksTls != null ? speaksTls : !isThisMachine(address);
    ChannelCredentials credentials = hides ? tls.build() : InsecureChannelCredentials.create();
    ManagedChannel channel =
        Grpc.newChannelBuilder(address, credentials)
            .userAgent(userAgent)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .maxInboundMessageSize(RECEIVE_BYTES)
            .defaultServiceConfig(serviceConfig())
            .enableRetry()
            .build();
    Channel shown =
        tokens == null ? channel : ClientInterceptors.intercept(channel, new Showing(tokens));
    return new Connection(channel, shown, timeout, reconnecting);
  }

  private static Map<String, ?> serviceConfig() {
    List<Map<String, String>> names =
        ANSWERED_ONCE.entrySet().stream()
            .flatMap(
                entry ->
                    entry.getValue().stream()
                        .map(
                            method ->
                                Map.of(
                                    "service", "wikifeed.v1." + entry.getKey(), "method", method)))
            .toList();
    Map<String, ?> retries =
        Map.of(
            "maxAttempts",
            4.0,
            "initialBackoff",
            "0.1s",
            "maxBackoff",
            "2s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            // A server that stops cancels calls that reach it too late.
            List.of("UNAVAILABLE", "CANCELLED"));
    return Map.of("methodConfig", List.of(Map.of("name", names, "retryPolicy", retries)));
  }

  /** Whether an address, "host:port", is of this machine. */
  static boolean isThisMachine(String address) {
    String host = address.replaceFirst(":[0-9]+$", "").replaceAll("^\\[|]$", "");
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /** Has each call show a token. */
  private record Showing(Supplier<String> tokens) implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          headers.put(AUTHORIZATION, "Bearer " + tokens.get());
          super.start(listener, headers);
        }
      };
    }
  }
}
