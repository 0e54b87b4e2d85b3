// Command search fills a full-text index with the passages of a project's articles, keeps it current, and finds in it
// what a search page or a language model would be given.
//
//	wikifeed serve &
//	cd examples/go
//	go run ./search fill [HOST:PORT [PROJECT [FILE]]]
//	go run ./search find FILE WORD ...
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	_ "modernc.org/sqlite"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := errors.New("usage: search fill [HOST:PORT [PROJECT [FILE]]] | search find FILE WORDS")
	switch words := os.Args[1:]; {
	case len(words) > 0 && len(words) < 5 && words[0] == "fill":
		server, project, file := "localhost:50051", "enwiki", "search.db"
		for place, value := range words[1:] {
			*[]*string{&server, &project, &file}[place] = value
		}
		err = fill(ctx, server, project, file)
	case len(words) > 2 && words[0] == "find":
		err = find(ctx, words[1], words[2:])
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

func fill(ctx context.Context, server, project, file string) error {
	index, err := open(ctx, file)
	if err != nil {
		return err
	}
	defer func() { _ = index.db.Close() }()
	client, err := wikifeed.Dial(server)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	place, found, err := index.place.Load(ctx)
	if err == nil && !found {
		place, err = load(ctx, client, project, index)
	}
	if err != nil {
		return err
	}
	return follow(ctx, client, project, place, index)
}

// load puts all articles of a list into the empty index, and returns the place in the log behind which changes are
// missing: the list is of a moment later than that, and what comes twice replaces itself.
func load(ctx context.Context, client *wikifeed.Client, project string, index *index) (uint64, error) {
	info, err := client.ChangeLog(ctx)
	if err != nil {
		return 0, err
	}
	place, count := info.GetNewestOffset(), 0
	err = index.commit(ctx, place, func(transaction *sql.Tx) error {
		fields := wikifeed.Fields("name", "identifier", "url", "namespace", "sections")
		for article, err := range client.List(ctx, project, wikifeed.Namespaces(0), fields) {
			if err == nil {
				err = put(ctx, transaction, article)
			}
			if err != nil {
				return err
			}
			count++
		}
		return nil
	})
	if err == nil {
		fmt.Printf("%d articles at offset %d\n", count, place)
	}
	return place, err
}

func follow(ctx context.Context, client *wikifeed.Client, project string, place uint64, index *index) error {
	for response, err := range client.Responses(ctx,
		wikifeed.After(place),
		wikifeed.Filter{Projects: []string{project}},
		wikifeed.Fields("name", "identifier", "url", "namespace", "sections"),
	) {
		if err != nil {
			return err
		}
		err = index.commit(ctx, response.GetThroughOffset(), func(transaction *sql.Tx) error {
			for _, change := range response.GetChanges() {
				if err := replace(ctx, transaction, change); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Printf("%d changes, through offset %d\n", len(response.GetChanges()), response.GetThroughOffset())
	}
	return nil
}

func find(ctx context.Context, file string, words []string) error {
	index, err := open(ctx, file)
	if err != nil {
		return err
	}
	defer func() { _ = index.db.Close() }()
	for place, word := range words {
		words[place] = `"` + strings.ReplaceAll(word, `"`, "") + `"`
	}
	rows, err := index.db.QueryContext(ctx, findPassages, strings.Join(words, " "))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var title, section, text, url string
		if err := rows.Scan(&title, &section, &text, &url); err != nil {
			return err
		}
		fmt.Printf("%s > %s\n  %s\n  %s\n", title, section, strings.ReplaceAll(text, "\n", " "), url)
	}
	return rows.Err()
}
