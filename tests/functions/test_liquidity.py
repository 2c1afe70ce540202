"""DSO, BESTDSO, AVGDAYSDELINQUENT, DSOCOUNTBACK and HHI."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call
from xladdin.cells import ExcelError

AMOUNTS = st.one_of(st.just(0), st.integers(-1000, 10**6))


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        pytest.param("DSO", (50_000, 150_000, 365), 121.67, id="D1 Dynamics 365, a year"),
        pytest.param("DSO", (50_000, 150_000, 183), 61.00, id="D1 Dynamics 365, half a year"),
        pytest.param("DSO", (1_200_000, 10_000_000, 365), 43.8, id="D3 DSO"),
        pytest.param("BESTDSO", (800_000, 10_000_000, 365), 29.2, id="D3 best possible DSO"),
        pytest.param("AVGDAYSDELINQUENT", (1_200_000, 800_000, 10_000_000, 365), 14.6, id="D3 average days delinquent"),
        pytest.param("DSOCOUNTBACK", (212_000, [[100_000], [80_000], [70_000]], 30), 73.71, id="D2 count-back"),
        pytest.param("DSOCOUNTBACK", (212_000, [[100_000, 80_000, 70_000]], [[31, 28, 31]]), 31 + 28 + 32 / 70 * 31, id="days of each month"),
        pytest.param("DSOCOUNTBACK", (250_000, [[100_000], [80_000], [70_000]], 30), 90, id="all months used up"),
        pytest.param("DSOCOUNTBACK", (150, [[100], [0], [100]], 30), 75, id="a month without sales passes whole"),
        pytest.param("DSOCOUNTBACK", (100, [[100], [0], [100]], 30), 30, id="nothing is left for the month without sales"),
        pytest.param("DSOCOUNTBACK", (0, [[100]], 30), 0, id="no receivables"),
        pytest.param("HHI", ([[20], [30], [50]],), 3_800, id="D4 shares in percent"),
        pytest.param("HHI", ([[2_000], [None], [3_000], [5_000]],), 3_800, id="D4 amounts; blanks do not count"),
        pytest.param("HHI", ([[7]],), 10_000, id="one customer"),
    ],
)
def test_days_and_concentration(name: str, args: tuple[Any, ...], expected: float) -> None:
    assert call(name, *args).value == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("name", "args", "code", "message"),
    [
        ("DSO", (50, 0, 365), "#DIV/0!", "credit_sales is 0"),
        ("DSO", (50, -1, 365), "#NUM!", "credit_sales must be at least 0; got -1"),
        ("DSO", (50, 100, 0), "#NUM!", "days must be at least 1; got 0"),
        ("DSO", (None, 100, 365), "#VALUE!", "receivables is blank"),
        ("BESTDSO", (ExcelError("#N/A"), 100, 365), "#N/A", "current_receivables holds the error #N/A"),
        ("DSOCOUNTBACK", (212, [[100], [None], [70]], 30), "#VALUE!", "monthly_sales is blank"),
        ("DSOCOUNTBACK", (212, [[100], [80]], 30), "#N/A", "receivables exceed the sales of the 2 months given; give more months"),
        ("DSOCOUNTBACK", (212, [[100], [80]], [[30], [31], [30]]), "#VALUE!", "month_days has 3 cells, monthly_sales has 2; they must be alike, or one number"),
        ("DSOCOUNTBACK", (212, [[100], [ExcelError("#REF!")]], 30), "#REF!", "monthly_sales holds the error #REF!"),
        ("HHI", ([[0], [0]],), "#DIV/0!", "amounts sum to 0"),
        ("HHI", ([[5], [-1]],), "#NUM!", "amounts must be at least 0; got -1"),
    ],
)
def test_what_cannot_be_answered_says_why(name: str, args: tuple[Any, ...], code: str, message: str) -> None:
    answer = call(name, *args)
    assert (answer.value, answer.reason) == (code, message)


def test_more_current_than_receivable_is_remarked() -> None:
    assert call("AVGDAYSDELINQUENT", 10, 20, 100, 365).reason == "current_receivables is above receivables"


@given(columns(receivables=cells(AMOUNTS), credit_sales=cells(AMOUNTS), days=cells(st.integers(1, 366))))
def test_a_column_of_dso_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("DSO", rows)


@given(columns(current_receivables=cells(AMOUNTS), credit_sales=cells(AMOUNTS)))
def test_a_column_of_best_dso_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("BESTDSO", rows, days=90)


@given(columns(receivables=cells(AMOUNTS), current_receivables=cells(AMOUNTS), credit_sales=cells(AMOUNTS)))
def test_a_column_of_days_delinquent_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("AVGDAYSDELINQUENT", rows, days=90)


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30))
def test_concentration_is_between_that_of_equals_and_that_of_one(amounts: list[float]) -> None:
    assert 10_000 / len(amounts) - 1e-6 <= call("HHI", [[amount] for amount in amounts]).value <= 10_000 + 1e-6
