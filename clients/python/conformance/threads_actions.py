"""The actions of scenarios, with the client for threads."""

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

from wikifeed_client import Client


def perform(client: Client, action: Json, folder: Path, seen: Observation) -> None:
    """Do an action. Raises WikifeedError as the client does."""
    match action["do"]:
        case "get":
            article = client.get(action["project"], page_of(action), **only(action, "revision_id", "read_mask"))
            seen.names.append(article.name)
        case "batch_get":
            _batch_get(client, action, seen)
        case "structured":
            options = only(action, "revision_id", "read_mask")
            seen.names.append((client.structured(action["project"], page_of(action), **options)).name)
        case "lookup":
            options = only(action, "projects", "languages", "namespaces", "limit", "read_mask")
            seen.names += [match.article.name for match in client.lookup(action["title"], **options)]
        case "list":
            options = only(action, "namespaces", "page_size", "read_mask")
            for article in client.list(action["project"], **options):
                seen.names.append(article.name)
        case "changes":
            _changes(client, action, folder, seen)
        case "subscribe":
            _subscribe(client, action, seen)
        case _:
            _bring_files(client, action, folder, seen)


def _bring_files(client: Client, action: Json, folder: Path, seen: Observation) -> None:
    """Do an action with snapshots or batches, or another."""
    match action["do"]:
        case "snapshots":
            for snapshot in client.snapshots(projects=action.get("projects", ())):
                seen.take_snapshot(snapshot)
        case "make_snapshot":
            seen.take_snapshot(client.create_snapshot(kind_of(action), **only(action, "chunk_size_bytes")))
        case "export":
            client.export(action["identifier"], folder, **only(action, "offset"))
        case "batches":
            _batches(client, action, seen)
        case "export_batch":
            _export_batch(client, action, folder)
        case "read":
            seen.read((client.export(action["identifier"], folder)).files)
        case "mirror":
            _mirror(client, action, folder)
        case _:
            _ask(client, action, seen)


def _ask(client: Client, action: Json, seen: Observation) -> None:
    """Do an action that asks for what the server knows."""
    match action["do"]:
        case "projects":
            found = client.projects(languages=action.get("languages", ()))
            seen.projects = [project.identifier for project in found]
        case "change_log":
            log = client.change_log()
            seen.log = [log.oldest_offset, log.newest_offset]
        case "subscriptions":
            for subscription in client.subscriptions():
                seen.take_subscription(subscription)
        case "subscription":
            seen.take_subscription(client.subscription(action["name"]))
        case "delete_subscription":
            client.delete_subscription(action["name"])
        case "account":
            seen.account = client.account().account.username
        case "usage":
            days = client.usage(*days_of(action))
            seen.usage = [f"{each.day} {each.counts.on_demand}" for each in days]
        case other:
            raise ValueError(f"no action: {other}")


def _mirror(client: Client, action: Json, folder: Path) -> None:
    client.mirror(
        action["project"],
        MirroredPages(folder / MIRROR),
        folder=folder / SNAPSHOT,
        until_offset=action["until"],
        namespace=action.get("namespace", 0),
        on_expired=action.get("on_expired", "raise"),
    )


def _batch_get(client: Client, action: Json, seen: Observation) -> None:
    for place, outcome in enumerate(client.batch_get(keys_of(action), read_mask=action.get("read_mask", ()))):
        seen.take_outcome(place, outcome)


def _batches(client: Client, action: Json, seen: Observation) -> None:
    hour = datetime.fromisoformat(action["hour"]) if "hour" in action else None
    for batch in client.batches(hour=hour, **only(action, "projects", "namespaces")):
        seen.take_batch(batch)


def _export_batch(client: Client, action: Json, folder: Path) -> None:
    batch = client.batch(datetime.fromisoformat(action["hour"]), action["identifier"])
    client.export_batch(batch, folder)


def _changes(client: Client, action: Json, folder: Path, seen: Observation) -> None:
    checkpoint = checkpoint_of(action, folder)
    with client.changes(changes_of(action), start=start_of(action), checkpoint=checkpoint) as stream:
        for change in stream:
            seen.take(change)
            if len(seen.offsets) == action["take"]:
                break


def _subscribe(client: Client, action: Json, seen: Observation) -> None:
    with client.subscribe(action["name"], changes_of(action), **subscribe_options(action)) as deliveries:
        for number, delivery in enumerate(deliveries, 1):
            for change in delivery.changes:
                seen.take(change)
            if is_acknowledged(action, number):
                deliveries.acknowledge(delivery)
            if number == action["take"]:
                break
