"""Money as the number of a cell: to the cent up to the largest amount that a ledger may hold."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbook.sheet import money_to_float

#: above it two numbers of a cell lie more than a cent apart
FINEST = 7 * 10**13


@given(st.integers(-FINEST * 100, FINEST * 100))
def test_p24_an_amount_of_up_to_seventy_million_millions_keeps_its_cents_in_a_cell(cents):
    for shown in (money_to_float(cents * 100), money_to_float(np.array([cents * 100]))[0]):
        assert isinstance(shown, np.floating)
        assert round(Decimal(float(shown)), 2) == Decimal(cents).scaleb(-2)
