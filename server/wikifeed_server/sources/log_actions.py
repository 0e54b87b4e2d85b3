"""What entries of MediaWiki's log mean for pages, whoever tells of them.

The log's types and actions are those of https://www.mediawiki.org/wiki/Manual:Log_actions and of FlaggedRevs.
"""

from wikifeed_server.sources.events import EventKind, Visible

LOGGED_KINDS = {
    ("delete", "delete"): EventKind.DELETE,
    ("delete", "delete_redir"): EventKind.DELETE,
    ("delete", "delete_redir2"): EventKind.DELETE,
    ("delete", "restore"): EventKind.UNDELETE,
    # The first upload of a file makes its page, without a change of its own.
    ("upload", "upload"): EventKind.CREATE,
}
# After these a page may differ in more than its newest revision.
REFRESHING_LOGS = frozenset({"protect", "import", "merge", "contentmodel", "pagelang", "stable", "review", "upload"})
# The bits of a revision's deletion field (https://www.mediawiki.org/wiki/Manual:Revision_table).
_TEXT_HIDDEN, _COMMENT_HIDDEN, _EDITOR_HIDDEN = 1, 2, 4


def visible_by_mask(hidden: int) -> Visible:
    """What the public may see of a revision whose deletion field has those bits."""
    return Visible(
        text=not hidden & _TEXT_HIDDEN, editor=not hidden & _EDITOR_HIDDEN, comment=not hidden & _COMMENT_HIDDEN
    )
