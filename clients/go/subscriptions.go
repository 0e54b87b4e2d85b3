package wikifeed

import (
	"context"
	"iter"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
)

// Subscription tells how far a durable subscription is. Where there is none of that name it is a [NotFoundError].
func (c *Client) Subscription(ctx context.Context, name string) (*Subscription, error) {
	request := &wikifeedv1.GetSubscriptionRequest{Name: name}
	response, err := unary(ctx, c, c.changes.GetSubscription, request)
	return response.GetSubscription(), err
}

// Subscriptions gives the durable subscriptions that the server keeps, in the order of their names.
func (c *Client) Subscriptions(ctx context.Context) iter.Seq2[*Subscription, error] {
	request := &wikifeedv1.ListSubscriptionsRequest{}
	return pages(func(token string) ([]*Subscription, string, error) {
		request.PageToken = token
		response, err := unary(ctx, c, c.changes.ListSubscriptions, request)
		return response.GetSubscriptions(), response.GetNextPageToken(), err
	})
}

// DeleteSubscription has the server forget a durable subscription. Where there is none of that name it is a
// [NotFoundError].
func (c *Client) DeleteSubscription(ctx context.Context, name string) error {
	_, err := unary(ctx, c, c.changes.DeleteSubscription, &wikifeedv1.DeleteSubscriptionRequest{Name: name})
	return err
}
