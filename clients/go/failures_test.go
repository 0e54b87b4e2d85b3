package wikifeed_test

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

func getError(t *testing.T, server *cutter, options ...wikifeed.DialOption) error {
	t.Helper()
	_, err := dial(t, server, options...).Get(t.Context(), wikifeed.PageID("testwiki", 1))
	return err
}

func expectUnavailable(t *testing.T, err error, words string) {
	t.Helper()
	var unavailable *wikifeed.UnavailableError
	if !errors.As(err, &unavailable) || !strings.Contains(err.Error(), words) {
		t.Errorf("%T: %v", err, err)
	}
}

func TestTLSWithAServerInTheClearIsUnavailable(t *testing.T) {
	_, server := serveShelf(t)
	expectUnavailable(t, getError(t, server, wikifeed.WithTLS(nil)), "first record does not look like a TLS handshake")
}

func TestAServerOfTLSIsUnavailableInTheClear(t *testing.T) {
	certificate, _ := certify(t)
	server := serveOverTLS(t, &tls.Config{Certificates: []tls.Certificate{certificate}})
	expectUnavailable(t, getError(t, server), "")
}

func TestACertificateThatNobodyVouchesForIsRefused(t *testing.T) {
	certificate, _ := certify(t)
	server := serveOverTLS(t, &tls.Config{Certificates: []tls.Certificate{certificate}})
	expectUnavailable(t, getError(t, server, wikifeed.WithTLS(nil)), "certificate signed by unknown authority")
}

func TestACertificateOfTheClientIsShown(t *testing.T) {
	certificate, authorities := certify(t)
	server := serveOverTLS(t, &tls.Config{
		Certificates: []tls.Certificate{certificate}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authorities,
	})
	with := &tls.Config{RootCAs: authorities, Certificates: []tls.Certificate{certificate}}
	if err := getError(t, server, wikifeed.WithTLS(with)); err != nil {
		t.Error(err)
	}
	expectUnavailable(t, getError(t, server, wikifeed.WithTLS(&tls.Config{RootCAs: authorities})), "")
}

func serveOverTLS(t *testing.T, config *tls.Config) *cutter {
	t.Helper()
	register := func(s *grpc.Server) { wikifeedv1.RegisterArticleServiceServer(s, &shelf{}) }
	return serve(t, register, grpc.Creds(credentials.NewTLS(config)))
}

func TestAnAddressAtWhichNobodyListensIsUnavailable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := &cutter{Listener: listener}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	expectUnavailable(t, getError(t, nobody), "connection refused")
}

func TestAWrongKeyIsToldAndNotShownAgain(t *testing.T) {
	service, server := serveShelf(t)
	service.failures = []error{refusal(codes.Unauthenticated, "CREDENTIALS_INVALID", nil)}
	err := getError(t, server, wikifeed.WithKey("wrong"))
	var unauthenticated *wikifeed.UnauthenticatedError
	if !errors.As(err, &unauthenticated) || unauthenticated.Reason != "CREDENTIALS_INVALID" || service.calls != 1 {
		t.Errorf("%T in %d calls: %v", err, service.calls, err)
	}
	if strings.Contains(err.Error(), "wrong") {
		t.Errorf("the error tells the key: %v", err)
	}
}

func TestACallThatAnOlderServerLacksIsToldSo(t *testing.T) {
	_, server := serveShelf(t)
	_, err := dial(t, server).Structured(t.Context(), wikifeed.PageID("testwiki", 1))
	var call *wikifeed.CallError
	if !errors.As(err, &call) || call.Code != codes.Unimplemented {
		t.Fatalf("%T: %v", err, err)
	}
	words := "the server does not know this call, for it is older than this client (" + wikifeed.Version + "): "
	if !strings.HasPrefix(call.Message, words) {
		t.Error(call.Message)
	}
}

func TestADiskOfTheServerThatIsFullIsNoQuota(t *testing.T) {
	service, server := serveShelf(t)
	service.failures = []error{refusal(codes.ResourceExhausted, "STORE_FULL", nil)}
	err := getError(t, server)
	var call *wikifeed.CallError
	if errors.As(err, new(*wikifeed.QuotaExceededError)) || !errors.As(err, &call) || call.Reason != "STORE_FULL" {
		t.Errorf("%T: %v", err, err)
	}
}

func TestAStoreOfTheServerThatIsDamagedIsToldAndNotReadAgain(t *testing.T) {
	service, server := serveStore(t, make([]byte, 1))
	pieces := 0
	service.mischief = func(*wikifeedv1.ExportSnapshotResponse) error {
		pieces++
		return refusal(codes.DataLoss, "STORE_CORRUPT", nil)
	}
	_, err := dial(t, server).Export(t.Context(), "testwiki_namespace_0", t.TempDir())
	var call *wikifeed.CallError
	if !errors.As(err, new(*wikifeed.DamagedError)) || !errors.As(err, &call) || call.Reason != "STORE_CORRUPT" {
		t.Fatalf("%T: %v", err, err)
	}
	if err.Error() != "wikifeed: STORE_CORRUPT (STORE_CORRUPT)" || pieces != 1 {
		t.Errorf("in %d calls: %v", pieces, err)
	}
}

func TestAReasonOfAProxyIsNotTheServers(t *testing.T) {
	service, server := serveShelf(t)
	info := &errdetails.ErrorInfo{Reason: "OFFSET_EXPIRED", Domain: "proxy.example.org"}
	made, err := status.New(codes.OutOfRange, "out of range").WithDetails(info)
	if err != nil {
		t.Fatal(err)
	}
	service.failures = []error{made.Err()}
	var call *wikifeed.CallError
	err = getError(t, server)
	if errors.As(err, new(*wikifeed.CursorExpiredError)) || !errors.As(err, &call) || call.Reason != "" {
		t.Errorf("%T: %v", err, err)
	}
}

// A field number that no message of the contract has.
const unknownField = 9_999

func TestAFieldOfANewerServerIsKept(t *testing.T) {
	change := changeAt(1)
	unknown := protowire.AppendTag(nil, unknownField, protowire.BytesType)
	unknown = protowire.AppendString(unknown, "from the future")
	change.Article.ProtoReflect().SetUnknown(unknown)
	server := serve(t, func(s *grpc.Server) {
		wikifeedv1.RegisterChangeServiceServer(s, &oneResponse{changes: []*wikifeedv1.Change{change}})
	})
	for got, err := range dial(t, server).Changes(t.Context(), wikifeed.After(0), wikifeed.Until(1)) {
		if err != nil {
			t.Fatal(err)
		}
		if !proto.Equal(got, change) || len(got.GetArticle().ProtoReflect().GetUnknown()) == 0 {
			t.Errorf("%v, not %v", got, change)
		}
	}
}
