package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
)

const (
	mirrorName   = "mirror.json"
	snapshotName = "snapshot"
)

// mirroredPages is the sink that scenarios mirror into: the offset at which each page last came, and through which the
// mirror is whole, kept in a file of JSON.
type mirroredPages struct {
	path    string
	Through *uint64          `json:"through"`
	Pages   map[int64]uint64 `json:"pages"`
}

func openMirroredPages(path string) (*mirroredPages, error) {
	made := &mirroredPages{path: path, Pages: map[int64]uint64{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return made, nil
	}
	if err != nil {
		return nil, err
	}
	return made, json.Unmarshal(text, made)
}

func (m *mirroredPages) Place(context.Context) (offset uint64, found bool, err error) {
	if m.Through == nil {
		return 0, false, nil
	}
	return *m.Through, true, nil
}

func (m *mirroredPages) Reset(context.Context) error {
	m.Through, m.Pages = nil, map[int64]uint64{}
	return nil
}

func (m *mirroredPages) Fill(_ context.Context, articles []*wikifeed.Article, offset uint64) error {
	for _, article := range articles {
		m.Pages[article.GetIdentifier()] = offset
	}
	return m.write()
}

func (m *mirroredPages) Apply(_ context.Context, updates []wikifeed.Update, place uint64) error {
	for _, update := range updates {
		if update.Article == nil {
			delete(m.Pages, update.PageID)
		} else {
			m.Pages[update.PageID] = update.Change.GetOffset()
		}
	}
	m.Through = &place
	return m.write()
}

func (m *mirroredPages) write() error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(m.path, text, 0o644)
}
