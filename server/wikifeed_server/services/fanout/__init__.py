"""Live changes for any number of subscribers of one process.

The log is read once, by the tail; a lane makes the batches of one selection once, and every subscriber with that
selection takes the same bytes. A subscriber is a place in its lane and nothing else: one that falls behind what the
lane keeps reads the log by itself until it has caught up.
"""

from wikifeed_server.services.fanout.fanout import Fanout as Fanout
from wikifeed_server.services.fanout.fanout import Seat as Seat
from wikifeed_server.services.fanout.lane import Batch as Batch
from wikifeed_server.services.fanout.lane import FellBehindError as FellBehindError
from wikifeed_server.services.fanout.selection import Selection as Selection
from wikifeed_server.services.fanout.selection import read_changes as read_changes
from wikifeed_server.services.fanout.selection import response as response
