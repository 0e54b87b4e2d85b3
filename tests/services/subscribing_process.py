"""A worker and a client of it in one process, which writes down what it is delivered and what it acknowledges.

    python subscribing_process.py STORE RECORD NAME ACKNOWLEDGES_AFTER_SECONDS

A line of RECORD is a time (of the clock that all processes share), NAME, and `deliver ID OFFSET PAGE` or
`acknowledge ID`. A delivery is written down when it came, an acknowledgement before it is sent.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from subscribers import Subscriber

from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.store.subscriptions import CoordinationOptions

OPTIONS = CoordinationOptions(beat_seconds=0.2, lease_seconds=6.0, look_seconds=0.02, commit_seconds=0.01)


class RecordingSubscriber(Subscriber):
    """A client that writes down what happens."""

    def __init__(self, record, name, subscriptions) -> None:
        self._record = record
        self._name = name
        super().__init__(subscriptions, acknowledges=False, after_offset=0, max_batch_size=20, max_unacknowledged=100)

    def handle(self, response):
        super().handle(response)
        for change in response.changes:
            self.write(f"deliver {response.delivery_id} {change.offset} {change.article.identifier}")

    def acknowledge(self, delivery_id=0):
        if self.last_id > self.acknowledged:
            self.write(f"acknowledge {self.last_id}")
        super().acknowledge(delivery_id)

    def write(self, what):
        os.write(self._record, f"{time.monotonic_ns()} {self._name} {what}\n".encode())


async def main(store: str, record: str, name: str, delay: str) -> None:
    folder = Path(store)
    file = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    async with EmbeddedReader.open(folder) as reader, EmbeddedSubscriptions(folder, OPTIONS) as subscriptions:
        client = RecordingSubscriber(file, name, Subscriptions(reader, subscriptions, asyncio.Event()))
        await client.until(lambda: client.responses)
        print("subscribed", flush=True)
        while not client.call.done():
            await asyncio.sleep(float(delay))
            client.acknowledge()
        client.call.result()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
