"""Any history of writes leaves a store that agrees with the model: now, as of every offset, and in its log."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_agreement import articles_agree, logs_agree, revisions_agree, scans_agree, versions_agree
from store_engines import Engine
from store_histories import batches
from store_model import Model

from wikifeed_server.store import ArticleWrite


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=st.lists(batches, min_size=1, max_size=5))
async def test_a_store_agrees_with_the_model(engine: Engine, history: list[list[ArticleWrite]]) -> None:
    store, model = engine.store(), Model()
    writer = store.writer()
    reader = store.reader()
    for batch in history:
        for one in batch:
            revision = (one.page_id, one.revision_id)
            assert writer.known(one.project, [revision]) == [bool(model.of_revision(one.project, *revision))]
        assert writer.put(batch) == model.put(batch)
        await articles_agree(reader, model)
        await revisions_agree(reader, model)
    writer.close()
    await versions_agree(reader, model)
    await scans_agree(reader, model)
    await logs_agree(reader, model)
    await reader.close()
