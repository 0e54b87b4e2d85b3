package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
)

// action is one thing to do; which fields it has is told by Do.
type action struct {
	Do          string    `json:"do"`
	Project     string    `json:"project"`
	Projects    []string  `json:"projects"`
	Title       string    `json:"title"`
	Titles      []string  `json:"titles"`
	PageID      int64     `json:"page_id"`
	ReadMask    []string  `json:"read_mask"`
	PageSize    int32     `json:"page_size"`
	Start       start     `json:"start"`
	Take        int       `json:"take"`
	Filter      *filter   `json:"filter"`
	Until       uint64    `json:"until"`
	Checkpoint  string    `json:"checkpoint"`
	Name        string    `json:"name"`
	Acknowledge chosen    `json:"acknowledge"`
	Credit      *int64    `json:"credit"`
	Identifier  string    `json:"identifier"`
	Hour        time.Time `json:"hour"`
}

type filter struct {
	Projects   []string `json:"projects"`
	Namespaces []int64  `json:"namespaces"`
	Languages  []string `json:"languages"`
	EventTypes []string `json:"event_types"`
	PageIDs    []int64  `json:"page_ids"`
}

func (f *filter) option() wikifeed.Filter {
	made := wikifeed.Filter{
		Projects: f.Projects, Namespaces: f.Namespaces, Languages: f.Languages, PageIDs: f.PageIDs,
	}
	for _, name := range f.EventTypes {
		made.EventTypes = append(made.EventTypes, wikifeed.EventType(wikifeedv1.EventType_value["EVENT_TYPE_"+name]))
	}
	return made
}

// start is where to begin, where that is said.
type start struct{ named *wikifeed.Start }

// UnmarshalJSON reads a place's name, or an object with an offset or a time.
func (s *start) UnmarshalJSON(text []byte) error {
	var made wikifeed.Start
	switch string(text) {
	case "null":
		return nil
	case `"oldest"`:
		made = wikifeed.Oldest()
	case `"newest"`:
		made = wikifeed.Newest()
	default:
		var place struct {
			After uint64     `json:"after"`
			Since *time.Time `json:"since"`
		}
		if err := json.Unmarshal(text, &place); err != nil {
			return err
		}
		made = wikifeed.After(place.After)
		if place.Since != nil {
			made = wikifeed.Since(*place.Since)
		}
	}
	s.named = &made
	return nil
}

// chosen are the deliveries to acknowledge: those of these numbers, or all.
type chosen struct{ numbers []int }

// UnmarshalJSON reads a list of numbers; anything else means all.
func (c *chosen) UnmarshalJSON(text []byte) error {
	if string(text) == `"all"` {
		return nil
	}
	c.numbers = []int{}
	return json.Unmarshal(text, &c.numbers)
}

func (c chosen) has(number int) bool { return c.numbers == nil || slices.Contains(c.numbers, number) }

func (a action) run(ctx context.Context, client *wikifeed.Client, folder string, seen *observation) error {
	switch a.Do {
	case "get":
		return a.get(ctx, client, seen)
	case "batch_get":
		return a.batchGet(ctx, client, seen)
	case "lookup":
		matches, err := client.Lookup(ctx, a.Title)
		for _, match := range matches {
			seen.article(match.Article)
		}
		return err
	case "list":
		return a.list(ctx, client, seen)
	case "changes":
		return a.changes(ctx, client, folder, seen)
	case "subscribe":
		return a.subscribe(ctx, client, seen)
	case "export":
		_, err := client.Export(ctx, a.Identifier, folder)
		return err
	case "batches":
		return a.batches(ctx, client, seen)
	case "export_batch":
		return a.exportBatch(ctx, client, folder)
	case "account":
		found, err := client.Account(ctx)
		seen.Account = found.GetAccount().GetUsername()
		return err
	}
	return fmt.Errorf("there is no action %q", a.Do)
}

func (a action) get(ctx context.Context, client *wikifeed.Client, seen *observation) error {
	key := wikifeed.Title(a.Project, a.Title)
	if a.PageID != 0 {
		key = wikifeed.PageID(a.Project, a.PageID)
	}
	found, err := client.Get(ctx, key, wikifeed.Fields(a.ReadMask...))
	if err == nil {
		seen.article(found.Article)
	}
	return err
}

func (a action) batchGet(ctx context.Context, client *wikifeed.Client, seen *observation) error {
	var keys []wikifeed.Key
	for _, title := range a.Titles {
		keys = append(keys, wikifeed.Title(a.Project, title))
	}
	seen.Missing = map[string]*errorSeen{}
	for outcome, err := range client.BatchGet(ctx, keys, wikifeed.Fields(a.ReadMask...)) {
		switch {
		case err != nil:
			return err
		case outcome.Err != nil:
			seen.Missing[strconv.Itoa(outcome.Index)] = describe(outcome.Err)
		default:
			seen.article(outcome.Article)
		}
	}
	return nil
}

func (a action) list(ctx context.Context, client *wikifeed.Client, seen *observation) error {
	for article, err := range client.List(ctx, a.Project, wikifeed.PageSize(a.PageSize)) {
		if err != nil {
			return err
		}
		seen.article(article)
	}
	return nil
}

func (a action) changes(ctx context.Context, client *wikifeed.Client, folder string, seen *observation) error {
	options := []wikifeed.ChangesOption{wikifeed.Until(a.Until)}
	if a.Start.named != nil {
		options = append(options, *a.Start.named)
	}
	if a.Filter != nil {
		options = append(options, a.Filter.option())
	}
	if a.Checkpoint != "" {
		options = append(options, wikifeed.Keep(wikifeed.NewFileCheckpoint(filepath.Join(folder, a.Checkpoint))))
	}
	for change, err := range client.Changes(ctx, options...) {
		if err != nil {
			return err
		}
		seen.change(change)
		if len(seen.Offsets) == a.Take {
			break
		}
	}
	return nil
}

func (a action) subscribe(ctx context.Context, client *wikifeed.Client, seen *observation) error {
	var options []wikifeed.SubscribeOption
	if a.Start.named != nil {
		options = append(options, *a.Start.named)
	}
	if a.Credit != nil {
		options = append(options, wikifeed.Credit(*a.Credit))
	}
	taken := 0
	for delivery, err := range client.Subscribe(ctx, a.Name, options...) {
		if err != nil {
			return err
		}
		taken++
		for _, change := range delivery.Changes {
			seen.change(change)
		}
		if a.Acknowledge.has(taken) {
			if err := delivery.Acknowledge(); err != nil && !errors.Is(err, wikifeed.ErrRedelivered) {
				return err
			}
		}
		if taken == a.Take {
			break
		}
	}
	return nil
}

func (a action) batches(ctx context.Context, client *wikifeed.Client, seen *observation) error {
	options := []wikifeed.BatchesOption{wikifeed.Projects(a.Projects...)}
	if !a.Hour.IsZero() {
		options = append(options, wikifeed.Hour(a.Hour))
	}
	for batch, err := range client.Batches(ctx, options...) {
		if err != nil {
			return err
		}
		hour := batch.GetHour().AsTime().Format(time.RFC3339)
		seen.Batches = append(seen.Batches, hour+" "+batch.GetIdentifier())
	}
	return nil
}

func (a action) exportBatch(ctx context.Context, client *wikifeed.Client, folder string) error {
	batch, err := client.Batch(ctx, a.Hour, a.Identifier)
	if err != nil {
		return err
	}
	_, err = client.ExportBatch(ctx, batch, folder)
	return err
}
