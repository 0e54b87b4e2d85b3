package wikifeed

import (
	"context"
	"crypto/tls"
	"time"

	"google.golang.org/grpc"
)

// settings are what [Dial] was told.
type settings struct {
	timeout, silence       time.Duration
	firstWait, longestWait time.Duration
	useTLS                 bool
	tls                    *tls.Config
	token                  func(context.Context) (string, error)
	productToken           string
	more                   []grpc.DialOption
}

// DialOption is an option of [Dial].
type DialOption func(*settings)

// WithKey shows an API key with each call.
func WithKey(key string) DialOption {
	return WithTokens(func(context.Context) (string, error) { return key, nil })
}

// WithTokens asks for an access token for each call, so that one that expires can be replaced. The function is called
// by many goroutines at once.
func WithTokens(token func(context.Context) (string, error)) DialOption {
	return func(s *settings) { s.token = token }
}

// WithTLS uses TLS, with this configuration; nil trusts the system's authorities.
func WithTLS(config *tls.Config) DialOption {
	return func(s *settings) { s.useTLS, s.tls = true, config }
}

// WithoutTLS connects in the clear, credentials included.
func WithoutTLS() DialOption {
	return func(s *settings) { s.useTLS = false }
}

// WithUserAgent puts the program's name and version behind the client's: "indexer/2.1".
func WithUserAgent(product string) DialOption {
	return func(s *settings) { s.productToken = "wikifeed-go/" + Version + " " + product }
}

// WithTimeout is how long a call that answers once may take where its context has no deadline; 30 seconds unless set,
// for ever with 0.
func WithTimeout(timeout time.Duration) DialOption {
	return func(s *settings) { s.timeout = timeout }
}

// WithSilence is how long a stream may bring nothing before it counts as cut; 45 seconds unless set. The server says
// something every 20 seconds, so less than that cuts streams that live.
func WithSilence(silence time.Duration) DialOption {
	return func(s *settings) { s.silence = silence }
}

// WithBackoff is how long to wait before a stream that was cut is begun again: first at most this long, then twice as
// long each time until longest, and the first again once a message came. 0.1 and 10 seconds unless set.
func WithBackoff(first, longest time.Duration) DialOption {
	return func(s *settings) { s.firstWait, s.longestWait = first, longest }
}

// WithGRPC adds options of gRPC's own: interceptors, statistics, a dialer.
func WithGRPC(options ...grpc.DialOption) DialOption {
	return func(s *settings) { s.more = append(s.more, options...) }
}
