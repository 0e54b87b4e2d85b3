package main

import (
	"context"
	"path/filepath"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/protobuf/proto"
)

func (p *performing) snapshots(ctx context.Context) error {
	for snapshot, err := range p.client.Snapshots(ctx, wikifeed.Projects(p.Projects...)) {
		if err != nil {
			return err
		}
		p.seen.snapshot(snapshot)
	}
	return nil
}

func (p *performing) makeSnapshot(ctx context.Context) error {
	made, err := p.client.CreateSnapshot(ctx, wikifeed.SnapshotSpec{
		Project:        p.Project,
		Namespace:      p.Namespace,
		Content:        wikifeed.SnapshotContent(wikifeedv1.SnapshotContent_value["SNAPSHOT_CONTENT_"+p.Content]),
		Format:         wikifeed.SnapshotFormat(wikifeedv1.SnapshotFormat_value["SNAPSHOT_FORMAT_"+p.Format]),
		ChunkSizeBytes: p.ChunkSizeBytes,
	})
	if err == nil {
		p.seen.snapshot(made)
	}
	return err
}

func (p *performing) export(ctx context.Context) error {
	_, err := p.client.Export(ctx, p.Identifier, p.folder, wikifeed.SnapshotOffset(p.Offset))
	return err
}

func (p *performing) read(ctx context.Context) error {
	exported, err := p.client.Export(ctx, p.Identifier, p.folder)
	if err != nil {
		return err
	}
	p.seen.Articles = map[string][]byte{}
	for article, err := range exported.Articles() {
		if err != nil {
			return err
		}
		if p.seen.Articles[article.GetName()], err = proto.Marshal(article); err != nil {
			return err
		}
	}
	return nil
}

func (p *performing) mirror(ctx context.Context) error {
	sink, err := openMirroredPages(filepath.Join(p.folder, mirrorName))
	if err != nil {
		return err
	}
	options := []wikifeed.MirrorOption{
		wikifeed.MirrorNamespace(p.Namespace),
		wikifeed.MirrorFolder(filepath.Join(p.folder, snapshotName)),
		wikifeed.MirrorChanges(wikifeed.Until(p.Until)),
	}
	if p.OnExpired == "begin_again" {
		options = append(options, wikifeed.MirrorAgain())
	}
	return p.client.Mirror(ctx, p.Project, sink, options...)
}

func (p *performing) batches(ctx context.Context) error {
	options := []wikifeed.BatchesOption{
		wikifeed.Projects(p.Projects...), wikifeed.Namespaces(p.Namespaces...),
	}
	if !p.Hour.IsZero() {
		options = append(options, wikifeed.Hour(p.Hour))
	}
	for batch, err := range p.client.Batches(ctx, options...) {
		if err != nil {
			return err
		}
		hour := batch.GetHour().AsTime().Format(time.RFC3339)
		p.seen.Batches = append(p.seen.Batches, hour+" "+batch.GetIdentifier())
	}
	return nil
}

func (p *performing) exportBatch(ctx context.Context) error {
	batch, err := p.client.Batch(ctx, p.Hour, p.Identifier)
	if err != nil {
		return err
	}
	_, err = p.client.ExportBatch(ctx, batch, p.folder)
	return err
}
