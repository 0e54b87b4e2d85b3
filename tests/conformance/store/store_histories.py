"""Histories of writes to a store: few pages, titles and revisions, so that they get in each other's way."""

from hypothesis import strategies as st
from store_model import write

from wikifeed_server.store import SLOTS, EventType, Hidden, LogFilter
from wikifeed_server.store.framing import PARTITIONS

PAGE_IDS, TITLES, REVISIONS = range(1, 5), ("A", "B", "C", "ß"), range(1, 10)
NAMESPACES = (0, 10)
FILTERS = (
    LogFilter(),
    LogFilter(projects=("enwiki",)),
    LogFilter(languages=("de", "fr"), namespaces=(0,)),
    LogFilter(event_types=(EventType.CREATE, EventType.DELETE)),
    LogFilter(page_ids=(1, 2**63), projects=("enwiki", "frwiki")),
    LogFilter(namespaces=(2**70,)),
    LogFilter(share=(1, 3)),
    LogFilter(slots=tuple(range(0, SLOTS, 2))),
    LogFilter(partitions=tuple(range(PARTITIONS // 2))),
    LogFilter(partitions=(2, 3), namespaces=(0,)),
)

events = st.sampled_from([EventType.AUTO] * 6 + list(EventType))
writes = st.builds(
    write,
    page_id=st.sampled_from(PAGE_IDS),
    title=st.sampled_from(TITLES),
    revision_id=st.sampled_from(REVISIONS),
    modified=st.integers(0, 6),
    project=st.sampled_from(["enwiki", "enwiki", "dewiki"]),
    namespace=st.sampled_from(NAMESPACES),
    target=st.sampled_from(["", "", *TITLES]),
    event=events,
    hidden=st.sampled_from([Hidden(parts) for parts in range(8)]),
    keys=st.sampled_from([(), (), (), ("a",), ("b",), ("b", "c"), ("c", "c", "d"), ("e",)]),
    keeps_older=st.booleans(),
)
batches = st.lists(writes, min_size=1, max_size=6)
