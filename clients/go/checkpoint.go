package wikifeed

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Checkpoint keeps the place of a stream of changes. [FileCheckpoint] and [SQLCheckpoint] are two; any type with the
// two methods will do.
//
// With [Keep] the place is saved after the caller took what it stands for: when [Client.Changes] has given the last
// change of a response and is asked for the next, and when the loop is left, with all but the change at which it was
// left. So a program that is killed sees the changes since the last save again, at most one response's: each comes at
// least once. Exactly once takes a place that is stored in the same transaction as what the changes make: see
// [SQLCheckpoint.SaveIn].
type Checkpoint interface {
	// Load returns the offset that was saved last; found is false where none ever was.
	Load(ctx context.Context) (offset uint64, found bool, err error)
	// Save keeps the offset, durably, in place of the one before.
	Save(ctx context.Context, offset uint64) error
}

// FileCheckpoint keeps a place in a file of its own, which is replaced as a whole: after a crash it holds one place or
// the one before, never half of one.
type FileCheckpoint struct{ path string }

// NewFileCheckpoint makes a checkpoint of the file at path, which need not exist yet. Its folder must.
func NewFileCheckpoint(path string) *FileCheckpoint { return &FileCheckpoint{path} }

type savedPlace struct {
	Offset uint64 `json:"offset"`
}

// Load reads the file.
func (c *FileCheckpoint) Load(context.Context) (offset uint64, found bool, err error) {
	text, err := os.ReadFile(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	var place savedPlace
	if err := json.Unmarshal(text, &place); err != nil {
		return 0, false, fmt.Errorf("wikifeed: %s is no checkpoint: %w", c.path, err)
	}
	return place.Offset, true, nil
}

// Save replaces the file.
func (c *FileCheckpoint) Save(_ context.Context, offset uint64) error {
	text, err := json.Marshal(savedPlace{offset})
	if err != nil {
		return err
	}
	return replaceFile(c.path, append(text, '\n'))
}

func replaceFile(path string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return syncFolder(filepath.Dir(path))
}

// SQLCheckpoint keeps a place in a table of a SQLite database, or of another that knows SQLite's upsert and "?" as a
// parameter. The caller opens the database with the driver of their choice.
type SQLCheckpoint struct {
	db    *sql.DB
	table string
	name  string
}

var tableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// NewSQLCheckpoint makes a checkpoint of the row called name in a table, which is made where it is missing.
func NewSQLCheckpoint(ctx context.Context, db *sql.DB, table, name string) (*SQLCheckpoint, error) {
	if !tableName.MatchString(table) {
		return nil, fmt.Errorf("wikifeed: %q is no name of a table", table)
	}
	create := "CREATE TABLE IF NOT EXISTS " + table + " (name TEXT PRIMARY KEY, place BIGINT NOT NULL)"
	if _, err := db.ExecContext(ctx, create); err != nil {
		return nil, err
	}
	return &SQLCheckpoint{db, table, name}, nil
}

// Load reads the row.
func (c *SQLCheckpoint) Load(ctx context.Context) (offset uint64, found bool, err error) {
	row := c.db.QueryRowContext(ctx, "SELECT place FROM "+c.table+" WHERE name = ?", c.name)
	var place int64
	err = row.Scan(&place)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return uint64(place), err == nil, err
}

// Save writes the row, in a transaction of its own.
func (c *SQLCheckpoint) Save(ctx context.Context, offset uint64) error {
	return c.save(ctx, c.db, offset)
}

// SaveIn writes the row in the caller's transaction. Where that stores what the changes make too, each change counts
// exactly once: load the place, begin after it without [Keep], and commit each response of [Client.Responses] together
// with its ThroughOffset.
func (c *SQLCheckpoint) SaveIn(ctx context.Context, transaction *sql.Tx, offset uint64) error {
	return c.save(ctx, transaction, offset)
}

func (c *SQLCheckpoint) save(ctx context.Context, into interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, offset uint64) error {
	upsert := "INSERT INTO " + c.table + " (name, place) VALUES (?, ?)" +
		" ON CONFLICT (name) DO UPDATE SET place = excluded.place"
	_, err := into.ExecContext(ctx, upsert, c.name, int64(offset))
	return err
}
