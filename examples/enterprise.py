"""Follow a wiki as a client of Wikimedia Enterprise does, and lose nothing when cut off.

    python examples/enterprise.py [http://localhost:8080] [PLACE.json]

Reads the realtime stream, prints each change, and keeps the place to go on from. Kill it and start it again: it goes on
where it was. Where an account is needed, give its key in WIKIFEED_CREDENTIALS. Standard library alone.
"""

import json
import os
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

FIELDS = ["name", "url", "event.*", "is_part_of.identifier"]
PARTITIONS = 50


def main() -> None:
    """Follow until Ctrl-C."""
    base = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
    kept = Path(sys.argv[2] if len(sys.argv) > 2 else "place.json")
    if not kept.exists():
        keep(kept, {"since": datetime.now(UTC).isoformat()})
    headers = {"Accept": "application/x-ndjson", "Content-Type": "application/json"}
    if key := os.environ.get("WIKIFEED_CREDENTIALS"):
        headers["Authorization"] = f"Bearer {key}"
    body = json.dumps({"fields": FIELDS, **json.loads(kept.read_text())}).encode()
    request = urllib.request.Request(f"{base}/v2/articles", body, headers)  # noqa: S310 - the address is the user's own
    with urllib.request.urlopen(request) as lines:  # noqa: S310 - as above
        for line in lines:
            change = json.loads(line)
            event = change["event"]
            print(f"{event['offset']:>8} {event['type']:<17} {change['is_part_of']['identifier']} {change['name']}")
            # Offsets include the place that they name, and the stream comes in their order over all partitions.
            keep(kept, {"offsets": {str(number): event["offset"] + 1 for number in range(PARTITIONS)}})


def keep(file: Path, place: dict[str, object]) -> None:
    """Note the place in one step: however this program ends, the file is whole."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(place))
    fresh.replace(file)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("Stopped; start it again to go on.", file=sys.stderr)
