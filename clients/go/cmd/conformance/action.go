package main

import (
	"encoding/json"
	"slices"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

// action is one thing to do; which fields it has is told by Do.
type action struct {
	Do             string        `json:"do"`
	Project        string        `json:"project"`
	Projects       []string      `json:"projects"`
	Namespace      int64         `json:"namespace"`
	Namespaces     []int64       `json:"namespaces"`
	Languages      []string      `json:"languages"`
	Title          string        `json:"title"`
	Titles         []string      `json:"titles"`
	PageID         int64         `json:"page_id"`
	PageIDs        []int64       `json:"page_ids"`
	RevisionID     *int64        `json:"revision_id"`
	ReadMask       []string      `json:"read_mask"`
	PageSize       int32         `json:"page_size"`
	Limit          int32         `json:"limit"`
	Start          start         `json:"start"`
	Take           int           `json:"take"`
	Filter         filter        `json:"filter"`
	Options        streamOptions `json:"options"`
	Until          uint64        `json:"until"`
	Checkpoint     string        `json:"checkpoint"`
	Name           string        `json:"name"`
	Acknowledge    chosen        `json:"acknowledge"`
	Credit         *int64        `json:"credit"`
	Identifier     string        `json:"identifier"`
	Offset         uint64        `json:"offset"`
	Content        string        `json:"content"`
	Format         string        `json:"format"`
	ChunkSizeBytes int64         `json:"chunk_size_bytes"`
	OnExpired      string        `json:"on_expired"`
	Hour           time.Time     `json:"hour"`
	FirstDay       string        `json:"first_day"`
	LastDay        string        `json:"last_day"`
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
