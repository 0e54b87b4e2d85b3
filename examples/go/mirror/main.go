// Command mirror keeps a project's articles in a SQLite database: all of a snapshot first, then each change, in one
// transaction with the place in the log. So each counts exactly once, however often this is killed.
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
	sink, err := wikifeed.NewSQLSink(ctx, db)
	if err != nil {
		return err
	}
	client, err := wikifeed.Dial(server)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	return client.Mirror(ctx, project, told{sink}, wikifeed.MirrorAgain())
}

// told is a sink that tells what is written into it.
type told struct{ *wikifeed.SQLSink }

// Apply makes the updates and keeps the place, all or nothing.
func (t told) Apply(ctx context.Context, updates []wikifeed.Update, place uint64) error {
	err := t.SQLSink.Apply(ctx, updates, place)
	if err == nil {
		fmt.Printf("%d updates, through offset %d\n", len(updates), place)
	}
	return err
}
