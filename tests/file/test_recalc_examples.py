"""Every example of every function gives in a cell what a call gives: as constants, as references, and as columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.file.recalc_books import Array, recalculated, write_book
from tests.functions.test_examples import EXAMPLES, alike
from xladdin.call import call, cell_value
from xladdin.cells import ExcelError, parse_iso_date
from xladdin.hosts.file.address import Rect, column_name
from xladdin.registry import Arg, Function

LONGEST_CONSTANT = 255


class Layout:
    """Writes arguments below each other on the sheet Data and returns references to them."""

    def __init__(self) -> None:
        self.cells: dict[str, Any] = {}
        self.row = 1

    def put(self, arg: Arg, rows: list[list[Any]]) -> str:
        for down, row in enumerate(rows):
            for across, value in enumerate(row):
                if (stored := as_stored(arg, value)) not in (None, ""):
                    self.cells[f"{column_name(across + 1)}{self.row + down}"] = stored
        reference = Rect(self.row, 1, self.row + len(rows) - 1, len(rows[0])).a1()
        self.row += len(rows) + 1
        return f"Data!{reference}"


def as_stored(arg: Arg, value: Any) -> Any:
    if isinstance(value, ExcelError):
        return "=" + ("NA()" if value == "#N/A" else "1/0")
    if arg.kind == "date" and isinstance(value, str) and (day := parse_iso_date(value)):
        return day
    return value


def as_rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, (list, tuple)):
        return [[value]]
    return [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]


def constant(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, ExcelError):
        return str(value)
    if isinstance(value, str):
        pieces = [value[at : at + LONGEST_CONSTANT] for at in range(0, max(len(value), 1), LONGEST_CONSTANT)]
        return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
    return f"DATE({value.year},{value.month},{value.day})" if isinstance(value, dt.date) else repr(value)


def literal(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "{" + ";".join(",".join(constant("" if cell is None else cell) for cell in row) for row in as_rows(value)) + "}"
    return constant(value)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    data, out = Layout(), {}
    for number, (spec, example) in enumerate(EXAMPLES, 1):
        given = list(zip(spec.args, example.args, strict=False))
        references = ",".join("" if value is None else data.put(arg, as_rows(value)) for arg, value in given)
        shape = as_rows(call(spec.name, *example.args).value)
        row = 1 + (number - 1) * 20
        bottom = row + len(shape) - 1
        width = column_name(len(shape[0]))
        out[f"A{row}"] = Array.over(f"A{row}:{width}{bottom}", f"={spec.name}({references})")
        out[f"Z{row}"] = Array.over(f"Z{row}:{column_name(25 + len(shape[0]))}{bottom}", f"={spec.name}({','.join(literal(value) for _, value in given)})")
        if column := as_column(spec, example.args):
            columns = ",".join("" if value is None else data.put(arg, as_rows(value)) for arg, value in zip(spec.args, column, strict=False))
            out[f"AZ{row}"] = Array.over(f"AZ{row}:AZ{row + 2}", f"={spec.name}({columns})")
    path = write_book(tmp_path_factory.mktemp("examples") / "examples.xlsx", {"Data": data.cells, "Out": out})
    made, values = recalculated(path)
    assert not made.left_cells, made.left_cells
    return values


def as_column(spec: Function, args: tuple[Any, ...]) -> list[Any] | None:
    """Repeat an example of single cells three times below each other."""
    if spec.result == "array" or not any(arg.shape == "column" for arg in spec.args) or any(arg.shape == "rows" for arg in spec.args):
        return None
    if any(arg.shape == "column" and isinstance(value, (list, tuple)) for arg, value in zip(spec.args, args, strict=False)):
        return None
    return [[[value]] * 3 if arg.shape == "column" and value is not None else value for arg, value in zip(spec.args, args, strict=False)]


def expected(spec: Function, args: tuple[Any, ...]) -> list[list[Any]]:
    return [[None if cell == "" else cell for cell in row] for row in as_rows(cell_value(call(spec.name, *args).value))]


def shown(values: dict[str, Any], first: str, row: int, shape: list[list[Any]]) -> list[list[Any]]:
    start = Rect(1, 26, 1, 26).column if first == "Z" else 1
    return [[values.get(f"Out!{column_name(start + across)}{row + down}") for across in range(len(shape[0]))] for down in range(len(shape))]


IDS = [f"{spec.name}: {example.text}" for spec, example in EXAMPLES]


@pytest.mark.parametrize("number", range(1, len(EXAMPLES) + 1), ids=IDS)
def test_an_example_with_references(number: int, answers: dict[str, Any]) -> None:
    spec, example = EXAMPLES[number - 1]
    wanted = expected(spec, example.args)
    assert alike(shown(answers, "A", 1 + (number - 1) * 20, wanted), wanted)


@pytest.mark.parametrize("number", range(1, len(EXAMPLES) + 1), ids=IDS)
def test_an_example_with_constants(number: int, answers: dict[str, Any]) -> None:
    spec, example = EXAMPLES[number - 1]
    wanted = expected(spec, example.args)
    assert alike(shown(answers, "Z", 1 + (number - 1) * 20, wanted), wanted)


@pytest.mark.parametrize("number", range(1, len(EXAMPLES) + 1), ids=IDS)
def test_an_example_as_a_column(number: int, answers: dict[str, Any]) -> None:
    spec, example = EXAMPLES[number - 1]
    if as_column(spec, example.args) is None:
        pytest.skip("it takes no single cells of a column")
    wanted = expected(spec, example.args)[0][0]
    row = 1 + (number - 1) * 20
    assert all(alike(answers.get(f"Out!AZ{row + down}"), wanted) for down in range(3))


def test_the_layout_has_room() -> None:
    shapes = [as_rows(call(spec.name, *example.args).value) for spec, example in EXAMPLES]
    assert max(map(len, shapes)) < 20
    assert max(len(rows[0]) for rows in shapes) < 24


