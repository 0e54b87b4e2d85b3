package wikifeed_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/protobuf/proto"
)

func TestAFileThatEndsTooEarlyEndsWithAnError(t *testing.T) {
	whole := archive(t, `{"name":"A","identifier":1}`, `{"name":"B","identifier":2}`)
	path := filepath.Join(t.TempDir(), "testwiki.tar.gz")
	for length := range whole {
		if err := os.WriteFile(path, whole[:length], 0o600); err != nil {
			t.Fatal(err)
		}
		if firstError(wikifeed.ReadArticles(path)) == nil {
			t.Fatalf("%d of %d bytes were read as a whole file", length, len(whole))
		}
	}
}

func TestArticlesOfAllMembersAreRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "testwiki.tar.gz")
	packed := archive(t, `{"name":"A","identifier":1,"unknown":[]}`, `{"name":"B"}`)
	if err := os.WriteFile(path, packed, 0o600); err != nil {
		t.Fatal(err)
	}
	if names := namesIn(t, path); !slices.Equal(names, []string{"A", "B"}) {
		t.Errorf("%v", names)
	}
}

func TestArticlesOfAllFormsAreRead(t *testing.T) {
	lines := []string{`{"name":"A"}`, "", `{"name":"B \"tables\""}`}
	text := []byte(strings.Join(lines, "\n"))
	for ending, packed := range map[string][]byte{
		".tar.gz": archive(t, lines...), ".zst": frames(t, text), ".ndjson.zst": frames(t, text),
		".gz": zipped(t, text), ".ndjson.gz": zipped(t, text), ".ndjson": text,
	} {
		t.Run(ending, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "testwiki"+ending)
			if err := os.WriteFile(path, packed, 0o600); err != nil {
				t.Fatal(err)
			}
			if names := namesIn(t, path); !slices.Equal(names, []string{"A", `B "tables"`}) {
				t.Errorf("%q", names)
			}
			for range wikifeed.ReadLines(path) {
				break
			}
			if ending == ".ndjson" {
				return
			}
			if err := os.WriteFile(path, packed[:len(packed)-1], 0o600); err != nil {
				t.Fatal(err)
			}
			if err := firstError(wikifeed.ReadArticles(path)); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("cut short: %v", err)
			}
		})
	}
}

func TestAFileOfAnotherFormIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "testwiki.parquet")
	if err := os.WriteFile(path, []byte("PAR1"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := firstError(wikifeed.ReadArticles(path))
	if err == nil || !strings.Contains(err.Error(), "testwiki.parquet: only .tar.gz, .zst, .gz and .ndjson can be read") {
		t.Error(err)
	}
}

func TestTheRowsOfTablesAreReadAsListsOfCells(t *testing.T) {
	article, err := wikifeed.ArticleFromJSON([]byte(`{
		"identifier": 9007199254740993, "unknown": [[]], "tables": [
			{"identifier": "t", "confidence_score": 0.5, "unknown": 7, "headers": [[{"value": "Moon <b>"}]],
			 "rows": [[{"value": "Io"}, {"nested_table": {"rows": [[{"value": "inside"}]]}}], []],
			 "footers": [[{"value": "all"}]]},
			{}
		]}`))
	if err != nil {
		t.Fatal(err)
	}
	inside := &wikifeedv1.Table{Rows: []*wikifeedv1.TableRow{row(&wikifeedv1.TableCell{Value: "inside"})}}
	expected := &wikifeed.Article{Identifier: 9007199254740993, Tables: []*wikifeedv1.Table{
		{
			Identifier:      "t",
			ConfidenceScore: 0.5,
			Headers:         []*wikifeedv1.TableRow{row(&wikifeedv1.TableCell{Value: "Moon <b>"})},
			Rows: []*wikifeedv1.TableRow{
				row(&wikifeedv1.TableCell{Value: "Io"}, &wikifeedv1.TableCell{NestedTable: inside}), row(),
			},
			Footers: []*wikifeedv1.TableRow{row(&wikifeedv1.TableCell{Value: "all"})},
		},
		{},
	}}
	if !proto.Equal(article, expected) {
		t.Errorf("%v, not %v", article, expected)
	}
}

func row(cells ...*wikifeedv1.TableCell) *wikifeedv1.TableRow {
	return &wikifeedv1.TableRow{Cells: cells}
}

func TestWhatIsNoArticleIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "[]", `{"name": 7}`, `{"name": "A"`, `{"tables": 7}`, `{"tables": [7]}`, `{"tables": [], "name": 7}`,
		`{"tables": [{"rows": [7]}]}`, `{"tables": [{"rows": [[7]]}]}`, `{"tables": [{"rows": 7}]}`,
		`{"tables": [{"rows": [[{"nested_table": 7}]]}]}`, `{"tables": [{"rows": [[{}]]}]`,
	} {
		if article, err := wikifeed.ArticleFromJSON([]byte(text)); err == nil || article != nil {
			t.Errorf("%s: %v", text, article)
		}
	}
}

func namesIn(t *testing.T, path string) []string {
	t.Helper()
	var names []string
	for article, err := range wikifeed.ReadArticles(path) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, article.GetName())
	}
	return names
}

// frames are a .zst of two frames.
func frames(t *testing.T, text []byte) []byte {
	t.Helper()
	packing, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	middle := len(text) / 2
	return packing.EncodeAll(text[middle:], packing.EncodeAll(text[:middle], nil))
}

func zipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	packing := gzip.NewWriter(&packed)
	_, err := packing.Write(text)
	if err := errors.Join(err, packing.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// archive is a .tar.gz with an NDJSON file for each line.
func archive(t *testing.T, lines ...string) []byte {
	t.Helper()
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	files := tar.NewWriter(zipped)
	for number, line := range lines {
		header := &tar.Header{Name: fmt.Sprintf("chunk_%d.ndjson", number), Size: int64(len(line)) + 1, Mode: 0o644}
		if err := files.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(files.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
