"""A durable subscription in Python, made exactly once: each page's offset is stored beside its data, in one commit.

    wikifeed serve &
    PYTHONPATH=generated/python python examples/subscribe.py [HOST:PORT [NAME [FILE]]]

Run it again, or several of it at once: the server knows the name, shares the pages among those that have it, and goes
on where each was. What is delivered again is known by its offset. What it needs is as for examples/feed.py.
"""

import asyncio
import sqlite3
import sys

import grpc

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import SubscribeRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub

TABLE = "CREATE TABLE IF NOT EXISTS page (project, id, offset, name, url, PRIMARY KEY (project, id))"
# A change that is delivered again is not newer than what the page has, and changes nothing.
PUT = """INSERT INTO page VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
    SET offset = excluded.offset, name = excluded.name, url = excluded.url WHERE excluded.offset > offset"""


async def main(server: str = "localhost:50051", name: str = "example", file: str = "pages.db") -> None:
    """Keep the newest offset, name and URL of each page in a file of SQLite's."""
    pages = sqlite3.connect(file)
    pages.execute(TABLE)
    options = [("grpc.max_receive_message_length", -1)]
    async with grpc.aio.insecure_channel(server, options=options) as channel:
        call = ChangeServiceStub(channel).Subscribe()
        await call.write(SubscribeRequest(open={"name": name, "after_offset": 0, "no_body": True}))
        async for response in call:
            if response.HasField("subscription"):
                print(f"{response.share_count} of 64 shares, {response.subscription.lag} changes behind")
            if response.delivery_id:
                known = pages.total_changes
                with pages:  # one transaction: data and offsets together
                    pages.executemany(PUT, [row(change) for change in response.changes])
                print(f"through {response.through_offset}: {pages.total_changes - known} changes")
                # Only what is stored is acknowledged. Were this to be cut off before, it would come again.
                await call.write(SubscribeRequest(acknowledge=response.delivery_id))


def row(change: Change) -> tuple[str, int, int, str, str]:
    """What is kept of a change."""
    article = change.article
    return article.is_part_of.identifier, article.identifier, change.offset, article.name, article.url


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
