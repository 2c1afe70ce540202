"""Whatever a cell or a script hands over, a function answers a value or an error with a reason, never with a defect of ours."""

from __future__ import annotations

import datetime as dt
import random
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
