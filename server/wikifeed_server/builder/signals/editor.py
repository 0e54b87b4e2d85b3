"""Who made a revision, in the contract's form: what the groups of a user mean."""

from wikifeed.v1.revision_pb2 import Editor
from wikifeed_server.builder.head import timestamp
from wikifeed_server.sources.facts import EditorFacts

# Groups whose members can do what neither editors nor mere bots can: delete, block, see what is hidden, change rights
# or the interface (meta.wikimedia.org, "User groups"; mediawiki.org, "Manual:User rights").
ADVANCED_GROUPS = frozenset(
    {
        "sysop",
        "bureaucrat",
        "interface-admin",
        "checkuser",
        "suppress",
        "oversight",
        "arbcom",
        "steward",
        "founder",
        "global-sysop",
        "global-rollbacker",
        "global-interface-editor",
        "staff",
        "sysadmin",
        "ombuds",
        "ombudsman",
        "eliminator",
        "wikimedia-ombudsman",
    }
)


def editor_of(facts: EditorFacts) -> Editor:
    """The editor; what is unknown is absent."""
    groups = frozenset(facts.groups)
    return Editor(
        identifier=facts.identifier,
        name=facts.name,
        edit_count=facts.edit_count or 0,
        groups=facts.groups,
        is_bot="bot" in groups,
        is_anonymous=facts.is_anonymous,
        is_admin="sysop" in groups,
        is_patroller="patroller" in groups,
        has_advanced_rights=not groups.isdisjoint(ADVANCED_GROUPS),
        date_started=timestamp(facts.registered) if facts.registered else None,
    )
