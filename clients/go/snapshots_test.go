package wikifeed_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// scribe is a store whose snapshot is not there, or not ready, at first. One that it is asked to make is ready after
// two looks, and as of snapshotOffset.
type scribe struct {
	store
	writing sync.Mutex
	// first, where set, is what is told of the snapshot until one was asked for; missing, where set, that there is none.
	first   *wikifeedv1.Snapshot
	missing error
	// looks is how often the snapshot is still seen being written.
	looks int
	// fails says that writing what is made fails.
	fails bool
	// created is what was asked for.
	created []*wikifeedv1.CreateSnapshotRequest
}

func (s *scribe) GetSnapshot(
	ctx context.Context, request *wikifeedv1.GetSnapshotRequest,
) (*wikifeedv1.GetSnapshotResponse, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if len(s.created) == 0 && s.missing != nil {
		return nil, s.missing
	}
	response, err := s.store.GetSnapshot(ctx, request)
	switch {
	case err != nil:
	case s.looks > 0:
		s.looks--
		response.Snapshot.State, response.Chunks = wikifeedv1.SnapshotState_SNAPSHOT_STATE_WRITING, nil
	case len(s.created) > 0 && s.fails:
		response.Snapshot.State, response.Chunks = wikifeedv1.SnapshotState_SNAPSHOT_STATE_FAILED, nil
		response.Snapshot.Error = "the disk is full"
	case len(s.created) == 0 && s.first != nil:
		response.Snapshot, response.Chunks = s.first, nil
	}
	return response, err
}

func (s *scribe) CreateSnapshot(
	_ context.Context, request *wikifeedv1.CreateSnapshotRequest,
) (*wikifeedv1.CreateSnapshotResponse, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.created = append(s.created, request)
	s.looks = 2
	return &wikifeedv1.CreateSnapshotResponse{Snapshot: &wikifeedv1.Snapshot{
		Identifier: wikifeed.SnapshotIdentifier(request.GetProject(), request.GetNamespace()),
		Offset:     snapshotOffset,
		State:      wikifeedv1.SnapshotState_SNAPSHOT_STATE_WRITING,
	}}, nil
}

func serveScribe(t *testing.T, made *scribe) *cutter {
	t.Helper()
	made.files = [][]byte{archive(t, `{"name":"untouched","identifier":900}`)}
	made.mischief = func(*wikifeedv1.ExportSnapshotResponse) error { return nil }
	log := &forgetful{changeLog{newest: 90, random: rand.New(rand.NewPCG(7, 7))}}
	log.cutter = serve(t, func(s *grpc.Server) {
		wikifeedv1.RegisterChangeServiceServer(s, log)
		wikifeedv1.RegisterSnapshotServiceServer(s, made)
	})
	return log.cutter
}

