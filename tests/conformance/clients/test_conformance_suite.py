"""The suite finds clients that do wrong: what a right one did, changed in one place, is found out."""

import copy
import json
import sys
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from client_expectations import problems
from client_runners import LineProgram, LineProgramError

from wikifeed.v1.article_pb2 import Article

SCENARIOS = {each["name"]: each for each in json.loads(Path(__file__).with_name("scenarios.json").read_text())}
CLIENT = "python-asyncio"


def loses_a_change(observations, calls):
    del observations[0]["offsets"][3], observations[0]["names"][3]


def repeats_a_change(observations, calls):
    observations[0]["offsets"].insert(4, observations[0]["offsets"][3])
    observations[0]["names"].insert(4, observations[0]["names"][3])


def swaps_two_changes(observations, calls):
    offsets = observations[0]["offsets"]
    offsets[2], offsets[3] = offsets[3], offsets[2]


def brings_the_wrong_page(observations, calls):
    observations[0]["names"][0] = "Page 4"


def makes_the_call_again(observations, calls):
    calls.append(copy.deepcopy(calls[-1]))


def does_not_come_back(observations, calls):
    calls.pop()


def goes_on_too_early(observations, calls):
    calls[1]["after_offset"] -= 1


def goes_on_too_late(observations, calls):
    calls[1]["after_offset"] += 1


def begins_anew_with_the_newest(observations, calls):
    del calls[1]["after_offset"]


def forgets_the_filter(observations, calls):
    calls[1]["projects"] = []


def stays_with_the_old_server(observations, calls):
    calls[-1]["server"] = 1


def tells_of_no_error(observations, calls):
    observations[0]["error"] = None


def tells_of_another_error(observations, calls):
    observations[0]["error"]["kind"] = "Other"


def keeps_the_way_out_to_itself(observations, calls):
    del observations[0]["error"]["fields"]["snapshot_offset"]


def forgets_who_is_missing(observations, calls):
    del observations[0]["missing"]["3"]


def saves_too_much(observations, calls):
    observations[0]["checkpoint"] += 1


def acknowledges_what_was_not_handled(observations, calls):
    calls[0]["acknowledged"].append(2)


def keeps_a_damaged_file(observations, calls):
    observations[0]["files"]["enwiki_namespace_0_chunk_0.tar.gz"] = "0" * 64


def leaves_a_file_out(observations, calls):
    observations[0]["files"].popitem()


def leaves_a_batch_out(observations, calls):
    observations[0]["batches"].pop()


def asks_for_the_first_page_again(observations, calls):
    calls[1]["page_token"] = ""


def takes_another_hours_file(observations, calls):
    calls[-1]["hour"] = "2026-01-31T07:00:00Z"


def takes_somebody_else_for_the_caller(observations, calls):
    observations[0]["account"] = "grace"


def leaves_a_snapshot_out(observations, calls):
    observations[0]["snapshots"].pop(0)


def loses_a_table(observations, calls):
    articles = observations[0]["articles"]
    cut = Article.FromString(b64decode(articles["Page 1"]))
    del cut.tables[0].rows[0].cells[1]
    articles["Page 1"] = b64encode(cut.SerializeToString()).decode()


def keeps_what_was_deleted(observations, calls):
    observations[0]["mirror"]["pages"]["1"] = 40


def says_it_is_further_than_it_is(observations, calls):
    observations[0]["mirror"]["through"] += 1


def misses_what_follows_the_snapshot(observations, calls):
    next(call for call in calls if call["method"] == "StreamChanges")["after_offset"] += 1


def exports_another_snapshot(observations, calls):
    [call for call in calls if call["method"] == "ExportSnapshot"][-1]["offset"] = 40


def makes_a_snapshot_for_nothing(observations, calls):
    calls.insert(0, {**calls[0], "method": "CreateSnapshot"})


def does_not_say_which_languages(observations, calls):
    calls[1]["languages"] = []


def takes_another_share(observations, calls):
    calls[0]["share"] = {"index": 5, "count": 2}


def forgets_the_mask_when_it_comes_again(observations, calls):
    calls[1]["read_mask"] = []


def forgets_the_filter_when_it_comes_again(observations, calls):
    calls[1]["open"]["filter"]["page_ids"] = []


def takes_the_newest_revision(observations, calls):
    del calls[0]["revision_id"]


def forgets_how_far_a_subscription_is(observations, calls):
    observations[0]["subscriptions"] = ["indexer 0"]


def tells_of_all_days(observations, calls):
    observations[1]["usage"] = observations[0]["usage"]


