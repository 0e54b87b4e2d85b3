// Command feed shows the whole feed in Go: an article, a snapshot that is checked, and what changed since, kept track of
// in a file, so that the next run goes on where this one ended.
//
//	wikifeed serve &
//	cd examples/go && go run ./feed [HOST:PORT [PROJECT [FOLDER]]]
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

func main() {
	server, project, folder := "localhost:50051", "enwiki", "feed"
	for place, value := range os.Args[1:] {
		*[]*string{&server, &project, &folder}[place] = value
	}
	if err := run(context.Background(), server, project, folder); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, server, project, folder string) error {
	client, err := wikifeed.Dial(server)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	snapshot, err := client.CreateSnapshot(ctx, wikifeed.SnapshotSpec{Project: project})
	if err != nil {
		return err
	}
	offset, err := export(ctx, client, snapshot, folder)
	if err != nil {
		return err
	}
	return follow(ctx, client, project, offset, filepath.Join(folder, "place.json"))
}

// export writes the snapshot's files and shows the first articles in them.
func export(ctx context.Context, client *wikifeed.Client, snapshot *wikifeed.Snapshot, folder string) (uint64, error) {
	exported, err := client.Export(ctx, snapshot.GetIdentifier(), folder,
		wikifeed.SnapshotOffset(snapshot.GetOffset()))
	if err != nil {
		return 0, err
	}
	fmt.Printf("%d articles at offset %d\n", exported.Snapshot.GetArticlesCount(), exported.Snapshot.GetOffset())
	shown := 0
	for article, err := range exported.Articles() {
		if err != nil {
			return 0, err
		}
		fmt.Printf("  %s: %d bytes\n", article.GetName(), len(article.GetArticleBody().GetWikitext()))
		if shown++; shown == 3 {
			break
		}
	}
	return exported.Snapshot.GetOffset(), nil
}

// follow shows the last changes before the offset and all after it that there are by now. Without Until it would go on
// with each change as it happens.
func follow(ctx context.Context, client *wikifeed.Client, project string, offset uint64, place string) error {
	info, err := client.ChangeLog(ctx)
	if err != nil {
		return err
	}
	for change, err := range client.Changes(ctx,
		wikifeed.After(max(offset, 3)-3),
		wikifeed.Filter{Projects: []string{project}},
		wikifeed.NoBody(),
		wikifeed.Until(info.GetNewestOffset()),
		wikifeed.Keep(wikifeed.NewFileCheckpoint(place)),
	) {
		if err != nil {
			return err
		}
		fmt.Printf("change %d: %s\n", change.GetOffset(), change.GetArticle().GetName())
		if err := show(ctx, client, project, change); err != nil {
			return err
		}
	}
	return nil
}

// show prints an article's address; one that was deleted has none.
func show(ctx context.Context, client *wikifeed.Client, project string, change *wikifeed.Change) error {
	key := wikifeed.PageID(project, change.GetArticle().GetIdentifier())
	found, err := client.Get(ctx, key, wikifeed.Fields("url"))
	var missing *wikifeed.NotFoundError
	if errors.As(err, &missing) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Println(" ", found.Article.GetUrl())
	return nil
}
