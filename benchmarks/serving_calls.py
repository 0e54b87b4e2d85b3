"""GetArticle beside a bare handler and a C++ server, and BatchGetArticles beside single calls."""

import operator
from functools import partial

from load import in_turns, median, median_ratio
from made_up_store import SMALL_BYTES, article_requests
from server_process import at_least, at_most, row
from serving_yardsticks import BARE, CPP, CPP_ALL, NATIVE, NO_CACHE, OURS, OURS_ALL, Sizes, Yardsticks

from wikifeed.v1.article_service_pb2 import ArticleKey, BatchGetArticlesRequest, GetArticleRequest

GET_ARTICLE = "/wikifeed.v1.ArticleService/GetArticle"
BATCH_GET_ARTICLES = "/wikifeed.v1.ArticleService/BatchGetArticles"
# Of each size: what GetArticle may cost beside a bare handler, and how much of a C++ server's calls a second it has to
# reach with grpcio and with the native transport; 0 where nothing is promised.
BOUNDS = {20_000: (1.25, 0.2, 0.5), 200_000: (1.5, 0.0, 0.0)}
BATCH_BOUND, BATCH_KEYS = 20, 1000
_RATE = operator.attrgetter("calls_a_second")
_COST = operator.attrgetter("cpu_us")


def measure_calls(yardsticks: Yardsticks, sizes: Sizes) -> list[dict[str, object]]:
    """All rows."""
    rows = [one for size in BOUNDS for one in _articles(yardsticks, sizes, size)]
    return rows + _batches(yardsticks, sizes)


def _articles(yardsticks: Yardsticks, sizes: Sizes, size: int) -> list[dict[str, object]]:
    requests = article_requests(size)
    loads = {
        name: yardsticks.load(name, GET_ARTICLE, requests)
        for name in yardsticks.having(OURS, NO_CACHE, NATIVE, OURS_ALL)
    } | {name: yardsticks.constants(name, size) for name in yardsticks.having(BARE, CPP, CPP_ALL)}
    results = in_turns({name: partial(load.for_seconds, sizes.seconds) for name, load in loads.items()}, sizes.rounds)
    what, (bare_bound, cpp_bound, native_bound) = f"GetArticle of {size // 1000} KB", BOUNDS[size]
    rows = []
    for name, place in ((OURS, "in memory"), (NO_CACHE, "from disk")):
        ratio = median_ratio(results[name], results[BARE], _COST)
        rows.append(at_most(f"{what} {place}, server CPU beside a bare handler", ratio, "x", bare_bound))
    for name in loads:
        shown = what if name in (OURS, OURS_ALL, NO_CACHE, NATIVE) else f"constants of {size // 1000} KB"
        rows.append(row(f"{shown}, {name}", median(results[name], _COST), "µs CPU"))
        if name in (OURS, OURS_ALL, NATIVE):
            rows.append(row(f"{shown}, {name}", median(results[name], _RATE), "calls/s"))
    for ours, theirs, bound in ((OURS, CPP, cpp_bound), (OURS_ALL, CPP_ALL, cpp_bound), (NATIVE, CPP, native_bound)):
        if ours in loads and theirs in loads:
            name = f"{what}, {ours}, calls/s beside a {theirs}"
            ratio = median_ratio(results[ours], results[theirs], _RATE)
            rows.append(at_least(name, ratio, "x", bound) if bound else row(name, ratio, "x"))
            name = f"{what}, {ours}, calls a CPU-second beside a {theirs}"
            rows.append(row(name, 1 / median_ratio(results[ours], results[theirs], _COST), "x"))
    return rows


def _batches(yardsticks: Yardsticks, sizes: Sizes) -> list[dict[str, object]]:
    singles = article_requests(SMALL_BYTES)
    asked = [GetArticleRequest.FromString(single) for single in singles[:BATCH_KEYS]]
    keys = [ArticleKey(project=one.project, title=one.title) for one in asked]
    batch = BatchGetArticlesRequest(keys=keys).SerializeToString()
    single_load = yardsticks.load(OURS, GET_ARTICLE, singles)
    batch_load = yardsticks.load(OURS, BATCH_GET_ARTICLES, [batch], calls_at_once=4)
    runs = {
        "single": partial(single_load.for_seconds, sizes.seconds),
        "batch": partial(batch_load.for_seconds, sizes.seconds),
    }
    results = in_turns(runs, sizes.rounds)
    ratio = BATCH_KEYS * median_ratio(results["batch"], results["single"], _RATE)
    rate = BATCH_KEYS * median(results["batch"], _RATE)
    return [
        at_least(f"BatchGetArticles, heads of {SMALL_BYTES} bytes, beside single calls", ratio, "x", BATCH_BOUND),
        row(f"BatchGetArticles, heads of {SMALL_BYTES} bytes", rate, "articles/s"),
    ]
