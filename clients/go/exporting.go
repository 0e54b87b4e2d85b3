package wikifeed

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// How often in a row a file is asked for again though it did not grow, which takes about two minutes, and how often in a
// row what comes may be damaged.
const (
	maxAgain   = 20
	maxDamaged = 3
)

// facts are what is known of a file of the server's before it is fetched: a [Chunk], or a [Batch].
type facts interface {
	GetFileName() string
	GetSizeBytes() int64
	GetSha256() string
}

// source is a file of the server's, and how to get it.
type source struct {
	facts
	// number is the chunk's, as its pieces have it.
	number int32
	// ask makes a call for all that follows a position. What it returns receives the pieces, one by one.
	ask func(ctx context.Context, position int64) (receive func() (piece, error), err error)
}

// exporting is one export.
type exporting struct {
	client   *Client
	folder   string
	parallel int
	told     func(Progress)

	telling sync.Mutex
	reached Progress
}

// run makes all files complete, in a folder that is made where it is missing, and returns their paths.
func (e *exporting) run(ctx context.Context, sources []source) ([]string, error) {
	// The names are the server's, and must not lead out of the folder.
	for _, from := range sources {
		if name := from.GetFileName(); filepath.Base(name) != name || strings.HasPrefix(name, ".") {
			return nil, &DamagedError{File: strconv.Quote(name), Problem: "that is no plain file name"}
		}
	}
	if err := os.MkdirAll(e.folder, 0o755); err != nil {
		return nil, err
	}
	e.reached.TotalFiles = len(sources)
	for _, from := range sources {
		e.reached.TotalBytes += from.GetSizeBytes()
	}
	if err := e.fetchAll(ctx, sources); err != nil {
		return nil, err
	}
	paths := make([]string, len(sources))
	for number, from := range sources {
		paths[number] = e.path(from)
	}
	return paths, syncFolder(e.folder)
}

// fetchAll fetches some files at a time. The first that fails stops the others.
func (e *exporting) fetchAll(ctx context.Context, sources []source) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(context.Canceled)
	next := make(chan source)
	var workers sync.WaitGroup
	for range min(e.parallel, len(sources)) {
		workers.Go(func() {
			for from := range next {
				if err := e.fetch(ctx, from); err != nil {
					stop(err)
				}
			}
		})
	}
	for _, from := range sources {
		select {
		case next <- from:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	return context.Cause(ctx)
}

// fetch makes one file complete.
func (e *exporting) fetch(ctx context.Context, from source) error {
	path := e.path(from)
	if isComplete(path, from) {
		e.tell(from.GetSizeBytes(), 1)
		return nil
	}
	part, err := openPart(e.partPath(from), from)
	if err != nil {
		return err
	}
	defer part.close()
	e.tell(part.position, 0)
	if err := e.fill(ctx, part); err != nil {
		return err
	}
	if err := part.finish(path); err != nil {
		return err
	}
	e.tell(0, 1)
	return nil
}

// fill receives what the file lacks, over as many calls as it takes.
func (e *exporting) fill(ctx context.Context, part *part) error {
	waits, tries := e.client.waits(), fruitless{}
	for {
		before := part.position
		err := e.receive(ctx, part)
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
	case errors.As(err, &damage) && damage.call == nil:
		f.damaged++
	case isCut(err):
		f.cut++
	default:
		return false
	}
	return f.cut <= maxAgain && f.damaged < maxDamaged
}

// receive makes one call for the rest of a file.
func (e *exporting) receive(ctx context.Context, part *part) error {
	if part.isWhole() {
		return e.check(part)
	}
	listening := e.client.listen(ctx)
	defer listening.end()
	receive, err := part.ask(listening, part.position)
	if err != nil {
		return e.client.callError(listening, err)
	}
	for !part.isWhole() {
		piece, err := hear(listening, receive)
		if errors.Is(err, io.EOF) {
			return errCutShort
		}
		if err != nil {
			return e.client.callError(listening, err)
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
	return &DamagedError{File: part.name, Problem: "its SHA-256 is not what the server says"}
}

func (e *exporting) path(of facts) string {
	return filepath.Join(e.folder, of.GetFileName())
}

// partPath bears the contents' hash, so that what is left of another file of that name is never taken for a part of
// this: those of other snapshots and hours have the same.
func (e *exporting) partPath(of facts) string {
	return e.path(of) + "." + strings.ToLower(of.GetSha256()[:min(16, len(of.GetSha256()))]) + ".part"
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
