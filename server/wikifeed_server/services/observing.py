"""Who hears of the changes that subscribers are sent."""

from typing import Protocol


class Subscriber(Protocol):
    """A live subscriber: it was sent every change that it asked for up to `through_offset`."""

    @property
    def through_offset(self) -> int:
        """The offset."""
        ...


class DeliveryObserver(Protocol):
    """Hears of deliveries on the loop, so that its methods take well under a microsecond and raise nothing."""

    def delivered(self, changes: int) -> None:
        """A subscriber was sent so many changes."""
        ...

    def subscribed(self, subscriber: Subscriber) -> None:
        """A subscriber came. Its offset may be asked for until `unsubscribed`."""
        ...

    def unsubscribed(self, subscriber: Subscriber) -> None:
        """A subscriber left."""
        ...


class NoDeliveryObserver:
    """Hears of nothing."""

    def delivered(self, changes: int) -> None:
        """Nothing."""

    def subscribed(self, subscriber: Subscriber) -> None:
        """Nothing."""

    def unsubscribed(self, subscriber: Subscriber) -> None:
        """Nothing."""
