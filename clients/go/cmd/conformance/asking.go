package main

import (
	"context"
	"fmt"
)

func (p *performing) projects(ctx context.Context) error {
	found, err := p.client.Projects(ctx, p.Languages...)
	for _, project := range found {
		p.seen.Projects = append(p.seen.Projects, project.GetIdentifier())
	}
	return err
}

func (p *performing) changeLog(ctx context.Context) error {
	log, err := p.client.ChangeLog(ctx)
	if err == nil {
		p.seen.Log = []uint64{log.GetOldestOffset(), log.GetNewestOffset()}
	}
	return err
}

func (p *performing) subscriptions(ctx context.Context) error {
	for subscription, err := range p.client.Subscriptions(ctx) {
		if err != nil {
			return err
		}
		p.seen.subscription(subscription)
	}
	return nil
}

func (p *performing) subscription(ctx context.Context) error {
	found, err := p.client.Subscription(ctx, p.Name)
	if err == nil {
		p.seen.subscription(found)
	}
	return err
}

func (p *performing) deleteSubscription(ctx context.Context) error {
	return p.client.DeleteSubscription(ctx, p.Name)
}

func (p *performing) account(ctx context.Context) error {
	found, err := p.client.Account(ctx)
	p.seen.Account = found.GetAccount().GetUsername()
	return err
}

func (p *performing) usage(ctx context.Context) error {
	days, err := p.client.Usage(ctx, p.FirstDay, p.LastDay)
	for _, day := range days {
		p.seen.Usage = append(p.seen.Usage, fmt.Sprintf("%s %d", day.GetDay(), day.GetCounts().GetOnDemand()))
	}
	return err
}
