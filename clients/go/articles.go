package wikifeed

import (
	"context"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/protobuf/proto"
)

// GetOption is an option of [Client.Get] and [Client.Structured]: [Fields], [Revision].
type GetOption interface{ get(*getting) }

type getting struct {
	fields   FieldsOption
	revision *int64
}

func (f FieldsOption) get(g *getting) { g.fields = f }

// RevisionOption is made by [Revision].
type RevisionOption int64

// Revision asks for the article as of that revision. A redirect page is then answered as it stands.
func Revision(id int64) RevisionOption { return RevisionOption(id) }

func (r RevisionOption) get(g *getting) { g.revision = proto.Int64(int64(r)) }

// Get returns one article. A redirect is followed and reported.
//
// It is a [NotFoundError] where there is no such article, with DeletedAt where there was one.
func (c *Client) Get(ctx context.Context, key Key, options ...GetOption) (*Found, error) {
	chosen := getOptions(options)
	request := &wikifeedv1.GetArticleRequest{
		Project: key.project, RevisionId: chosen.revision, ReadMask: chosen.fields.mask(),
	}
	if key.title != "" {
		request.Key = &wikifeedv1.GetArticleRequest_Title{Title: key.title}
	} else {
		request.Key = &wikifeedv1.GetArticleRequest_PageId{PageId: key.pageID}
	}
	response, err := unary(ctx, c, c.articles.GetArticle, request)
	if err != nil {
		return nil, err
	}
	return &Found{response.GetArticle(), response.GetRedirectedFrom()}, nil
}

// Structured returns the structured contents of one article: its infoboxes, sections, tables, references, and what
// identifies it, without the text of the page. Errors are those of [Client.Get].
func (c *Client) Structured(ctx context.Context, key Key, options ...GetOption) (*Found, error) {
	chosen := getOptions(options)
	request := &wikifeedv1.GetStructuredContentsRequest{
		Project: key.project, RevisionId: chosen.revision, ReadMask: chosen.fields.mask(),
	}
	if key.title != "" {
		request.Key = &wikifeedv1.GetStructuredContentsRequest_Title{Title: key.title}
	} else {
		request.Key = &wikifeedv1.GetStructuredContentsRequest_PageId{PageId: key.pageID}
	}
	response, err := unary(ctx, c, c.articles.GetStructuredContents, request)
	if err != nil {
		return nil, err
	}
	return &Found{response.GetArticle(), response.GetRedirectedFrom()}, nil
}

func getOptions(options []GetOption) getting {
	var chosen getting
	for _, option := range options {
		option.get(&chosen)
	}
	return chosen
}

// LookupOption is an option of [Client.Lookup]: [Fields], [Projects], [Languages], [Namespaces], [Limit].
type LookupOption interface {
	lookup(*wikifeedv1.LookupArticlesRequest)
}

func (f FieldsOption) lookup(r *wikifeedv1.LookupArticlesRequest)     { r.ReadMask = f.mask() }
func (p ProjectsOption) lookup(r *wikifeedv1.LookupArticlesRequest)   { r.Projects = p }
func (l LanguagesOption) lookup(r *wikifeedv1.LookupArticlesRequest)  { r.Languages = l }
func (n NamespacesOption) lookup(r *wikifeedv1.LookupArticlesRequest) { r.Namespaces = n }

// LimitOption is made by [Limit].
type LimitOption int32

// Limit is how many articles to return at most: 3 unless set, up to 100.
func Limit(count int32) LimitOption { return LimitOption(count) }

func (l LimitOption) lookup(r *wikifeedv1.LookupArticlesRequest) { r.Limit = int32(l) }

// Lookup returns the articles that bear one title, across all projects, in the order of the projects' identifiers.
func (c *Client) Lookup(ctx context.Context, title string, options ...LookupOption) ([]Found, error) {
	request := &wikifeedv1.LookupArticlesRequest{Title: title}
	for _, option := range options {
		option.lookup(request)
	}
	response, err := unary(ctx, c, c.articles.LookupArticles, request)
	if err != nil {
		return nil, err
	}
	matches := make([]Found, 0, len(response.GetMatches()))
	for _, match := range response.GetMatches() {
		matches = append(matches, Found{match.GetArticle(), match.GetRedirectedFrom()})
	}
	return matches, nil
}
