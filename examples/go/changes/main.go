// Command changes prints each change of a project, for ever, and keeps in a file how far it is: the next run goes on
// there.
//
//	wikifeed serve &
//	cd examples/go && go run ./changes [HOST:PORT [PROJECT [FILE]]]
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

func main() {
	server, project, file := "localhost:50051", "enwiki", "changes.json"
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
	client, err := wikifeed.Dial(server)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	for change, err := range client.Changes(ctx,
		wikifeed.Oldest(),
		wikifeed.Filter{Projects: []string{project}},
		wikifeed.NoBody(),
		wikifeed.Keep(wikifeed.NewFileCheckpoint(file)),
	) {
		if err != nil {
			return err
		}
		event := strings.TrimPrefix(change.GetEventType().String(), "EVENT_TYPE_")
		fmt.Println(change.GetOffset(), event, change.GetArticle().GetName())
	}
	return nil
}
