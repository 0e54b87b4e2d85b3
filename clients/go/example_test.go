package wikifeed_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
)

// exampleServer runs a small server for an example, and returns its address and how to stop it.
func exampleServer() (address string, stop func()) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	cutting := &cutter{Listener: listener}
	server := grpc.NewServer()
	wikifeedv1.RegisterArticleServiceServer(server, &shelf{})
	changes := &changeLog{newest: 8, cutter: cutting, random: rand.New(rand.NewPCG(1, 1))}
	wikifeedv1.RegisterChangeServiceServer(server, changes)
	go func() { _ = server.Serve(cutting) }()
	return listener.Addr().String(), server.Stop
}

func ExampleClient_Get() {
	address, stop := exampleServer()
	defer stop()
	client, err := wikifeed.Dial(address)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	found, err := client.Get(context.Background(), wikifeed.Title("enwiki", "Ada Lovelace"), wikifeed.Fields("name"))
	var missing *wikifeed.NotFoundError
	if errors.As(err, &missing) {
		fmt.Println("there is no such article; it was deleted at", missing.DeletedAt)
	} else if err != nil {
		log.Fatal(err)
	} else {
		fmt.Println(found.Article.GetName())
	}
	// Output: Ada Lovelace
}

func ExampleClient_BatchGet() {
	address, stop := exampleServer()
	defer stop()
	client, err := wikifeed.Dial(address)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	keys := []wikifeed.Key{wikifeed.PageID("enwiki", 12), wikifeed.PageID("enwiki", 13)}
	for outcome, err := range client.BatchGet(context.Background(), keys, wikifeed.Fields("name")) {
		if err != nil {
			log.Fatal(err)
		}
		if outcome.Err != nil {
			fmt.Println(outcome.Index, outcome.Err)
			continue
		}
		fmt.Println(outcome.Index, outcome.Article.GetIdentifier())
	}
	// Output:
	// 0 12
	// 1 wikifeed: ARTICLE_NOT_FOUND (ARTICLE_NOT_FOUND)
}

func ExampleClient_Changes() {
	address, stop := exampleServer()
	defer stop()
	client, err := wikifeed.Dial(address, wikifeed.WithSilence(impatience))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	for change, err := range client.Changes(context.Background(),
		wikifeed.Oldest(),
		wikifeed.Filter{Projects: []string{"testwiki"}},
		wikifeed.Keep(wikifeed.NewFileCheckpoint(filepath.Join(folder, "place.json"))),
		wikifeed.Until(8),
	) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(change.GetOffset(), change.GetArticle().GetName())
	}
	// Output:
	// 1 Page
	// 2 Page
	// 4 Page
	// 5 Page
	// 7 Page
	// 8 Page
}