def fetches_what_it_has(observations, calls):
    [call for call in calls if "start_position" in call][-1]["start_position"] = 0


def tries_for_ever(observations, calls):
    calls.extend(calls[-1:] * 20)


def forgets_its_key(observations, calls):
    calls[0]["authorization"] = ""


def shows_the_librarys_user_agent(observations, calls):
    calls[0]["user_agent"] = "grpc-python-asyncio/1.85.0"


def does_one_action_only(observations, calls):
    observations.pop()


def invents_a_key(observations, calls):
    observations[0]["ofsets"] = []


MUTANTS = [
    ("changes", loses_a_change),
    ("changes-cut", loses_a_change),
    ("changes-sent-again", repeats_a_change),
    ("changes-batches", swaps_two_changes),
    ("changes", brings_the_wrong_page),
    ("changes-quota", makes_the_call_again),
    ("changes-expired", makes_the_call_again),
    ("get-unavailable", makes_the_call_again),
    ("changes-stalled", does_not_come_back),
    ("changes-server-stopping", goes_on_too_early),
    ("changes-filter-lets-nothing-pass", goes_on_too_early),
    ("changes-stalled", goes_on_too_late),
    ("changes-newest", begins_anew_with_the_newest),
    ("changes-filtered", forgets_the_filter),
    ("changes-drained", stays_with_the_old_server),
    ("changes-unauthenticated", tells_of_no_error),
    ("changes-denied", tells_of_another_error),
    ("changes-expired", keeps_the_way_out_to_itself),
    ("batch-get", forgets_who_is_missing),
    ("changes-checkpoint", saves_too_much),
    ("subscribe-cut", acknowledges_what_was_not_handled),
    ("export-damaged-piece", keeps_a_damaged_file),
    ("export", leaves_a_file_out),
    ("export-goes-on-from-disk", fetches_what_it_has),
    ("export-damaged-for-ever", tries_for_ever),
    ("batches", leaves_a_batch_out),
    ("batches", asks_for_the_first_page_again),
    ("export-batch", takes_another_hours_file),
    ("export-batch-goes-on-from-disk", fetches_what_it_has),
    ("account", takes_somebody_else_for_the_caller),
    ("snapshots", leaves_a_snapshot_out),
    ("read", loses_a_table),
    ("read-zst", loses_a_table),
    ("mirror-pages-go", keeps_what_was_deleted),
    ("mirror", says_it_is_further_than_it_is),
    ("mirror", misses_what_follows_the_snapshot),
    ("mirror-begins-again", exports_another_snapshot),
    ("mirror-snapshot-being-written", makes_a_snapshot_for_nothing),
    ("projects", does_not_say_which_languages),
    ("changes-options", takes_another_share),
    ("changes-options", forgets_the_mask_when_it_comes_again),
    ("subscribe-options", forgets_the_filter_when_it_comes_again),
    ("get-options", takes_the_newest_revision),
    ("subscription", forgets_how_far_a_subscription_is),
    ("usage", tells_of_all_days),
    ("subscribe", forgets_its_key),
    ("get", shows_the_librarys_user_agent),
    ("export-again", does_one_action_only),
    ("changes", invents_a_key),
]


@pytest.mark.parametrize(("name", "mutate"), MUTANTS, ids=[f"{name}-{mutate.__name__}" for name, mutate in MUTANTS])
def test_a_client_that_does_wrong_is_found_out(observe, name, mutate):
    right = observe(CLIENT, SCENARIOS[name])
    observations, calls = copy.deepcopy((right.observations, right.calls))
    assert problems(SCENARIOS[name], "python", observations, calls) == []
    mutate(observations, calls)
    assert problems(SCENARIOS[name], "python", observations, calls)


def test_a_client_of_another_language_is_found_out(observe):
    right = observe(CLIENT, SCENARIOS["get"])
    assert problems(SCENARIOS["get"], "go", right.observations, right.calls)


@pytest.mark.parametrize(
    "program",
    ["import sys; sys.stdin.readline(); print('no JSON', flush=True)", "raise SystemExit(1)", "input(); input()"],
    ids=["answers-something-else", "ends", "hangs"],
)
def test_a_runner_that_does_not_answer_is_ended(program):
    with LineProgram((sys.executable, "-c", program), answer_seconds=0.5) as runner:
        with pytest.raises(LineProgramError):
            runner.ask({"scenario": "any"})
        assert not runner.is_running


def test_scenarios_have_names_of_their_own():
    scenarios = json.loads(Path(__file__).with_name("scenarios.json").read_text())
    assert len(SCENARIOS) == len(scenarios)
