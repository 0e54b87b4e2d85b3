package wikifeed

import (
	"context"
	"iter"
	"time"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// BatchesOption is an option of [Client.Batches]: [Hour], [Projects], [Namespaces], [PageSize].
type BatchesOption interface {
	batches(*wikifeedv1.ListBatchesRequest)
}

// HourOption is made by [Hour].
type HourOption time.Time

// Hour restricts a list of batches to the hour that this moment is in.
func Hour(moment time.Time) HourOption { return HourOption(moment) }

func (h HourOption) batches(r *wikifeedv1.ListBatchesRequest)       { r.Hour = timestamppb.New(time.Time(h)) }
func (p ProjectsOption) batches(r *wikifeedv1.ListBatchesRequest)   { r.Projects = p }
func (n NamespacesOption) batches(r *wikifeedv1.ListBatchesRequest) { r.Namespaces = n }
func (p PageSizeOption) batches(r *wikifeedv1.ListBatchesRequest)   { r.PageSize = int32(p) }

// Batches gives the batches of closed hours that the server holds, the newest hour first, by identifier within each.
func (c *Client) Batches(ctx context.Context, options ...BatchesOption) iter.Seq2[*Batch, error] {
	request := &wikifeedv1.ListBatchesRequest{}
	for _, option := range options {
		option.batches(request)
	}
	return pages(func(token string) ([]*Batch, string, error) {
		request.PageToken = token
		response, err := unary(ctx, c, c.batches.ListBatches, request)
		return response.GetBatches(), response.GetNextPageToken(), err
	})
}

// Batch returns the batch of the hour that a moment is in: "enwiki_namespace_0", with "_zst" behind it where its file
// is not .tar.gz. A [NotFoundError] says that the hour is not over, that it is older than batches are kept, or that
// nothing changed there.
func (c *Client) Batch(ctx context.Context, hour time.Time, identifier string) (*Batch, error) {
	request := &wikifeedv1.GetBatchRequest{Hour: timestamppb.New(hour), Identifier: identifier}
	response, err := unary(ctx, c, c.batches.GetBatch, request)
	return response.GetBatch(), err
}

// ExportBatchOption is an option of [Client.ExportBatch]: [OnProgress].
type ExportBatchOption interface{ exportBatch(*exporting) }

// ExportBatch writes the file of a batch into a folder as [Client.Export] writes those of a snapshot, and returns its
// path. [ReadArticles] reads it: a line for each change of the hour, in the order of their offsets.
//
// Files of all hours bear the same name, and one replaces the other: take a folder for each hour.
func (c *Client) ExportBatch(
	ctx context.Context, batch *Batch, folder string, options ...ExportBatchOption,
) (path string, err error) {
	e := &exporting{client: c, folder: folder, parallel: 1}
	for _, option := range options {
		option.exportBatch(e)
	}
	paths, err := e.run(ctx, []source{c.batchSource(batch)})
	if err != nil {
		return "", err
	}
	return paths[0], nil
}

// batchSource is the file of a batch.
func (c *Client) batchSource(batch *Batch) source {
	ask := func(ctx context.Context, position int64) (func() (piece, error), error) {
		stream, err := c.batches.ExportBatch(ctx, &wikifeedv1.ExportBatchRequest{
			Hour:          batch.GetHour(),
			Identifier:    batch.GetIdentifier(),
			StartPosition: position,
		}, grpc.ForceCodecV2(newPieceCodec()))
		if err != nil {
			return nil, err
		}
		return func() (piece, error) {
			sent, err := stream.Recv()
			return batchPiece{sent}, err
		}, nil
	}
	return source{facts: batch, ask: ask}
}
