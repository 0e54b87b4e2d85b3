package wikifeed_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

const batchName = "testwiki_namespace_0"

var firstHour = time.Date(2026, 1, 31, 7, 0, 0, 0, time.UTC)

// hours is a batch service with a batch for each of some hours, the first of them firstHour, listed two on a page.
type hours struct {
	wikifeedv1.UnimplementedBatchServiceServer
	files [][]byte
	// mischief is asked before each piece; it may change it, or end the call.
	mischief func(*wikifeedv1.ExportBatchResponse) error

	lock sync.Mutex
	// asked are the lists' requests, and starts the positions at which exports began.
	asked  []*wikifeedv1.ListBatchesRequest
	starts []int64
}

func serveHours(t *testing.T, files ...[]byte) (*hours, *cutter) {
	t.Helper()
	made := &hours{files: files, mischief: func(*wikifeedv1.ExportBatchResponse) error { return nil }}
	return made, serve(t, func(s *grpc.Server) { wikifeedv1.RegisterBatchServiceServer(s, made) })
}

func (h *hours) batch(number int) *wikifeedv1.Batch {
	digest := sha256.Sum256(h.files[number])
	return &wikifeedv1.Batch{
		Identifier: batchName,
		Hour:       timestamppb.New(firstHour.Add(time.Duration(number) * time.Hour)),
		FileName:   batchName + ".tar.gz",
		SizeBytes:  int64(len(h.files[number])),
		Sha256:     hex.EncodeToString(digest[:]),
	}
}

// find is which file is that of a moment's hour.
func (h *hours) find(moment *timestamppb.Timestamp, identifier string) (int, error) {
	number := int(moment.AsTime().Sub(firstHour) / time.Hour)
	if number < 0 || number >= len(h.files) || identifier != batchName {
		return 0, refusal(codes.NotFound, "BATCH_NOT_FOUND", nil)
	}
	return number, nil
}

func (h *hours) ListBatches(
	_ context.Context, request *wikifeedv1.ListBatchesRequest,
) (*wikifeedv1.ListBatchesResponse, error) {
	h.lock.Lock()
	h.asked = append(h.asked, proto.Clone(request).(*wikifeedv1.ListBatchesRequest))
	h.lock.Unlock()
	listed, _ := strconv.Atoi(request.GetPageToken())
	response := &wikifeedv1.ListBatchesResponse{}
	for range min(2, len(h.files)-listed) {
		listed++
		response.Batches = append(response.Batches, h.batch(len(h.files)-listed))
	}
	if listed < len(h.files) {
		response.NextPageToken = strconv.Itoa(listed)
	}
	return response, nil
}

func (h *hours) GetBatch(
	_ context.Context, request *wikifeedv1.GetBatchRequest,
) (*wikifeedv1.GetBatchResponse, error) {
	number, err := h.find(request.GetHour(), request.GetIdentifier())
	if err != nil {
		return nil, err
	}
	return &wikifeedv1.GetBatchResponse{Batch: h.batch(number)}, nil
}

func (h *hours) ExportBatch(
	request *wikifeedv1.ExportBatchRequest, stream grpc.ServerStreamingServer[wikifeedv1.ExportBatchResponse],
) error {
	number, err := h.find(request.GetHour(), request.GetIdentifier())
	if err != nil {
		return err
	}
	h.lock.Lock()
	h.starts = append(h.starts, request.GetStartPosition())
	h.lock.Unlock()
	file := h.files[number]
	for position := request.GetStartPosition(); position < int64(len(file)); position += pieceBytes {
		data := bytes.Clone(file[position:min(position+pieceBytes, int64(len(file)))])
		piece := &wikifeedv1.ExportBatchResponse{
			Position: position, Data: data, Crc32C: crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)),
		}
		h.lock.Lock()
		err := h.mischief(piece)
		h.lock.Unlock()
		if err != nil {
			return err
		}
		if err := stream.Send(piece); err != nil {
			return err
		}
	}
	return nil
}

// fetch exports the batch of a moment's hour.
func fetch(t *testing.T, client *wikifeed.Client, moment time.Time, folder string) (string, error) {
	t.Helper()
	batch, err := client.Batch(t.Context(), moment, batchName)
	if err != nil {
		t.Fatal(err)
	}
	return client.ExportBatch(t.Context(), batch, folder)
}

func expectFile(t *testing.T, path string, file []byte) {
	t.Helper()
	expectFiles(t, &wikifeed.Exported{Paths: []string{path}}, [][]byte{file})
}

