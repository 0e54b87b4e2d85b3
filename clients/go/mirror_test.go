package wikifeed_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
)

// pages is a sink in memory: for each page the offset that made it.
type pages struct {
	titles map[int64]string
	place  uint64
	found  bool
	fail   error
}

func (p *pages) Place(context.Context) (uint64, bool, error) { return p.place, p.found, nil }

func (p *pages) Reset(context.Context) error {
	p.titles, p.found = map[int64]string{}, false
	return nil
}

func (p *pages) Fill(_ context.Context, articles []*wikifeed.Article, _ uint64) error {
	for _, article := range articles {
		p.titles[article.GetIdentifier()] = article.GetName()
	}
	return p.fail
}

func (p *pages) Apply(_ context.Context, updates []wikifeed.Update, place uint64) error {
	for _, update := range updates {
		if update.Article == nil {
			delete(p.titles, update.PageID)
		} else {
			p.titles[update.PageID] = fmt.Sprint(update.Change.GetOffset())
		}
	}
	p.place, p.found = place, true
	return nil
}

// project is a server with a log, and a snapshot of it.
type project struct {
	changeLog
	store
}

func serveProject(t *testing.T, seed uint64, lines ...string) *cutter {
	t.Helper()
	made := &project{}
	made.changeLog.newest = 90
	made.changeLog.random = rand.New(rand.NewPCG(seed, seed))
	made.files = [][]byte{archive(t, lines...)}
	made.mischief = func(*wikifeedv1.ExportSnapshotResponse) error { return nil }
	made.changeLog.cutter = serve(t, func(s *grpc.Server) {
		wikifeedv1.RegisterChangeServiceServer(s, &made.changeLog)
		wikifeedv1.RegisterSnapshotServiceServer(s, &made.store)
	})
	return made.changeLog.cutter
}

func TestAMirrorHoldsTheSnapshotAndWhatChangedSince(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed=%d", seed)
	server := serveProject(t, seed, `{"name":"untouched","identifier":900}`, `{"name":"older","identifier":1}`)
	sink := &pages{}
	client := dial(t, server, impatient())
	until := wikifeed.MirrorChanges(wikifeed.Until(90))
	if err := client.Mirror(t.Context(), "testwiki", sink, until); err != nil {
		t.Fatal(err)
	}
	expected := map[int64]string{900: "untouched"}
	for _, offset := range passing(snapshotOffset, 90) {
		expected[changeAt(offset).GetArticle().GetIdentifier()] = fmt.Sprint(offset)
	}
	if !maps.Equal(sink.titles, expected) || sink.place != 90 {
		t.Errorf("%v at %d, not %v", sink.titles, sink.place, expected)
	}
}

func TestAMirrorThatWasNotFilledBeginsAnew(t *testing.T) {
	server := serveProject(t, 1, `{"name":"untouched","identifier":900}`)
	broken := errors.New("the disk is full")
	sink := &pages{fail: broken}
	client := dial(t, server, impatient())
	until := wikifeed.MirrorChanges(wikifeed.Until(90))
	folder := wikifeed.MirrorFolder(t.TempDir())
	if err := client.Mirror(t.Context(), "testwiki", sink, until, folder); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	sink.fail = nil
	if err := client.Mirror(t.Context(), "testwiki", sink, until, folder); err != nil {
		t.Fatal(err)
	}
	if sink.titles[900] != "untouched" || sink.place != 90 {
		t.Errorf("%v at %d", sink.titles, sink.place)
	}
}

func TestAMirrorDropsWhatIsNoArticleAnyMore(t *testing.T) {
	deleted, redirect, moved := changeAt(1), changeAt(2), changeAt(3)
	deleted.EventType = wikifeed.EventDelete
	redirect.RedirectTarget = "Another"
	moved.Article.Namespace = &wikifeedv1.Namespace{Identifier: 2}
	kept := changeAt(4)
	server := serve(t, func(s *grpc.Server) {
		wikifeedv1.RegisterChangeServiceServer(s, &oneResponse{changes: []*wikifeedv1.Change{
			deleted, redirect, moved, kept,
		}})
	})
	sink := &pages{found: true, titles: map[int64]string{2: "a", 3: "b", 4: "c", 5: "d", 6: "e"}}
	err := dial(t, server).Mirror(t.Context(), "testwiki", sink, wikifeed.MirrorChanges(wikifeed.Until(4)))
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(sink.titles, map[int64]string{5: "4", 6: "e"}) {
		t.Errorf("%v", sink.titles)
	}
}

// oneResponse sends all of its changes at once.
type oneResponse struct {
	wikifeedv1.UnimplementedChangeServiceServer
	changes []*wikifeedv1.Change
}

func (o *oneResponse) StreamChanges(
	_ *wikifeedv1.StreamChangesRequest, stream grpc.ServerStreamingServer[wikifeedv1.StreamChangesResponse],
) error {
	through := o.changes[len(o.changes)-1].GetOffset()
	return stream.Send(&wikifeedv1.StreamChangesResponse{Changes: o.changes, ThroughOffset: through})
}
