package wikifeed

import (
	"context"
	"fmt"
	"iter"
	"time"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Bounds of the waits between looks whether a snapshot is ready.
const (
	firstLook   = 100 * time.Millisecond
	longestLook = 2 * time.Second
)

// SnapshotIdentifier is the identifier of a project's and namespace's snapshots with whole articles in .tar.gz:
// "enwiki_namespace_0". Others have "_wikitext", "_html" or "_structured" behind it, then "_zst" or "_parquet".
func SnapshotIdentifier(project string, namespace int64) string {
	return fmt.Sprintf("%s_namespace_%d", project, namespace)
}

// SnapshotsOption is an option of [Client.Snapshots]: [Projects], [PageSize].
type SnapshotsOption interface {
	snapshots(*wikifeedv1.ListSnapshotsRequest)
}

func (p ProjectsOption) snapshots(r *wikifeedv1.ListSnapshotsRequest) { r.Projects = p }
func (p PageSizeOption) snapshots(r *wikifeedv1.ListSnapshotsRequest) { r.PageSize = int32(p) }

// Snapshots gives the snapshots that the server holds, newest first within each identifier, those being written
// included.
func (c *Client) Snapshots(ctx context.Context, options ...SnapshotsOption) iter.Seq2[*Snapshot, error] {
	request := &wikifeedv1.ListSnapshotsRequest{}
	for _, option := range options {
		option.snapshots(request)
	}
	return pages(func(token string) ([]*Snapshot, string, error) {
		request.PageToken = token
		response, err := unary(ctx, c, c.snapshots.ListSnapshots, request)
		return response.GetSnapshots(), response.GetNextPageToken(), err
	})
}

// SnapshotWithChunks returns one snapshot and, once it is ready, its chunks. Offset 0 means the newest that is ready
// or, where none is, the newest.
func (c *Client) SnapshotWithChunks(ctx context.Context, identifier string, offset uint64) (*Snapshot, []*Chunk, error) {
	request := &wikifeedv1.GetSnapshotRequest{Identifier: identifier, Offset: offset}
	response, err := unary(ctx, c, c.snapshots.GetSnapshot, request)
	return response.GetSnapshot(), response.GetChunks(), err
}

// SnapshotSpec says what to write into a snapshot. The zero values of Content and Format mean [ContentJSON] and
// [FormatTarGz].
type SnapshotSpec struct {
	Project   string
	Namespace int64
	Content   SnapshotContent
	Format    SnapshotFormat
	// ChunkSizeBytes is how much, before compression, goes into one file; 0 leaves it to the server.
	ChunkSizeBytes int64
}

// CreateSnapshot has the server write a snapshot as of the newest offset, and returns it once it is ready. That writing
// it failed is a [CallError] with the reason SNAPSHOT_NOT_READY.
func (c *Client) CreateSnapshot(ctx context.Context, spec SnapshotSpec) (*Snapshot, error) {
	request := &wikifeedv1.CreateSnapshotRequest{
		Project:        spec.Project,
		Namespace:      spec.Namespace,
		Content:        spec.Content,
		Format:         spec.Format,
		ChunkSizeBytes: spec.ChunkSizeBytes,
	}
	response, err := unary(ctx, c, c.snapshots.CreateSnapshot, request)
	if err != nil {
		return nil, err
	}
	begun := response.GetSnapshot()
	made, _, err := c.readySnapshot(ctx, begun.GetIdentifier(), begun.GetOffset())
	return made, err
}

// readySnapshot waits until a snapshot is ready.
func (c *Client) readySnapshot(ctx context.Context, identifier string, offset uint64) (*Snapshot, []*Chunk, error) {
	looks := &backoffs{firstLook, longestLook}
	for {
		snapshot, chunks, err := c.SnapshotWithChunks(ctx, identifier, offset)
		if err != nil {
			return nil, nil, err
		}
		switch snapshot.GetState() {
		case wikifeedv1.SnapshotState_SNAPSHOT_STATE_READY:
			return snapshot, chunks, nil
		case wikifeedv1.SnapshotState_SNAPSHOT_STATE_FAILED:
			return nil, nil, notWritten(snapshot)
		}
		offset = snapshot.GetOffset()
		if err := looks.wait(ctx, c); err != nil {
			return nil, nil, err
		}
	}
}

// notWritten is what an export of the snapshot would end with.
func notWritten(snapshot *Snapshot) error {
	words := fmt.Sprintf("writing %s failed: %s", snapshot.GetIdentifier(), snapshot.GetError())
	return &CallError{
		Code:    codes.FailedPrecondition,
		Reason:  reasonSnapshotNotReady,
		Message: words,
		status:  status.New(codes.FailedPrecondition, words),
	}
}