func TestBatchesOfAllPagesAreGiven(t *testing.T) {
	service, server := serveHours(t, make([][]byte, 5)...)
	moment := firstHour.Add(20 * time.Minute)
	var given []time.Time
	for batch, err := range dial(t, server).Batches(t.Context(),
		wikifeed.Hour(moment), wikifeed.Projects("testwiki"), wikifeed.Namespaces(0, 14), wikifeed.PageSize(2),
	) {
		if err != nil {
			t.Fatal(err)
		}
		if given = append(given, batch.GetHour().AsTime()); len(given) > 5 {
			break
		}
	}
	newestFirst := func(a, b time.Time) int { return b.Compare(a) }
	if len(given) != 5 || !given[4].Equal(firstHour) || !slices.IsSortedFunc(given, newestFirst) {
		t.Errorf("%v", given)
	}
	for number, token := range []string{"", "2", "4"} {
		expected := &wikifeedv1.ListBatchesRequest{
			Hour: timestamppb.New(moment), Projects: []string{"testwiki"}, Namespaces: []int64{0, 14},
			PageSize: 2, PageToken: token,
		}
		if len(service.asked) != 3 || !proto.Equal(service.asked[number], expected) {
			t.Fatalf("%v", service.asked)
		}
	}
}

func TestABatchThatIsMissingIsNotFound(t *testing.T) {
	service, server := serveHours(t, []byte("lines"))
	client := dial(t, server)
	batch, err := client.Batch(t.Context(), firstHour.Add(59*time.Minute), batchName)
	if err != nil || !proto.Equal(batch, service.batch(0)) {
		t.Fatalf("%v (%v)", batch, err)
	}
	_, missing := client.Batch(t.Context(), firstHour.Add(time.Hour), batchName)
	batch.Hour = timestamppb.New(firstHour.Add(time.Hour))
	path, gone := client.ExportBatch(t.Context(), batch, t.TempDir())
	for _, err := range []error{missing, gone} {
		var notFound *wikifeed.NotFoundError
		if !errors.As(err, &notFound) || notFound.Reason != "BATCH_NOT_FOUND" || path != "" {
			t.Errorf("%T with %q: %v", err, path, err)
		}
	}
}

func TestABatchIsFetchedOverCutsAndDamage(t *testing.T) {
	for range 5 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			files := noise(random, 2)
			service, server := serveHours(t, files...)
			var pieces int
			// Each piece is damaged once at most: a client gives up one that is three times in a row.
			damaged := map[int64]bool{}
			service.mischief = func(piece *wikifeedv1.ExportBatchResponse) error {
				pieces++
				place := piece.GetPosition()
				switch {
				case pieces == 4:
					return refusal(codes.Unavailable, "SERVER_STOPPING", nil)
				case pieces == 8:
					damaged[place] = true
					piece.Data[random.IntN(len(piece.Data))] ^= 1
				case pieces > 8 && !damaged[place] && random.IntN(20) == 0:
					damaged[place] = true
					piece.Position += 100
				}
				return nil
			}
			client := dial(t, server)
			batch, err := client.Batch(t.Context(), firstHour.Add(time.Hour), batchName)
			if err != nil {
				t.Fatal(err)
			}
			var last wikifeed.Progress
			path, err := client.ExportBatch(t.Context(), batch, filepath.Join(t.TempDir(), "new", "folder"),
				wikifeed.OnProgress(func(p wikifeed.Progress) { last = p }))
			if err != nil {
				t.Fatal(err)
			}
			expectFile(t, path, files[1])
			if size := int64(len(files[1])); last != (wikifeed.Progress{size, size, 1, 1}) {
				t.Errorf("%+v", last)
			}
			if !slices.Equal(service.starts[:2], []int64{0, 300}) || len(service.starts) < 3 {
				t.Errorf("exports began at %v", service.starts)
			}
		})
	}
}

func TestABatchGoesOnWithWhatIsOnTheDisk(t *testing.T) {
	files := noise(rand.New(rand.NewPCG(5, 5)), 2)
	service, server := serveHours(t, files...)
	client, folder := dial(t, server), t.TempDir()
	part := filepath.Join(folder, batchName+".tar.gz."+service.batch(0).GetSha256()[:16]+".part")
	if err := os.WriteFile(part, files[0][:700], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		hour   int
		starts []int64
	}{{0, []int64{700}}, {0, nil}, {1, []int64{0}}} {
		service.starts = nil
		path, err := fetch(t, client, firstHour.Add(time.Duration(step.hour)*time.Hour), folder)
		if err != nil {
			t.Fatal(err)
		}
		expectFile(t, path, files[step.hour])
		if !slices.Equal(service.starts, step.starts) {
			t.Errorf("hour %d: exports began at %v, not %v", step.hour, service.starts, step.starts)
		}
	}
}

func TestABatchThatStaysDamagedIsRefused(t *testing.T) {
	service, server := serveHours(t, noise(rand.New(rand.NewPCG(6, 6)), 1)...)
	service.mischief = func(piece *wikifeedv1.ExportBatchResponse) error {
		piece.Data[0] ^= 1
		return nil
	}
	folder := t.TempDir()
	path, err := fetch(t, dial(t, server), firstHour, folder)
	var damaged *wikifeed.DamagedError
	if !errors.As(err, &damaged) || damaged.File != batchName+".tar.gz" || path != "" {
		t.Fatalf("%T with %q: %v", err, path, err)
	}
	if _, err := os.Stat(filepath.Join(folder, batchName+".tar.gz")); err == nil {
		t.Error("a damaged file bears the name of a complete one")
	}
}
