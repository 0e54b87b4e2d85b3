"""Scores of a service that answers, is late, fails, and says what makes no sense."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.facts import Scores
from wikifeed_server.sources.scoring import LiftWing, ScoringOptions, model_language

ANSWERS = {
    "revertrisk-language-agnostic": {"output": {"prediction": True, "probabilities": {"true": 0.75, "false": 0.25}}},
    "reference-need": {"reference_need_score": 0.5},
    "reference-risk": {"reference_risk_score": 0},
}
WHOLE = Scores(0.75, True, 0.5, 0.0)


class Service:
    """A scoring service whose answers a test decides, by model."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = dict(ANSWERS)
        self.requests: list[tuple[str, dict]] = []
        self.at_once = self.most_at_once = 0
        self.arrivals = asyncio.Semaphore(0)

    async def predict(self, request: web.Request) -> web.StreamResponse:
        model = request.match_info["model"]
        self.requests.append((model, await request.json()))
        self.arrivals.release()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        answer = self.answers[model]
        if answer == "hang":
            await asyncio.Event().wait()
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.json_response(answer) if isinstance(answer, dict) else web.Response(text=str(answer))


@pytest.fixture
async def service():
    made = Service()
    app = web.Application()
    app.router.add_post("/v1/models/{model}:predict", made.predict)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as opened:
        yield opened


async def test_each_revision_has_its_scores(service, session):
    scored = await LiftWing(service.url, session).score("en", [1, 2])
    assert scored == {1: WHOLE, 2: WHOLE}
    assert len(service.requests) == 6
    assert ("reference-need", {"rev_id": 2, "lang": "en"}) in service.requests


async def test_what_one_model_lacks_the_others_tell(service, session):
    service.answers["reference-need"] = 404
    wing = LiftWing(service.url, session)
    assert await wing.score("en", [1]) == {1: WHOLE._replace(reference_need=None)}
    assert wing.failed == 1


@pytest.mark.parametrize(
    "answer",
    [{}, {"output": 3}, {"output": {"prediction": "yes", "probabilities": {"true": 1.5}}}, "no json", [1]],
)
async def test_what_makes_no_sense_is_no_score(service, session, answer):
    options = ScoringOptions(models=("revertrisk-language-agnostic",))
    service.answers["revertrisk-language-agnostic"] = answer
    assert await LiftWing(service.url, session, options).score("en", [1]) == {}


async def test_a_late_score_is_not_waited_for(service, session):
    service.answers["reference-risk"] = "hang"
    wing = LiftWing(service.url, session, ScoringOptions(seconds=0.3))
    assert await wing.score("en", [1]) == {1: WHOLE._replace(reference_risk=None)}
    assert wing.failed == 1


async def test_a_service_that_is_not_there_is_left_alone_after_some_failures(session):
    wing = LiftWing("http://127.0.0.1:9", session, ScoringOptions(failures=3))
    assert await wing.score("en", [1]) == {}
    assert wing.failed == 3
    assert await wing.score("en", [2]) == {}
    assert wing.failed == 3


async def test_requests_are_bounded(service, session):
    wing = LiftWing(service.url, session, ScoringOptions(concurrency=2))
    assert len(await wing.score("en", range(1, 30))) == 29
    assert service.most_at_once <= 2


async def test_revisions_that_a_model_does_not_judge_do_not_stop_the_asking(service, session):
    options = ScoringOptions(failures=3, models=("reference-need",))
    service.answers["reference-need"] = 400
    wing = LiftWing(service.url, session, options)
    assert await wing.score("en", range(1, 11)) == {}
    assert wing.failed == 10
    service.answers["reference-need"] = ANSWERS["reference-need"]
    assert await wing.score("en", [11]) == {11: Scores(reference_need=0.5)}


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_a_troubled_service_is_left_alone_for_a_while_only(service, session, status):
    options = ScoringOptions(failures=3, rest_seconds=0.2, models=("reference-need",))
    service.answers["reference-need"] = status
    wing = LiftWing(service.url, session, options)
    assert await wing.score("en", range(1, 4)) == {}
    asked = len(service.requests)
    assert await wing.score("en", [5]) == {}
    assert len(service.requests) == asked
    service.answers["reference-need"] = ANSWERS["reference-need"]
    await asyncio.sleep(0.25)
    assert await wing.score("en", [6]) == {6: Scores(reference_need=0.5)}


async def test_a_revision_named_twice_is_judged_once(service, session):
    assert await LiftWing(service.url, session).score("en", [1, 1]) == {1: WHOLE}
    assert len(service.requests) == 3


async def test_who_stops_waiting_leaves_no_requests_behind(service, session):
    service.answers = dict.fromkeys(service.answers, "hang")
    before = asyncio.all_tasks()
    waiting = asyncio.create_task(LiftWing(service.url, session).score("en", [1, 2]))
    for _ in range(6):
        await service.arrivals.acquire()
    waiting.cancel()
    await asyncio.wait([waiting])
    await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() - before if "_ask" in repr(task.get_coro())] == []


@pytest.mark.parametrize(
    ("url", "language"),
    [
        ("https://simple.wikipedia.org", "simple"),
        ("https://en.wikipedia.org", "en"),
        ("https://en.wiktionary.org", ""),
        ("https://commons.wikimedia.org", ""),
        ("https://wiki.example", "de"),
    ],
)
def test_a_model_is_asked_only_for_wikis_that_it_knows(url, language):
    assert model_language(ProjectInfo("x", url=url, language="de")) == language
