package main

import (
	"encoding/json"
	"fmt"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

// observation is what an action showed.
type observation struct {
	Offsets    []uint64              `json:"offsets,omitempty"`
	Names      []string              `json:"names,omitempty"`
	Missing    map[string]*errorSeen `json:"missing,omitempty"`
	Checkpoint *uint64               `json:"checkpoint,omitempty"`
	Files      map[string]string     `json:"files,omitempty"`
	Batches    []string              `json:"batches,omitempty"`
	Snapshots  []string              `json:"snapshots,omitempty"`
	// Articles are serialized, by name.
	Articles      map[string][]byte `json:"articles,omitempty"`
	Mirror        json.RawMessage   `json:"mirror,omitempty"`
	Projects      []string          `json:"projects,omitempty"`
	Subscriptions []string          `json:"subscriptions,omitempty"`
	Log           []uint64          `json:"log,omitempty"`
	Account       string            `json:"account,omitempty"`
	Usage         []string          `json:"usage,omitempty"`
	Error         *errorSeen        `json:"error,omitempty"`
}

func (o *observation) change(change *wikifeed.Change) {
	o.Offsets = append(o.Offsets, change.GetOffset())
	o.article(change.GetArticle())
}

func (o *observation) article(article *wikifeed.Article) {
	o.Names = append(o.Names, article.GetName())
}

func (o *observation) snapshot(snapshot *wikifeed.Snapshot) {
	o.Snapshots = append(o.Snapshots, fmt.Sprintf("%s %d", snapshot.GetIdentifier(), snapshot.GetOffset()))
}

func (o *observation) subscription(subscription *wikifeed.Subscription) {
	told := fmt.Sprintf("%s %d", subscription.GetName(), subscription.GetAcknowledgedOffset())
	o.Subscriptions = append(o.Subscriptions, told)
}
