"""Whatever a cell or a script hands over, a function answers a value or an error with a reason, never with a defect of ours."""

from __future__ import annotations

import datetime as dt
import random
import warnings
from typing import Any

import pytest

from xladdin.call import call
from xladdin.cells import ExcelError
from xladdin.registry import functions

NA, DIVIDED = ExcelError("#N/A"), ExcelError("#DIV/0!")
WRONG: tuple[Any, ...] = (
    True, -1, 1e308, -1e308, 1e-300, 0, 0.025, 3_000_000, 46_000.5, None, "", "=1+1", "x" * 32_767, "无此项", "a\x00b", "2026-01-01", "USD", "invoice", NA, DIVIDED,
    dt.date(2026, 1, 1), [], [[]], [[1, 2], [3]], [[[1]], [[2]]], [1, [2]], [1, 0], [[DIVIDED, None], ["x", True]], [["x"] * 300], [[None]] * 500, [[None]],
    [[1], [0]], [[1, 0], [2, 1]], [["x", 1]], [[None, 1]], ((1.0,), (2.0,)),
)  # fmt: skip


@pytest.mark.parametrize("name", list(functions()))
def test_wrong_arguments_in_any_mixture_with_right_ones_never_meet_a_defect(name: str) -> None:
    spec = functions()[name]
    chance = random.Random(name)
    for _ in range(120):
        right = chance.choice(spec.examples).args if spec.examples else ()
        args = [right[at] if at < len(right) and chance.random() < 0.4 else chance.choice(WRONG) for at in range(len(spec.args))]
        answer = call(name, *args)
        assert not [why for why in answer.reasons.values() if "please report" in why], args
        if isinstance(answer.value, ExcelError):
            assert answer.reason, args


BEYOND = (
    ("DSO", (1e308, 1e-300, 365)), ("AVGDAYSDELINQUENT", (-1e308, 1e308, 1e-300, 365)), ("HHI", ([[1e308]],)),
    ("IV", ([[20], [80]], [[30], [70]], 1e308)), ("WOE", ([[20], [80]], [[30], [70]], 1e308)), ("PSI", ([[50], [50]], [[60], [40]], 1e308)),
    ("SCORECARDPOINTS", (1e-300, 100, -1e308, 4)), ("ALTMANZ", ("Z", 0.05, 0.025, 0.02, 0.15, 3, 1e308)), ("CEI", (100, 200, 1e308, 90)),
    ("FXCONVERT", (1e308, "USD", "CNY", "2026-02-10", [["USD/CNY", "2026-02-01", 7.2]])),
)  # fmt: skip


@pytest.mark.parametrize(("name", "args"), BEYOND, ids=lambda case: case if isinstance(case, str) else "")
def test_what_grows_beyond_all_numbers_is_an_error_in_its_cell_and_no_warning(name: str, args: tuple[Any, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = call(name, *args)
    cells = [cell for row in answer.value for cell in row] if isinstance(answer.value, list) else [answer.value]
    assert set(cells) == {"#NUM!"}
    assert answer.reason == "the result is not a finite number"


@pytest.mark.parametrize(("name", "at"), [("AGINGBUCKET", 2), ("NEXTACTIONDATE", 2)])
def test_limits_beyond_all_days_are_refused_and_not_read_as_others(name: str, at: int) -> None:
    args: list[Any] = ["2026-01-31", "2026-03-03"]
    assert functions()[name].args[at].kind == "numbers"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = call(name, *args, "30,1e308")
    assert answer.value == "#VALUE!"
    assert "must be at most 2,958,465 days" in str(answer.reason)
