package wikifeed

import (
	"context"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
)

// Account tells who calls: the account and its plan, what it used this month, what is left of the month, and when the
// next begins. Without credentials it is an [UnauthenticatedError].
func (c *Client) Account(ctx context.Context) (*wikifeedv1.GetAccountResponse, error) {
	return unary(ctx, c, c.accounts.GetAccount, &wikifeedv1.GetAccountRequest{})
}

// Usage tells what the account that calls used, on each day on which that was anything. The days are of UTC, written
// "2026-01-31", and both are included. An empty first is the first of last's month, an empty last is today.
func (c *Client) Usage(ctx context.Context, first, last string) ([]*wikifeedv1.DailyUsage, error) {
	request := &wikifeedv1.ListUsageRequest{FirstDay: first, LastDay: last}
	response, err := unary(ctx, c, c.accounts.ListUsage, request)
	return response.GetDays(), err
}
