package wikifeed

import (
	"time"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/protobuf/types/known/durationpb"
)

// Start is where a stream of changes begins: [After], [Since], [Oldest], [Newest].
type Start struct {
	after  *uint64
	since  time.Time
	oldest bool
}

// After begins with the first change whose offset is greater. After(0) is the beginning of the log.
func After(offset uint64) Start { return Start{after: &offset} }

// Since begins with the first change that was published at this time or later.
func Since(moment time.Time) Start { return Start{since: moment} }

// Oldest begins with everything that the log keeps.
func Oldest() Start { return Start{oldest: true} }

// Newest begins with what is appended from when the stream is begun on. It is what holds where no start is named.
func Newest() Start { return Start{} }

// SubscribeOption is an option of [Client.Subscribe]: [After], [Since] or [Oldest], a [Filter], [Fields], [NoBody],
// [Credit], [AutoAcknowledge], [MaxUnacknowledged], [MaxBatchSize], [MaxDelay], [OnReconnect].
type SubscribeOption interface{ subscribe(*subscription) }

// StreamOption is an option of [Client.Changes], [Client.Responses] and [Client.Subscribe].
type StreamOption interface {
	ChangesOption
	SubscribeOption
}

type streamOption struct {
	changes      func(*following)
	subscription func(*subscription)
}

func (o streamOption) stream(f *following)       { o.changes(f) }
func (o streamOption) subscribe(s *subscription) { o.subscription(s) }

// NoBody leaves out the text of pages and the structured parts, and costs the server least.
func NoBody() StreamOption {
	return streamOption{
		func(f *following) { f.request.NoBody = true },
		func(s *subscription) { s.open.NoBody = true },
	}
}

// MaxBatchSize is how many changes may come at once; the server decides unless set.
func MaxBatchSize(count int32) StreamOption {
	return streamOption{
		func(f *following) { f.request.MaxBatchSize = count },
		func(s *subscription) { s.open.MaxBatchSize = count },
	}
}

// MaxDelay is how long a change may wait for others to come with it; the server decides unless set, and 0 is no wait.
func MaxDelay(delay time.Duration) StreamOption {
	return streamOption{
		func(f *following) { f.request.MaxDelay = durationpb.New(delay) },
		func(s *subscription) { s.open.MaxDelay = durationpb.New(delay) },
	}
}

// OnReconnect is told each time a stream was cut: why, and how long the wait is before it is begun again. It runs on
// the goroutine of the loop.
func OnReconnect(told func(err error, wait time.Duration)) StreamOption {
	return streamOption{
		func(f *following) { f.onReconnect = told },
		func(s *subscription) { s.onReconnect = told },
	}
}

type subscribeOption func(*subscription)

func (o subscribeOption) subscribe(s *subscription) { o(s) }

// Credit is how many changes may be on their way at once: 1,000 unless set, without bound with 0. What was taken is
// topped up by itself.
func Credit(changes int64) SubscribeOption {
	return subscribeOption(func(s *subscription) { s.open.Credit = changes })
}

// MaxUnacknowledged is how many changes may wait for their acknowledgement; 10,000 unless set.
func MaxUnacknowledged(changes int32) SubscribeOption {
	return subscribeOption(func(s *subscription) { s.open.MaxUnacknowledged = changes })
}

// AutoAcknowledge acknowledges each delivery when the next one is asked for. The one at which the loop is left comes
// again.
func AutoAcknowledge() SubscribeOption {
	return subscribeOption(func(s *subscription) { s.automatic = true })
}

func (start Start) stream(f *following)       { f.start = start }
func (start Start) subscribe(s *subscription) { s.start = start }

func (filter Filter) stream(f *following) {
	f.request.Projects = filter.Projects
	f.request.Namespaces = filter.Namespaces
	f.request.Languages = filter.Languages
	f.request.EventTypes = filter.EventTypes
	f.request.PageIds = filter.PageIDs
}

func (filter Filter) subscribe(s *subscription) {
	s.open.Filter = &wikifeedv1.ChangeFilter{
		Projects:   filter.Projects,
		Namespaces: filter.Namespaces,
		Languages:  filter.Languages,
		EventTypes: filter.EventTypes,
		PageIds:    filter.PageIDs,
	}
}

func (fields FieldsOption) stream(f *following)       { f.request.ReadMask = fields.mask() }
func (fields FieldsOption) subscribe(s *subscription) { s.open.ReadMask = fields.mask() }
