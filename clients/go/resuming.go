package wikifeed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

var (
	errCutShort   = errors.New("wikifeed: the stream ended before it was complete")
	errOutOfOrder = errors.New("wikifeed: the server sent what was not asked for")
)

// SilenceError says that a stream brought nothing for so long that it counts as cut.
type SilenceError struct{ After time.Duration }

// Error tells for how long there was silence.
func (e *SilenceError) Error() string { return fmt.Sprintf("wikifeed: nothing came for %s", e.After) }

// isCut says whether err is a stream that ended by no fault of the call, so that another call can go on.
func isCut(err error) bool {
	var silence *SilenceError
	if errors.Is(err, errCutShort) || errors.As(err, &silence) {
		return true
	}
	var call *CallError
	if !errors.As(err, &call) {
		return false
	}
	switch call.Code {
	case codes.Unavailable:
		return true
	case codes.ResourceExhausted:
		return call.Reason == reasonStalled || call.Reason == reasonOverdue
	case codes.Canceled:
		// The caller's own cancellation never becomes a CallError: the other side or what is between reset the stream.
		return true
	case codes.Internal:
		return call.Reason == "" && isTransportText(call.Message)
	}
	return false
}

// isTransportText tells apart what gRPC says, under the code INTERNAL, of a stream that was reset or ended in the
// middle, from what a server says.
func isTransportText(message string) bool {
	for _, text := range []string{
		"stream terminated by RST_STREAM",
		"server closed the stream without sending trailers",
		"unexpected EOF",
	} {
		if strings.Contains(message, text) {
			return true
		}
	}
	return false
}

// backoffs are the waits before one try after the other. Each is between half of its bound and the bound, so that
// clients that were cut off together do not come back together.
type backoffs struct{ next, longest time.Duration }

func (c *Client) waits() *backoffs { return &backoffs{c.settings.firstWait, c.settings.longestWait} }

func (b *backoffs) take() time.Duration {
	bound := min(b.next, b.longest)
	b.next = min(2*bound, b.longest)
	return bound/2 + rand.N(bound/2+1)
}

// wait sleeps for the next wait; what ends it early is returned.
func (b *backoffs) wait(ctx context.Context, client *Client) error {
	return client.sleep(ctx, b.take())
}

func (c *Client) sleep(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-c.open.Done():
	}
	return c.ended(ctx)
}

// listening is a context for one stream that ends by itself where the stream is silent while it is listened to.
type listening struct {
	context.Context
	silence time.Duration
	timer   *time.Timer
	cancel  context.CancelCauseFunc
	stop    context.CancelFunc
}

func (c *Client) listen(ctx context.Context) *listening {
	live, stop := c.live(ctx)
	bound, cancel := context.WithCancelCause(live)
	silence := c.settings.silence
	timer := time.AfterFunc(silence, func() { cancel(&SilenceError{silence}) })
	return &listening{bound, silence, timer, cancel, stop}
}

func (l *listening) end() {
	l.timer.Stop()
	l.cancel(context.Canceled)
	l.stop()
}

// hear receives the next message. How long the caller takes before it asks for one does not count as silence.
func hear[Message any](l *listening, receive func() (Message, error)) (Message, error) {
	l.timer.Reset(l.silence)
	message, err := receive()
	l.timer.Stop()
	return message, err
}
