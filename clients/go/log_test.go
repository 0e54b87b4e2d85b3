package wikifeed_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// changeLog is a change service over the offsets 1 to newest, that ends each call as `mishap` says.
type changeLog struct {
	wikifeedv1.UnimplementedChangeServiceServer
	newest uint64
	cutter *cutter

	lock   sync.Mutex
	random *rand.Rand
	// refuse, where set, is what calls end with.
	refuse error
	// calls is how many streams were begun.
	calls int
}

func serveLog(t *testing.T, newest uint64, seed uint64) *changeLog {
	t.Helper()
	made := &changeLog{newest: newest, random: rand.New(rand.NewPCG(seed, seed))}
	made.cutter = serve(t, func(s *grpc.Server) { wikifeedv1.RegisterChangeServiceServer(s, made) })
	return made
}

func (l *changeLog) roll(sides int) int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.random.IntN(sides)
}

func (l *changeLog) GetChangeLogInfo(
	context.Context, *wikifeedv1.GetChangeLogInfoRequest,
) (*wikifeedv1.GetChangeLogInfoResponse, error) {
	return &wikifeedv1.GetChangeLogInfoResponse{OldestOffset: 1, NewestOffset: l.newest}, nil
}

// StreamChanges sends some of what is asked for and then comes to grief, sooner or later. Every third change does not
// pass, and now and then what was sent before is sent once more.
func (l *changeLog) StreamChanges(
	request *wikifeedv1.StreamChangesRequest, stream grpc.ServerStreamingServer[wikifeedv1.StreamChangesResponse],
) error {
	l.lock.Lock()
	l.calls++
	refuse := l.refuse
	l.lock.Unlock()
	if refuse != nil {
		return refuse
	}
	next := request.GetAfterOffset() + 1
	if l.roll(4) == 0 && next > 3 {
		next -= 3
	}
	for left := l.roll(6); left > 0; left-- {
		response := &wikifeedv1.StreamChangesResponse{}
		for range l.roll(8) {
			if next > l.newest {
				break
			}
			if next%3 != 0 {
				response.Changes = append(response.Changes, changeAt(next))
			}
			next++
		}
		response.ThroughOffset = next - 1
		if err := stream.Send(response); err != nil {
			return err
		}
		if request.GetUntilOffset() > 0 && next > request.GetUntilOffset() {
			return nil
		}
	}
	return l.mishap(stream.Context())
}

func (l *changeLog) mishap(ctx context.Context) error {
	switch l.roll(8) {
	case 0:
		return refusal(codes.Unavailable, "SERVER_STOPPING", nil)
	case 1:
		return refusal(codes.ResourceExhausted, "SUBSCRIBER_STALLED", nil)
	case 2:
		return status.Error(codes.Unavailable, "upstream connect error")
	case 3:
		return status.Error(codes.Internal, "stream terminated by RST_STREAM with error code: INTERNAL_ERROR")
	case 4:
		return status.Error(codes.Canceled, "stream terminated by RST_STREAM with error code: CANCEL")
	case 5:
		return nil
	case 6:
		l.cutter.cut()
	}
	// Silence: what ends it is the connection, or the client that loses patience.
	<-ctx.Done()
	return ctx.Err()
}

// passing are the offsets of those that pass, as serveLog's filter has it.
func passing(after, through uint64) []uint64 {
	var offsets []uint64
	for offset := after + 1; offset <= through; offset++ {
		if offset%3 != 0 {
			offsets = append(offsets, offset)
		}
	}
	return offsets
}
