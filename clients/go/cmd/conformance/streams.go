package main

import (
	"context"
	"errors"
	"path/filepath"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

func (p *performing) changes(ctx context.Context) error {
	options := p.changesOptions()
	if p.Checkpoint != "" {
		options = append(options, wikifeed.Keep(wikifeed.NewFileCheckpoint(filepath.Join(p.folder, p.Checkpoint))))
	}
	for change, err := range p.client.Changes(ctx, options...) {
		if err != nil {
			return err
		}
		p.seen.change(change)
		if len(p.seen.Offsets) == p.Take {
			break
		}
	}
	return nil
}

func (p *performing) subscribe(ctx context.Context) error {
	taken := 0
	for delivery, err := range p.client.Subscribe(ctx, p.Name, p.subscribeOptions()...) {
		if err != nil {
			return err
		}
		taken++
		for _, change := range delivery.Changes {
			p.seen.change(change)
		}
		if p.Acknowledge.has(taken) {
			if err := delivery.Acknowledge(); err != nil && !errors.Is(err, wikifeed.ErrRedelivered) {
				return err
			}
		}
		if taken == p.Take {
			break
		}
	}
	return nil
}
