package wikifeed

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"time"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// Version is this client's version.
const Version = "0.1.0"

const (
	maxReceiveBytes = 64 << 20
	// How much is read from a connection at once: gRPC's own 32 KiB cost exports and catching up some of their speed.
	readConnectionBytes = 256 << 10
	keepaliveTime       = 30 * time.Second
	keepaliveTimeout    = 10 * time.Second
)

// serviceConfig has gRPC itself try calls again that answer once. Streams go on where they were cut, which only this
// package knows how to. A server that stops cancels calls that reach it too late; one that the caller cancels is not made
// again.
const serviceConfig = `{"methodConfig": [{
	"name": [
		{"service": "wikifeed.v1.AccountService", "method": "GetAccount"},
		{"service": "wikifeed.v1.AccountService", "method": "ListUsage"},
		{"service": "wikifeed.v1.ArticleService", "method": "GetArticle"},
		{"service": "wikifeed.v1.ArticleService", "method": "GetStructuredContents"},
		{"service": "wikifeed.v1.ArticleService", "method": "LookupArticles"},
		{"service": "wikifeed.v1.ArticleService", "method": "ListArticles"},
		{"service": "wikifeed.v1.BatchService", "method": "ListBatches"},
		{"service": "wikifeed.v1.BatchService", "method": "GetBatch"},
		{"service": "wikifeed.v1.CatalogService", "method": "ListProjects"},
		{"service": "wikifeed.v1.ChangeService", "method": "GetChangeLogInfo"},
		{"service": "wikifeed.v1.ChangeService", "method": "GetSubscription"},
		{"service": "wikifeed.v1.ChangeService", "method": "ListSubscriptions"},
		{"service": "wikifeed.v1.ChangeService", "method": "DeleteSubscription"},
		{"service": "wikifeed.v1.SnapshotService", "method": "ListSnapshots"},
		{"service": "wikifeed.v1.SnapshotService", "method": "GetSnapshot"},
		{"service": "wikifeed.v1.SnapshotService", "method": "CreateSnapshot"}
	],
	"retryPolicy": {
		"maxAttempts": 4,
		"initialBackoff": "0.1s",
		"maxBackoff": "2s",
		"backoffMultiplier": 2,
		"retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"]
	}
}]}`

// Client is a connection to a Wikifeed server. Any number of goroutines may use it at once.
type Client struct {
	connection *grpc.ClientConn
	accounts   wikifeedv1.AccountServiceClient
	articles   wikifeedv1.ArticleServiceClient
	batches    wikifeedv1.BatchServiceClient
	catalog    wikifeedv1.CatalogServiceClient
	changes    wikifeedv1.ChangeServiceClient
	snapshots  wikifeedv1.SnapshotServiceClient
	settings   settings
	open       context.Context
	close      context.CancelCauseFunc
}

// Dial makes a client of the server at address, "host:port". It connects with the first call, so it fails only where
// an option can't be.
//
// The connection uses TLS unless address is of this machine; [WithTLS] and [WithoutTLS] say otherwise.
func Dial(address string, options ...DialOption) (*Client, error) {
	chosen := settings{
		timeout:      30 * time.Second,
		silence:      45 * time.Second,
		firstWait:    100 * time.Millisecond,
		longestWait:  10 * time.Second,
		useTLS:       !isLoopback(address),
		productToken: "wikifeed-go/" + Version,
	}
	for _, option := range options {
		option(&chosen)
	}
	connection, err := grpc.NewClient(address, chosen.grpcOptions()...)
	if err != nil {
		return nil, fmt.Errorf("wikifeed: can't dial %s: %w", address, err)
	}
	client := &Client{
		connection: connection,
		accounts:   wikifeedv1.NewAccountServiceClient(connection),
		articles:   wikifeedv1.NewArticleServiceClient(connection),
		batches:    wikifeedv1.NewBatchServiceClient(connection),
		catalog:    wikifeedv1.NewCatalogServiceClient(connection),
		changes:    wikifeedv1.NewChangeServiceClient(connection),
		snapshots:  wikifeedv1.NewSnapshotServiceClient(connection),
		settings:   chosen,
	}
	client.open, client.close = context.WithCancelCause(context.Background())
	return client, nil
}

// Close ends all calls, which then end with [ErrClosed], and the connection.
func (c *Client) Close() error {
	c.close(ErrClosed)
	return c.connection.Close()
}

// Conn is the connection, for the generated stubs of what this package has no method for. It shows the client's
// credentials.
func (c *Client) Conn() grpc.ClientConnInterface { return c.connection }

// ended is why nothing goes on: ctx is done, or the client closed. Else it is nil.
func (c *Client) ended(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return context.Cause(c.open)
}

// live is a context that ends with ctx and with the client, with the cause.
func (c *Client) live(ctx context.Context) (context.Context, context.CancelFunc) {
	bound, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.open, func() { cancel(context.Cause(c.open)) })
	return bound, func() {
		stop()
		cancel(context.Canceled)
	}
}

// unary makes a call that answers once, under the default deadline where ctx has none.
func unary[Request, Response any](
	ctx context.Context,
	client *Client,
	method func(context.Context, Request, ...grpc.CallOption) (Response, error),
	request Request,
) (Response, error) {
	bound, cancel := client.live(ctx)
	defer cancel()
	timed := bound
	if _, has := bound.Deadline(); !has && client.settings.timeout > 0 {
		var stop context.CancelFunc
		timed, stop = context.WithTimeout(bound, client.settings.timeout)
		defer stop()
	}
	response, err := method(timed, request)
	return response, client.callError(bound, err)
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if host == "localhost" || strings.HasPrefix(address, "unix:") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func (s *settings) grpcOptions() []grpc.DialOption {
	transport := insecure.NewCredentials()
	if s.useTLS {
		config := s.tls
		if config == nil {
			config = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		transport = credentials.NewTLS(config)
	}
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithUserAgent(s.productToken),
		grpc.WithReadBufferSize(readConnectionBytes),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: keepaliveTime, Timeout: keepaliveTimeout}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxReceiveBytes)),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: s.firstWait, Multiplier: 2, Jitter: 0.2, MaxDelay: 2 * time.Second},
			MinConnectTimeout: 10 * time.Second,
		}),
	}
	if s.token != nil {
		options = append(options, grpc.WithPerRPCCredentials(bearer{s.token}))
	}
	return append(options, s.more...)
}

// bearer shows credentials with each call, over connections without TLS too: those are to this machine, or were asked
// for in so many words.
type bearer struct {
	token func(context.Context) (string, error)
}

func (b bearer) GetRequestMetadata(ctx context.Context, _ ...string) (map[string]string, error) {
	token, err := b.token(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]string{"authorization": "Bearer " + token}, nil
}

func (b bearer) RequireTransportSecurity() bool { return false }
