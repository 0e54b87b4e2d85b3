package main

import (
	"context"
	"errors"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	"google.golang.org/grpc/codes"
)

// errorSeen is an error in the words of the suite.
type errorSeen struct {
	Kind   string         `json:"kind"`
	Fields map[string]any `json:"fields"`
}

func (e *errorSeen) set(name string, value any, isSet bool) {
	if isSet {
		e.Fields[name] = value
	}
}

func describe(err error) *errorSeen {
	seen := &errorSeen{Kind: "Other", Fields: map[string]any{}}
	var (
		call            *wikifeed.CallError
		notFound        *wikifeed.NotFoundError
		invalid         *wikifeed.InvalidRequestError
		expired         *wikifeed.CursorExpiredError
		quota           *wikifeed.QuotaExceededError
		unauthenticated *wikifeed.UnauthenticatedError
		denied          *wikifeed.PermissionDeniedError
		unavailable     *wikifeed.UnavailableError
		damaged         *wikifeed.DamagedError
	)
	if errors.As(err, &call) {
		seen.set("reason", call.Reason, call.Reason != "")
	}
	switch {
	case errors.As(err, &notFound):
		seen.Kind = "NotFound"
		seen.set("deleted_at", notFound.DeletedAt.UTC().Format(time.RFC3339), !notFound.DeletedAt.IsZero())
	case errors.As(err, &invalid):
		seen.Kind = "InvalidRequest"
		seen.set("violations", violations(invalid), len(invalid.Violations) > 0)
	case errors.As(err, &expired):
		seen.Kind = "CursorExpired"
		seen.set("oldest_offset", expired.OldestOffset, expired.OldestOffset > 0)
		seen.set("snapshot_identifier", expired.SnapshotIdentifier, expired.SnapshotIdentifier != "")
		seen.set("snapshot_offset", expired.SnapshotOffset, expired.SnapshotOffset > 0)
	case errors.As(err, &quota):
		seen.Kind = "QuotaExceeded"
		seen.set("retry_after_seconds", quota.RetryAfter.Seconds(), quota.RetryAfter > 0)
	case errors.As(err, &unauthenticated):
		seen.Kind = "Unauthenticated"
	case errors.As(err, &denied):
		seen.Kind = "PermissionDenied"
	case errors.As(err, &unavailable):
		return &errorSeen{"Unavailable", map[string]any{}}
	case errors.As(err, &damaged):
		return &errorSeen{"DamagedData", map[string]any{}}
	case errors.Is(err, context.DeadlineExceeded):
		return &errorSeen{"DeadlineExceeded", map[string]any{}}
	case call != nil:
		seen.set("code", codeNames[call.Code], true)
	default:
		seen.set("message", err.Error(), true)
	}
	return seen
}

func violations(invalid *wikifeed.InvalidRequestError) []map[string]string {
	var made []map[string]string
	for _, each := range invalid.Violations {
		made = append(made, map[string]string{"field": each.Field, "description": each.Description})
	}
	return made
}

// codeNames are the codes' names as protocols write them, of those that no kind stands for.
var codeNames = map[codes.Code]string{
	codes.Canceled:           "CANCELLED",
	codes.Unknown:            "UNKNOWN",
	codes.AlreadyExists:      "ALREADY_EXISTS",
	codes.ResourceExhausted:  "RESOURCE_EXHAUSTED",
	codes.FailedPrecondition: "FAILED_PRECONDITION",
	codes.Aborted:            "ABORTED",
	codes.OutOfRange:         "OUT_OF_RANGE",
	codes.Unimplemented:      "UNIMPLEMENTED",
	codes.Internal:           "INTERNAL",
}
