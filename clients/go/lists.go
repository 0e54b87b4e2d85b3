package wikifeed

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc/status"
)

// How many keys the server takes in one call.
const maxKeys = 10_000

// How often in a row a call that sends a list may be cut without having brought anything.
const maxFruitless = 4

// ListOption is an option of [Client.List]: [Fields], [Namespaces], [PageSize].
type ListOption interface {
	list(*wikifeedv1.ListArticlesRequest)
}

func (f FieldsOption) list(r *wikifeedv1.ListArticlesRequest)     { r.ReadMask = f.mask() }
func (n NamespacesOption) list(r *wikifeedv1.ListArticlesRequest) { r.Namespaces = n }

// PageSizeOption is made by [PageSize].
type PageSizeOption int32

// PageSize is how many entries to ask for at once: 100 unless set, up to 1,000. It changes how many calls a list takes,
// not what it holds.
func PageSize(count int32) PageSizeOption { return PageSizeOption(count) }

func (p PageSizeOption) list(r *wikifeedv1.ListArticlesRequest) { r.PageSize = int32(p) }

// List gives a project's articles in the order of their page ids, without redirect pages and deleted ones, all as of
// the same offset of the log.
func (c *Client) List(ctx context.Context, project string, options ...ListOption) iter.Seq2[*Article, error] {
	request := &wikifeedv1.ListArticlesRequest{Project: project}
	for _, option := range options {
		option.list(request)
	}
	return pages(func(token string) ([]*Article, string, error) {
		request.PageToken = token
		response, err := unary(ctx, c, c.articles.ListArticles, request)
		return response.GetArticles(), response.GetNextPageToken(), err
	})
}

// pages gives the entries of all pages that fetch returns, with the token of the next page.
func pages[Entry any](fetch func(token string) ([]Entry, string, error)) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		token := ""
		for {
			entries, next, err := fetch(token)
			if err != nil {
				var none Entry
				yield(none, err)
				return
			}
			for _, entry := range entries {
				if !yield(entry, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			token = next
		}
	}
}

// Outcome is what became of one key.
type Outcome struct {
	// Key is the key, and Index its place among those asked for.
	Key   Key
	Index int
	// Found is the article; its Article is nil where Err tells why there is none.
	Found
	// Err is what [Client.Get] would have returned.
	Err error
}

// BatchOption is an option of [Client.BatchGet]: [Fields].
type BatchOption interface {
	batch(*wikifeedv1.BatchGetArticlesRequest)
}

func (f FieldsOption) batch(r *wikifeedv1.BatchGetArticlesRequest) { r.ReadMask = f.mask() }

// BatchGet gives many articles, each with an outcome of its own, in the order of the keys. One that is missing fails
// nothing else: its Outcome holds the error. A call that is cut goes on with the keys that have no outcome yet.
func (c *Client) BatchGet(ctx context.Context, keys []Key, options ...BatchOption) iter.Seq2[Outcome, error] {
	request := &wikifeedv1.BatchGetArticlesRequest{}
	for _, option := range options {
		option.batch(request)
	}
	return func(yield func(Outcome, error) bool) {
		first := 0
		for part := range slices.Chunk(keys, maxKeys) {
			batch := batchGet{client: c, request: request, keys: part, first: first, yield: yield}
			if !batch.run(ctx) {
				return
			}
			first += len(part)
		}
	}
}

// batchGet is the keys of one call, and how many of them have their outcome.
type batchGet struct {
	client  *Client
	request *wikifeedv1.BatchGetArticlesRequest
	keys    []Key
	first   int
	done    int
	yield   func(Outcome, error) bool
}

// run says whether the caller wants more.
func (b *batchGet) run(ctx context.Context) bool {
	waits := b.client.waits()
	for fruitless := 0; b.done < len(b.keys); {
		before := b.done
		wanted, err := b.receive(ctx)
		if !wanted {
			return false
		}
		if err == nil {
			continue
		}
		if b.done > before {
			fruitless, waits = 0, b.client.waits()
		}
		fruitless++
		if !isCut(err) || fruitless == maxFruitless {
			b.yield(Outcome{}, err)
			return false
		}
		if err := waits.wait(ctx, b.client); err != nil {
			b.yield(Outcome{}, err)
			return false
		}
	}
	return true
}

func (b *batchGet) receive(ctx context.Context) (wanted bool, err error) {
	bound, cancel := b.client.live(ctx)
	defer cancel()
	from := b.done
	b.request.Keys = b.request.Keys[:0]
	for _, key := range b.keys[from:] {
		b.request.Keys = append(b.request.Keys, key.message())
	}
	stream, err := b.client.articles.BatchGetArticles(bound, b.request)
	if err != nil {
		return true, b.client.callError(bound, err)
	}
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			if b.done < len(b.keys) {
				return true, errCutShort
			}
			return true, nil
		}
		if err != nil {
			return true, b.client.callError(bound, err)
		}
		for _, each := range response.GetOutcomes() {
			index := from + int(each.GetIndex())
			if index != b.done || index >= len(b.keys) {
				return true, errOutOfOrder
			}
			b.done++
			if !b.yield(b.outcome(index, each), nil) {
				return false, nil
			}
		}
	}
}

func (b *batchGet) outcome(index int, each *wikifeedv1.ArticleOutcome) Outcome {
	outcome := Outcome{Key: b.keys[index], Index: b.first + index}
	if failed := each.GetError(); failed != nil {
		outcome.Err = statusError(status.FromProto(failed))
		return outcome
	}
	outcome.Found = Found{each.GetArticle(), each.GetRedirectedFrom()}
	return outcome
}
