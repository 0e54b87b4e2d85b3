package wikifeed_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

const (
	snapshotOffset = 42
	pieceBytes     = 100
)

// store is a snapshot service with one snapshot, whose answers are cut or damaged now and then.
type store struct {
	wikifeedv1.UnimplementedSnapshotServiceServer
	files [][]byte
	// mischief is asked before each piece; it may change it, or end the call.
	mischief func(*wikifeedv1.ExportSnapshotResponse) error
	// fileName, where set, is what all files are called.
	fileName *string

	lock sync.Mutex
	sent int
}

func serveStore(t *testing.T, files ...[]byte) (*store, *cutter) {
	t.Helper()
	made := &store{files: files, mischief: func(*wikifeedv1.ExportSnapshotResponse) error { return nil }}
	return made, serve(t, func(s *grpc.Server) { wikifeedv1.RegisterSnapshotServiceServer(s, made) })
}

func (s *store) GetSnapshot(
	_ context.Context, request *wikifeedv1.GetSnapshotRequest,
) (*wikifeedv1.GetSnapshotResponse, error) {
	response := &wikifeedv1.GetSnapshotResponse{Snapshot: &wikifeedv1.Snapshot{
		Identifier: request.GetIdentifier(),
		Offset:     snapshotOffset,
		State:      wikifeedv1.SnapshotState_SNAPSHOT_STATE_READY,
	}}
	for number, file := range s.files {
		digest := sha256.Sum256(file)
		response.Chunks = append(response.Chunks, &wikifeedv1.Chunk{
			FileName:  fmt.Sprintf("%s_chunk_%d.tar.gz", request.GetIdentifier(), number),
			SizeBytes: int64(len(file)),
			Sha256:    hex.EncodeToString(digest[:]),
		})
		if s.fileName != nil {
			response.Chunks[number].FileName = *s.fileName
		}
	}
	return response, nil
}

func (s *store) ExportSnapshot(
	request *wikifeedv1.ExportSnapshotRequest, stream grpc.ServerStreamingServer[wikifeedv1.ExportSnapshotResponse],
) error {
	if request.GetOffset() != snapshotOffset {
		return refusal(codes.NotFound, "SNAPSHOT_NOT_FOUND", nil)
	}
	file := s.files[request.GetFirstChunk()]
	for position := request.GetStartPosition(); position < int64(len(file)); position += pieceBytes {
		data := bytes.Clone(file[position:min(position+pieceBytes, int64(len(file)))])
		piece := &wikifeedv1.ExportSnapshotResponse{
			ChunkNumber: request.GetFirstChunk(),
			Position:    position,
			Data:        data,
			Crc32C:      crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)),
			Offset:      snapshotOffset,
			SizeBytes:   int64(len(file)),
		}
		s.lock.Lock()
		s.sent += len(data)
		err := s.mischief(piece)
		s.lock.Unlock()
		if err != nil {
			return err
		}
		if err := stream.Send(piece); err != nil {
			return err
		}
	}
	return nil
}

// noise are files of random bytes, of sizes that are no multiple of a piece's.
func noise(random *rand.Rand, count int) [][]byte {
	files := make([][]byte, count)
	for number := range files {
		files[number] = make([]byte, 1500+random.IntN(1000))
		for place := range files[number] {
			files[number][place] = byte(random.Uint32())
		}
	}
	return files
}

func expectFiles(t *testing.T, exported *wikifeed.Exported, files [][]byte) {
	t.Helper()
	if len(exported.Paths) != len(files) {
		t.Fatalf("%d files, not %d", len(exported.Paths), len(files))
	}
	for number, path := range exported.Paths {
		if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, files[number]) {
			t.Errorf("%s is not what the server has (%v)", path, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(exported.Paths[0]), "*.part"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v (%v)", left, err)
	}
}

func TestExportGoesOnOverCutsAndDamage(t *testing.T) {
	for range 10 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			files := noise(random, 5)
			service, server := serveStore(t, files...)
			// Each piece is damaged once at most: a client gives up one that is three times in a row.
			damaged := map[[2]int64]bool{}
			service.mischief = func(piece *wikifeedv1.ExportSnapshotResponse) error {
				place := [2]int64{int64(piece.GetChunkNumber()), piece.GetPosition()}
				switch dice := random.IntN(30); {
				case dice == 0:
					return refusal(codes.Unavailable, "SERVER_STOPPING", nil)
				case dice == 1:
					server.cut()
				case dice > 3 || damaged[place]:
				case dice == 2:
					damaged[place] = true
					piece.Data[random.IntN(len(piece.Data))] ^= 1
				default:
					damaged[place] = true
					piece.Position += 100
				}
				return nil
			}
			var last wikifeed.Progress
			exported, err := dial(t, server).Export(t.Context(), "testwiki_namespace_0", t.TempDir(),
				wikifeed.Parallel(3), wikifeed.OnProgress(func(p wikifeed.Progress) { last = p }))
			if err != nil {
				t.Fatal(err)
			}
			expectFiles(t, exported, files)
			if last.Bytes != last.TotalBytes || last.Files != len(files) || last.TotalFiles != len(files) {
				t.Errorf("%+v", last)
			}
		})
	}
}

