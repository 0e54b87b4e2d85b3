package wikifeed_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
)

// impatience is how soon a client of a server that falls silent loses patience.
const impatience = 30 * time.Millisecond

func impatient() wikifeed.DialOption { return wikifeed.WithSilence(impatience) }

func TestChangesAreGivenOnceEachHoweverTheStreamIsCut(t *testing.T) {
	for range 20 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			server := serveLog(t, 300, seed)
			client := dial(t, server.cutter, impatient())
			var seen []uint64
			for change, err := range client.Changes(t.Context(), wikifeed.After(20), wikifeed.Until(300)) {
				if err != nil {
					t.Fatal(err)
				}
				seen = append(seen, change.GetOffset())
			}
			if expected := passing(20, 300); fmt.Sprint(seen) != fmt.Sprint(expected) {
				t.Errorf("seen %v, not %v", seen, expected)
			}
			if server.calls < 2 {
				t.Errorf("the stream was never cut: nothing was tested")
			}
		})
	}
}

func TestChangesGoOnAfterTheCheckpointWhereverTheLoopIsLeft(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed=%d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	server := serveLog(t, 300, seed)
	client := dial(t, server.cutter, impatient())
	checkpoint := wikifeed.NewFileCheckpoint(filepath.Join(t.TempDir(), "place"))
	var done []uint64
	for complete := false; !complete; {
		left := random.IntN(40)
		complete = true
		for change, err := range client.Changes(
			t.Context(), wikifeed.After(0), wikifeed.Until(300), wikifeed.Keep(checkpoint),
		) {
			if err != nil {
				t.Fatal(err)
			}
			if left == 0 {
				complete = false
				break
			}
			left--
			done = append(done, change.GetOffset())
		}
	}
	if expected := passing(0, 300); fmt.Sprint(done) != fmt.Sprint(expected) {
		t.Errorf("done %v, not %v", done, expected)
	}
}

func TestResponsesTellHowFarTheFilterLetNothingPass(t *testing.T) {
	server := serveLog(t, 99, rand.Uint64())
	client := dial(t, server.cutter, impatient())
	var through uint64
	for response, err := range client.Responses(t.Context(), wikifeed.Oldest(), wikifeed.Until(99)) {
		if err != nil {
			t.Fatal(err)
		}
		if response.GetThroughOffset() < through {
			t.Fatalf("through_offset went back from %d to %d", through, response.GetThroughOffset())
		}
		through = response.GetThroughOffset()
	}
	if through != 99 {
		t.Errorf("through %d", through)
	}
}

func TestAnExpiredCursorIsRaisedAndNotRetried(t *testing.T) {
	server := serveLog(t, 10, 1)
	server.refuse = refusal(codes.OutOfRange, "OFFSET_EXPIRED", map[string]string{
		"oldest_offset": "100", "snapshot_identifier": "testwiki_namespace_0", "snapshot_offset": "150",
	})
	client := dial(t, server.cutter)
	err := firstError(client.Changes(t.Context(), wikifeed.After(1)))
	var expired *wikifeed.CursorExpiredError
	if !errors.As(err, &expired) {
		t.Fatalf("%T: %v", err, err)
	}
	if expired.OldestOffset != 100 || expired.SnapshotIdentifier != "testwiki_namespace_0" ||
		expired.SnapshotOffset != 150 {
		t.Errorf("%+v", expired)
	}
	if server.calls != 1 {
		t.Errorf("%d calls", server.calls)
	}
}

