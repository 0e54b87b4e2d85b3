"""Scores of a service that answers, is late, fails, and says what makes no sense."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from wikifeed_server.sources.facts import Scores
from wikifeed_server.sources.scoring import LiftWing, ScoringOptions

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

    async def predict(self, request: web.Request) -> web.StreamResponse:
        model = request.match_info["model"]
        self.requests.append((model, await request.json()))
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
