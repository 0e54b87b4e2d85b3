"""The actions of scenarios, with the client for asyncio."""

from datetime import datetime
from pathlib import Path

from mirrored_pages import MirroredPages
from observation import (
    MIRROR,
    SNAPSHOT,
    Json,
    Observation,
    changes_of,
    checkpoint_of,
    days_of,
    is_acknowledged,
    keys_of,
    kind_of,
    only,
    page_of,
    start_of,
    subscribe_options,
)

from wikifeed_client import AsyncClient


async def perform(client: AsyncClient, action: Json, folder: Path, seen: Observation) -> None:
    """Do an action. Raises WikifeedError as the client does."""
    match action["do"]:
        case "get":
            article = await client.get(action["project"], page_of(action), **only(action, "revision_id", "read_mask"))
            seen.names.append(article.name)
        case "batch_get":
            await _batch_get(client, action, seen)
        case "structured":
            options = only(action, "revision_id", "read_mask")
            seen.names.append((await client.structured(action["project"], page_of(action), **options)).name)
        case "lookup":
            options = only(action, "projects", "languages", "namespaces", "limit", "read_mask")
            seen.names += [match.article.name for match in await client.lookup(action["title"], **options)]
        case "list":
            options = only(action, "namespaces", "page_size", "read_mask")
            async for article in client.list(action["project"], **options):
                seen.names.append(article.name)
        case "changes":
            await _changes(client, action, folder, seen)
        case "subscribe":
            await _subscribe(client, action, seen)
        case _:
            await _bring_files(client, action, folder, seen)


async def _bring_files(client: AsyncClient, action: Json, folder: Path, seen: Observation) -> None:
    """Do an action with snapshots or batches, or another."""
    match action["do"]:
        case "snapshots":
            async for snapshot in client.snapshots(projects=action.get("projects", ())):
                seen.take_snapshot(snapshot)
        case "make_snapshot":
            seen.take_snapshot(await client.create_snapshot(kind_of(action), **only(action, "chunk_size_bytes")))
        case "export":
            await client.export(action["identifier"], folder, **only(action, "offset"))
        case "batches":
            await _batches(client, action, seen)
        case "export_batch":
            await _export_batch(client, action, folder)
        case "read":
            seen.read((await client.export(action["identifier"], folder)).files)
        case "mirror":
            await _mirror(client, action, folder)
        case _:
            await _ask(client, action, seen)


async def _ask(client: AsyncClient, action: Json, seen: Observation) -> None:
    """Do an action that asks for what the server knows."""
    match action["do"]:
        case "projects":
            found = await client.projects(languages=action.get("languages", ()))
            seen.projects = [project.identifier for project in found]
        case "change_log":
            log = await client.change_log()
            seen.log = [log.oldest_offset, log.newest_offset]
        case "subscriptions":
            async for subscription in client.subscriptions():
                seen.take_subscription(subscription)
        case "subscription":
            seen.take_subscription(await client.subscription(action["name"]))
        case "delete_subscription":
            await client.delete_subscription(action["name"])
        case "account":
            seen.account = (await client.account()).account.username
        case "usage":
            days = await client.usage(*days_of(action))
            seen.usage = [f"{each.day} {each.counts.on_demand}" for each in days]
        case other:
            raise ValueError(f"no action: {other}")


async def _mirror(client: AsyncClient, action: Json, folder: Path) -> None:
    await client.mirror(
        action["project"],
        MirroredPages(folder / MIRROR),
        folder=folder / SNAPSHOT,
        until_offset=action["until"],
        namespace=action.get("namespace", 0),
        on_expired=action.get("on_expired", "raise"),
    )


async def _batch_get(client: AsyncClient, action: Json, seen: Observation) -> None:
    place = 0
    async for outcome in client.batch_get(keys_of(action), read_mask=action.get("read_mask", ())):
        seen.take_outcome(place, outcome)
        place += 1


async def _batches(client: AsyncClient, action: Json, seen: Observation) -> None:
    hour = datetime.fromisoformat(action["hour"]) if "hour" in action else None
    async for batch in client.batches(hour=hour, **only(action, "projects", "namespaces")):
        seen.take_batch(batch)


async def _export_batch(client: AsyncClient, action: Json, folder: Path) -> None:
    batch = await client.batch(datetime.fromisoformat(action["hour"]), action["identifier"])
    await client.export_batch(batch, folder)


async def _changes(client: AsyncClient, action: Json, folder: Path, seen: Observation) -> None:
    checkpoint = checkpoint_of(action, folder)
    async with client.changes(changes_of(action), start=start_of(action), checkpoint=checkpoint) as stream:
        async for change in stream:
            seen.take(change)
            if len(seen.offsets) == action["take"]:
                break


async def _subscribe(client: AsyncClient, action: Json, seen: Observation) -> None:
    number = 0
    async with client.subscribe(action["name"], changes_of(action), **subscribe_options(action)) as deliveries:
        async for delivery in deliveries:
            number += 1
            for change in delivery.changes:
                seen.take(change)
            if is_acknowledged(action, number):
                await deliveries.acknowledge(delivery)
            if number == action["take"]:
                break
