"""Odd cells in any mixture and shape: every function answers a value or an error with its reason, by `call` and by Excel's server.

Seeded by the function's name, so that a failure is met again; `FUZZ` makes it longer: FUZZ=50 pytest tests/test_fuzzed_calls.py.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import random
import time
from decimal import Decimal
from typing import Any

import pytest

from xladdin.call import call
from xladdin.cells import ExcelError
from xladdin.hosts.excel.server import COM_ERRORS, answer
from xladdin.jobs.calls import call_function
from xladdin.registry import functions

TIMES = 60 * int(os.environ.get("FUZZ", "1"))
SLOWEST = 20.0  # seconds for one call: a busy machine is no fault, a call without an end is
NUMBERS: tuple[Any, ...] = (
    -1, 0, -0.0, 1, 2, 0.5, 0.025, 12.5, 1e9, 1e15, 1e16, 2.0**53, 1e308, -1e308, 1e-300, 5e-324, 46_000, 46_000.5, 2_958_465, 2_958_466, 3_000_000,
    10**30, -(10**30), 10**400, math.inf, -math.inf, math.nan,
)  # fmt: skip
TEXTS = (
    "", " ", "=1+1", "x" * 32_767, "无此项", "a\x00b", "\ud800", "-", "+", "0", "1/0", "nan", "inf", "1e308", "30,60,90", "30,1e308", "2026-01-01", "2026-02-30",
    "USD", "CNY", "USD/CNY", "invoice", "EOM+1M", "AAA", "A", "50%", "１２３", "TRUE",
)  # fmt: skip
DAYS = (dt.date(2026, 1, 1), dt.date(1900, 1, 1), dt.date(9999, 12, 31), dt.date(1, 1, 1), dt.datetime(2026, 1, 1, 12), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
ERRORS = tuple(map(ExcelError, ("#N/A", "#DIV/0!", "#NUM!", "#REF!")))
ODD: tuple[Any, ...] = (True, False, None, *NUMBERS, *TEXTS, *DAYS, *ERRORS)
SHAPES = ((1, 1), (1, 2), (2, 1), (3, 1), (1, 5), (5, 1), (3, 3), (4, 4), (2, 5), (40, 1), (6, 7), (12, 2), (0, 0), (1, 0), (500, 1))


def block(chance: random.Random, right: Any) -> Any:
    """Rows of odd cells, mostly those of a right block with some cells spoilt; at times ragged, nested or a tuple."""
    height, width = chance.choice(SHAPES)
    if isinstance(right, list) and right and chance.random() < 0.6:
        rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in right]
        rows = [[cell if chance.random() < 0.85 else chance.choice(ODD) for cell in row] for row in rows]
        if chance.random() < 0.3:
            rows = rows[: chance.randrange(len(rows) + 1)] if chance.random() < 0.5 else rows * 3
    else:
        rows = [[chance.choice(ODD) for _ in range(width)] for _ in range(height)]
    kind = chance.random()
    if kind < 0.04:
        rows.append([])
    if kind < 0.02:
        return [rows, rows]
    if kind < 0.10:
        return tuple(map(tuple, rows))
    return [cell for row in rows for cell in row] if kind < 0.14 else rows


def odd_arguments(name: str, times: int) -> list[list[Any]]:
    """Arguments of a function, partly right."""
    spec, chance, made = functions()[name], random.Random(name), []
    for _ in range(times):
        right = chance.choice(spec.examples).args if spec.examples else ()
        args = []
        for at in range(len(spec.args)):
            kind = chance.random()
            given = right[at] if at < len(right) else None
            args.append(given if at < len(right) and kind < 0.5 else block(chance, given) if kind < 0.72 else chance.choice(ODD))
        made.append(args[: chance.randrange(len(args) + 1)] if chance.random() < 0.1 else args)
    return made


def cells_of(value: Any) -> list[Any]:
    return [cell for row in value for cell in (row if isinstance(row, list) else [row])] if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", list(functions()))
def test_odd_cells_are_answered_with_a_value_or_a_reason_and_never_fail_inside(name: str) -> None:
    for args in odd_arguments(name, TIMES):
        started = time.perf_counter()
        made = call(name, *args)
        assert time.perf_counter() - started < SLOWEST, args
        assert not [why for why in made.reasons.values() if "report" in why or "\n" in why or "Traceback" in why or len(why) > 2000], (args, made.reasons)
        for cell in cells_of(made.value):
            assert cell is None or isinstance(cell, (bool, int, float, str, dt.date)), (args, cell)
            assert not isinstance(cell, float) or math.isfinite(cell), args
        if isinstance(made.value, ExcelError):
            assert made.reason, args


def com(cell: Any) -> Any:
    """A cell as COM carries it: numbers as floats, errors as whole numbers, money as Decimal."""
    if isinstance(cell, list):
        return tuple(com(one) for one in cell)
    if isinstance(cell, ExcelError):
        return 0x800A0000 - (1 << 32) + COM_ERRORS[str(cell)]
    if type(cell) is dt.date:
        return dt.datetime(cell.year, cell.month, cell.day, tzinfo=dt.UTC)
    if cell == 12.5:
        return Decimal("12.5")
    return float(cell) if type(cell) is int and abs(cell) < 1e308 else 1.0 if type(cell) is int else cell


@pytest.mark.parametrize("name", list(functions()))
def test_excel_s_server_answers_odd_cells_with_what_excel_takes(name: str) -> None:
    for args in odd_arguments(f"{name}", TIMES // 3):
        value, reasons = answer(name, [com(cell) for cell in args])
        for _, _, why in reasons or ():
            assert "report" not in why, (args, why)
        for cell in cells_of(value):
            assert isinstance(cell, (bool, float, str)) or (isinstance(cell, int) and cell < 0), (args, cell)
            assert not isinstance(cell, float) or math.isfinite(cell), args


@pytest.mark.parametrize("name", list(functions()))
def test_a_call_from_the_shell_takes_any_words(name: str) -> None:
    import json

    from xladdin.errors import CreditError

    words = ("1" * 400, "[[1],[2,3]]", "[]", "[[]]", "{}", "[", "null", "true", "1e999", "-1", "1e308", "#N/A", '["x",[1]]', "=1", "a=b", "", "\udcff", "[[[1]]]", "2026-01-01", '"\\ud800"')
    chance = random.Random(name)
    for _ in range(TIMES // 4):
        given = [chance.choice(words) for _ in range(chance.randrange(len(functions()[name].args) + 2))]
        try:
            made = call_function(name, given)
        except CreditError:
            continue
        assert "report" not in str(made.get("reason", "")), given
        json.dumps(made, allow_nan=False)
