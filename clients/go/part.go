package wikifeed

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"strings"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// part is a file that is not complete.
//
// Promise: `position` bytes of the file are written, each piece of them had the right CRC-32C, and digest is of them.
type part struct {
	source
	name     string
	file     *os.File
	position int64
	digest   hash.Hash
	// rejected is how often the whole file was not what it should be.
	rejected int
}

// openPart opens the file at path, or makes it, and reads what is in it.
func openPart(path string, from source) (*part, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	p := &part{source: from, name: from.GetFileName(), file: file, digest: sha256.New()}
	p.position, err = io.Copy(p.digest, file)
	if err == nil && p.position > from.GetSizeBytes() {
		err = p.discard()
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// write appends one piece, once it is known to be what was asked for.
func (p *part) write(piece piece) error {
	data := piece.GetData()
	switch {
	case piece.GetChunkNumber() != p.number:
		return &DamagedError{File: p.name, Problem: "the server sent another file's bytes"}
	case piece.GetPosition() != p.position || p.position+int64(len(data)) > p.GetSizeBytes():
		return &DamagedError{File: p.name, Problem: "the server sent bytes of another place"}
	case piece.GetCrc32C() != crc32.Checksum(data, castagnoli):
		return &DamagedError{File: p.name, Problem: "a piece's CRC-32C is not what the server says"}
	}
	if _, err := p.file.WriteAt(data, p.position); err != nil {
		return fmt.Errorf("wikifeed: at byte %d of %d; what came is kept, and the next export goes on: %w",
			p.position, p.GetSizeBytes(), err)
	}
	p.position += int64(len(data))
	p.digest.Write(data)
	return nil
}

func (p *part) isWhole() bool { return p.position == p.GetSizeBytes() }

func (p *part) isRight() bool {
	return strings.EqualFold(hex.EncodeToString(p.digest.Sum(nil)), p.GetSha256())
}

// discard begins the file anew.
func (p *part) discard() error {
	p.position = 0
	p.digest.Reset()
	return p.file.Truncate(0)
}

// finish makes the file durable and gives it its name.
func (p *part) finish(path string) error {
	if err := errors.Join(p.file.Truncate(p.position), p.file.Sync(), p.file.Close()); err != nil {
		return err
	}
	return os.Rename(p.file.Name(), path)
}

// close may come after finish.
func (p *part) close() { _ = p.file.Close() }

// isComplete says whether the file at path is what the server has.
func isComplete(path string, wanted facts) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	if facts, err := file.Stat(); err != nil || facts.Size() != wanted.GetSizeBytes() {
		return false
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return false
	}
	return strings.EqualFold(hex.EncodeToString(digest.Sum(nil)), wanted.GetSha256())
}
