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
)

const readBufferBytes = 1 << 20

// ReadArticles gives the articles of a snapshot's or a batch's file, in the order in which they stand there, without
// unpacking it to the disk. The name tells the form: ".tar.gz", ".zst", ".gz" or ".ndjson". A compressed file that is
// cut short ends with an error.
func ReadArticles(path string) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		for line, err := range ReadLines(path) {
			if err != nil {
				yield(nil, err)
				return
			}
			article, err := ArticleFromJSON(line)
			if err != nil {
				yield(nil, fmt.Errorf("wikifeed: %s: a line is no article: %w", path, err))
				return
			}
			if !yield(article, nil) {
				return
			}
		}
	}
}

// ReadLines gives the lines of a snapshot's file as [ReadArticles] does, as JSON for the caller to decode: into a type
// of their own, or with [ArticleFromJSON]. A line is good until the next one.
func ReadLines(path string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = file.Close() }()
		give := func(line json.RawMessage) bool { return yield(line, nil) }
		if err := fileLines(path, bufio.NewReaderSize(file, readBufferBytes), give); err != nil {
			yield(nil, fmt.Errorf("wikifeed: %s: %w", path, err))
		}
	}
}

// fileLines gives the lines of a file until the caller wants no more.
func fileLines(path string, from io.Reader, give func(json.RawMessage) bool) error {
	switch {
	case strings.HasSuffix(path, ".tar.gz"):
		return archiveLines(from, give)
	case strings.HasSuffix(path, ".gz"):
		unpacked, err := gzip.NewReader(from)
		if err != nil {
			return err
		}
		_, err = lines(unpacked, give)
		return err
	case strings.HasSuffix(path, ".zst"):
		unpacked, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return err
		}
		defer unpacked.Close()
		_, err = lines(unpacked, give)
		return err
	case strings.HasSuffix(path, ".ndjson"):
		_, err := lines(from, give)
		return err
	}
	return errors.New("only .tar.gz, .zst, .gz and .ndjson can be read")
}

// archiveLines gives the lines of all NDJSON files in a .tar.gz.
func archiveLines(from io.Reader, give func(json.RawMessage) bool) error {
	unpacked, err := gzip.NewReader(from)
	if err != nil {
		return err
	}
	archive := tar.NewReader(unpacked)
	for {
		_, err := archive.Next()
		if errors.Is(err, io.EOF) {
			// What stands behind the archive's end holds the checksum of all.
			_, err := io.Copy(io.Discard, unpacked)
			return err
		}
		if err != nil {
			return err
		}
		if wanted, err := lines(archive, give); err != nil || !wanted {
			return err
		}
	}
}

// lines gives each line of what is read, without its end. wanted is false once the caller wants no more.
func lines(from io.Reader, give func(json.RawMessage) bool) (wanted bool, err error) {
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
		if text := bytes.TrimSpace(line); len(text) > 0 && !give(text) {
			return false, nil
		}
		if err != nil {
			return true, nil
		}
		line = line[:0]
	}
}
