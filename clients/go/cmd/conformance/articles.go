package main

import (
	"context"
	"strconv"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

// key is the page that is asked for.
func (a action) key() wikifeed.Key {
	if a.PageID != 0 {
		return wikifeed.PageID(a.Project, a.PageID)
	}
	return wikifeed.Title(a.Project, a.Title)
}

func (a action) getOptions() []wikifeed.GetOption {
	options := []wikifeed.GetOption{wikifeed.Fields(a.ReadMask...)}
	if a.RevisionID != nil {
		options = append(options, wikifeed.Revision(*a.RevisionID))
	}
	return options
}

func (p *performing) get(ctx context.Context) error {
	found, err := p.client.Get(ctx, p.key(), p.getOptions()...)
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
	for _, id := range p.PageIDs {
		keys = append(keys, wikifeed.PageID(p.Project, id))
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
	found, err := p.client.Structured(ctx, p.key(), p.getOptions()...)
	if err == nil {
		p.seen.article(found.Article)
	}
	return err
}

func (p *performing) lookup(ctx context.Context) error {
	matches, err := p.client.Lookup(ctx, p.Title,
		wikifeed.Projects(p.Projects...),
		wikifeed.Languages(p.Languages...),
		wikifeed.Namespaces(p.Namespaces...),
		wikifeed.Limit(p.Limit),
		wikifeed.Fields(p.ReadMask...),
	)
	for _, match := range matches {
		p.seen.article(match.Article)
	}
	return err
}

func (p *performing) list(ctx context.Context) error {
	options := []wikifeed.ListOption{
		wikifeed.PageSize(p.PageSize), wikifeed.Namespaces(p.Namespaces...), wikifeed.Fields(p.ReadMask...),
	}
	for article, err := range p.client.List(ctx, p.Project, options...) {
		if err != nil {
			return err
		}
		p.seen.article(article)
	}
	return nil
}
