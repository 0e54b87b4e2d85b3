package main

import (
	"database/sql"
	"path/filepath"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

func TestUpdatesAndTheirPlaceAreOneTransaction(t *testing.T) {
	db, sink := openSink(t)
	ctx := t.Context()
	if _, found, err := sink.Place(ctx); found || err != nil {
		t.Fatalf("%v, %v in an empty database", found, err)
	}
	if err := sink.Fill(ctx, []*wikifeed.Article{article(1, "A"), article(2, "B")}, 5); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sink.Place(ctx); found || err != nil {
		t.Fatalf("%v, %v before the snapshot is whole", found, err)
	}
	if err := sink.Apply(ctx, nil, 5); err != nil {
		t.Fatal(err)
	}
	const refuse = "CREATE TRIGGER refuse BEFORE INSERT ON article WHEN new.name = 'refused'" +
		" BEGIN SELECT RAISE(ABORT, 'refused'); END"
	if _, err := db.ExecContext(ctx, refuse); err != nil {
		t.Fatal(err)
	}
	updates := []wikifeed.Update{
		{PageID: 1},
		{PageID: 2, Article: article(2, "C"), Change: &wikifeed.Change{Offset: 6}},
		{PageID: 3, Article: article(3, "refused"), Change: &wikifeed.Change{Offset: 7}},
	}
	if err := sink.Apply(ctx, updates, 7); err == nil {
		t.Fatal("what was refused was applied")
	}
	expect(t, sink, 5, "A", "B")
	if err := sink.Apply(ctx, updates[:2], 1<<64-1); err != nil {
		t.Fatal(err)
	}
	expect(t, sink, 1<<64-1, "", "C")
	if err := sink.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sink.Place(ctx); found || err != nil {
		t.Errorf("%v, %v after a reset", found, err)
	}
}

func openSink(t *testing.T) (*sql.DB, *wikifeed.SQLSink) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "mirror.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	sink, err := wikifeed.NewSQLSink(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return db, sink
}

func article(id int64, name string) *wikifeed.Article {
	return &wikifeed.Article{Identifier: id, Name: name}
}

// expect compares the place, and the names of the pages 1 and 2; empty where there is none.
func expect(t *testing.T, sink *wikifeed.SQLSink, place uint64, first, second string) {
	t.Helper()
	if got, found, err := sink.Place(t.Context()); got != place || !found || err != nil {
		t.Errorf("the place is %d, not %d (%v, %v)", got, place, found, err)
	}
	for index, name := range []string{first, second} {
		byID, found, err := sink.ByPageID(t.Context(), int64(index)+1)
		if found != (name != "") || err != nil || byID.GetName() != name {
			t.Errorf("page %d is %q, not %q (%v)", index+1, byID.GetName(), name, err)
		}
		if !found {
			continue
		}
		byTitle, _, err := sink.ByTitle(t.Context(), name)
		if err != nil || byTitle.GetIdentifier() != int64(index)+1 {
			t.Errorf("%s is page %d (%v)", name, byTitle.GetIdentifier(), err)
		}
	}
}
