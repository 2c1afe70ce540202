"""Argument sets for every function, made from its description: the same list for the same seed, so that every host answers the same.

A set starts from one of the function's examples, which makes sense as a whole, and changes some of its arguments: to another value
of the kind, to a column, or, one time in eight, to what the argument does not take. None leaves an argument out. A boolean is only
given where one is asked for, because some hosts cannot tell it from a number elsewhere.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any, Final

from xladdin.cells import ExcelError, parse_iso_date, serial_from_date
from xladdin.registry import Arg, Example, Function, functions

Call = tuple[str, list[Any]]

WRONG: Final[dict[str, tuple[Any, ...]]] = {
    "number": ("n/a", "1,000", ExcelError("#N/A"), 1e300, -1e9),
    "integer": ("two", 2.5, ExcelError("#DIV/0!"), -7),
    "date": ("yesterday", "2026-02-30", 0, 60, -1, ExcelError("#VALUE!"), 3_000_000),
    "text": ("??", "无此项", ExcelError("#N/A")),
    "boolean": ("maybe", 2, ExcelError("#REF!")),
    "numbers": ("90,30", "thirty", ExcelError("#NUM!"), -5),
}
SWITCHES: Final = (True, False, "yes", "no", 1, 0, "是")
LISTS: Final = ("30,60,90", "15;45", "10，20，40", 30, [[10], [20], [40]], [[7, 14, 28]])


def argument_sets(count: int, seed: int = 1, names: Sequence[str] | None = None) -> list[Call]:
    """Make `count` calls, each function in turn. Cells are numbers, texts, booleans, error values; a range is a list of rows."""
    chance = random.Random(seed)
    chosen = [spec for name, spec in functions().items() if spec.examples and (names is None or name in names) and not _asks_a_cell(spec)]
    return [(spec.name, _arguments(spec, chance)) for spec in (chosen[index % len(chosen)] for index in range(count))]


def _asks_a_cell(spec: Function) -> bool:
    return any(arg.kind == "reference" for arg in spec.args)


def _arguments(spec: Function, chance: random.Random) -> list[Any]:
    example: Example = chance.choice(spec.examples)
    given = [*example.args, *[None] * (len(spec.args) - len(example.args))]
    tall = chance.choice((0, 0, 2, 3, 5)) if any(arg.shape == "column" for arg in spec.args) and not _blocks(spec, given) else 0
    made = [_argument(arg, value, tall, chance) for arg, value in zip(spec.args, given, strict=True)]
    while made and made[-1] is None:
        made.pop()
    return made


def _blocks(spec: Function, given: Sequence[Any]) -> bool:
    """Tell whether the example's shape is bound to a block of rows or a column of its own."""
    return any(arg.shape == "rows" or (arg.shape == "column" and isinstance(value, (list, tuple))) for arg, value in zip(spec.args, given, strict=True))


def _argument(arg: Arg, value: Any, tall: int, chance: random.Random) -> Any:
    if value is None and (arg.kind == "any" or chance.random() < 0.7):
        return None
    if isinstance(value, (list, tuple)) or arg.shape in ("rows", "range"):
        return chance.choice(LISTS) if arg.kind == "numbers" and chance.random() < 0.5 else _block(arg, value, chance)
    if arg.shape == "column" and tall and chance.random() < 0.7:
        return [[_cell(arg, value, chance)] for _ in range(tall)]
    return _cell(arg, value, chance)


def _block(arg: Arg, value: Any, chance: random.Random) -> Any:
    if not isinstance(value, (list, tuple)):
        return chance.choice(WRONG[arg.kind]) if arg.kind in WRONG and chance.random() < 0.125 else _stored(arg, value)
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]
    return [[_near(_stored(arg, cell), chance) for cell in row] for row in rows]


def _near(cell: Any, chance: random.Random) -> Any:
    """Change a number of a block a little; texts name things there and stay."""
    plain = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    return round(cell * chance.choice((0.5, 1, 1, 1.25)), 6) if plain and chance.random() < 0.5 else cell


def _cell(arg: Arg, value: Any, chance: random.Random) -> Any:
    if arg.kind in WRONG and chance.random() < 0.125:
        return chance.choice(WRONG[arg.kind])
    if arg.choices:
        return chance.choice((*arg.choices, arg.choices[0].upper()))
    if chance.random() < 0.4 and value is not None:
        return _stored(arg, value)
    return _another(arg, value, chance)


def _another(arg: Arg, value: Any, chance: random.Random) -> Any:
    if arg.kind == "date":
        day = dt.date(2020, 1, 1) + dt.timedelta(chance.randrange(2000))
        return day.isoformat() if chance.random() < 0.3 else serial_from_date(day)
    if arg.kind == "number":
        base = value if isinstance(value, (int, float)) and not isinstance(value, bool) else (arg.default if isinstance(arg.default, (int, float)) else 100)
        return chance.choice((round(base * chance.uniform(0, 3), 4), round(base * chance.uniform(0, 2), 2), 0, 1, base, -base))
    if arg.kind == "integer":
        return chance.randrange(7)
    if arg.kind == "boolean":
        return chance.choice(SWITCHES)
    if arg.kind == "numbers":
        return chance.choice(LISTS)
    return _stored(arg, value)


def _stored(arg: Arg, value: Any) -> Any:
    """Give a value as a cell stores it: a date as its serial number."""
    day = value if isinstance(value, dt.date) else parse_iso_date(value) if isinstance(value, str) and arg.kind == "date" else None
    return serial_from_date(day) if day else value
