package wikifeed

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// ChangesOption is an option of [Client.Changes] and [Client.Responses]: a [Start], a [Filter], [Fields], [NoBody],
// [Share], [Until], [MaxBatchSize], [MaxDelay], [AllowCompacted], [Keep], [OnReconnect].
type ChangesOption interface{ stream(*following) }

type changesOption func(*following)

func (o changesOption) stream(f *following) { o(f) }

// Share lets pass the share of one of several consumers: all changes of a page go to the same one. index counts from 0.
func Share(index, count int32) ChangesOption {
	return changesOption(func(f *following) { f.request.Share = &wikifeedv1.Share{Index: index, Count: count} })
}

// Until ends the iteration once every change up to and including this offset was given.
func Until(offset uint64) ChangesOption {
	return changesOption(func(f *following) { f.request.UntilOffset = offset })
}

// AllowCompacted lets the stream begin where the log keeps only the change that made each page's state.
func AllowCompacted() ChangesOption {
	return changesOption(func(f *following) { f.request.AllowCompacted = true })
}

// Keep begins after the place that the checkpoint holds, where it holds one, and saves the place there as the caller
// comes on. See [Checkpoint] for what that promises.
func Keep(checkpoint Checkpoint) ChangesOption {
	return changesOption(func(f *following) { f.checkpoint = checkpoint })
}

// Changes gives the log's changes that pass the filter, each exactly once and in the order of their offsets, from the
// start on and then each as it happens, until the context ends or the loop is left.
//
// A stream that is cut is begun again after what was given. What can't go on so ends the iteration with its error:
// a [CursorExpiredError] where the log no longer keeps what follows, and whatever the server refuses.
func (c *Client) Changes(ctx context.Context, options ...ChangesOption) iter.Seq2[*Change, error] {
	return func(yield func(*Change, error) bool) {
		f := c.following(options)
		err := f.run(ctx, func(response *wikifeedv1.StreamChangesResponse) (bool, error) {
			for _, change := range response.GetChanges() {
				if ended := c.ended(ctx); ended != nil {
					return false, errors.Join(f.save(ctx), ended)
				}
				if !yield(change, nil) {
					return false, f.leave(ctx)
				}
				f.taken = at(change.GetOffset())
			}
			f.taken = at(response.GetThroughOffset())
			return true, f.save(ctx)
		})
		if err != nil && !errors.Is(err, errLeft) {
			yield(nil, err)
		}
	}
}

// Responses gives what [Client.Changes] gives as it comes, several changes at once or none, each time with the offset
// through which all was given. That moves even when the filter lets nothing pass, so who stores it in one transaction
// with what the changes make has each change exactly once, and a cursor that never falls behind what the log keeps.
func (c *Client) Responses(
	ctx context.Context, options ...ChangesOption,
) iter.Seq2[*wikifeedv1.StreamChangesResponse, error] {
	return func(yield func(*wikifeedv1.StreamChangesResponse, error) bool) {
		f := c.following(options)
		err := f.run(ctx, func(response *wikifeedv1.StreamChangesResponse) (bool, error) {
			if !yield(response, nil) {
				return false, errLeft
			}
			f.taken = at(response.GetThroughOffset())
			return true, f.save(ctx)
		})
		if err != nil && !errors.Is(err, errLeft) {
			yield(nil, err)
		}
	}
}

// following is one iteration over the log.
//
// Promise: a call asks for what follows `place`, and `place` is that through which everything was handed over. What a
// server sends again is not handed over again.
type following struct {
	client      *Client
	request     *wikifeedv1.StreamChangesRequest
	start       Start
	checkpoint  Checkpoint
	onReconnect func(error, time.Duration)
	place       place
	taken       place
	saved       place
}

// place is an offset, where one is known.
type place struct {
	offset uint64
	known  bool
}

func at(offset uint64) place { return place{offset, true} }

// errLeft ends an iteration whose caller left the loop and wants to hear nothing more.
var errLeft = errors.New("the loop was left")

func (c *Client) following(options []ChangesOption) *following {
	f := &following{client: c, request: &wikifeedv1.StreamChangesRequest{}}
	for _, option := range options {
		option.stream(f)
	}
	return f
}

