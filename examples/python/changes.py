"""Print the changes of a project, for ever.

    python changes.py [HOST:PORT [PROJECT [PLACE]]]

Kill it and start it again: PLACE, a file, says where it goes on. The first time it begins with what the log still has.
"""

import sys

from wikifeed.v1.change_pb2 import EventType
from wikifeed_client import Changes, Client, CursorExpiredError, FileCheckpoint, Start


def main(server: str = "localhost:50051", project: str = "enwiki", place: str = "changes.offset") -> None:
    wanted = Changes(projects=[project], no_body=True)
    with Client(server) as client:
        stream = client.changes(wanted, start=Start.OLDEST, checkpoint=FileCheckpoint(place))
        for change in stream:
            kind = EventType.Name(change.event_type).removeprefix("EVENT_TYPE_").lower()
            article = change.article
            print(f"{change.offset:>9} {kind:<8} {article.name} ({article.version.editor.name})", flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
    except CursorExpiredError as error:
        sys.exit(f"The log begins at offset {error.oldest_offset} by now; delete the file of the place to begin there.")
