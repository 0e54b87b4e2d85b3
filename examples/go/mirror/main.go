// Command mirror keeps a project's titles and addresses in a SQLite database: all articles of a snapshot first, then
// each change, in one transaction with the place in the log. So each counts exactly once, however often this is killed.
//
//	wikifeed serve &
//	cd examples/go && go run ./mirror [HOST:PORT [PROJECT [FILE]]]
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	_ "modernc.org/sqlite"
)

func main() {
	server, project, file := "localhost:50051", "enwiki", "mirror.db"
	for place, value := range os.Args[1:] {
		*[]*string{&server, &project, &file}[place] = value
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, server, project, file); err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

func run(ctx context.Context, server, project, file string) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	sink, err := newPages(ctx, db, project)
	if err != nil {
		return err
	}
	client, err := wikifeed.Dial(server)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	return client.Mirror(ctx, project, sink)
}

// pages is a table of a project's articles, and the place in the log beside it.
type pages struct {
	db    *sql.DB
	place *wikifeed.SQLCheckpoint
}

func newPages(ctx context.Context, db *sql.DB, project string) (*pages, error) {
	const table = "CREATE TABLE IF NOT EXISTS page (id INTEGER PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL)"
	if _, err := db.ExecContext(ctx, table); err != nil {
		return nil, err
	}
	place, err := wikifeed.NewSQLCheckpoint(ctx, db, "place", project)
	return &pages{db, place}, err
}

// Place is where the table is complete.
func (p *pages) Place(ctx context.Context) (uint64, bool, error) { return p.place.Load(ctx) }

// Reset empties the table.
func (p *pages) Reset(ctx context.Context) error {
	_, err := p.db.ExecContext(ctx, "DELETE FROM page")
	return err
}

// Fill stores some articles of the snapshot.
func (p *pages) Fill(ctx context.Context, articles []*wikifeed.Article) error {
	return p.commit(ctx, func(transaction *sql.Tx) error {
		for _, article := range articles {
			if err := put(ctx, transaction, article); err != nil {
				return err
			}
		}
		return nil
	})
}

// Apply makes the updates and keeps the place, all or nothing.
func (p *pages) Apply(ctx context.Context, updates []wikifeed.Update, place uint64) error {
	err := p.commit(ctx, func(transaction *sql.Tx) error {
		for _, update := range updates {
			if err := apply(ctx, transaction, update); err != nil {
				return err
			}
		}
		return p.place.SaveIn(ctx, transaction, place)
	})
	if err == nil {
		fmt.Printf("%d updates, through offset %d\n", len(updates), place)
	}
	return err
}

func (p *pages) commit(ctx context.Context, write func(*sql.Tx) error) error {
	transaction, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := write(transaction); err != nil {
		return errors.Join(err, transaction.Rollback())
	}
	return transaction.Commit()
}

func apply(ctx context.Context, transaction *sql.Tx, update wikifeed.Update) error {
	if update.Article != nil {
		return put(ctx, transaction, update.Article)
	}
	_, err := transaction.ExecContext(ctx, "DELETE FROM page WHERE id = ?", update.PageID)
	return err
}

func put(ctx context.Context, transaction *sql.Tx, article *wikifeed.Article) error {
	_, err := transaction.ExecContext(ctx, "INSERT OR REPLACE INTO page (id, name, url) VALUES (?, ?, ?)",
		article.GetIdentifier(), article.GetName(), article.GetUrl())
	return err
}