func TestWhatTheServerRefusesIsRaised(t *testing.T) {
	refusals := []error{
		status.Error(codes.Internal, "no text of gRPC's own"),
		status.Error(codes.Unknown, "an exception"),
		status.Error(codes.ResourceExhausted, "a message that is too large"),
	}
	for _, code := range []codes.Code{
		codes.InvalidArgument, codes.Unauthenticated, codes.PermissionDenied, codes.Internal, codes.Unimplemented,
		codes.ResourceExhausted,
	} {
		refusals = append(refusals, refusal(code, "SOME_REASON", nil))
	}
	for _, refused := range refusals {
		t.Run(refused.Error(), func(t *testing.T) {
			server := serveLog(t, 10, 1)
			server.refuse = refused
			err := firstError(dial(t, server.cutter).Changes(t.Context(), wikifeed.After(1)))
			var call *wikifeed.CallError
			if !errors.As(err, &call) || call.Code != status.Code(refused) {
				t.Fatalf("%T: %v", err, err)
			}
			if server.calls != 1 {
				t.Errorf("%d calls", server.calls)
			}
		})
	}
}

func TestCancellationEndsAStreamThatIsSilent(t *testing.T) {
	client := dial(t, serveSilence(t))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, err := range client.Responses(ctx, wikifeed.Newest()) {
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("%T: %v", err, err)
		}
		cancel()
	}
}

func TestCancellationLeavesOutWhatTheLoopDidNotTake(t *testing.T) {
	server := serve(t, func(s *grpc.Server) {
		changes := []*wikifeedv1.Change{changeAt(1), changeAt(2), changeAt(3)}
		wikifeedv1.RegisterChangeServiceServer(s, &oneResponse{changes: changes})
	})
	checkpoint := wikifeed.NewFileCheckpoint(filepath.Join(t.TempDir(), "place"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	taken := 0
	for _, err := range dial(t, server).Changes(ctx, wikifeed.After(0), wikifeed.Keep(checkpoint)) {
		if err == nil {
			taken++
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("%T: %v", err, err)
		}
		cancel()
	}
	if offset, _, err := checkpoint.Load(t.Context()); taken != 1 || offset != 1 || err != nil {
		t.Errorf("%d changes were taken, the checkpoint is at %d (%v)", taken, offset, err)
	}
}

func TestClosingTheClientEndsItsStreams(t *testing.T) {
	client := dial(t, serveSilence(t))
	for _, err := range client.Responses(t.Context(), wikifeed.Newest()) {
		if err != nil && !errors.Is(err, wikifeed.ErrClosed) {
			t.Errorf("%T: %v", err, err)
		}
		_ = client.Close()
	}
}

func TestChangesGoOnWhereConnectionsAreEndedForTheirAge(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed=%d", seed)
	server := &changeLog{newest: 300, random: rand.New(rand.NewPCG(seed, seed))}
	register := func(s *grpc.Server) { wikifeedv1.RegisterChangeServiceServer(s, server) }
	server.cutter = serve(t, register, grpc.KeepaliveParams(keepalive.ServerParameters{
		MaxConnectionAge: 5 * time.Millisecond, MaxConnectionAgeGrace: time.Millisecond,
	}))
	var seen []uint64
	for change, err := range dial(t, server.cutter, impatient()).Changes(
		t.Context(), wikifeed.After(0), wikifeed.Until(300),
	) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, change.GetOffset())
	}
	if expected := passing(0, 300); fmt.Sprint(seen) != fmt.Sprint(expected) {
		t.Errorf("seen %v, not %v", seen, expected)
	}
}

// silentLog says once how far it is, and nothing more.
type silentLog struct{ changeLog }

func serveSilence(t *testing.T) *cutter {
	t.Helper()
	return serve(t, func(s *grpc.Server) { wikifeedv1.RegisterChangeServiceServer(s, &silentLog{}) })
}

func (*silentLog) StreamChanges(
	_ *wikifeedv1.StreamChangesRequest, stream grpc.ServerStreamingServer[wikifeedv1.StreamChangesResponse],
) error {
	if err := stream.Send(&wikifeedv1.StreamChangesResponse{}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return nil
}

// firstError is the error that an iteration ends with.
func firstError[Value any](iteration func(func(Value, error) bool)) error {
	for _, err := range iteration {
		if err != nil {
			return err
		}
	}
	return nil
}
