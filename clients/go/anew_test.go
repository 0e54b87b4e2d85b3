package wikifeed_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// remaker is a change service that cuts each call after what it says first; between some, the subscription is deleted and
// made anew.
type remaker struct {
	wikifeedv1.UnimplementedChangeServiceServer
	created []time.Time
}

func (r *remaker) Subscribe(
	stream grpc.BidiStreamingServer[wikifeedv1.SubscribeRequest, wikifeedv1.SubscribeResponse],
) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	state := &wikifeedv1.Subscription{Name: first.GetOpen().GetName(), DateCreated: timestamppb.New(r.created[0])}
	r.created = r.created[1:]
	if err := stream.Send(&wikifeedv1.SubscribeResponse{Subscription: state}); err != nil {
		return err
	}
	return refusal(codes.Unavailable, "SUBSCRIPTION_INTERRUPTED", nil)
}

func TestASubscriptionThatWasMadeAnewEndsTheIteration(t *testing.T) {
	old, anew := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC)
	service := &remaker{created: []time.Time{old, old, old, anew}}
	server := serve(t, func(s *grpc.Server) { wikifeedv1.RegisterChangeServiceServer(s, service) })
	err := firstError(dial(t, server).Subscribe(t.Context(), "indexer", wikifeed.After(0)))
	var missing *wikifeed.NotFoundError
	if !errors.As(err, &missing) || missing.ResourceName != "indexer" || len(service.created) > 0 {
		t.Fatalf("%T with %v left: %v", err, service.created, err)
	}
	if words := "the subscription indexer was deleted, and made anew at 2026-01-02 03:04:06"; !strings.Contains(err.Error(), words) {
		t.Error(err)
	}
}

// forgetful is a log that no longer keeps what follows the offsets before the snapshot's.
type forgetful struct{ changeLog }

func (f *forgetful) StreamChanges(
	request *wikifeedv1.StreamChangesRequest, stream grpc.ServerStreamingServer[wikifeedv1.StreamChangesResponse],
) error {
	if request.GetAfterOffset() < snapshotOffset {
		return refusal(codes.OutOfRange, "OFFSET_EXPIRED", map[string]string{"oldest_offset": "43"})
	}
	return f.changeLog.StreamChanges(request, stream)
}

func (f *forgetful) GetChangeLogInfo(
	context.Context, *wikifeedv1.GetChangeLogInfoRequest,
) (*wikifeedv1.GetChangeLogInfoResponse, error) {
	return &wikifeedv1.GetChangeLogInfoResponse{OldestOffset: snapshotOffset + 1, NewestOffset: f.newest}, nil
}

func TestAMirrorThatStoodStillForTooLongBeginsAnewWhereItMay(t *testing.T) {
	files := [][]byte{archive(t, `{"name":"untouched","identifier":900}`)}
	snapshots := &store{files: files, mischief: func(*wikifeedv1.ExportSnapshotResponse) error { return nil }}
	log := &forgetful{changeLog{newest: 90, random: rand.New(rand.NewPCG(7, 7))}}
	log.cutter = serve(t, func(s *grpc.Server) {
		wikifeedv1.RegisterChangeServiceServer(s, log)
		wikifeedv1.RegisterSnapshotServiceServer(s, snapshots)
	})
	client := dial(t, log.cutter, impatient())
	sink := &pages{found: true, place: 12, titles: map[int64]string{77: "gone since"}}
	until := wikifeed.MirrorChanges(wikifeed.Until(90))
	err := client.Mirror(t.Context(), "testwiki", sink, until)
	if !errors.As(err, new(*wikifeed.CursorExpiredError)) || sink.place != 12 {
		t.Fatalf("%T at %d: %v", err, sink.place, err)
	}
	if err := client.Mirror(t.Context(), "testwiki", sink, until, wikifeed.MirrorAgain()); err != nil {
		t.Fatal(err)
	}
	if sink.titles[900] != "untouched" || sink.titles[77] != "" || sink.place != 90 {
		t.Errorf("%v at %d", sink.titles, sink.place)
	}
}
