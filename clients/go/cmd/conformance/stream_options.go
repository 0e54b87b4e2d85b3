package main

import (
	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
)

type filter struct {
	Projects   []string `json:"projects"`
	Namespaces []int64  `json:"namespaces"`
	Languages  []string `json:"languages"`
	EventTypes []string `json:"event_types"`
	PageIDs    []int64  `json:"page_ids"`
}

func (f filter) option() wikifeed.Filter {
	made := wikifeed.Filter{
		Projects: f.Projects, Namespaces: f.Namespaces, Languages: f.Languages, PageIDs: f.PageIDs,
	}
	for _, name := range f.EventTypes {
		made.EventTypes = append(made.EventTypes, wikifeed.EventType(wikifeedv1.EventType_value["EVENT_TYPE_"+name]))
	}
	return made
}

// streamOptions are how to send what passes the filter.
type streamOptions struct {
	ReadMask          []string  `json:"read_mask"`
	NoBody            bool      `json:"no_body"`
	MaxBatchSize      int32     `json:"max_batch_size"`
	MaxDelaySeconds   *float64  `json:"max_delay_seconds"`
	Share             *[2]int32 `json:"share"`
	AllowCompacted    bool      `json:"allow_compacted"`
	MaxUnacknowledged int32     `json:"max_unacknowledged"`
}

// streamed are the options that changes and subscriptions have in common.
func (a action) streamed() []wikifeed.StreamOption {
	options := []wikifeed.StreamOption{
		a.Filter.option(), wikifeed.Fields(a.Options.ReadMask...), wikifeed.MaxBatchSize(a.Options.MaxBatchSize),
	}
	if a.Start.named != nil {
		options = append(options, *a.Start.named)
	}
	if a.Options.NoBody {
		options = append(options, wikifeed.NoBody())
	}
	if a.Options.MaxDelaySeconds != nil {
		options = append(options, wikifeed.MaxDelay(seconds(a.Options.MaxDelaySeconds, 0)))
	}
	return options
}

func (a action) changesOptions() []wikifeed.ChangesOption {
	options := []wikifeed.ChangesOption{wikifeed.Until(a.Until)}
	for _, option := range a.streamed() {
		options = append(options, option)
	}
	if share := a.Options.Share; share != nil {
		options = append(options, wikifeed.Share(share[0], share[1]))
	}
	if a.Options.AllowCompacted {
		options = append(options, wikifeed.AllowCompacted())
	}
	return options
}

func (a action) subscribeOptions() []wikifeed.SubscribeOption {
	options := []wikifeed.SubscribeOption{wikifeed.MaxUnacknowledged(a.Options.MaxUnacknowledged)}
	for _, option := range a.streamed() {
		options = append(options, option)
	}
	if a.Credit != nil {
		options = append(options, wikifeed.Credit(*a.Credit))
	}
	return options
}