func TestExportGoesOnWithWhatIsOnTheDisk(t *testing.T) {
	files := noise(rand.New(rand.NewPCG(1, 1)), 3)
	service, server := serveStore(t, files...)
	left := 30
	service.mischief = func(*wikifeedv1.ExportSnapshotResponse) error {
		if left--; left < 0 {
			return refusal(codes.PermissionDenied, "PLAN_DOES_NOT_ALLOW", nil)
		}
		return nil
	}
	client, folder := dial(t, server), t.TempDir()
	_, err := client.Export(t.Context(), "testwiki_namespace_0", folder, wikifeed.Parallel(1))
	var denied *wikifeed.PermissionDeniedError
	if !errors.As(err, &denied) {
		t.Fatalf("%T: %v", err, err)
	}
	left = 1000
	service.sent = 0
	exported, err := client.Export(t.Context(), "testwiki_namespace_0", folder)
	if err != nil {
		t.Fatal(err)
	}
	expectFiles(t, exported, files)
	if all := len(files[0]) + len(files[1]) + len(files[2]); service.sent > all-30*pieceBytes+len(files[0]) {
		t.Errorf("%d of %d bytes were sent again", service.sent, all)
	}
	service.sent = 0
	if _, err := client.Export(t.Context(), "testwiki_namespace_0", folder); err != nil || service.sent > 0 {
		t.Errorf("%d bytes were sent for files that were there (%v)", service.sent, err)
	}
}

func TestExportReplacesWhatIsNotWhole(t *testing.T) {
	files := noise(rand.New(rand.NewPCG(2, 2)), 1)
	_, server := serveStore(t, files...)
	folder := t.TempDir()
	path := filepath.Join(folder, "testwiki_namespace_0_chunk_0.tar.gz")
	wrong := bytes.Clone(files[0])
	wrong[7] ^= 1
	digest := sha256.Sum256(files[0])
	part := path + "." + hex.EncodeToString(digest[:8]) + ".part"
	for name, text := range map[string][]byte{path: wrong, part: wrong[:700]} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	exported, err := dial(t, server).Export(t.Context(), "testwiki_namespace_0", folder)
	if err != nil {
		t.Fatal(err)
	}
	expectFiles(t, exported, files)
}

func TestExportRefusesWhatStaysDamaged(t *testing.T) {
	files := noise(rand.New(rand.NewPCG(3, 3)), 1)
	service, server := serveStore(t, files...)
	service.mischief = func(piece *wikifeedv1.ExportSnapshotResponse) error {
		if piece.GetPosition() == 500 {
			piece.Data[0] ^= 1
			piece.Crc32C = crc32.Checksum(piece.Data, crc32.MakeTable(crc32.Castagnoli))
		}
		return nil
	}
	folder := t.TempDir()
	_, err := dial(t, server).Export(t.Context(), "testwiki_namespace_0", folder)
	var damaged *wikifeed.DamagedError
	if !errors.As(err, &damaged) {
		t.Fatalf("%T: %v", err, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "testwiki_namespace_0_chunk_0.tar.gz")); err == nil {
		t.Error("a damaged file bears the name of a complete one")
	}
}

func TestExportRefusesAnotherFilesBytes(t *testing.T) {
	service, server := serveStore(t, noise(rand.New(rand.NewPCG(8, 8)), 1)...)
	service.mischief = func(piece *wikifeedv1.ExportSnapshotResponse) error {
		piece.ChunkNumber++
		return nil
	}
	_, err := dial(t, server).Export(t.Context(), "testwiki_namespace_0", t.TempDir())
	if !errors.As(err, new(*wikifeed.DamagedError)) {
		t.Fatalf("%T: %v", err, err)
	}
}

func TestExportRefusesWhatIsNoPlainFileName(t *testing.T) {
	service, server := serveStore(t, noise(rand.New(rand.NewPCG(9, 9)), 1)...)
	for _, name := range []string{"", "..", ".hidden", "../testwiki.tar.gz", "/testwiki.tar.gz", "a/testwiki.tar.gz"} {
		service.fileName = &name
		folder := filepath.Join(t.TempDir(), "folder")
		_, err := dial(t, server).Export(t.Context(), "testwiki_namespace_0", folder)
		var damaged *wikifeed.DamagedError
		if !errors.As(err, &damaged) || damaged.File != strconv.Quote(name) || service.sent > 0 {
			t.Errorf("%q: %T: %v", name, err, err)
		}
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
