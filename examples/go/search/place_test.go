package main

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
)

func TestPassagesAndTheirPlaceAreOneTransaction(t *testing.T) {
	index, err := open(t.Context(), filepath.Join(t.TempDir(), "search.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = index.db.Close() }()
	if _, found, err := index.place.Load(t.Context()); found || err != nil {
		t.Fatalf("%v, %v in an empty database", found, err)
	}
	add := func(after error) func(*sql.Tx) error {
		return func(transaction *sql.Tx) error {
			_, err := transaction.Exec("INSERT INTO passage VALUES ('a', 'b', 'c', 'd')")
			return errors.Join(err, after)
		}
	}
	broken := errors.New("broken")
	if err := index.commit(t.Context(), 5, add(nil)); err != nil {
		t.Fatal(err)
	}
	if err := index.commit(t.Context(), 9, add(broken)); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	var count int
	if err := index.db.QueryRow("SELECT count(*) FROM passage").Scan(&count); err != nil || count != 1 {
		t.Errorf("%d passages, %v", count, err)
	}
	if place, found, err := index.place.Load(t.Context()); place != 5 || !found || err != nil {
		t.Errorf("%d, %v, %v", place, found, err)
	}
	if err := index.place.Save(t.Context(), 1<<64-1); err != nil {
		t.Fatal(err)
	}
	if place, _, err := index.place.Load(t.Context()); place != 1<<64-1 || err != nil {
		t.Errorf("%d, %v", place, err)
	}
}
