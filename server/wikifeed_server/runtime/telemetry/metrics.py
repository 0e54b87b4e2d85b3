"""What a worker counts: its calls, what its subscribers are sent, how long the store and the loop take.

Observing a call takes about a microsecond on the loop.
"""

from wikifeed_server.runtime.telemetry.tallies import Histogram, Metric, TallyFiles
from wikifeed_server.services.observing import Subscriber
from wikifeed_server.transport.observing import CallEnd

CALLS = Metric("wikifeed_rpc_calls", "Calls that ended, by method and status.", ("method", "code"))
CALL_SECONDS = Metric("wikifeed_rpc_seconds", "How long calls took; of streams, how long they were open.", ("method",))
SENT_MESSAGES = Metric("wikifeed_rpc_sent_messages", "Messages sent, counted when their calls ended.", ("method",))
SENT_BYTES = Metric("wikifeed_rpc_sent_bytes", "Bytes of messages sent, counted when their calls ended.", ("method",))
DELIVERED = Metric("wikifeed_changes_delivered", "Changes sent to subscribers; a message may carry many.")
STORE_SECONDS = Metric(
    "wikifeed_store_read_seconds", "How long reads of the store took, with the wait for a thread.", ("operation",)
)
LOOP_SECONDS = Metric("wikifeed_event_loop_delay_seconds", "How much later than asked for the worker's loop woke.")

_CALL_BOUNDS = (
    *(0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05),
    *(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)
_STORE_BOUNDS = (0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5)
_LOOP_BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


class _Method:
    """What is known of one method's calls."""

    __slots__ = ("bytes", "codes", "in_flight", "messages", "seconds")

    def __init__(self) -> None:
        self.in_flight = 0
        self.codes: dict[str, int] = {}
        self.seconds = Histogram(_CALL_BOUNDS)
        self.messages = 0
        self.bytes = 0


class CallMetrics:
    """Observes calls (transport's CallObserver)."""

    def __init__(self) -> None:
        self._methods: dict[str, _Method] = {}

    def call_began(self, method: str) -> None:
        """Count a call in flight."""
        known = self._methods.get(method)
        if known is None:
            known = self._methods[method] = _Method()
        known.in_flight += 1

    def call_ended(self, call: CallEnd) -> None:
        """Count what came of a call that began."""
        method = self._methods[call.method]
        method.in_flight -= 1
        method.codes[call.code] = method.codes.get(call.code, 0) + 1
        method.seconds.observe(call.seconds)
        method.messages += call.messages_sent
        method.bytes += call.bytes_sent

    def in_flight(self) -> dict[str, int]:
        """Calls at this moment, by method."""
        return {name: method.in_flight for name, method in self._methods.items()}

    def write(self, files: TallyFiles) -> None:
        """Write all counts."""
        for name, method in self._methods.items():
            for code, count in method.codes.items():
                files.count(CALLS, (name, code), count)
            files.histogram(CALL_SECONDS, (name,), method.seconds)
            files.count(SENT_MESSAGES, (name,), method.messages)
            files.count(SENT_BYTES, (name,), method.bytes)


class DeliveryMetrics:
    """Observes what subscribers are sent (services' DeliveryObserver)."""

    def __init__(self) -> None:
        self._delivered = 0
        self._subscribers: dict[int, Subscriber] = {}

    def delivered(self, changes: int) -> None:
        """Count changes sent to one subscriber."""
        self._delivered += changes

    def subscribed(self, subscriber: Subscriber) -> None:
        """Know a live subscriber."""
        self._subscribers[id(subscriber)] = subscriber

    def unsubscribed(self, subscriber: Subscriber) -> None:
        """Forget a subscriber."""
        self._subscribers.pop(id(subscriber), None)

    def through_offsets(self) -> list[int]:
        """Through which offset each live subscriber was sent what it asked for."""
        return [subscriber.through_offset for subscriber in self._subscribers.values()]

    def write(self, files: TallyFiles) -> None:
        """Write all counts."""
        files.count(DELIVERED, (), self._delivered)


class StoreMetrics:
    """How long reads of the store take, by operation."""

    def __init__(self) -> None:
        self._operations: dict[str, Histogram] = {}

    def operation(self, name: str) -> Histogram:
        """The histogram, in seconds, of one operation."""
        return self._operations.setdefault(name, Histogram(_STORE_BOUNDS))

    def write(self, files: TallyFiles) -> None:
        """Write all counts."""
        for name, histogram in self._operations.items():
            files.histogram(STORE_SECONDS, (name,), histogram)


class LoopMetrics:
    """How late the loop wakes who sleeps: something held it up."""

    def __init__(self) -> None:
        self.delay = Histogram(_LOOP_BOUNDS)

    def write(self, files: TallyFiles) -> None:
        """Write all counts."""
        files.histogram(LOOP_SECONDS, (), self.delay)
