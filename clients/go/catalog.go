package wikifeed

import (
	"context"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
)

// Projects tells which projects the server has, in the order of their identifiers: those in these languages, or all
// where none is named.
func (c *Client) Projects(ctx context.Context, languages ...string) ([]*wikifeedv1.Project, error) {
	request := &wikifeedv1.ListProjectsRequest{Languages: languages}
	response, err := unary(ctx, c, c.catalog.ListProjects, request)
	return response.GetProjects(), err
}
