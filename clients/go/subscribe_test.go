package wikifeed_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

// keeper is a change service that keeps the place of one subscription, delivers within the credit it has, and cuts its
// calls at random.
type keeper struct {
	wikifeedv1.UnimplementedChangeServiceServer
	newest uint64

	lock         sync.Mutex
	random       *rand.Rand
	acknowledged uint64
	calls        int
	// steady calls are not cut.
	steady bool
}

func serveKeeper(t *testing.T, newest, seed uint64) (*keeper, *cutter) {
	t.Helper()
	made := &keeper{newest: newest, random: rand.New(rand.NewPCG(seed, seed))}
	return made, serve(t, func(s *grpc.Server) { wikifeedv1.RegisterChangeServiceServer(s, made) })
}

func (k *keeper) GetChangeLogInfo(
	context.Context, *wikifeedv1.GetChangeLogInfoRequest,
) (*wikifeedv1.GetChangeLogInfoResponse, error) {
	return &wikifeedv1.GetChangeLogInfoResponse{OldestOffset: 1, NewestOffset: k.newest}, nil
}

func (k *keeper) place() uint64 {
	k.lock.Lock()
	defer k.lock.Unlock()
	return k.acknowledged
}

// Subscribe takes one action after the other and delivers what the credit allows, three changes at most at once.
func (k *keeper) Subscribe(
	stream grpc.BidiStreamingServer[wikifeedv1.SubscribeRequest, wikifeedv1.SubscribeResponse],
) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	k.lock.Lock()
	k.calls++
	next, left, steady := k.acknowledged+1, k.random.IntN(6), k.steady
	k.lock.Unlock()
	credit, delivered := first.GetOpen().GetCredit(), []uint64{}
	for steady || left > 0 {
		for credit > 0 && next <= k.newest {
			response := &wikifeedv1.SubscribeResponse{DeliveryId: uint64(len(delivered)) + 1}
			for ; len(response.Changes) < 3 && credit > 0 && next <= k.newest; credit-- {
				response.Changes = append(response.Changes, changeAt(next))
				next++
			}
			response.ThroughOffset = next - 1
			delivered = append(delivered, response.ThroughOffset)
			if err := stream.Send(response); err != nil {
				return err
			}
		}
		request, err := stream.Recv()
		if err != nil {
			return err
		}
		credit += request.GetCredit()
		if acknowledge := request.GetAcknowledge(); acknowledge > 0 {
			k.lock.Lock()
			k.acknowledged = delivered[acknowledge-1]
			k.lock.Unlock()
		}
		left--
	}
	return refusal(codes.Unavailable, "SUBSCRIPTION_INTERRUPTED", nil)
}

func TestASubscriptionDeliversAllThoughItsCallsAreCut(t *testing.T) {
	for range 10 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			service, server := serveKeeper(t, 100, seed)
			var seen []uint64
			for delivery, err := range dial(t, server).Subscribe(
				t.Context(), "test", wikifeed.After(0), wikifeed.Credit(7),
			) {
				if err != nil {
					t.Fatal(err)
				}
				place := service.place()
				for _, change := range delivery.Changes {
					if change.GetOffset() <= place {
						t.Fatalf("%d came again though %d was acknowledged", change.GetOffset(), place)
					}
					seen = append(seen, change.GetOffset())
				}
				if err := delivery.Acknowledge(); err != nil && !errors.Is(err, wikifeed.ErrRedelivered) {
					t.Fatal(err)
				}
				if delivery.ThroughOffset == 100 {
					break
				}
			}
			slices.Sort(seen)
			if seen = slices.Compact(seen); len(seen) != 100 {
				t.Errorf("%d of 100 changes came", len(seen))
			}
			if service.calls < 2 {
				t.Error("no call was cut: nothing was tested")
			}
		})
	}
}

func TestWhatWasAcknowledgedIsStoredWhenTheLoopIsLeft(t *testing.T) {
	service, server := serveKeeper(t, 30, 1)
	service.steady = true
	for delivery, err := range dial(t, server).Subscribe(t.Context(), "test", wikifeed.Oldest()) {
		if err != nil {
			t.Fatal(err)
		}
		if err := delivery.Acknowledge(); err != nil {
			t.Fatal(err)
		}
		if delivery.ThroughOffset >= 9 {
			break
		}
	}
	if place := service.place(); place != 9 {
		t.Errorf("the place is %d", place)
	}
}

func TestAcknowledgingByItselfLeavesOutTheDeliveryOfTheLastRound(t *testing.T) {
	service, server := serveKeeper(t, 30, 1)
	service.steady = true
	for delivery, err := range dial(t, server).Subscribe(
		t.Context(), "test", wikifeed.Oldest(), wikifeed.AutoAcknowledge(),
	) {
		if err != nil {
			t.Fatal(err)
		}
		if delivery.ThroughOffset >= 9 {
			break
		}
	}
	if place := service.place(); place != 6 {
		t.Errorf("the place is %d", place)
	}
}

func TestADeliveryOfACallThatIsOverCanNotBeAcknowledged(t *testing.T) {
	service, server := serveKeeper(t, 30, 1)
	service.steady = true
	var kept *wikifeed.Delivery
	for delivery, err := range dial(t, server).Subscribe(t.Context(), "test", wikifeed.Oldest()) {
		if err != nil {
			t.Fatal(err)
		}
		kept = delivery
		break
	}
	if err := kept.Acknowledge(); !errors.Is(err, wikifeed.ErrRedelivered) {
		t.Errorf("%v", err)
	}
}
