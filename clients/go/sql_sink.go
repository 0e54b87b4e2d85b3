package wikifeed

import (
	"context"
	"database/sql"
	"errors"

	"google.golang.org/protobuf/proto"
)

const (
	articleTable = "CREATE TABLE IF NOT EXISTS article (" +
		"identifier BIGINT PRIMARY KEY, name TEXT NOT NULL, offset BIGINT NOT NULL, data BLOB NOT NULL)"
	articleIndex = "CREATE INDEX IF NOT EXISTS article_name ON article (name)"
	mirrorTable  = "CREATE TABLE IF NOT EXISTS mirror (through_offset BIGINT NOT NULL)"
	putArticle   = "INSERT INTO article (identifier, name, offset, data) VALUES (?, ?, ?, ?) ON CONFLICT (identifier)" +
		" DO UPDATE SET name = excluded.name, offset = excluded.offset, data = excluded.data"
)

// SQLSink is a [Sink] in a SQLite database, or in another that knows SQLite's upsert and "?" as a parameter: the table
// article(identifier, name, offset, data), where data is the serialized [Article] and offset that of the change behind it,
// or of the snapshot. The caller opens the database with the driver of their choice.
//
// Updates and the place, in the table mirror(through_offset), are one transaction: a mirror that is killed at any point
// goes on without loss or repeat.
type SQLSink struct{ db *sql.DB }

// NewSQLSink makes a sink of a database, and the tables where they are missing.
func NewSQLSink(ctx context.Context, db *sql.DB) (*SQLSink, error) {
	for _, create := range []string{articleTable, articleIndex, mirrorTable} {
		if _, err := db.ExecContext(ctx, create); err != nil {
			return nil, err
		}
	}
	return &SQLSink{db}, nil
}

// Place returns the offset through which everything is written.
func (s *SQLSink) Place(ctx context.Context) (offset uint64, found bool, err error) {
	var place int64
	err = s.db.QueryRowContext(ctx, "SELECT through_offset FROM mirror").Scan(&place)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return uint64(place), err == nil, err
}

// Reset forgets all articles.
func (s *SQLSink) Reset(ctx context.Context) error {
	return s.commit(ctx, func(transaction *sql.Tx) error {
		if _, err := transaction.ExecContext(ctx, "DELETE FROM mirror"); err != nil {
			return err
		}
		_, err := transaction.ExecContext(ctx, "DELETE FROM article")
		return err
	})
}

// Fill writes articles of the snapshot.
func (s *SQLSink) Fill(ctx context.Context, articles []*Article, offset uint64) error {
	return s.commit(ctx, func(transaction *sql.Tx) error {
		for _, article := range articles {
			if err := put(ctx, transaction, article, offset); err != nil {
				return err
			}
		}
		return nil
	})
}

// Apply writes updates and the place in one transaction.
func (s *SQLSink) Apply(ctx context.Context, updates []Update, place uint64) error {
	return s.commit(ctx, func(transaction *sql.Tx) error {
		for _, update := range updates {
			if err := apply(ctx, transaction, update); err != nil {
				return err
			}
		}
		if _, err := transaction.ExecContext(ctx, "DELETE FROM mirror"); err != nil {
			return err
		}
		_, err := transaction.ExecContext(ctx, "INSERT INTO mirror (through_offset) VALUES (?)", int64(place))
		return err
	})
}

// ByPageID returns the article of a page; found is false where there is none.
func (s *SQLSink) ByPageID(ctx context.Context, id int64) (article *Article, found bool, err error) {
	return s.get(ctx, "SELECT data FROM article WHERE identifier = ?", id)
}

// ByTitle returns the article of a title, with the namespace's prefix; found is false where there is none.
func (s *SQLSink) ByTitle(ctx context.Context, title string) (article *Article, found bool, err error) {
	return s.get(ctx, "SELECT data FROM article WHERE name = ?", title)
}

func (s *SQLSink) get(ctx context.Context, query string, key any) (*Article, bool, error) {
	var data []byte
	err := s.db.QueryRowContext(ctx, query, key).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	article := &Article{}
	if err := proto.Unmarshal(data, article); err != nil {
		return nil, false, err
	}
	return article, true, nil
}

func (s *SQLSink) commit(ctx context.Context, write func(*sql.Tx) error) error {
	transaction, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := write(transaction); err != nil {
		return errors.Join(err, transaction.Rollback())
	}
	return transaction.Commit()
}

func apply(ctx context.Context, transaction *sql.Tx, update Update) error {
	if update.Article != nil {
		return put(ctx, transaction, update.Article, update.Change.GetOffset())
	}
	_, err := transaction.ExecContext(ctx, "DELETE FROM article WHERE identifier = ?", update.PageID)
	return err
}

func put(ctx context.Context, transaction *sql.Tx, article *Article, offset uint64) error {
	data, err := proto.Marshal(article)
	if err != nil {
		return err
	}
	_, err = transaction.ExecContext(ctx, putArticle, article.GetIdentifier(), article.GetName(), int64(offset), data)
	return err
}
