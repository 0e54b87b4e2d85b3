package wikifeed_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"
)

// shelf is an article service that has every page, and fails as it is told to.
type shelf struct {
	wikifeedv1.UnimplementedArticleServiceServer
	lock sync.Mutex
	// failures are what the next calls end with.
	failures []error
	calls    int
	heard    metadata.MD
	// hang makes calls wait until they are given up.
	hang bool
}

func serveShelf(t *testing.T) (*shelf, *cutter) {
	t.Helper()
	made := &shelf{}
	return made, serve(t, func(s *grpc.Server) { wikifeedv1.RegisterArticleServiceServer(s, made) })
}

func (s *shelf) fail(ctx context.Context) error {
	s.lock.Lock()
	s.calls++
	s.heard, _ = metadata.FromIncomingContext(ctx)
	hang := s.hang
	var failure error
	if len(s.failures) > 0 {
		failure, s.failures = s.failures[0], s.failures[1:]
	}
	s.lock.Unlock()
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return failure
}

func (s *shelf) GetArticle(
	ctx context.Context, request *wikifeedv1.GetArticleRequest,
) (*wikifeedv1.GetArticleResponse, error) {
	return &wikifeedv1.GetArticleResponse{
		Article:        &wikifeedv1.Article{Name: request.GetTitle(), Identifier: request.GetPageId()},
		RedirectedFrom: strings.Join(request.GetReadMask().GetPaths(), ","),
	}, s.fail(ctx)
}

// BatchGetArticles brings three outcomes and then fails, where it is told to.
func (s *shelf) BatchGetArticles(
	request *wikifeedv1.BatchGetArticlesRequest, stream grpc.ServerStreamingServer[wikifeedv1.BatchGetArticlesResponse],
) error {
	failure := s.fail(stream.Context())
	for index, key := range request.GetKeys() {
		if failure != nil && index == 3 {
			return failure
		}
		outcome := &wikifeedv1.ArticleOutcome{Index: int32(index)}
		if key.GetPageId() == 13 {
			refused, _ := status.FromError(refusal(codes.NotFound, "ARTICLE_NOT_FOUND", nil))
			outcome.Outcome = &wikifeedv1.ArticleOutcome_Error{Error: refused.Proto()}
		} else {
			outcome.Outcome = &wikifeedv1.ArticleOutcome_Article{
				Article: &wikifeedv1.Article{Identifier: key.GetPageId()},
			}
		}
		response := &wikifeedv1.BatchGetArticlesResponse{Outcomes: []*wikifeedv1.ArticleOutcome{outcome}}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
	return nil
}

// ListArticles has ten pages of two.
func (s *shelf) ListArticles(
	ctx context.Context, request *wikifeedv1.ListArticlesRequest,
) (*wikifeedv1.ListArticlesResponse, error) {
	page, _ := strconv.Atoi(request.GetPageToken())
	response := &wikifeedv1.ListArticlesResponse{Articles: []*wikifeedv1.Article{
		{Identifier: int64(2*page + 1)}, {Identifier: int64(2*page + 2)},
	}}
	if page < 9 {
		response.NextPageToken = strconv.Itoa(page + 1)
	}
	return response, s.fail(ctx)
}

func TestGetTriesAgainWhereTheServerIsUnavailable(t *testing.T) {
	service, server := serveShelf(t)
	unavailable := refusal(codes.Unavailable, "SERVER_STOPPING", nil)
	service.failures = []error{unavailable, unavailable}
	found, err := dial(t, server).Get(t.Context(), wikifeed.Title("testwiki", "Ada"), wikifeed.Fields("name", "url"))
	if err != nil || found.Article.GetName() != "Ada" || found.RedirectedFrom != "name,url" {
		t.Fatalf("%v, %v", found, err)
	}
	if service.calls != 3 {
		t.Errorf("%d calls", service.calls)
	}
}

func TestCallsShowTheKeyAndWhoTheyAreFrom(t *testing.T) {
	service, server := serveShelf(t)
	client := dial(t, server, wikifeed.WithKey("a-key"), wikifeed.WithUserAgent("indexer/2"))
	if _, err := client.Get(t.Context(), wikifeed.PageID("testwiki", 7)); err != nil {
		t.Fatal(err)
	}
	if shown := service.heard.Get("authorization"); fmt.Sprint(shown) != "[Bearer a-key]" {
		t.Errorf("%v", shown)
	}
	agent := service.heard.Get("user-agent")
	if len(agent) != 1 || !strings.HasPrefix(agent[0], "wikifeed-go/"+wikifeed.Version+" indexer/2 ") {
		t.Errorf("%v", agent)
	}
}

func TestErrorsTellWhatTheServerSays(t *testing.T) {
	for name, each := range map[string]struct {
		refused error
		is      func(error) bool
	}{
		"deleted": {
			refusal(codes.NotFound, "ARTICLE_DELETED", map[string]string{"deleted_at": "2026-01-02T03:04:05Z"},
				&errdetails.ResourceInfo{ResourceType: "article", ResourceName: "testwiki/Ada"}),
			func(err error) bool {
				var found *wikifeed.NotFoundError
				return errors.As(err, &found) && found.ResourceName == "testwiki/Ada" &&
					found.DeletedAt.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
			},
		},
		"invalid": {
			refusal(codes.InvalidArgument, "INVALID_REQUEST", nil, violation("read_mask", "no such field")),
			func(err error) bool {
				var found *wikifeed.InvalidRequestError
				return errors.As(err, &found) && len(found.Violations) == 1 &&
					found.Violations[0] == wikifeed.FieldViolation{Field: "read_mask", Description: "no such field"}
			},
		},
		"quota": {
			refusal(codes.ResourceExhausted, "QUOTA_EXCEEDED", nil,
				&errdetails.RetryInfo{RetryDelay: durationpb.New(90 * time.Second)}),
			func(err error) bool {
				var found *wikifeed.QuotaExceededError
				return errors.As(err, &found) && found.RetryAfter == 90*time.Second
			},
		},
		"unauthenticated": {
			refusal(codes.Unauthenticated, "CREDENTIALS_INVALID", nil),
			func(err error) bool { return errors.As(err, new(*wikifeed.UnauthenticatedError)) },
		},
		"denied": {
			refusal(codes.PermissionDenied, "PLAN_DOES_NOT_ALLOW", nil),
			func(err error) bool { return errors.As(err, new(*wikifeed.PermissionDeniedError)) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			service, server := serveShelf(t)
			service.failures = []error{each.refused}
			_, err := dial(t, server).Get(t.Context(), wikifeed.PageID("testwiki", 7))
			var call *wikifeed.CallError
			if !each.is(err) || !errors.As(err, &call) || status.Code(err) != call.Code {
				t.Errorf("%T: %v", err, err)
			}
		})
	}
}

func violation(field, description string) protoadapt.MessageV1 {
	return &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
		{Field: field, Description: description},
	}}
}

