package wikifeed

import (
	"bytes"
	"encoding/json"

	"google.golang.org/protobuf/encoding/protojson"
)

// ArticleFromJSON makes an article of a JSON object as snapshots, batches and Enterprise have it. Fields that this
// client does not know are dropped.
func ArticleFromJSON(text []byte) (*Article, error) {
	text, err := nameCells(text)
	if err != nil {
		return nil, err
	}
	article := &Article{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, article); err != nil {
		return nil, err
	}
	return article, nil
}

var (
	tablesKey  = []byte(`"tables"`)
	tableParts = []string{"headers", "rows", "footers"}
)

// nameCells makes of the tables' rows, which JSON has as lists of cells, the messages that the contract has. An article
// without tables, as most are, is not parsed for that.
func nameCells(text []byte) ([]byte, error) {
	if !bytes.Contains(text, tablesKey) {
		return text, nil
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return nil, err
	}
	if len(parts["tables"]) == 0 {
		return text, nil
	}
	var tables []map[string]any
	reading := json.NewDecoder(bytes.NewReader(parts["tables"]))
	// Numbers stay as they are written.
	reading.UseNumber()
	if err := reading.Decode(&tables); err != nil {
		return nil, err
	}
	for _, table := range tables {
		nameTableCells(table)
	}
	named, err := json.Marshal(tables)
	if err != nil {
		return nil, err
	}
	parts["tables"] = named
	return json.Marshal(parts)
}

// nameTableCells leaves what is no list of cells to protobuf, which says what is wrong with it.
func nameTableCells(table map[string]any) {
	for _, part := range tableParts {
		rows, _ := table[part].([]any)
		for number, row := range rows {
			cells, isList := row.([]any)
			if !isList {
				continue
			}
			for _, cell := range cells {
				fields, _ := cell.(map[string]any)
				nested, _ := fields["nested_table"].(map[string]any)
				nameTableCells(nested)
			}
			rows[number] = map[string]any{"cells": cells}
		}
	}
}
