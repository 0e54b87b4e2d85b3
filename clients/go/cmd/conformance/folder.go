package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

// lookIntoFolder observes what the action left in the folder.
func (p *performing) lookIntoFolder() error {
	switch p.Do {
	case "export", "export_batch":
		return p.lookAtFiles(p.folder)
	case "mirror":
		return errors.Join(p.lookAtMirror(), p.lookAtFiles(filepath.Join(p.folder, snapshotName)))
	}
	if p.Checkpoint != "" {
		return p.lookAtCheckpoint()
	}
	return nil
}

func (p *performing) lookAtCheckpoint() error {
	checkpoint := wikifeed.NewFileCheckpoint(filepath.Join(p.folder, p.Checkpoint))
	offset, found, err := checkpoint.Load(context.Background())
	if found {
		p.seen.Checkpoint = &offset
	}
	return err
}

func (p *performing) lookAtMirror() error {
	text, err := os.ReadFile(filepath.Join(p.folder, mirrorName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	p.seen.Mirror = text
	return err
}

func (p *performing) lookAtFiles(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	p.seen.Files = map[string]string{}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".part") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		digest := sha256.Sum256(text)
		p.seen.Files[entry.Name()] = hex.EncodeToString(digest[:])
	}
	return nil
}
