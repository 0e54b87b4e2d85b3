package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

// observeFolder reads what the action left in the folder.
func (a action) observeFolder(folder string, seen *observation) error {
	if a.Checkpoint != "" {
		checkpoint := wikifeed.NewFileCheckpoint(filepath.Join(folder, a.Checkpoint))
		offset, found, err := checkpoint.Load(context.Background())
		if err != nil {
			return err
		}
		if found {
			seen.Checkpoint = &offset
		}
	}
	if a.Do != "export" && a.Do != "export_batch" {
		return nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	seen.Files = map[string]string{}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".part") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		digest := sha256.Sum256(text)
		seen.Files[entry.Name()] = hex.EncodeToString(digest[:])
	}
	return nil
}
