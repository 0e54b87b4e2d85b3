package wikifeed

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
)

const defaultParallel = 4

// How often in a row a file may be asked for without having grown: where calls are cut, which takes about two minutes,
// and where what comes is damaged.
const (
	maxCutTries     = 20
	maxDamagedTries = 5
)

// ExportOption is an option of [Client.Export]: [Parallel], [SnapshotOffset], [OnProgress].
type ExportOption func(*exporting)

// Parallel is how many files are fetched at once; 4 unless set.
func Parallel(files int) ExportOption {
	return func(e *exporting) { e.parallel = max(files, 1) }
}

// SnapshotOffset names one of several snapshots of that identifier; the newest that is ready is taken unless set.
func SnapshotOffset(offset uint64) ExportOption {
	return func(e *exporting) { e.offset = offset }
}

// OnProgress is told how far the export is, by one goroutine at a time.
func OnProgress(told func(Progress)) ExportOption {
	return func(e *exporting) { e.told = told }
}

// Progress is how far an export is, what was on the disk before included.
type Progress struct {
	// Bytes of TotalBytes are written and checked.
	Bytes, TotalBytes int64
	// Files of TotalFiles are complete.
	Files, TotalFiles int
}

// Exported is a snapshot whose files are complete.
type Exported struct {
	// Snapshot is the snapshot; what it holds is exact at its offset.
	Snapshot *Snapshot
	// Paths are its files, in the order of the chunks.
	Paths []string
}

// Articles gives the snapshot's articles, in the order of their page ids, as [ReadArticles] reads them.
func (e *Exported) Articles() iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		for _, path := range e.Paths {
			for article, err := range ReadArticles(path) {
				if !yield(article, err) {
					return
				}
			}
		}
	}
}

// Export writes the files of a snapshot into a folder, which is made where it is missing; see [SnapshotIdentifier]. It
// waits for a snapshot that is being written.
//
// Each file bears a name that ends in ".part" until it is complete and its SHA-256 is right. What an export that was cut
// off or killed left in the folder is gone on with, and files that are there and right are kept. Streams that are cut
// go on where they were; Export gives up once one brought nothing in 20 tries.
func (c *Client) Export(ctx context.Context, identifier, folder string, options ...ExportOption) (*Exported, error) {
	e := &exporting{client: c, identifier: identifier, folder: folder, parallel: defaultParallel}
	for _, option := range options {
		option(e)
	}
	snapshot, chunks, err := c.readySnapshot(ctx, identifier, e.offset)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	e.offset = snapshot.GetOffset()
	e.reached.TotalFiles = len(chunks)
	for _, chunk := range chunks {
		e.reached.TotalBytes += chunk.GetSizeBytes()
	}
	if err := e.fetchAll(ctx, chunks); err != nil {
		return nil, err
	}
	exported := &Exported{Snapshot: snapshot}
	for _, chunk := range chunks {
		exported.Paths = append(exported.Paths, e.path(chunk))
	}
	return exported, syncFolder(folder)
}

// exporting is one export.
type exporting struct {
	client     *Client
	identifier string
	folder     string
	offset     uint64
	parallel   int
	told       func(Progress)

	telling sync.Mutex
	reached Progress
}

// fetchAll fetches some chunks at a time. The first that fails stops the others.
func (e *exporting) fetchAll(ctx context.Context, chunks []*Chunk) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(context.Canceled)
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range min(e.parallel, len(chunks)) {
		workers.Go(func() {
			for number := range numbers {
				if err := e.fetch(ctx, number, chunks[number]); err != nil {
					stop(err)
				}
			}
		})
	}
	for number := range chunks {
		select {
		case numbers <- number:
		case <-ctx.Done():
		}
	}
	close(numbers)
	workers.Wait()
	return context.Cause(ctx)
}

// fetch makes one chunk's file complete.
func (e *exporting) fetch(ctx context.Context, number int, chunk *Chunk) error {
	path := e.path(chunk)
	if isComplete(path, chunk) {
		e.tell(chunk.GetSizeBytes(), 1)
		return nil
	}
	part, err := openPart(e.partPath(chunk), chunk)
	if err != nil {
		return err
	}
	defer part.close()
	e.tell(part.position, 0)
	if err := e.fill(ctx, number, part); err != nil {
		return err
	}
	if err := part.finish(path); err != nil {
		return err
	}
	e.tell(0, 1)
	return nil
}

// fill receives what the file lacks, over as many calls as it takes.
func (e *exporting) fill(ctx context.Context, number int, part *part) error {
	waits, tries := e.client.waits(), fruitless{}
	for {
		before := part.position
		err := e.receive(ctx, number, part)
		if err == nil {
			return nil
		}
		if part.position > before {
			waits, tries = e.client.waits(), fruitless{}
		}
		if !tries.allow(err) || part.rejected > 1 {
			return err
		}
		if err := waits.wait(ctx, e.client); err != nil {
			return err
		}
	}
}

// fruitless counts the tries since a file grew.
type fruitless struct{ cut, damaged int }

// allow counts a try that ended with err, and says whether another may help.
func (f *fruitless) allow(err error) bool {
	var damage *DamagedError
	switch {
	case errors.As(err, &damage):
		f.damaged++
	case isCut(err):
		f.cut++
	default:
		return false
	}
	return f.cut < maxCutTries && f.damaged < maxDamagedTries
}

// receive makes one call for the rest of a file.
func (e *exporting) receive(ctx context.Context, number int, part *part) error {
	if part.isWhole() {
		return e.check(part)
	}
	listening := e.client.listen(ctx)
	defer listening.end()
	stream, err := e.client.snapshots.ExportSnapshot(listening, &wikifeedv1.ExportSnapshotRequest{
		Identifier:    e.identifier,
		Offset:        e.offset,
		FirstChunk:    int32(number),
		StartPosition: part.position,
		ChunkCount:    1,
	}, grpc.ForceCodecV2(newPieceCodec()))
	if err != nil {
		return e.client.callError(listening, err)
	}
	for !part.isWhole() {
		piece, err := hear(listening, stream.Recv)
		if errors.Is(err, io.EOF) {
			return errCutShort
		}
		if err != nil {
			return e.client.callError(listening, err)
		}
		if piece.GetChunkNumber() != int32(number) {
			return &DamagedError{part.name, "the server sent another file's bytes"}
		}
		if err := part.write(piece); err != nil {
			return err
		}
		e.tell(int64(len(piece.GetData())), 0)
	}
	return e.check(part)
}

// check compares the whole file with its SHA-256. One that is not right is begun anew.
func (e *exporting) check(part *part) error {
	if part.isRight() {
		return nil
	}
	part.rejected++
	e.tell(-part.position, 0)
	if err := part.discard(); err != nil {
		return err
	}
	return &DamagedError{part.name, "its SHA-256 is not what the server says"}
}

func (e *exporting) path(chunk *Chunk) string {
	return filepath.Join(e.folder, filepath.Base(chunk.GetFileName()))
}

// partPath bears the contents' hash, so that what is left of another snapshot's file is never taken for a part of this.
func (e *exporting) partPath(chunk *Chunk) string {
	return e.path(chunk) + "." + strings.ToLower(chunk.GetSha256()[:min(16, len(chunk.GetSha256()))]) + ".part"
}

func (e *exporting) tell(bytes int64, files int) {
	e.telling.Lock()
	defer e.telling.Unlock()
	e.reached.Bytes += bytes
	e.reached.Files += files
	if e.told != nil {
		e.told(e.reached)
	}
}
