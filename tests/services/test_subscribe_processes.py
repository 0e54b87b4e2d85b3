"""Workers that are killed while their clients have deliveries in hand, beside a writer: the seed is printed."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions

SCRIPT = Path(__file__).parent / "subscribing_process.py"
PAGE_COUNT = 100


class Workers:
    """Processes that come and are killed. `record` is where they and this write down what happens."""

    def __init__(self, store, record) -> None:
        self.running: dict[str, subprocess.Popen] = {}
        self.record = record
        self._store = store
        self._count = 0

    def start(self, delay_seconds):
        """Start a worker, and wait until its client has subscribed."""
        self._count += 1
        name = f"worker-{self._count}"
        command = [sys.executable, SCRIPT, self._store, self.record, name, str(delay_seconds)]
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
        self.running[name] = process
        assert process.stdout.readline() == "subscribed\n"

    def kill(self, name):
        """Kill a worker; its client is gone from the moment written down, in which it does nothing any more."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        with self.record.open("a") as file:
            file.write(f"{time.monotonic_ns()} {name} kill\n")
        process.kill()
        process.communicate()


@pytest.fixture
def workers(tmp_path):
    workers = Workers(tmp_path, tmp_path / "record.txt")
    yield workers
    for name in list(workers.running):
        workers.kill(name)


def check(lines, log):
    """Hold what happened against the promises; `log` has the offsets of each page's changes."""
    holders, delivered = {}, set()
    latest = defaultdict(int)
    for line in sorted(lines, key=lambda line: int(line.split()[0])):
        _, client, action, *numbers = line.split()
        if action == "deliver":
            delivery_id, offset, page_id = map(int, numbers)
            holder, _ = holders.get(page_id, (client, 0))
            assert holder == client, f"page {page_id} goes to {client} at {offset} while {holder} has it"
            assert offset > latest[client, page_id], f"{client} gets page {page_id} back to {offset}"
            assert not [each for each in log[page_id] if each < offset and each not in delivered]
            latest[client, page_id] = offset
            holders[page_id] = client, delivery_id
            delivered.add(offset)
        else:
            done = int(numbers[0]) if numbers else sys.maxsize
            holders = {page: held for page, held in holders.items() if held[0] != client or held[1] > done}
    assert delivered == {offset for offsets in log.values() for offset in offsets}


@pytest.mark.parametrize("rounds", [4, pytest.param(30, marks=pytest.mark.full)])
async def test_nothing_is_lost_and_no_page_is_with_two_when_workers_are_killed(feed, tmp_path, workers, rounds):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    log = defaultdict(list)
    for _ in range(3):
        await asyncio.to_thread(workers.start, chance.choice([0.01, 0.1, 0.5]))
    for _ in range(rounds):
        for _ in range(10):
            pages = [chance.randint(1, PAGE_COUNT) for _ in range(20)]
            last = feed.publish_many([feed.write(f"Page {page}", page) for page in pages])
            for offset, page in zip(range(last - 19, last + 1), pages, strict=True):
                log[page].append(offset)
            await asyncio.sleep(chance.choice([0, 0.01, 0.1]))
        workers.kill(chance.choice(list(workers.running)))
        await asyncio.to_thread(workers.start, chance.choice([0.01, 0.1, 0.5]))
    async with EmbeddedSubscriptions(tmp_path) as store, asyncio.timeout(60):
        while (await store.get("mine")).acknowledged < last:
            assert all(process.poll() is None for process in workers.running.values())
            await asyncio.sleep(0.05)
    for name in list(workers.running):
        workers.kill(name)
    check(workers.record.read_text().splitlines(), log)
