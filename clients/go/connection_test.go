package wikifeed_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

func TestOnlyConnectionsToThisMachineAreInTheClear(t *testing.T) {
	const handshake, preface = 0x16, 'P'
	for address, expected := range map[string]byte{
		"localhost:1":                          preface,
		"127.0.0.1:1":                          preface,
		"[::1]:1":                              preface,
		"passthrough:///feed.example.org:443":  handshake,
		"passthrough:///localhost.example.org": handshake,
	} {
		if first := firstByte(t, address); first != expected {
			t.Errorf("%s: the first byte is %#x", address, first)
		}
	}
	if first := firstByte(t, "localhost:1", wikifeed.WithTLS(nil)); first != handshake {
		t.Errorf("WithTLS: the first byte is %#x", first)
	}
	if first := firstByte(t, "passthrough:///feed.example.org:443", wikifeed.WithoutTLS()); first != preface {
		t.Errorf("WithoutTLS: the first byte is %#x", first)
	}
}

// firstByte is what a client of the address says first.
func firstByte(t *testing.T, address string, options ...wikifeed.DialOption) byte {
	t.Helper()
	ours, theirs := net.Pipe()
	defer func() { _ = theirs.Close() }()
	dialer := grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return ours, nil })
	client, err := wikifeed.Dial(address, append(options, wikifeed.WithGRPC(dialer))...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	go func() { _, _ = client.Get(t.Context(), wikifeed.PageID("testwiki", 1)) }()
	first := make([]byte, 1)
	if _, err := theirs.Read(first); err != nil {
		t.Fatal(err)
	}
	return first[0]
}

func TestAKeyIsShownOverTLS(t *testing.T) {
	certificate, authorities := certify(t)
	service := &shelf{}
	register := func(s *grpc.Server) { wikifeedv1.RegisterArticleServiceServer(s, service) }
	server := serve(t, register, grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	client := dial(t, server, wikifeed.WithKey("a-key"), wikifeed.WithTLS(&tls.Config{RootCAs: authorities}))
	if _, err := client.Get(t.Context(), wikifeed.PageID("testwiki", 1)); err != nil {
		t.Fatal(err)
	}
	if shown := service.heard.Get("authorization"); len(shown) != 1 || shown[0] != "Bearer a-key" {
		t.Errorf("%v", shown)
	}
}

// certify makes a certificate for 127.0.0.1, and who trusts it.
func certify(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	made, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(made)
	if err != nil {
		t.Fatal(err)
	}
	authorities := x509.NewCertPool()
	authorities.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{made}, PrivateKey: key}, authorities
}
