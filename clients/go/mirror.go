package wikifeed

import (
	"context"
	"errors"
	"os"
	"slices"

	wikifeedv1 "github.com/wikifeed/wikifeed/generated/go/wikifeed/v1"
)

// How many articles of a snapshot a sink gets at once.
const fillCount = 500

// Sink is what [Client.Mirror] keeps up to date: a database, a search index, a folder. [SQLSink] is one.
type Sink interface {
	// Place returns the offset through which the sink holds the project; found is false where it never held all.
	Place(ctx context.Context) (offset uint64, found bool, err error)
	// Reset empties the sink. A snapshot is filled in next.
	Reset(ctx context.Context) error
	// Fill stores articles of the snapshot, which is of that offset; no page comes twice.
	Fill(ctx context.Context, articles []*Article, offset uint64) error
	// Apply makes the updates, in their order, and keeps the place. Done in one transaction each counts exactly once;
	// done in two, the place last, some may come again after a crash, which changes nothing where an update replaces
	// what was there. The first call after Fill has no updates: the sink holds the whole snapshot.
	Apply(ctx context.Context, updates []Update, place uint64) error
}

// Update is what becomes of a page.
type Update struct {
	// PageID is the page.
	PageID int64
	// Article replaces what the sink has of the page. It is nil where the page is no article of the namespace any more:
	// deleted, moved to another, or made a redirect. The sink may have no such page.
	Article *Article
	// Change is the change behind it.
	Change *Change
}

// MirrorOption is an option of [Client.Mirror].
type MirrorOption func(*mirroring)

// MirrorNamespace is the namespace to mirror; 0 unless set.
func MirrorNamespace(number int64) MirrorOption {
	return func(m *mirroring) { m.namespace = number }
}

// MirrorFolder is where the snapshot's files lie until they were read: a mirror that was cut off while they came goes on
// there. Unless set it is a temporary folder, with which a mirror that was cut off begins its download anew.
func MirrorFolder(path string) MirrorOption {
	return func(m *mirroring) { m.folder = path }
}

// MirrorExport passes options to the export of the snapshot.
func MirrorExport(options ...ExportOption) MirrorOption {
	return func(m *mirroring) { m.export = append(m.export, options...) }
}

// MirrorChanges passes options to the stream: [Until], [OnReconnect], [MaxBatchSize], [MaxDelay]. Those that choose
// changes or cut articles would make the mirror false.
func MirrorChanges(options ...ChangesOption) MirrorOption {
	return func(m *mirroring) { m.changes = append(m.changes, options...) }
}

// MirrorAgain begins the mirror anew, from a snapshot, where it stood still for longer than the log keeps changes.
// Unless set that is a [CursorExpiredError].
func MirrorAgain() MirrorOption {
	return func(m *mirroring) { m.again = true }
}

// Mirror keeps a copy of a project's articles in the sink: one that is empty is filled from a snapshot first, which the
// server is asked to write where it has none, or none that the log still reaches; then each change is applied, until the
// context ends or an error does.
//
// A [CursorExpiredError] says that the mirror stood still for longer than the log keeps changes. [MirrorAgain] has it
// begin anew then.
func (c *Client) Mirror(ctx context.Context, project string, sink Sink, options ...MirrorOption) error {
	m := &mirroring{client: c, project: project, sink: sink}
	for _, option := range options {
		option(m)
	}
	place, found, err := sink.Place(ctx)
	if err != nil {
		return err
	}
	for {
		if !found {
			if place, err = m.fill(ctx); err != nil {
				return err
			}
		}
		err = m.follow(ctx, place)
		var expired *CursorExpiredError
		if !m.again || !errors.As(err, &expired) {
			return err
		}
		found = false
	}
}

// mirroring is one mirror at work.
type mirroring struct {
	client    *Client
	project   string
	namespace int64
	sink      Sink
	folder    string
	again     bool
	export    []ExportOption
	changes   []ChangesOption
}