func TestACallWithoutAnswerEndsAtTheDefaultDeadline(t *testing.T) {
	service, server := serveShelf(t)
	service.hang = true
	client := dial(t, server, wikifeed.WithTimeout(20*time.Millisecond))
	_, err := client.Get(t.Context(), wikifeed.PageID("testwiki", 7))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%T: %v", err, err)
	}
}

func TestBatchGetGoesOnWithTheKeysThatHaveNoOutcome(t *testing.T) {
	service, server := serveShelf(t)
	cut := refusal(codes.Unavailable, "SERVER_STOPPING", nil)
	for range 6 {
		service.failures = append(service.failures, cut)
	}
	keys := make([]wikifeed.Key, 20)
	for index := range keys {
		keys[index] = wikifeed.PageID("testwiki", int64(index)+1)
	}
	count := 0
	for outcome, err := range dial(t, server).BatchGet(t.Context(), keys) {
		if err != nil {
			t.Fatal(err)
		}
		if outcome.Index != count || outcome.Key != keys[count] {
			t.Errorf("outcome %d is of %v, %d", count, outcome.Key, outcome.Index)
		}
		isMissing := errors.As(outcome.Err, new(*wikifeed.NotFoundError))
		if isMissing != (count == 12) || !isMissing && outcome.Article.GetIdentifier() != int64(count)+1 {
			t.Errorf("%+v", outcome)
		}
		count++
	}
	if count != len(keys) || service.calls != 7 {
		t.Errorf("%d outcomes in %d calls", count, service.calls)
	}
}

func TestListGivesTheArticlesOfAllPages(t *testing.T) {
	service, server := serveShelf(t)
	count := int64(0)
	for article, err := range dial(t, server).List(t.Context(), "testwiki") {
		if err != nil {
			t.Fatal(err)
		}
		if count++; article.GetIdentifier() != count {
			t.Fatalf("%d at %d", article.GetIdentifier(), count)
		}
	}
	if count != 20 || service.calls != 10 {
		t.Errorf("%d articles in %d calls", count, service.calls)
	}
}

func TestListStopsAskingWhenTheLoopIsLeft(t *testing.T) {
	service, server := serveShelf(t)
	for article := range dial(t, server).List(t.Context(), "testwiki") {
		if article.GetIdentifier() == 3 {
			break
		}
	}
	if service.calls != 2 {
		t.Errorf("%d calls", service.calls)
	}
}
