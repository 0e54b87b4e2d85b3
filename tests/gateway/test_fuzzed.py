"""A gateway in a process of its own, asked all that its document allows and much that it does not."""

import pytest
from fuzz_gateway import fuzz

SECONDS = 60


@pytest.mark.full
@pytest.mark.timeout(240)
def test_nothing_goes_wrong_whatever_is_asked():
    assert not fuzz(SECONDS)
