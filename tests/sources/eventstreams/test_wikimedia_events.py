"""What each stream's events tell of pages."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_events import TIME, meta, older, page_change, recent_change, stamp

from wikifeed_server.sources.events import EventKind, Visible
from wikifeed_server.sources.eventstreams.reading import MalformedEventError
from wikifeed_server.sources.eventstreams.wikimedia import page_events, touches

SECOND = 1_000_000
MOVED = {
    "page": {"page_id": 5, "page_title": "Talk:New_name", "namespace_id": 1, "is_redirect": False},
    "prior_state": {"page": {"page_title": "Talk:Old_name"}},
}


def told(event):
    return [(each.kind, each.page_id, each.title, each.revision_id) for each in page_events(event)]


def share_a_key(first, second) -> bool:
    """Whether the store takes both events for one."""
    return any(set(a.keys) & set(b.keys) for a in page_events(first) for b in page_events(second))


@pytest.mark.parametrize(
    ("name", "kind"), [("create", EventKind.CREATE), ("edit", EventKind.EDIT), ("undelete", EventKind.UNDELETE)]
)
def test_a_page_change_tells_page_revision_and_time(name, kind):
    (event,) = page_events(page_change(name, 5))
    assert (event.kind, event.project, event.host) == (kind, "enwiki", "en.wikipedia.org")
    assert (event.page_id, event.namespace, event.title) == (5, 0, "Page 5")
    assert (event.revision_id, event.parent_id, event.time) == (1005, 905, TIME * SECOND)
    assert event.identifier == page_change(name, 5)["meta"]["id"]


def test_a_move_tells_both_titles_and_the_redirect_it_left():
    left = {"page_id": 77, "page_title": "Talk:Old_name", "namespace_id": 1, "is_redirect": True}
    move, redirect = page_events(page_change("move", 5, **MOVED, created_redirect_page=left))
    assert (move.title, move.previous_title, move.namespace) == ("Talk:New name", "Talk:Old name", 1)
    assert (redirect.kind, redirect.page_id, redirect.title) == (EventKind.CREATE, 77, "Talk:Old name")
    assert len(page_events(page_change("move", 5, **MOVED))) == 1


def test_a_hiding_tells_what_may_be_seen():
    revision = {"rev_id": 9, "is_content_visible": False, "is_editor_visible": True, "is_comment_visible": False}
    (event,) = page_events(page_change("visibility_change", 5, revision=revision))
    assert event.visible == Visible(text=False, editor=True, comment=False)
    older_one = older("revision-visibility-change", 5, visibility={"text": False, "user": True, "comment": False})
    assert page_events(older_one)[0].visible == event.visible


def test_the_streams_before_page_change_tell_the_same():
    assert told(older("revision-create", 5, rev_parent_id=4, rev_timestamp=stamp(TIME))) == [
        (EventKind.EDIT, 5, "Page 5", 1005)
    ]
    assert told(older("revision-create", 5, rev_timestamp=stamp(TIME)))[0][0] is EventKind.CREATE
    assert told(older("page-delete", 5)) == [(EventKind.DELETE, 5, "Page 5", 1005)]
    assert told(older("page-undelete", 5)) == [(EventKind.UNDELETE, 5, "Page 5", 1005)]
    assert told(older("page-properties-change", 5)) == [(EventKind.REFRESH, 5, "Page 5", 0)]
    moved = older("page-move", 5, prior_state={"page_title": "Old_name"}, new_redirect_page={"page_id": 6})
    assert [each[:3] for each in told(moved)] == [(EventKind.MOVE, 5, "Page 5"), (EventKind.CREATE, 6, "Old name")]


def test_a_recent_change_tells_of_edits_and_of_what_the_log_has():
    assert told(recent_change("edit", 5)) == [(EventKind.EDIT, 0, "Page 5", 1005)]
    assert told(recent_change("new", 5)) == [(EventKind.CREATE, 0, "Page 5", 1005)]

    def logged(log, action, **parameters):
        return told(recent_change("log", 5, log_type=log, log_action=action, log_params=parameters))

    assert logged("delete", "delete") == [(EventKind.DELETE, 0, "Page 5", 0)]
    assert logged("delete", "restore") == [(EventKind.UNDELETE, 0, "Page 5", 0)]
    assert logged("protect", "modify") == [(EventKind.REFRESH, 0, "Page 5", 0)]
    assert logged("delete", "revision", ids=["3", "4"], nfield=5) == [
        (EventKind.VISIBILITY, 0, "Page 5", 3),
        (EventKind.VISIBILITY, 0, "Page 5", 4),
    ]
    assert [each[:3] for each in logged("move", "move", target="New name", noredir="0")] == [
        (EventKind.MOVE, 0, "New name"),
        (EventKind.CREATE, 0, "Page 5"),
    ]
    assert len(logged("move", "move", target="New name", noredir="1")) == 1
    assert logged("newusers", "create") == logged("patrol", "patrol") == []
    assert told(recent_change("categorize", 5)) == []


def test_what_several_streams_tell_of_one_happening_is_one_event():
    moved = page_change("move", 5, TIME, **MOVED)
    assert share_a_key(
        moved, older("page-move", 5, TIME + 2, page_title="Talk:New_name", prior_state={"page_title": "Talk:Old_name"})
    )
    logged = {"log_type": "move", "log_action": "move", "log_params": {"target": "Talk:New name"}}
    assert share_a_key(moved, recent_change("log", 5, TIME, title="Talk:Old name", **logged))
    for offset in range(10):
        deleted = page_change("delete", 5, TIME + offset)
        assert share_a_key(deleted, older("page-delete", 5, TIME + offset + 3))
        assert share_a_key(deleted, recent_change("log", 5, TIME + offset, log_type="delete", log_action="delete"))


def again(event, seconds):
    """The same done once more, so many seconds later."""
    name = event["meta"]["stream"]
    time = {"dt": stamp(TIME + seconds), "timestamp": TIME + seconds}
    return event | {"meta": meta(name, f"again {seconds}", TIME + 1 + seconds)} | time


@pytest.mark.parametrize(
    "event",
    [
        page_change("delete", 5),
        page_change("undelete", 5),
        page_change("visibility_change", 5),
        page_change("move", 5, **MOVED),
        older("page-delete", 5),
        recent_change("log", 5, log_type="delete", log_action="delete"),
    ],
)
@pytest.mark.parametrize("seconds", [1, 2, 20])
def test_what_is_done_again_is_another_event(event, seconds):
    repeated = again(event, seconds)
    if event.get("page_change_kind") == "move":
        repeated["revision"] = event["revision"] | {"rev_id": 2005}
    assert share_a_key(event, event)
    assert not share_a_key(event, repeated)


def test_what_differs_is_told_apart_across_streams():
    assert not share_a_key(page_change("delete", 5), older("page-undelete", 5))
    assert not share_a_key(page_change("delete", 5), older("page-delete", 6))
    assert not share_a_key(page_change("delete", 5, TIME), older("page-delete", 5, TIME + 20))
    hidden = older("revision-visibility-change", 5, visibility={"text": False, "user": True, "comment": True})
    assert not share_a_key(page_change("visibility_change", 5), hidden)
    shown = older("revision-visibility-change", 5, visibility={"text": True, "user": True, "comment": True})
    assert share_a_key(page_change("visibility_change", 5), shown)


def test_the_revision_of_a_move_is_enough_however_late_the_other_stream_is():
    moved = older("page-move", 5, TIME + 900, page_title="Talk:New_name", prior_state={"page_title": "Talk:Old_name"})
    assert share_a_key(page_change("move", 5, TIME, **MOVED), moved)


def test_hidden_things_that_are_no_revisions_tell_nothing():
    parameters = {"type": "oldimage", "ids": ["20200101000000!X.jpg"], "nfield": 1}
    hidden = recent_change("log", 5, log_type="delete", log_action="revision", log_params=parameters)
    assert page_events(hidden) == ()


def test_a_merge_tells_of_both_pages_and_a_first_upload_of_a_new_one():
    merged = recent_change("log", 5, log_type="merge", log_action="merge", log_params={"dest": "Other"})
    assert [each[0::2] for each in told(merged)] == [(EventKind.REFRESH, "Page 5"), (EventKind.REFRESH, "Other")]
    assert told(recent_change("log", 5, log_type="upload", log_action="upload"))[0][0] is EventKind.CREATE
    assert told(recent_change("log", 5, log_type="upload", log_action="overwrite"))[0][0] is EventKind.REFRESH
    assert told(recent_change("log", 5, log_type="review", log_action="approve-a")) == []


@pytest.mark.parametrize(
    ("title", "namespace", "target", "wanted"),
    [
        ("Old", 0, "Draft:Old", True),
        ("Draft:Old", 118, "Old", True),
        ("Draft:Old", 118, "Draft:New", False),
        ("Draft:Old", 118, "Star: a film", True),
    ],
)
def test_a_logged_move_touches_the_namespaces_it_may_leave_or_enter(title, namespace, target, wanted):
    logged = {"log_type": "move", "log_action": "move", "log_params": {"target": target, "noredir": "1"}}
    event = recent_change("log", 5, title=title, namespace=namespace, **logged)
    assert touches(page_events(event)[0], {0}, event) is wanted


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (page_change("edit", 5, wiki_id=7), "wiki_id is 7"),
        (page_change("edit", 5, page={}), "page.page_id"),
        (page_change("edit", 5, page=[]), "page is []"),
        (page_change("edit", 5, dt="yesterday"), "dt is 'yesterday'"),
        (page_change("rename", 5), "page_change_kind is 'rename'"),
        (page_change("move", 5), "prior_state.page.page_title"),
        (page_change("edit", 5, meta={"stream": "eqiad.other"}), "meta.stream"),
        (older("page-delete", True), "page_id is True"),
        (page_change("edit", 0), "page.page_id is 0"),
        (page_change("edit", 1 << 60), "page.page_id"),
        (page_change("edit", 5, revision={}), "revision.rev_id"),
        (page_change("visibility_change", 5, revision={"rev_id": 4}), "revision.is_content_visible is not there"),
        (older("revision-visibility-change", 5, visibility={"text": 0}), "visibility.text is 0"),
        (page_change("edit", 5, meta=meta("mediawiki.page_change.v1", 1, TIME, "me@example?x=")), "meta.domain"),
        (page_change("edit", 5, dt="0001-01-01T00:00:00Z"), "dt is"),
        (recent_change("edit", 5, revision=None), "revision.new"),
        (recent_change("edit", 5) | {"timestamp": 1 << 50}, "timestamp is"),
        (recent_change("log", 5, log_type="move", log_action="move", log_params=[]), "log_params is"),
        (
            recent_change("log", 5, log_type="delete", log_action="revision", log_params={"ids": ["3"]}),
            "log_params.nfield",
        ),
    ],
)
def test_a_malformed_event_names_its_field(event, field):
    with pytest.raises(MalformedEventError, match=field.replace("[", r"\[")):
        page_events(event)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(["page_change", "revision", "recent"]), st.data())
def test_whatever_stands_in_a_field_it_is_read_or_refused(stream, data):
    event = {
        "page_change": page_change("edit", 5),
        "revision": older("revision-create", 5),
        "recent": recent_change("log", 5, log_type="move", log_action="move", log_params={"target": "x"}),
    }[stream]
    name = data.draw(st.sampled_from(sorted(event)))
    with suppress(MalformedEventError):
        assert isinstance(page_events(event | {name: data.draw(JSON)}), tuple)
