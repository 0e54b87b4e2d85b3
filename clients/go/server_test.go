package wikifeed_test

import (
	"net"
	"sync"
	"testing"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
)

// cutter is a listener whose connections can be cut as a network cuts them.
type cutter struct {
	net.Listener
	lock        sync.Mutex
	connections []net.Conn
}

func (c *cutter) Accept() (net.Conn, error) {
	connection, err := c.Listener.Accept()
	if err == nil {
		c.lock.Lock()
		c.connections = append(c.connections, connection)
		c.lock.Unlock()
	}
	return connection, err
}

func (c *cutter) cut() {
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, connection := range c.connections {
		_ = connection.Close()
	}
	c.connections = nil
}

// serve runs a server with what register gives it, on loopback, until the test ends.
func serve(t *testing.T, register func(*grpc.Server), options ...grpc.ServerOption) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cutting := &cutter{Listener: listener}
	server := grpc.NewServer(options...)
	register(server)
	go func() { _ = server.Serve(cutting) }()
	t.Cleanup(server.Stop)
	return cutting
}

// dial makes a client with waits short enough for tests.
func dial(t *testing.T, server *cutter, options ...wikifeed.DialOption) *wikifeed.Client {
	t.Helper()
	options = append([]wikifeed.DialOption{wikifeed.WithBackoff(time.Millisecond, 4*time.Millisecond)}, options...)
	client, err := wikifeed.Dial(server.Addr().String(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// refusal is a status as Wikifeed makes it.
func refusal(code codes.Code, reason string, metadata map[string]string, more ...protoadapt.MessageV1) error {
	info := &errdetails.ErrorInfo{Reason: reason, Domain: "wikifeed", Metadata: metadata}
	made, err := status.New(code, reason).WithDetails(append([]protoadapt.MessageV1{info}, more...)...)
	if err != nil {
		panic(err)
	}
	return made.Err()
}

// changeAt is the change of an offset; pages take turns.
func changeAt(offset uint64) *wikifeedv1.Change {
	return &wikifeedv1.Change{
		Offset:    offset,
		EventType: wikifeed.EventUpdate,
		Article: &wikifeedv1.Article{
			Name:       "Page",
			Identifier: int64(offset%pageCount) + 1,
			IsPartOf:   &wikifeedv1.Project{Identifier: "testwiki"},
		},
	}
}

const pageCount = 5