// fill fills the sink from a snapshot and returns at which offset that is exact.
func (m *mirroring) fill(ctx context.Context) (place uint64, err error) {
	offset, err := m.snapshot(ctx)
	if err != nil {
		return 0, err
	}
	folder := m.folder
	if folder == "" {
		if folder, err = os.MkdirTemp("", "wikifeed-mirror-"); err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	}
	identifier := SnapshotIdentifier(m.project, m.namespace)
	exported, err := m.client.Export(ctx, identifier, folder, append(slices.Clone(m.export), SnapshotOffset(offset))...)
	if err != nil {
		return 0, err
	}
	if err := m.sink.Reset(ctx); err != nil {
		return 0, err
	}
	group := make([]*Article, 0, fillCount)
	for article, err := range exported.Articles() {
		if err != nil {
			return 0, err
		}
		if group = append(group, article); len(group) == fillCount {
			if err := m.sink.Fill(ctx, group, offset); err != nil {
				return 0, err
			}
			group = make([]*Article, 0, fillCount)
		}
	}
	if err := m.sink.Fill(ctx, group, offset); err != nil {
		return 0, err
	}
	if err := m.sink.Apply(ctx, nil, offset); err != nil {
		return 0, err
	}
	for _, file := range exported.Paths {
		err = errors.Join(err, os.Remove(file))
	}
	return offset, err
}

// snapshot returns the offset of a snapshot from which a stream can go on: the newest where it is usable, else one that
// is made for this.
func (m *mirroring) snapshot(ctx context.Context) (uint64, error) {
	snapshot, _, err := m.client.SnapshotWithChunks(ctx, SnapshotIdentifier(m.project, m.namespace), 0)
	var missing *NotFoundError
	if errors.As(err, &missing) && missing.Reason == reasonSnapshotMissing {
		return m.create(ctx)
	}
	if err != nil {
		return 0, err
	}
	log, err := m.client.ChangeLog(ctx)
	if err != nil {
		return 0, err
	}
	// One that is being written will do: the export waits for it.
	isFailed := snapshot.GetState() == wikifeedv1.SnapshotState_SNAPSHOT_STATE_FAILED
	if isFailed || snapshot.GetOffset()+1 < log.GetOldestOffset() {
		return m.create(ctx)
	}
	return snapshot.GetOffset(), nil
}

func (m *mirroring) create(ctx context.Context) (uint64, error) {
	snapshot, err := m.client.CreateSnapshot(ctx, SnapshotSpec{Project: m.project, Namespace: m.namespace})
	return snapshot.GetOffset(), err
}

// follow applies what changes after the place. All of the project's changes are asked for: one by which a page leaves
// the namespace is a change of the namespace to which it goes.
func (m *mirroring) follow(ctx context.Context, place uint64) error {
	options := append(slices.Clone(m.changes), After(place), Filter{Projects: []string{m.project}}, wholeArticles())
	for response, err := range m.client.Responses(ctx, options...) {
		if err != nil {
			return err
		}
		updates := make([]Update, 0, len(response.GetChanges()))
		for _, change := range response.GetChanges() {
			updates = append(updates, m.update(change))
		}
		if err := m.sink.Apply(ctx, updates, response.GetThroughOffset()); err != nil {
			return err
		}
	}
	return nil
}

// wholeArticles are the fields of a snapshot's articles: all but the structured parts, which are a content of their own.
func wholeArticles() FieldsOption {
	structured := []string{"infoboxes", "sections", "references", "tables", "links"}
	fields := (&Article{}).ProtoReflect().Descriptor().Fields()
	var paths FieldsOption
	for index := range fields.Len() {
		if name := string(fields.Get(index).Name()); !slices.Contains(structured, name) {
			paths = append(paths, name)
		}
	}
	return paths
}

func (m *mirroring) update(change *Change) Update {
	article := change.GetArticle()
	update := Update{PageID: article.GetIdentifier(), Article: article, Change: change}
	isGone := change.GetEventType() == EventDelete || change.GetRedirectTarget() != ""
	if isGone || article.GetNamespace().GetIdentifier() != m.namespace {
		update.Article = nil
	}
	return update
}
