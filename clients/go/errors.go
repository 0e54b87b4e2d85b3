package wikifeed

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ErrClosed is what calls end with once [Client.Close] was called.
var ErrClosed = errors.New("wikifeed: the client is closed")

// CallError is a call that did not succeed. The types for particular kinds of it hold one.
type CallError struct {
	// Code is gRPC's canonical code.
	Code codes.Code
	// Reason is the server's stable word for what is wrong, such as "ARTICLE_NOT_FOUND"; empty where the error did not
	// come from a Wikifeed server.
	Reason string
	// Message is for people.
	Message string
	// Metadata are short texts for programs, as the reason defines them.
	Metadata map[string]string
	// RequestID is under which the server's log has the call; empty where it did not say.
	RequestID string

	status *status.Status
}

// Error tells the server's own words and its reason.
func (e *CallError) Error() string {
	reason := e.Reason
	if reason == "" {
		reason = e.Code.String()
	}
	return fmt.Sprintf("wikifeed: %s (%s)", e.Message, reason)
}

// GRPCStatus lets [status.FromError] find the status as it came.
func (e *CallError) GRPCStatus() *status.Status { return e.status }

// Is makes a call that ran into its deadline [context.DeadlineExceeded], and one that was canceled [context.Canceled].
func (e *CallError) Is(target error) bool {
	switch target {
	case context.DeadlineExceeded:
		return e.Code == codes.DeadlineExceeded
	case context.Canceled:
		return e.Code == codes.Canceled
	}
	return false
}

// NotFoundError says that something is not there.
type NotFoundError struct {
	*CallError
	// ResourceType and ResourceName say what was looked for: "article", "Ada Lovelace".
	ResourceType, ResourceName string
	// DeletedAt is when the article was deleted; zero where it was never there.
	DeletedAt time.Time
	// RedirectTarget is the title to which the redirect page leads that was asked for, where the server lacks it.
	RedirectTarget string
}

// Unwrap returns the CallError.
func (e *NotFoundError) Unwrap() error { return e.CallError }

// InvalidRequestError says what is wrong with a request. The same request will never succeed.
type InvalidRequestError struct {
	*CallError
	// Violations are the fields that are wrong.
	Violations []FieldViolation
}

// FieldViolation is one field of a request that is wrong.
type FieldViolation struct {
	// Field is the field's dotted path.
	Field string
	// Description says what is wrong with it.
	Description string
}

// Unwrap returns the CallError.
func (e *InvalidRequestError) Unwrap() error { return e.CallError }

// CursorExpiredError says that the log no longer keeps the changes after the place asked for. To go on without loss,
// export the snapshot and stream after SnapshotOffset; to accept the gap, stream after OldestOffset - 1.
type CursorExpiredError struct {
	*CallError
	// OldestOffset is the oldest offset that the log keeps.
	OldestOffset uint64
	// SnapshotIdentifier and SnapshotOffset name a snapshot from which a stream can go on; zero where there is none.
	SnapshotIdentifier string
	SnapshotOffset     uint64
}

// Unwrap returns the CallError.
func (e *CursorExpiredError) Unwrap() error { return e.CallError }

// QuotaExceededError says that the account has used up what its plan allows, or has too much at once.
type QuotaExceededError struct {
	*CallError
	// RetryAfter is how long to wait before another try can succeed; zero where the server did not say.
	RetryAfter time.Duration
}

// Unwrap returns the CallError.
func (e *QuotaExceededError) Unwrap() error { return e.CallError }

// UnauthenticatedError says that the call shows no credentials where some are needed, or some that are not good.
type UnauthenticatedError struct{ *CallError }

// Unwrap returns the CallError.
func (e *UnauthenticatedError) Unwrap() error { return e.CallError }

// PermissionDeniedError says that the account's plan does not allow the call.
type PermissionDeniedError struct{ *CallError }

// Unwrap returns the CallError.
func (e *PermissionDeniedError) Unwrap() error { return e.CallError }

// UnavailableError says that no server answered, or that it is stopping. Another try may succeed.
type UnavailableError struct {
	*CallError
	// RetryAfter is how long the server asks to wait; zero where it did not say.
	RetryAfter time.Duration
}

// Unwrap returns the CallError.
func (e *UnavailableError) Unwrap() error { return e.CallError }

// DamagedError says that bytes of a snapshot or a batch did not match their checksum, and did not either when they were
// sent again; or that what the server itself has is damaged.
type DamagedError struct {
	// File is the name of the file; empty where the server said that what it has is damaged.
	File string
	// Problem says what is wrong.
	Problem string

	call *CallError
}

