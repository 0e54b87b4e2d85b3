package main

import (
	"context"
	"fmt"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

// performing is one action at work, with a client of its own.
type performing struct {
	action
	client *wikifeed.Client
	folder string
	seen   *observation
}

var performances = map[string]func(*performing, context.Context) error{
	"get":                 (*performing).get,
	"batch_get":           (*performing).batchGet,
	"structured":          (*performing).structured,
	"lookup":              (*performing).lookup,
	"list":                (*performing).list,
	"changes":             (*performing).changes,
	"subscribe":           (*performing).subscribe,
	"snapshots":           (*performing).snapshots,
	"make_snapshot":       (*performing).makeSnapshot,
	"export":              (*performing).export,
	"read":                (*performing).read,
	"mirror":              (*performing).mirror,
	"batches":             (*performing).batches,
	"export_batch":        (*performing).exportBatch,
	"projects":            (*performing).projects,
	"change_log":          (*performing).changeLog,
	"subscriptions":       (*performing).subscriptions,
	"subscription":        (*performing).subscription,
	"delete_subscription": (*performing).deleteSubscription,
	"account":             (*performing).account,
	"usage":               (*performing).usage,
}

func (p *performing) run(ctx context.Context) error {
	perform, isKnown := performances[p.Do]
	if !isKnown {
		return fmt.Errorf("there is no action %q", p.Do)
	}
	return perform(p, ctx)
}
