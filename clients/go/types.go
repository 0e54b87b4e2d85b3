package wikifeed

import (
	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

// The contract's messages that callers meet most.
type (
	// Article is an article with what is known of it.
	Article = wikifeedv1.Article
	// Change is one entry of the log.
	Change = wikifeedv1.Change
	// EventType is what happened to a page.
	EventType = wikifeedv1.EventType
	// Snapshot is all articles of a project's namespace, exact at one offset of the log.
	Snapshot = wikifeedv1.Snapshot
	// Chunk is one file of a snapshot.
	Chunk = wikifeedv1.Chunk
	// SnapshotContent is what a snapshot holds of each article.
	SnapshotContent = wikifeedv1.SnapshotContent
	// SnapshotFormat is the form of a snapshot's files.
	SnapshotFormat = wikifeedv1.SnapshotFormat
	// Batch is the changes of one hour of a project's namespace, as a file.
	Batch = wikifeedv1.Batch
	// Subscription is a durable subscription, and how far it is.
	Subscription = wikifeedv1.Subscription
)

// What can happen to a page.
const (
	EventCreate           = wikifeedv1.EventType_EVENT_TYPE_CREATE
	EventUpdate           = wikifeedv1.EventType_EVENT_TYPE_UPDATE
	EventDelete           = wikifeedv1.EventType_EVENT_TYPE_DELETE
	EventVisibilityChange = wikifeedv1.EventType_EVENT_TYPE_VISIBILITY_CHANGE
)

// What a snapshot can hold of each article.
const (
	// ContentJSON is the whole article.
	ContentJSON = wikifeedv1.SnapshotContent_SNAPSHOT_CONTENT_JSON
	// ContentWikitext is its identity, its version and its wikitext.
	ContentWikitext = wikifeedv1.SnapshotContent_SNAPSHOT_CONTENT_WIKITEXT
	// ContentHTML is its identity, its version and its HTML.
	ContentHTML = wikifeedv1.SnapshotContent_SNAPSHOT_CONTENT_HTML
	// ContentStructured is what [Client.Structured] returns of it.
	ContentStructured = wikifeedv1.SnapshotContent_SNAPSHOT_CONTENT_STRUCTURED
)

// What a snapshot's files can be. [ReadArticles] reads all but Parquet.
const (
	// FormatTarGz is .tar.gz with .ndjson files in it.
	FormatTarGz = wikifeedv1.SnapshotFormat_SNAPSHOT_FORMAT_NDJSON_TAR_GZ
	// FormatZst is .ndjson.zst.
	FormatZst = wikifeedv1.SnapshotFormat_SNAPSHOT_FORMAT_NDJSON_ZST
	// FormatParquet is .parquet, a row for each article.
	FormatParquet = wikifeedv1.SnapshotFormat_SNAPSHOT_FORMAT_PARQUET
)

// Key names an article; [Title] and [PageID] make one.
type Key struct {
	project string
	title   string
	pageID  int64
}

// Title names an article by its title, with the namespace's prefix: Title("enwiki", "Talk:Ada Lovelace").
func Title(project, title string) Key { return Key{project: project, title: title} }

// PageID names an article by its page id.
func PageID(project string, id int64) Key { return Key{project: project, pageID: id} }

func (k Key) message() *wikifeedv1.ArticleKey {
	if k.title != "" {
		return &wikifeedv1.ArticleKey{Project: k.project, Key: &wikifeedv1.ArticleKey_Title{Title: k.title}}
	}
	return &wikifeedv1.ArticleKey{Project: k.project, Key: &wikifeedv1.ArticleKey_PageId{PageId: k.pageID}}
}

// Found is an article and how it was found.
type Found struct {
	// Article is the article, cut to the fields asked for.
	Article *Article
	// RedirectedFrom is the title of the redirect page that led to it; empty where none did.
	RedirectedFrom string
}

// FieldsOption is made by [Fields].
type FieldsOption []string

// Fields asks for these fields of articles and no others, by dotted paths: "name", "version.editor.name",
// "article_body.wikitext".
func Fields(paths ...string) FieldsOption { return FieldsOption(paths) }

func (f FieldsOption) mask() *fieldmaskpb.FieldMask {
	if len(f) == 0 {
		return nil
	}
	return &fieldmaskpb.FieldMask{Paths: f}
}

// NamespacesOption is made by [Namespaces].
type NamespacesOption []int64

// Namespaces restricts a list or a look-up to these namespaces.
func Namespaces(numbers ...int64) NamespacesOption { return NamespacesOption(numbers) }

// ProjectsOption is made by [Projects].
type ProjectsOption []string

// Projects restricts a look-up, or a list of snapshots or batches, to these projects.
func Projects(identifiers ...string) ProjectsOption { return ProjectsOption(identifiers) }

// LanguagesOption is made by [Languages].
type LanguagesOption []string

// Languages restricts a look-up to projects in these languages.
func Languages(identifiers ...string) LanguagesOption { return LanguagesOption(identifiers) }

// Filter says which changes pass: those that pass every one of its fields. What is empty lets all pass.
type Filter struct {
	Projects   []string
	Namespaces []int64
	Languages  []string
	EventTypes []EventType
	// PageIDs needs exactly one project beside it to be exact, since page ids are unique in a project only.
	PageIDs []int64
}