// Error names the file and what is wrong with it.
func (e *DamagedError) Error() string {
	if e.call != nil {
		return e.call.Error()
	}
	return fmt.Sprintf("wikifeed: %s is damaged: %s", e.File, e.Problem)
}

// Unwrap returns the CallError, where a call ended so.
func (e *DamagedError) Unwrap() error {
	if e.call == nil {
		return nil
	}
	return e.call
}

// callError makes of what a call ended with an error of the tree. A context that is done, or a client that is closed,
// is what ended the call, whatever gRPC made of it.
func (c *Client) callError(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ended := c.ended(ctx); ended != nil {
		return ended
	}
	return statusError(status.Convert(err))
}

// statusError makes an error of the tree of a status that is not OK.
func statusError(from *status.Status) error {
	base := &CallError{Code: from.Code(), Message: from.Message(), status: from}
	found := details{}
	for _, detail := range from.Details() {
		found.read(detail, base)
	}
	switch base.Code {
	case codes.NotFound:
		deleted, _ := time.Parse(time.RFC3339, base.Metadata["deleted_at"])
		return &NotFoundError{
			CallError:      base,
			ResourceType:   found.resource.GetResourceType(),
			ResourceName:   found.resource.GetResourceName(),
			DeletedAt:      deleted,
			RedirectTarget: base.Metadata["redirect_target"],
		}
	case codes.InvalidArgument:
		return &InvalidRequestError{base, found.violations}
	case codes.OutOfRange:
		if base.Reason == reasonOffsetExpired {
			return cursorExpired(base)
		}
	case codes.ResourceExhausted:
		if isQuota(base.Reason) {
			return &QuotaExceededError{base, found.retryAfter}
		}
	case codes.Unauthenticated:
		return &UnauthenticatedError{base}
	case codes.PermissionDenied:
		return &PermissionDeniedError{base}
	case codes.Unavailable:
		return &UnavailableError{base, found.retryAfter}
	case codes.DataLoss:
		return &DamagedError{Problem: base.Message, call: base}
	case codes.Unimplemented:
		if base.Reason == "" {
			base.Message = fmt.Sprintf(
				"the server does not know this call, for it is older than this client (%s): %s", Version, base.Message)
		}
	}
	return base
}

// ownDomain is the domain of Wikifeed's reasons; proxies may give others.
const ownDomain = "wikifeed"

// Reasons that decide what is done, beside codes.
const (
	reasonOffsetExpired    = "OFFSET_EXPIRED"
	reasonSnapshotMissing  = "SNAPSHOT_NOT_FOUND"
	reasonSnapshotNotReady = "SNAPSHOT_NOT_READY"
	reasonStalled          = "SUBSCRIBER_STALLED"
	reasonOverdue          = "ACKNOWLEDGEMENT_OVERDUE"
	reasonStoreFull        = "STORE_FULL"
)

// isQuota tells quotas apart from what shares their code: a client that was too slow, or a disk of the server's.
// Without a reason it is gRPC's own: a message that is too large.
func isQuota(reason string) bool {
	switch reason {
	case "", reasonStalled, reasonOverdue, reasonStoreFull:
		return false
	}
	return true
}

// details are what a status tells beside its code, reason and message.
type details struct {
	resource   *errdetails.ResourceInfo
	violations []FieldViolation
	retryAfter time.Duration
}

func (d *details) read(detail any, base *CallError) {
	switch detail := detail.(type) {
	case *errdetails.ErrorInfo:
		base.Metadata = detail.GetMetadata()
		if detail.GetDomain() == ownDomain {
			base.Reason = detail.GetReason()
		}
	case *errdetails.RequestInfo:
		base.RequestID = detail.GetRequestId()
	case *errdetails.ResourceInfo:
		d.resource = detail
	case *errdetails.RetryInfo:
		d.retryAfter = detail.GetRetryDelay().AsDuration()
	case *errdetails.BadRequest:
		for _, each := range detail.GetFieldViolations() {
			d.violations = append(d.violations, FieldViolation{each.GetField(), each.GetDescription()})
		}
	}
}

func cursorExpired(base *CallError) *CursorExpiredError {
	offset := func(key string) uint64 {
		value, err := strconv.ParseUint(base.Metadata[key], 10, 64)
		if err != nil {
			return 0
		}
		return value
	}
	return &CursorExpiredError{
		CallError:          base,
		OldestOffset:       offset("oldest_offset"),
		SnapshotIdentifier: base.Metadata["snapshot_identifier"],
		SnapshotOffset:     offset("snapshot_offset"),
	}
}