func TestASnapshotThatIsMadeIsReady(t *testing.T) {
	service := &scribe{}
	spec := wikifeed.SnapshotSpec{Project: "testwiki", Namespace: 4}
	made, err := dial(t, serveScribe(t, service)).CreateSnapshot(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	isReady := made.GetState() == wikifeedv1.SnapshotState_SNAPSHOT_STATE_READY
	if !isReady || made.GetIdentifier() != "testwiki_namespace_4" || made.GetOffset() != snapshotOffset {
		t.Error(made)
	}
}

func TestASnapshotIsMadeAsIsSaid(t *testing.T) {
	service := &scribe{}
	_, err := dial(t, serveScribe(t, service)).CreateSnapshot(t.Context(), wikifeed.SnapshotSpec{
		Project:        "testwiki",
		Namespace:      4,
		Content:        wikifeed.ContentStructured,
		Format:         wikifeed.FormatZst,
		ChunkSizeBytes: 5000,
	})
	if err != nil {
		t.Fatal(err)
	}
	expected := &wikifeedv1.CreateSnapshotRequest{
		Project:        "testwiki",
		Namespace:      4,
		Content:        wikifeedv1.SnapshotContent_SNAPSHOT_CONTENT_STRUCTURED,
		Format:         wikifeedv1.SnapshotFormat_SNAPSHOT_FORMAT_NDJSON_ZST,
		ChunkSizeBytes: 5000,
	}
	if len(service.created) != 1 || !proto.Equal(service.created[0], expected) {
		t.Error(service.created)
	}
}

func TestASnapshotThatTheServerCannotWriteIsTold(t *testing.T) {
	client := dial(t, serveScribe(t, &scribe{fails: true}))
	made, err := client.CreateSnapshot(t.Context(), wikifeed.SnapshotSpec{Project: "testwiki"})
	expectNotWritten(t, err)
	if made != nil {
		t.Error(made)
	}
	_, err = client.Export(t.Context(), "testwiki_namespace_0", t.TempDir())
	expectNotWritten(t, err)
}

func expectNotWritten(t *testing.T, err error) {
	t.Helper()
	var call *wikifeed.CallError
	if !errors.As(err, &call) || call.Code != codes.FailedPrecondition || call.Reason != "SNAPSHOT_NOT_READY" {
		t.Fatalf("%T: %v", err, err)
	}
	if call.Message != "writing testwiki_namespace_0 failed: the disk is full" {
		t.Error(err)
	}
}

func TestAMirrorTakesTheSnapshotThatIsThereWhereItIsUsable(t *testing.T) {
	old := &wikifeedv1.Snapshot{
		Offset: snapshotOffset - 1, State: wikifeedv1.SnapshotState_SNAPSHOT_STATE_READY,
	}
	failed := &wikifeedv1.Snapshot{
		Offset: snapshotOffset, State: wikifeedv1.SnapshotState_SNAPSHOT_STATE_FAILED,
	}
	missing := refusal(codes.NotFound, "SNAPSHOT_NOT_FOUND", nil)
	for name, each := range map[string]struct {
		service *scribe
		created int
	}{
		"ready":         {&scribe{}, 0},
		"being written": {&scribe{looks: 2}, 0},
		"old":           {&scribe{first: old}, 1},
		"failed":        {&scribe{first: failed}, 1},
		"missing":       {&scribe{missing: missing}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sink := &pages{}
			client := dial(t, serveScribe(t, each.service), impatient())
			until := wikifeed.MirrorChanges(wikifeed.Until(90))
			if err := client.Mirror(t.Context(), "testwiki", sink, until); err != nil {
				t.Fatal(err)
			}
			if sink.titles[900] != "untouched" || sink.place != 90 || len(each.service.created) != each.created {
				t.Errorf("%v at %d, with %d made", sink.titles, sink.place, len(each.service.created))
			}
		})
	}
}

func TestAMirrorWhoseProjectIsMissingMakesNoSnapshot(t *testing.T) {
	service := &scribe{missing: refusal(codes.NotFound, "PROJECT_NOT_FOUND", nil)}
	client := dial(t, serveScribe(t, service), impatient())
	err := client.Mirror(t.Context(), "testwiki", &pages{}, wikifeed.MirrorChanges(wikifeed.Until(90)))
	var missing *wikifeed.NotFoundError
	if !errors.As(err, &missing) || missing.Reason != "PROJECT_NOT_FOUND" || len(service.created) > 0 {
		t.Errorf("%T with %d made: %v", err, len(service.created), err)
	}
}

func TestAMirrorWhoseSnapshotCannotBeWrittenEndsWithThat(t *testing.T) {
	service := &scribe{missing: refusal(codes.NotFound, "SNAPSHOT_NOT_FOUND", nil), fails: true}
	sink := &pages{}
	expectNotWritten(t, dial(t, serveScribe(t, service)).Mirror(t.Context(), "testwiki", sink))
	if sink.titles != nil {
		t.Error("the sink was emptied")
	}
}
