package main

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	wikifeed "github.com/wikifeed/wikifeed/clients/go"
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
)

// The section of a passage is the path of headings that leads to it.
const (
	tables = `
		CREATE VIRTUAL TABLE IF NOT EXISTS passage USING fts5(title, section, text, url UNINDEXED);
		CREATE TABLE IF NOT EXISTS page_passage (page INTEGER, passage INTEGER, PRIMARY KEY (page, passage)) WITHOUT ROWID`
	findPassages = `
		SELECT title, section, snippet(passage, 2, '[', ']', '...', 24), url FROM passage
		WHERE passage MATCH ? ORDER BY rank LIMIT 5`
	forgetPassages = "DELETE FROM passage WHERE rowid IN (SELECT passage FROM page_passage WHERE page = ?)"
)

// index is a database of passages, and how far they are known.
type index struct {
	db    *sql.DB
	place *wikifeed.SQLCheckpoint
}

func open(ctx context.Context, file string) (*index, error) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, tables); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	place, err := wikifeed.NewSQLCheckpoint(ctx, db, "place", "passages")
	return &index{db, place}, err
}

// commit stores what work makes of the index together with the offset, so that each change counts exactly once.
func (i *index) commit(ctx context.Context, offset uint64, work func(*sql.Tx) error) error {
	transaction, err := i.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err = work(transaction); err == nil {
		err = i.place.SaveIn(ctx, transaction, offset)
	}
	if err != nil {
		return errors.Join(err, transaction.Rollback())
	}
	return transaction.Commit()
}

func replace(ctx context.Context, transaction *sql.Tx, change *wikifeed.Change) error {
	article := change.GetArticle()
	for _, words := range []string{forgetPassages, "DELETE FROM page_passage WHERE page = ?"} {
		if _, err := transaction.ExecContext(ctx, words, article.GetIdentifier()); err != nil {
			return err
		}
	}
	isGone := change.GetEventType() == wikifeedv1.EventType_EVENT_TYPE_DELETE || change.GetRedirectTarget() != ""
	if isGone || article.GetNamespace().GetIdentifier() != 0 {
		return nil
	}
	return put(ctx, transaction, article)
}

func put(ctx context.Context, transaction *sql.Tx, article *wikifeed.Article) error {
	for _, section := range article.GetSections() {
		for _, passage := range passages(section, nil) {
			_, err := transaction.ExecContext(ctx, "INSERT INTO passage VALUES (?, ?, ?, ?)",
				article.GetName(), passage.section, passage.text, article.GetUrl())
			if err != nil {
				return err
			}
			const remember = "INSERT INTO page_passage VALUES (?, last_insert_rowid())"
			if _, err := transaction.ExecContext(ctx, remember, article.GetIdentifier()); err != nil {
				return err
			}
		}
	}
	return nil
}

type passage struct{ section, text string }

// passages are those of a section and of those within it, each with the headings that lead to it.
func passages(section *wikifeedv1.Part, above []string) (found []passage) {
	path := append(above[:len(above):len(above)], section.GetName())
	for _, part := range section.GetHasParts() {
		if part.GetType() == "section" {
			found = append(found, passages(part, path)...)
		} else if text := textOf(part); text != "" {
			found = append(found, passage{strings.Join(path, " > "), text})
		}
	}
	return found
}

func textOf(part *wikifeedv1.Part) string {
	texts := []string{part.GetValue()}
	for _, inner := range part.GetHasParts() {
		texts = append(texts, textOf(inner))
	}
	return strings.Trim(strings.Join(texts, "\n"), "\n")
}
