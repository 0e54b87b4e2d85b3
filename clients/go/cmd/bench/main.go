//go:build unix

// Command bench measures what the client costs beside the bare stub.
//
//	bench ADDRESS {changes|changes-bare|export|export-bare} [SNAPSHOT FOLDER]
//
// It reads a project's log, or a snapshot into a folder, and prints one line of JSON: items, bytes, wall_seconds and
// cpu_seconds of what is measured.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"syscall"
	"time"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	project      = "enwiki"
	receiveBytes = 64 << 20
)

type counted struct {
	Items       int64   `json:"items"`
	Bytes       int64   `json:"bytes"`
	WallSeconds float64 `json:"wall_seconds"`
	CPUSeconds  float64 `json:"cpu_seconds"`
}

func main() {
	began, before := time.Now(), cpuSeconds()
	made, err := run(context.Background(), os.Args[1:])
	if err != nil {
		log.Fatal(err)
	}
	made.WallSeconds, made.CPUSeconds = time.Since(began).Seconds(), cpuSeconds()-before
	if err := json.NewEncoder(os.Stdout).Encode(made); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, words []string) (*counted, error) {
	switch {
	case len(words) == 2 && words[1] == "changes":
		return changes(ctx, words[0])
	case len(words) == 2 && words[1] == "changes-bare":
		return changesBare(ctx, words[0])
	case len(words) == 4 && words[1] == "export":
		return export(ctx, words[0], words[2], words[3])
	case len(words) == 4 && words[1] == "export-bare":
		return exportBare(ctx, words[0], words[2], words[3])
	}
	return nil, errors.New("usage: bench ADDRESS {changes|changes-bare|export|export-bare} [SNAPSHOT FOLDER]")
}

func changes(ctx context.Context, address string) (*counted, error) {
	client, err := wikifeed.Dial(address)
	if err != nil {
		return nil, err
	}
	log, err := client.ChangeLog(ctx)
	if err != nil {
		return nil, err
	}
	made := &counted{}
	filter := wikifeed.Filter{Projects: []string{project}}
	for _, err := range client.Changes(ctx, wikifeed.After(0), wikifeed.Until(log.GetNewestOffset()), filter) {
		if err != nil {
			return nil, err
		}
		made.Items++
	}
	return made, client.Close()
}

func changesBare(ctx context.Context, address string) (*counted, error) {
	connection, err := dial(address)
	if err != nil {
		return nil, err
	}
	stub := wikifeedv1.NewChangeServiceClient(connection)
	log, err := stub.GetChangeLogInfo(ctx, &wikifeedv1.GetChangeLogInfoRequest{})
	if err != nil {
		return nil, err
	}
	stream, err := stub.StreamChanges(ctx, &wikifeedv1.StreamChangesRequest{
		Projects:    []string{project},
		Start:       &wikifeedv1.StreamChangesRequest_AfterOffset{AfterOffset: 0},
		UntilOffset: log.GetNewestOffset(),
	})
	if err != nil {
		return nil, err
	}
	made := &counted{}
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return made, connection.Close()
		}
		if err != nil {
			return nil, err
		}
		made.Items += int64(len(response.GetChanges()))
	}
}

func export(ctx context.Context, address, snapshot, folder string) (*counted, error) {
	client, err := wikifeed.Dial(address)
	if err != nil {
		return nil, err
	}
	exported, err := client.Export(ctx, snapshot, folder)
	if err != nil {
		return nil, err
	}
	made := &counted{}
	for _, path := range exported.Paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		made.Items++
		made.Bytes += info.Size()
	}
	return made, client.Close()
}

func exportBare(ctx context.Context, address, snapshot, folder string) (*counted, error) {
	connection, err := dial(address)
	if err != nil {
		return nil, err
	}
	stream, err := wikifeedv1.NewSnapshotServiceClient(connection).ExportSnapshot(
		ctx, &wikifeedv1.ExportSnapshotRequest{Identifier: snapshot},
	)
	if err != nil {
		return nil, err
	}
	made := &counted{}
	var file *os.File
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return made, errors.Join(file.Close(), connection.Close())
		}
		if err != nil {
			return nil, err
		}
		if piece.GetPosition() == 0 {
			if file != nil {
				err = file.Close()
			}
			if err == nil {
				file, err = os.Create(filepath.Join(folder, fmt.Sprint(piece.GetChunkNumber())))
			}
			made.Items++
		}
		if err == nil {
			_, err = file.Write(piece.GetData())
		}
		if err != nil {
			return nil, err
		}
		made.Bytes += int64(len(piece.GetData()))
	}
}

func dial(address string) (*grpc.ClientConn, error) {
	return grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(receiveBytes)),
	)
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}
