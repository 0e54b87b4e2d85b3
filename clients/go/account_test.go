package wikifeed_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// desk is an account service that is unavailable for the first call of each method, and knows one key.
type desk struct {
	wikifeedv1.UnimplementedAccountServiceServer
	accountCalls, usageCalls int
}

func (d *desk) GetAccount(
	ctx context.Context, _ *wikifeedv1.GetAccountRequest,
) (*wikifeedv1.GetAccountResponse, error) {
	if d.accountCalls++; d.accountCalls == 1 {
		return nil, refusal(codes.Unavailable, "SERVER_STOPPING", nil)
	}
	if shown := metadata.ValueFromIncomingContext(ctx, "authorization"); !slices.Equal(shown, []string{"Bearer ada's"}) {
		return nil, refusal(codes.Unauthenticated, "CREDENTIALS_INVALID", nil)
	}
	left := int64(7)
	return &wikifeedv1.GetAccountResponse{
		Account: &wikifeedv1.Account{Username: "ada", Plan: &wikifeedv1.Plan{Identifier: "team"}},
		Used:    &wikifeedv1.UsageCounts{OnDemand: 3},
		Left:    &wikifeedv1.UsageLimits{OnDemand: &left},
	}, nil
}

// ListUsage has the days that were asked for.
func (d *desk) ListUsage(
	_ context.Context, request *wikifeedv1.ListUsageRequest,
) (*wikifeedv1.ListUsageResponse, error) {
	if d.usageCalls++; d.usageCalls == 1 {
		return nil, refusal(codes.Unavailable, "SERVER_STOPPING", nil)
	}
	return &wikifeedv1.ListUsageResponse{Days: []*wikifeedv1.DailyUsage{
		{Day: request.GetFirstDay(), Counts: &wikifeedv1.UsageCounts{BatchDownloads: 2}}, {Day: request.GetLastDay()},
	}}, nil
}

func TestAnAccountSeesItsPlanAndWhatItUsed(t *testing.T) {
	service := &desk{}
	server := serve(t, func(s *grpc.Server) { wikifeedv1.RegisterAccountServiceServer(s, service) })
	client := dial(t, server, wikifeed.WithKey("ada's"))
	found, err := client.Account(t.Context())
	if err != nil || service.accountCalls != 2 {
		t.Fatalf("%d calls: %v", service.accountCalls, err)
	}
	if found.GetAccount().GetUsername() != "ada" || found.GetUsed().GetOnDemand() != 3 || found.GetLeft().GetOnDemand() != 7 {
		t.Errorf("%v", found)
	}
	days, err := client.Usage(t.Context(), "2026-01-30", "2026-01-31")
	if err != nil || service.usageCalls != 2 || len(days) != 2 {
		t.Fatalf("%v in %d calls: %v", days, service.usageCalls, err)
	}
	if days[0].GetDay() != "2026-01-30" || days[0].GetCounts().GetBatchDownloads() != 2 || days[1].GetDay() != "2026-01-31" {
		t.Errorf("%v", days)
	}
	_, err = dial(t, server).Account(t.Context())
	if !errors.As(err, new(*wikifeed.UnauthenticatedError)) {
		t.Errorf("%T: %v", err, err)
	}
}

// roster is what a server knows of projects and subscriptions, the latter listed one on a page.
type roster struct {
	wikifeedv1.UnimplementedCatalogServiceServer
	wikifeedv1.UnimplementedChangeServiceServer
	names []string
}

func (r *roster) ListProjects(
	_ context.Context, request *wikifeedv1.ListProjectsRequest,
) (*wikifeedv1.ListProjectsResponse, error) {
	response := &wikifeedv1.ListProjectsResponse{}
	for _, language := range request.GetLanguages() {
		response.Projects = append(response.Projects, &wikifeedv1.Project{Identifier: language + "wiki"})
	}
	return response, nil
}

func (r *roster) GetSubscription(
	_ context.Context, request *wikifeedv1.GetSubscriptionRequest,
) (*wikifeedv1.GetSubscriptionResponse, error) {
	if !slices.Contains(r.names, request.GetName()) {
		return nil, refusal(codes.NotFound, "SUBSCRIPTION_NOT_FOUND", nil)
	}
	return &wikifeedv1.GetSubscriptionResponse{Subscription: &wikifeedv1.Subscription{Name: request.GetName()}}, nil
}

func (r *roster) ListSubscriptions(
	_ context.Context, request *wikifeedv1.ListSubscriptionsRequest,
) (*wikifeedv1.ListSubscriptionsResponse, error) {
	number, _ := strconv.Atoi(request.GetPageToken())
	response := &wikifeedv1.ListSubscriptionsResponse{
		Subscriptions: []*wikifeedv1.Subscription{{Name: r.names[number]}},
	}
	if number+1 < len(r.names) {
		response.NextPageToken = strconv.Itoa(number + 1)
	}
	return response, nil
}

func (r *roster) DeleteSubscription(
	_ context.Context, request *wikifeedv1.DeleteSubscriptionRequest,
) (*wikifeedv1.DeleteSubscriptionResponse, error) {
	r.names = slices.DeleteFunc(r.names, func(name string) bool { return name == request.GetName() })
	return &wikifeedv1.DeleteSubscriptionResponse{}, nil
}

func serveRoster(t *testing.T, names ...string) *wikifeed.Client {
	t.Helper()
	service := &roster{names: names}
	return dial(t, serve(t, func(s *grpc.Server) {
		wikifeedv1.RegisterCatalogServiceServer(s, service)
		wikifeedv1.RegisterChangeServiceServer(s, service)
	}))
}

func TestProjectsOfLanguagesAreTold(t *testing.T) {
	projects, err := serveRoster(t).Projects(t.Context(), "de", "en")
	if err != nil || len(projects) != 2 || projects[1].GetIdentifier() != "enwiki" {
		t.Errorf("%v (%v)", projects, err)
	}
}

func TestASubscriptionThatIsDeletedIsNoLongerListed(t *testing.T) {
	client := serveRoster(t, "first", "indexer", "last")
	if told, err := client.Subscription(t.Context(), "indexer"); err != nil || told.GetName() != "indexer" {
		t.Fatalf("%v (%v)", told, err)
	}
	if err := client.DeleteSubscription(t.Context(), "indexer"); err != nil {
		t.Fatal(err)
	}
	var names []string
	for told, err := range client.Subscriptions(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, told.GetName())
	}
	if !slices.Equal(names, []string{"first", "last"}) {
		t.Errorf("%v", names)
	}
	_, err := client.Subscription(t.Context(), "indexer")
	if !errors.As(err, new(*wikifeed.NotFoundError)) {
		t.Errorf("%T: %v", err, err)
	}
}
