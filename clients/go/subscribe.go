package wikifeed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
	"time"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

const (
	defaultCredit = 1000
	// How long the server may take to store the last acknowledgements of a client that says goodbye.
	farewell = 5 * time.Second
)

// ErrRedelivered is what [Delivery.Acknowledge] returns where the call that brought the delivery was cut: its changes
// come again. What was done with them can stay where it can be done twice.
var ErrRedelivered = errors.New("wikifeed: the call was cut before this was acknowledged: it comes again")

// Delivery is changes that wait for their acknowledgement.
type Delivery struct {
	// Changes are the changes, those of each page in the order of their offsets.
	Changes []*Change
	// ThroughOffset is through which offset every change of this client's pages was delivered or did not pass.
	ThroughOffset uint64

	id   uint64
	call *subscribeCall
}

// Acknowledge says that this delivery and all before it were handled: they do not come again. It may be called from any
// goroutine, and returns [ErrRedelivered] where it came too late.
func (d *Delivery) Acknowledge() error {
	return d.call.send(&wikifeedv1.SubscribeRequest{
		Action: &wikifeedv1.SubscribeRequest_Acknowledge{Acknowledge: d.id},
	})
}

// Subscribe gives what a durable subscription delivers. The server makes it where there is none of that name, at the
// start given or else after the newest change; one that exists goes on behind what was acknowledged. Several clients of
// one name share the pages.
//
// Each change comes at least once: those that were not acknowledged when a call is cut come again. The iteration goes
// on over cuts as that of [Client.Changes] does, and ends with the same errors.
func (c *Client) Subscribe(ctx context.Context, name string, options ...SubscribeOption) iter.Seq2[*Delivery, error] {
	return func(yield func(*Delivery, error) bool) {
		s := &subscription{
			client: c,
			open:   &wikifeedv1.OpenSubscription{Name: name, Credit: defaultCredit},
			yield:  yield,
		}
		for _, option := range options {
			option.subscribe(s)
		}
		if err := s.run(ctx); err != nil {
			yield(nil, err)
		}
	}
}

// subscription is one iteration over what a subscription delivers.
type subscription struct {
	client      *Client
	open        *wikifeedv1.OpenSubscription
	start       Start
	automatic   bool
	onReconnect func(error, time.Duration)
	yield       func(*Delivery, error) bool
	// created is when the subscription was made, as soon as the server said so.
	created *timestamppb.Timestamp
}

func (s *subscription) run(ctx context.Context) error {
	waits := s.client.waits()
	for {
		left, heard, err := s.call(ctx)
		if left {
			return nil
		}
		if !isCut(err) {
			return err
		}
		if heard {
			waits = s.client.waits()
		}
		wait := waits.take()
		if s.onReconnect != nil {
			s.onReconnect(err, wait)
		}
		if err := s.client.sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// call makes one call and gives what it delivers until the loop is left or the call ends.
func (s *subscription) call(ctx context.Context) (left, heard bool, err error) {
	if err := s.settle(ctx); err != nil {
		return false, false, err
	}
	listening := s.client.listen(ctx)
	defer listening.end()
	stream, err := s.client.changes.Subscribe(listening)
	if err != nil {
		return false, false, s.client.callError(listening, err)
	}
	call := &subscribeCall{stream: stream}
	defer call.over()
	if err := call.send(&wikifeedv1.SubscribeRequest{Action: &wikifeedv1.SubscribeRequest_Open{Open: s.open}}); err != nil {
		// What the call ended with comes from the other side: it is what is received.
		_, err = stream.Recv()
		return false, false, s.client.callError(listening, err)
	}
	for {
		response, err := hear(listening, stream.Recv)
		if errors.Is(err, io.EOF) {
			return false, heard, errCutShort
		}
		if err != nil {
			return false, heard, s.client.callError(listening, err)
		}
		heard = true
		if err := s.requireSame(response.GetSubscription()); err != nil {
			return false, heard, err
		}
		if response.GetDeliveryId() > 0 && !s.deliver(call, response) {
			call.farewell(listening)
			return true, heard, nil
		}
	}
}

// deliver gives one delivery and, once it was taken, tops up the credit. It says whether the caller wants more.
func (s *subscription) deliver(call *subscribeCall, response *wikifeedv1.SubscribeResponse) bool {
	delivery := &Delivery{response.GetChanges(), response.GetThroughOffset(), response.GetDeliveryId(), call}
	count := int64(len(delivery.Changes))
	if !s.yield(delivery, nil) {
		return false
	}
	// A call that is cut can't be told anything: receiving from it tells that it is, and the rest comes again.
	if s.automatic {
		_ = delivery.Acknowledge()
	}
	if s.open.Credit > 0 && count > 0 {
		_ = call.send(&wikifeedv1.SubscribeRequest{Action: &wikifeedv1.SubscribeRequest_Credit{Credit: count}})
	}
	return true
}

// requireSame makes an error of a subscription that was deleted and made anew while its client was away: it begins
// elsewhere, and what lay between would be lost silently.
func (s *subscription) requireSame(told *wikifeedv1.Subscription) error {
	created := told.GetDateCreated()
	if created == nil {
		return nil
	}
	if s.created == nil || proto.Equal(s.created, created) {
		s.created = created
		return nil
	}
	words := fmt.Sprintf("the subscription %s was deleted, and made anew at %s", told.GetName(), created.AsTime())
	call := &CallError{
		Code: codes.NotFound, Reason: "SUBSCRIPTION_NOT_FOUND", Message: words, status: status.New(codes.NotFound, words),
	}
	return &NotFoundError{
		CallError:    call,
		ResourceType: "subscription",
		ResourceName: told.GetName(),
	}
}

// settle names where a fresh subscription begins. The log's ends are asked for once, so that an opening that is cut
// and repeated leaves nothing out.
func (s *subscription) settle(ctx context.Context) error {
	if s.start.after == nil && s.start.since.IsZero() {
		info, err := s.client.logInfo(ctx)
		if err != nil {
			return err
		}
		if s.start.oldest {
			s.start = After(max(info.GetOldestOffset(), 1) - 1)
		} else {
			s.start = After(info.GetNewestOffset())
		}
	}
	if s.start.after != nil {
		s.open.Start = &wikifeedv1.OpenSubscription_AfterOffset{AfterOffset: *s.start.after}
	} else {
		s.open.Start = &wikifeedv1.OpenSubscription_Since{Since: timestamppb.New(s.start.since)}
	}
	return nil
}

// subscribeCall is one call. Its stream may be sent to by one goroutine at a time.
type subscribeCall struct {
	sending sync.Mutex
	stream  grpc.BidiStreamingClient[wikifeedv1.SubscribeRequest, wikifeedv1.SubscribeResponse]
	ended   bool
}

func (c *subscribeCall) send(request *wikifeedv1.SubscribeRequest) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	if c.ended || c.stream.Send(request) != nil {
		return ErrRedelivered
	}
	return nil
}

func (c *subscribeCall) over() {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.ended = true
}

// farewell says that nothing more will be acknowledged, and waits until what was is stored.
func (c *subscribeCall) farewell(listening *listening) {
	c.sending.Lock()
	c.ended = true
	err := c.stream.CloseSend()
	c.sending.Unlock()
	timer := time.AfterFunc(farewell, func() { listening.cancel(context.Canceled) })
	defer timer.Stop()
	for err == nil {
		_, err = c.stream.Recv()
	}
}
