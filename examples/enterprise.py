"""Follow a wiki as a client of Wikimedia Enterprise does, and lose nothing when cut off.

    python examples/enterprise.py [http://localhost:8080] [PLACES.json]

Reads the realtime stream, prints each change, and keeps for each partition the offset to go on from. Kill it and start
it again: it goes on where it was. Where an account is needed, give its key in WIKIFEED_CREDENTIALS.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path

FIELDS = ["name", "url", "event.*", "is_part_of.identifier"]
PARTS = list(range(10))


def main() -> None:
    """Follow until Ctrl-C."""
    base = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
    kept = Path(sys.argv[2] if len(sys.argv) > 2 else "places.json")
    places: dict[str, int] = json.loads(kept.read_text()) if kept.exists() else {}
    asked = {"fields": FIELDS, "parts": PARTS, "offsets": places}
    headers = {"Accept": "application/x-ndjson", "Content-Type": "application/json"}
    if key := os.environ.get("WIKIFEED_CREDENTIALS"):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(f"{base}/v2/articles", json.dumps(asked).encode(), headers)  # noqa: S310 - http
    with urllib.request.urlopen(request) as lines:  # noqa: S310 - as above
        for line in lines:
            change = json.loads(line)
            event = change["event"]
            print(f"{event['offset']:>8} {event['type']:<17} {change['is_part_of']['identifier']} {change['name']}")
            # Offsets include the place that they name: the next one is where to go on.
            places[str(event["partition"])] = event["offset"] + 1
            fresh = kept.with_suffix(".new")
            fresh.write_text(json.dumps(places))
            fresh.replace(kept)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("Stopped; start it again to go on.", file=sys.stderr)