// run hands over each response until it says that no more is wanted, and returns what the iteration ends with.
func (f *following) run(ctx context.Context, hand func(*wikifeedv1.StreamChangesResponse) (bool, error)) error {
	if err := f.load(ctx); err != nil {
		return err
	}
	waits := f.client.waits()
	for {
		more, heard, err := f.call(ctx, hand)
		if err == nil && !more {
			return nil
		}
		if !isCut(err) {
			return err
		}
		if heard {
			waits = f.client.waits()
		}
		wait := waits.take()
		if f.onReconnect != nil {
			f.onReconnect(err, wait)
		}
		if err := f.client.sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// call makes one call and hands over what it brings. more is false once the iteration is complete; otherwise err says
// why the call ended. heard says whether it brought anything.
func (f *following) call(
	ctx context.Context, hand func(*wikifeedv1.StreamChangesResponse) (bool, error),
) (more, heard bool, err error) {
	if err := f.settle(ctx); err != nil {
		return true, false, err
	}
	if f.isComplete() {
		return false, false, nil
	}
	listening := f.client.listen(ctx)
	defer listening.end()
	stream, err := f.client.changes.StreamChanges(listening, f.request)
	if err != nil {
		return true, false, f.client.callError(listening, err)
	}
	for {
		response, err := hear(listening, stream.Recv)
		switch {
		case errors.Is(err, io.EOF) && f.isComplete():
			return false, heard, nil
		case errors.Is(err, io.EOF):
			return true, heard, errCutShort
		case err != nil:
			return true, heard, f.client.callError(listening, err)
		}
		heard = true
		f.advance(response)
		if more, err := hand(response); err != nil || !more {
			return false, heard, err
		}
	}
}

// advance takes out of the response what was handed over before, and moves the place.
func (f *following) advance(response *wikifeedv1.StreamChangesResponse) {
	fresh := response.Changes[:0]
	for _, change := range response.Changes {
		if !f.place.known || change.GetOffset() > f.place.offset {
			fresh = append(fresh, change)
			f.place = at(change.GetOffset())
		}
	}
	response.Changes = fresh
	f.place = at(max(f.place.offset, response.GetThroughOffset()))
	response.ThroughOffset = f.place.offset
}

// settle names in the request where to go on. The newest offset is asked for once: a stream that was to begin there and
// was cut before it said anything would leave out what happened meanwhile if it were just begun again.
func (f *following) settle(ctx context.Context) error {
	if !f.place.known && f.start.after == nil && f.start.since.IsZero() && !f.start.oldest {
		info, err := f.client.logInfo(ctx)
		if err != nil {
			return err
		}
		f.start = After(info.GetNewestOffset())
	}
	if !f.place.known && f.start.after != nil {
		f.place = at(*f.start.after)
	}
	switch {
	case f.place.known:
		f.request.Start = &wikifeedv1.StreamChangesRequest_AfterOffset{AfterOffset: f.place.offset}
	case f.start.oldest:
		f.request.Start = &wikifeedv1.StreamChangesRequest_Position{
			Position: wikifeedv1.StartPosition_START_POSITION_OLDEST,
		}
	default:
		f.request.Start = &wikifeedv1.StreamChangesRequest_Since{Since: timestamppb.New(f.start.since)}
	}
	return nil
}

func (f *following) isComplete() bool {
	return f.request.UntilOffset > 0 && f.place.known && f.place.offset >= f.request.UntilOffset
}

func (f *following) load(ctx context.Context) error {
	if f.checkpoint == nil {
		return nil
	}
	offset, found, err := f.checkpoint.Load(ctx)
	if err == nil && found {
		f.place, f.taken, f.saved = at(offset), at(offset), at(offset)
	}
	return err
}

// save stores how far the caller is, even where ctx ended meanwhile: what was taken was taken.
func (f *following) save(ctx context.Context) error {
	if f.checkpoint == nil || !f.taken.known || f.taken == f.saved {
		return nil
	}
	if err := f.checkpoint.Save(context.WithoutCancel(ctx), f.taken.offset); err != nil {
		return err
	}
	f.saved = f.taken
	return nil
}

// leave saves for a caller who left the loop. What can't be saved then comes again.
func (f *following) leave(ctx context.Context) error {
	return errors.Join(errLeft, f.save(ctx))
}

// ChangeLog tells which offsets and times the log holds, and how long it keeps them.
func (c *Client) ChangeLog(ctx context.Context) (*wikifeedv1.GetChangeLogInfoResponse, error) {
	return unary(ctx, c, c.changes.GetChangeLogInfo, &wikifeedv1.GetChangeLogInfoRequest{})
}

// logInfo is ChangeLog for streams, to which a server that does not answer is one that is silent.
func (c *Client) logInfo(ctx context.Context) (*wikifeedv1.GetChangeLogInfoResponse, error) {
	info, err := c.ChangeLog(ctx)
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil, &SilenceError{c.settings.timeout}
	}
	return info, err
}
