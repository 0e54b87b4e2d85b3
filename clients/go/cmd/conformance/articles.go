package main

import (
	"context"
	"strconv"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

func (p *performing) get(ctx context.Context) error {
	key := wikifeed.Title(p.Project, p.Title)
	if p.PageID != 0 {
		key = wikifeed.PageID(p.Project, p.PageID)
	}
	found, err := p.client.Get(ctx, key, wikifeed.Fields(p.ReadMask...))
	if err == nil {
		p.seen.article(found.Article)
	}
	return err
}

func (p *performing) batchGet(ctx context.Context) error {
	var keys []wikifeed.Key
	for _, title := range p.Titles {
		keys = append(keys, wikifeed.Title(p.Project, title))
	}
	p.seen.Missing = map[string]*errorSeen{}
	for outcome, err := range p.client.BatchGet(ctx, keys, wikifeed.Fields(p.ReadMask...)) {
		switch {
		case err != nil:
			return err
		case outcome.Err != nil:
			p.seen.Missing[strconv.Itoa(outcome.Index)] = describe(outcome.Err)
		default:
			p.seen.article(outcome.Article)
		}
	}
	return nil
}

func (p *performing) structured(ctx context.Context) error {
	found, err := p.client.Structured(ctx, wikifeed.Title(p.Project, p.Title))
	if err == nil {
		p.seen.article(found.Article)
	}
	return err
}

func (p *performing) lookup(ctx context.Context) error {
	matches, err := p.client.Lookup(ctx, p.Title)
	for _, match := range matches {
		p.seen.article(match.Article)
	}
	return err
}

func (p *performing) list(ctx context.Context) error {
	for article, err := range p.client.List(ctx, p.Project, wikifeed.PageSize(p.PageSize)) {
		if err != nil {
			return err
		}
		p.seen.article(article)
	}
	return nil
}
