"""Charges that are committed together come out as if each had come alone."""

from collections import Counter
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed_server.accounts import UsageKind
from wikifeed_server.accounts.days import DAY_MICROSECONDS, day_of, month_of
from wikifeed_server.accounts.schema import connect_nothing
from wikifeed_server.accounts.usage import Charge, Verdict, charge_all, usage_by_day

KINDS = (UsageKind.ON_DEMAND, UsageKind.CHUNK_DOWNLOAD)
LIMITS = {("ada", KINDS[0]): 7, ("ada", KINDS[1]): None, ("grace", KINDS[0]): 0, ("grace", KINDS[1]): 3}
BEGINNING = 30 * DAY_MICROSECONDS  # 1970-01-31: the next day is of another month

charges = st.builds(
    lambda of, amount, file: Charge(*of, 1 if file else amount, LIMITS[of], file),
    st.sampled_from(list(LIMITS)),
    st.integers(1, 5),
    st.sampled_from(["", "", "one", "two"]),
)
groups = st.lists(st.tuples(st.lists(charges, max_size=12), st.integers(0, 1)), max_size=6)


class Model:
    """Counts charge after charge."""

    def __init__(self):
        self.months = Counter()
        self.days = Counter()
        self.files = set()

    def charge(self, charge, now):
        of, day, month = (charge.username, charge.kind), day_of(now), month_of(now)
        used = self.months[of, month]
        file = (of, day, charge.file)
        if charge.file and file in self.files:
            return Verdict.ADMITTED, used
        if charge.limit is not None and used + charge.amount > charge.limit:
            return Verdict.EXHAUSTED, used
        self.months[of, month] += charge.amount
        self.days[of, day] += charge.amount
        if charge.file:
            self.files.add(file)
        return Verdict.ADMITTED, used


@settings(deadline=None)
@given(groups)
def test_charges_together_are_charges_one_by_one(groups):
    model, now = Model(), BEGINNING
    with closing(connect_nothing()) as connection:
        connection.executemany("INSERT INTO account VALUES (?, 'free', 0, NULL, 0)", [("ada",), ("grace",)])
        for group, days in groups:
            now += days * DAY_MICROSECONDS
            assert charge_all(connection.execute, group, now) == [model.charge(charge, now) for charge in group]
        stored = {
            ((username, kind), usage.day): count
            for username in ("ada", "grace")
            for usage in usage_by_day(connection.execute, username, "1970-01-01", "1970-12-31")
            for kind, count in usage.counts.items()
        }
    assert stored == +model.days
