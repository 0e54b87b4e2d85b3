package wikifeed

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protojson"
)

const readBufferBytes = 1 << 20

// ReadArticles gives the articles of a snapshot's or a batch's file, in the order in which they stand there, without
// unpacking it to the disk. The name tells the form: ".tar.gz" or ".zst". A file that ends too early ends with an error.
func ReadArticles(path string) iter.Seq2[*Article, error] {
	reading := protojson.UnmarshalOptions{DiscardUnknown: true}
	return func(yield func(*Article, error) bool) {
		for line, err := range ReadLines(path) {
			if err != nil {
				yield(nil, err)
				return
			}
			article := &Article{}
			if err := reading.Unmarshal(line, article); err != nil {
				yield(nil, fmt.Errorf("wikifeed: %s: a line is no article: %w", path, err))
				return
			}
			if !yield(article, nil) {
				return
			}
		}
	}
}

// ReadLines gives the lines of a snapshot's file as [ReadArticles] does, as JSON for the caller to decode into a type of
// their own. A line is good until the next one.
func ReadLines(path string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = file.Close() }()
		members, stop, err := openMembers(path, bufio.NewReaderSize(file, readBufferBytes))
		if err != nil {
			yield(nil, fmt.Errorf("wikifeed: %s: %w", path, err))
			return
		}
		defer stop()
		for {
			member, err := members()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil {
				var wanted bool
				if wanted, err = lines(member, yield); !wanted {
					return
				}
			}
			if err != nil {
				yield(nil, fmt.Errorf("wikifeed: %s: %w", path, err))
				return
			}
		}
	}
}

// lines gives each line of what is read, without its end. wanted is false once the caller wants no more.
func lines(from io.Reader, yield func(json.RawMessage, error) bool) (wanted bool, err error) {
	reader := bufio.NewReaderSize(from, readBufferBytes)
	var line []byte
	for {
		piece, err := reader.ReadSlice('\n')
		line = append(line, piece...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return true, err
		}
		if text := bytes.TrimSpace(line); len(text) > 0 && !yield(text, nil) {
			return false, nil
		}
		if err != nil {
			return true, nil
		}
		line = line[:0]
	}
}

// openMembers returns what gives one NDJSON file of the archive after the other, io.EOF behind the last.
func openMembers(path string, from io.Reader) (members func() (io.Reader, error), stop func(), err error) {
	switch {
	case strings.HasSuffix(path, ".tar.gz"):
		unpacked, err := gzip.NewReader(from)
		if err != nil {
			return nil, nil, err
		}
		archive := tar.NewReader(unpacked)
		next := func() (io.Reader, error) {
			_, err := archive.Next()
			if errors.Is(err, io.EOF) {
				// What stands behind the archive's end holds the checksum of all.
				if _, err := io.Copy(io.Discard, unpacked); err != nil {
					return nil, err
				}
			}
			return archive, err
		}
		return next, func() { _ = unpacked.Close() }, nil
	case strings.HasSuffix(path, ".zst"):
		unpacked, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, nil, err
		}
		left := []io.Reader{unpacked}
		next := func() (io.Reader, error) {
			if len(left) == 0 {
				return nil, io.EOF
			}
			left = nil
			return unpacked, nil
		}
		return next, unpacked.Close, nil
	}
	return nil, nil, errors.New("only .tar.gz and .zst can be read")
}
