//go:build unix

package wikifeed_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

const (
	fileBytes = 1000
	// addressVariable tells the test's own program, run as another process, where the server is.
	addressVariable = "WIKIFEED_TEST_EXPORT_ADDRESS"
	folderVariable  = "WIKIFEED_TEST_EXPORT_FOLDER"
)

// TestMain exports, in the process that the test below starts: no file of it may be larger than fileBytes, so writing on
// fails as on a disk that is full.
func TestMain(m *testing.M) {
	address := os.Getenv(addressVariable)
	if address == "" {
		os.Exit(m.Run())
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: fileBytes, Max: fileBytes}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	client, err := wikifeed.Dial(address)
	if err == nil {
		_, err = client.Export(context.Background(), "testwiki_namespace_0", os.Getenv(folderVariable))
	}
	fmt.Println(err, errors.Is(err, syscall.EFBIG))
	os.Exit(0)
}

func TestAFullDiskIsToldAndWhatCameIsKept(t *testing.T) {
	files := noise(rand.New(rand.NewPCG(4, 4)), 1)
	service, server := serveStore(t, files...)
	folder := t.TempDir()
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), addressVariable+"="+server.Addr().String(), folderVariable+"="+folder)
	told, err := program.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, told)
	}
	words := fmt.Sprintf("at byte %d of %d; what came is kept, and the next export goes on: ", fileBytes, len(files[0]))
	if !strings.Contains(string(told), words) || !strings.HasSuffix(string(told), " true\n") {
		t.Errorf("%s", told)
	}
	parts, err := filepath.Glob(filepath.Join(folder, "*.part"))
	if err != nil || len(parts) != 1 {
		t.Fatalf("%v (%v)", parts, err)
	}
	if part, err := os.Stat(parts[0]); err != nil || part.Size() != fileBytes {
		t.Fatalf("%v (%v)", part, err)
	}
	service.sent = 0
	exported, err := dial(t, server).Export(t.Context(), "testwiki_namespace_0", folder)
	if err != nil {
		t.Fatal(err)
	}
	expectFiles(t, exported, files)
	if service.sent != len(files[0])-fileBytes {
		t.Errorf("%d bytes were sent for the second export", service.sent)
	}
}
