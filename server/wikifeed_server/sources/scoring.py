"""Asks a LiftWing-compatible service to judge revisions.

Promises: an answer takes `seconds` at most; whatever goes wrong leaves a score unset and is counted, never raised; a
service that fails time and again is left alone for a while.

The models and their answers are those of https://wikitech.wikimedia.org/wiki/Machine_Learning/LiftWing/Usage:
POST /v1/models/NAME:predict with {"rev_id", "lang"}.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.facts import Scores
from wikifeed_server.sources.wikimedia import is_wikimedia_host

_REVERT_RISK = "revertrisk-language-agnostic"
_REFERENCE_NEED = "reference-need"
_REFERENCE_RISK = "reference-risk"
# These are about the service, or about us. Others of 4xx are about one revision, or one language.
_TROUBLED_STATUSES = frozenset({401, 403, 408, 425, 429})


@dataclass(frozen=True, slots=True)
class ScoringOptions:
    """How a service is asked: how long a group of revisions may take, how many requests are under way at once, and
    after how many failures in a row it is left alone for how long. `models` are the names of those to ask.
    """

    seconds: float = 2.0
    concurrency: int = 8
    failures: int = 10
    rest_seconds: float = 60.0
    models: tuple[str, ...] = (_REVERT_RISK, _REFERENCE_NEED, _REFERENCE_RISK)


class LiftWing:
    """One service. The session stays its owner's. `failed` counts requests that brought no answer."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, options: ScoringOptions | None = None, user_agent: str = ""
    ) -> None:
        self._url = url.rstrip("/")
        self._session = session
        self._options = options or ScoringOptions()
        self._headers = {"Content-Type": "application/json"} | ({"User-Agent": user_agent} if user_agent else {})
        self._turns = asyncio.Semaphore(self._options.concurrency)
        self._failures = 0
        self._not_before = 0.0
        self.failed = 0

    async def score(self, language: str, revisions: Sequence[int]) -> dict[int, Scores]:
        """The scores of revisions of a wiki in that language; one of which no model told anything is left out."""
        if not revisions or time.monotonic() < self._not_before:
            return {}
        asked = {
            asyncio.ensure_future(self._ask(model, language, revision)): (revision, model)
            for revision in dict.fromkeys(revisions)
            for model in self._options.models
        }
        try:
            done, late = await asyncio.wait(asked, timeout=self._options.seconds)
        finally:
            for each in asked:
                each.cancel()
        if late:
            await asyncio.wait(late)
            self.failed += len(late)
            self._note_trouble()
        answers: dict[int, dict[str, Mapping[str, Any]]] = {}
        for each in done:
            if (answer := each.result()) is not None:
                revision, model = asked[each]
                answers.setdefault(revision, {})[model] = answer
        return {revision: scores for revision, told in answers.items() if (scores := _scores(told)) != Scores()}

    async def _ask(self, model: str, language: str, revision: int) -> Mapping[str, Any] | None:
        """One model's answer; None where it has none."""
        data = orjson.dumps({"rev_id": revision, "lang": language})
        url = f"{self._url}/v1/models/{model}:predict"
        try:
            async with self._turns, self._session.post(url, data=data, headers=self._headers) as response:
                if response.status >= 500 or response.status in _TROUBLED_STATUSES:
                    raise aiohttp.ClientError(f"status {response.status}")
                answer = orjson.loads(await response.read()) if response.status == 200 else None
        except (aiohttp.ClientError, orjson.JSONDecodeError, OSError):
            self.failed += 1
            self._note_trouble()
            return None
        self._failures = 0
        if not isinstance(answer, dict):
            self.failed += 1
            return None
        return answer

    def _note_trouble(self) -> None:
        self._failures += 1
        if self._failures >= self._options.failures:
            self._failures = 0
            self._not_before = time.monotonic() + self._options.rest_seconds


def _scores(answers: Mapping[str, Mapping[str, Any]]) -> Scores:
    output = answers.get(_REVERT_RISK, {}).get("output")
    output = output if isinstance(output, dict) else {}
    probabilities = output.get("probabilities")
    prediction = output.get("prediction")
    return Scores(
        revert_risk=_share(probabilities.get("true")) if isinstance(probabilities, dict) else None,
        reverted=prediction if isinstance(prediction, bool) else None,
        reference_need=_share(answers.get(_REFERENCE_NEED, {}).get("reference_need_score")),
        reference_risk=_share(answers.get(_REFERENCE_RISK, {}).get("reference_risk_score")),
    )


def _share(value: object) -> float | None:
    """A score from 0 to 1; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value)


def model_language(project: ProjectInfo) -> str:
    """What the models call a wiki: of Wikimedia's the Wikipedias alone, by their subdomains; any other by its language.

    Empty for one that the models do not know: they would judge another wiki's revision of the same number.
    """
    host = urlsplit(project.url).hostname or ""
    if not is_wikimedia_host(host):
        return project.language
    subdomain, _, domain = host.partition(".")
    return subdomain if domain == "wikipedia.org" else ""
