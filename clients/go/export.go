package wikifeed

import (
	"context"
	"iter"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
)

const defaultParallel = 4

// ExportOption is an option of [Client.Export]: [Parallel], [SnapshotOffset], [OnProgress].
type ExportOption interface{ export(*snapshotExport) }

type exportOption func(*snapshotExport)

func (o exportOption) export(e *snapshotExport) { o(e) }

// Parallel is how many files are fetched at once; 4 unless set.
func Parallel(files int) ExportOption {
	return exportOption(func(e *snapshotExport) { e.parallel = max(files, 1) })
}

// SnapshotOffset names one of several snapshots of that identifier; the newest that is ready is taken unless set.
func SnapshotOffset(offset uint64) ExportOption {
	return exportOption(func(e *snapshotExport) { e.offset = offset })
}

// ProgressOption is made by [OnProgress].
type ProgressOption func(Progress)

// OnProgress is told how far the export is, by one goroutine at a time.
func OnProgress(told func(Progress)) ProgressOption { return told }

func (told ProgressOption) export(e *snapshotExport) { e.told = told }
func (told ProgressOption) exportBatch(e *exporting) { e.told = told }

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
// waits for a snapshot that is being written; that writing it failed is a [CallError] with the reason
// SNAPSHOT_NOT_READY.
//
// Each file bears a name that ends in ".part" until it is complete and its SHA-256 is right. What an export that was cut
// off or killed left in the folder is gone on with, and files that are there and right are kept. Streams that are cut
// go on where they were; Export gives up a file that was asked for again 20 times in a row and did not grow, and bytes
// that are damaged 3 times in a row.
func (c *Client) Export(ctx context.Context, identifier, folder string, options ...ExportOption) (*Exported, error) {
	e := &snapshotExport{exporting: exporting{client: c, folder: folder, parallel: defaultParallel}}
	for _, option := range options {
		option.export(e)
	}
	snapshot, chunks, err := c.readySnapshot(ctx, identifier, e.offset)
	if err != nil {
		return nil, err
	}
	sources := make([]source, len(chunks))
	for number, chunk := range chunks {
		sources[number] = c.chunkSource(snapshot, int32(number), chunk)
	}
	paths, err := e.run(ctx, sources)
	if err != nil {
		return nil, err
	}
	return &Exported{snapshot, paths}, nil
}

// snapshotExport is an export of a snapshot; its offset is as [SnapshotOffset] says.
type snapshotExport struct {
	exporting
	offset uint64
}

// chunkSource is one file of a snapshot.
func (c *Client) chunkSource(snapshot *Snapshot, number int32, chunk *Chunk) source {
	ask := func(ctx context.Context, position int64) (func() (piece, error), error) {
		stream, err := c.snapshots.ExportSnapshot(ctx, &wikifeedv1.ExportSnapshotRequest{
			Identifier:    snapshot.GetIdentifier(),
			Offset:        snapshot.GetOffset(),
			FirstChunk:    number,
			StartPosition: position,
			ChunkCount:    1,
		}, grpc.ForceCodecV2(newPieceCodec()))
		if err != nil {
			return nil, err
		}
		return func() (piece, error) { return stream.Recv() }, nil
	}
	return source{facts: chunk, number: number, ask: ask}
}
