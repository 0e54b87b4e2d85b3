package wikifeed_test

import (
	"os"
	"path/filepath"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

func TestAFileKeepsTheLastPlace(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "place")
	if _, found, err := wikifeed.NewFileCheckpoint(path).Load(t.Context()); found || err != nil {
		t.Fatalf("%v, %v where there is no file", found, err)
	}
	for _, offset := range []uint64{7, 1<<64 - 1} {
		if err := wikifeed.NewFileCheckpoint(path).Save(t.Context(), offset); err != nil {
			t.Fatal(err)
		}
		loaded, found, err := wikifeed.NewFileCheckpoint(path).Load(t.Context())
		if loaded != offset || !found || err != nil {
			t.Errorf("%d, %v, %v", loaded, found, err)
		}
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestWhatIsNoCheckpointIsNotTakenForNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "place")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := wikifeed.NewFileCheckpoint(path).Load(t.Context()); err == nil {
		t.Error("an empty file was read as a place")
	}
}

func TestAPlaceThatCanNotBeSavedEndsTheIteration(t *testing.T) {
	server := serveLog(t, 30, 1)
	checkpoint := wikifeed.NewFileCheckpoint(filepath.Join(t.TempDir(), "missing", "place"))
	err := firstError(dial(t, server.cutter, impatient()).Changes(
		t.Context(), wikifeed.After(0), wikifeed.Keep(checkpoint),
	))
	if !os.IsNotExist(err) {
		t.Errorf("%T: %v", err, err)
	}
}
