"""A call of a function with cells: policies for blanks and errors, shapes, and the reason beside every error value."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xladdin import call as calling
from xladdin.call import call, cell_value, find, invoke
from xladdin.cells import ExcelError
from xladdin.errors import BadRequest, InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Function, Rows

NUMBER = {"kind": "number", "text": "A number.", "text_zh": "数。"}
NA = ExcelError("#N/A")


def spec(python: Any, *args: Arg, result: str = "any") -> Function:
    return Function("TEST", python, "Test", "Help.", "说明。", args, result, "Test.", (), ())  # type: ignore[arg-type]


def column(name: str = "a", kind: str = "number", **more: Any) -> Arg:
    return Arg(name, kind, "A column.", "列。", shape="column", **more)  # type: ignore[arg-type]


def scalar(name: str = "a", kind: str = "number", **more: Any) -> Arg:
    return Arg(name, kind, "A value.", "值。", **more)  # type: ignore[arg-type]


DOUBLE = spec(lambda a: a * 2, column())
SUM = spec(lambda a, b: a + b, column("a"), column("b"))
ECHO_TEXT = spec(lambda a: a, column(kind="text"))


def one(answer: calling.Answer) -> tuple[Any, str | None]:
    return answer.value, answer.reason


# -- what a single cell may hold -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "cell", "value", "reason"),
    [
        ("number", 1, 1, None),
        ("number", 1.5, 1.5, None),
        ("number", True, "#VALUE!", "a must be a number; got TRUE"),
        ("number", "1", "#VALUE!", 'a must be a number; got the text "1"'),
        ("number", math.nan, "#NUM!", "a is not a finite number"),
        ("number", math.inf, "#NUM!", "a is not a finite number"),
        ("number", dt.date(2026, 1, 1), "#VALUE!", "a must be a number; got 2026-01-01"),
        ("number", None, "#VALUE!", "a is blank"),
        ("number", "", "#VALUE!", "a is blank"),
        ("number", NA, "#N/A", "a holds the error #N/A"),
        ("number", ExcelError("#DIV/0!"), "#DIV/0!", "a holds the error #DIV/0!"),
        ("integer", 2.0, 2, None),
        ("integer", 2.5, "#VALUE!", "a must be a whole number; got 2.5"),
        ("text", "=1+1", "=1+1", None),
        ("text", "@x", "@x", None),
        ("text", 1001.0, "1001", None),
        ("text", 0.1, "0.1", None),
        ("text", True, "#VALUE!", "a must be a text; got TRUE"),
        ("boolean", True, True, None),
        ("boolean", "yes", True, None),
        ("boolean", " 否 ", False, None),
        ("boolean", 1, True, None),
        ("boolean", 0.0, False, None),
        ("boolean", 2, "#VALUE!", "a must be TRUE or FALSE; got 2"),
        ("boolean", "maybe", "#VALUE!", 'a must be TRUE or FALSE; got the text "maybe"'),
        ("date", "2026-01-31", dt.date(2026, 1, 31), None),
        ("date", 46_053, dt.date(2026, 1, 31), None),
        ("date", 46_053.75, dt.date(2026, 1, 31), None),
        ("date", dt.datetime(2026, 1, 31, 12), dt.date(2026, 1, 31), None),
        ("date", 59, dt.date(1900, 2, 28), None),
        ("date", 60, "#NUM!", "a: serial number 60 is 1900-02-29, a day that never was"),
        ("date", -1, "#NUM!", "a: -1 is not a date: serial numbers of dates run from 1 (1900-01-01) to 2958465 (9999-12-31)"),
        ("date", "31.01.2026", "#VALUE!", 'a must be a date or a text like 2026-01-31; got the text "31.01.2026"'),
        ("date", True, "#VALUE!", "a must be a date; got TRUE"),
        ("any", "x", "x", None),
        ("any", math.inf, "#NUM!", "a is not a finite number"),
    ],
)
@pytest.mark.parametrize("shape", ["scalar", "column"])
def test_a_cell_is_read_by_the_kind_of_its_argument(shape: str, kind: str, cell: object, value: object, reason: str | None) -> None:
    argument = scalar(kind=kind) if shape == "scalar" else column(kind=kind)
    answer = calling._invoke(spec(lambda a: a, argument), [cell])
    assert answer.value == value
    assert isinstance(answer.value, bool) == isinstance(value, bool)
    assert answer.reason == reason
    if reason is not None:
        assert isinstance(answer.value, ExcelError)


def test_bounds_are_kept_in_single_cells_and_in_columns_of_plain_numbers() -> None:
    bounded = spec(lambda a: a, column(minimum=0, maximum=1))
    answer = calling._invoke(bounded, [[[0.5], [2.0], [-1.0]]])
    assert answer.value == [[0.5], ["#NUM!"], ["#NUM!"]]
    assert answer.reasons == {(1, 0): "a must be at most 1; got 2", (2, 0): "a must be at least 0; got -1"}


def test_allowed_words_are_found_in_any_case() -> None:
    worded = spec(lambda a: a, scalar(kind="text", choices=("CN", "EU")))
    assert one(calling._invoke(worded, [" eu "])) == ("EU", None)
    assert one(calling._invoke(worded, ["US"])) == ("#VALUE!", 'a must be one of CN, EU; got the text "US"')


# -- blanks, errors, defaults ----------------------------------------------------------------------------------------------------------


def test_a_blank_is_an_error_a_blank_a_default_or_missing() -> None:
    cells = [[1.0], [None], [""]]
    assert calling._invoke(spec(lambda a: a, column()), [cells]).value == [[1.0], ["#VALUE!"], ["#VALUE!"]]
    assert calling._invoke(spec(lambda a: a, column(blank="blank")), [cells]).value == [[1.0], [""], [""]]
    assert calling._invoke(spec(lambda a: a, column(default=7)), [cells]).value == [[1.0], [7.0], [7.0]]
    assert calling._invoke(spec(np.isnan, column(blank="missing")), [cells]).value == [[False], [True], [True]]


@pytest.mark.parametrize(("kind", "missing"), [("date", None), ("text", ""), ("boolean", False), ("any", None)])
def test_a_missing_cell_has_a_value_of_its_kind(kind: str, missing: object) -> None:
    answer = calling._invoke(spec(lambda a: a, column(kind=kind, blank="missing")), [[[None], [None]]])
    assert answer.value == [[missing], [missing]]


def test_an_error_value_comes_out_unchanged_unless_it_is_accepted() -> None:
    assert calling._invoke(DOUBLE, [[[1], [NA]]]).value == [[2.0], ["#N/A"]]
    accepting = spec(lambda a: np.array([isinstance(cell, ExcelError) for cell in a]), column(kind="any", errors="accept"))
    assert calling._invoke(accepting, [[[1], [NA]]]).value == [[False], [True]]


def test_the_first_argument_that_cannot_be_read_gives_the_reason() -> None:
    assert one(calling._invoke(SUM, [NA, "x"])) == ("#N/A", "a holds the error #N/A")


def test_what_could_not_be_read_comes_before_what_the_rule_says() -> None:
    always = spec(lambda a: Rows(a).fail(np.ones(a.shape, dtype=bool), NotAvailable("the rule")), column())
    answer = calling._invoke(always, [[[1], ["x"]]])
    assert answer.reasons == {(1, 0): 'a must be a number; got the text "x"', (0, 0): "the rule"}


def test_a_failure_may_hold_the_rows_own_numbers_and_the_first_one_counts() -> None:
    def rule(a: np.ndarray) -> Rows:
        made = Rows(a).fail(a > 1, lambda row: OutOfRange(f"row {row}: {a[row]:g}"))
        return made.fail(a > 0, InvalidValue("second")).remark(a == 0, "nothing").remark(a == 0, lambda row: f"in row {row}")

    answer = calling._invoke(spec(rule, column()), [[[0], [1], [2]]])
    assert answer.value == [[0.0], ["#VALUE!"], ["#NUM!"]]
    assert answer.reasons == {(0, 0): "nothing; in row 0", (1, 0): "second", (2, 0): "row 2: 2"}


# -- arguments -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "named", "reason"),
    [
        ((1, 2, 3), {}, "TEST takes at most 2 arguments; got 3"),
        ((1,), {"c": 1}, "TEST has no argument c; it takes a, b"),
        ((1, 2), {"b": 1}, "TEST: b is given twice"),
        ((1,), {}, "TEST needs b: A column."),
        ((), {"b": 1}, "TEST needs a: A column."),
    ],
)
def test_arguments_that_do_not_fit_are_named(args: tuple[object, ...], named: dict[str, object], reason: str) -> None:
    assert one(invoke(SUM, args, named)) == ("#VALUE!", reason)


def test_a_function_is_found_in_any_case_and_an_unknown_one_is_refused() -> None:
    assert find(" daysoverdue ").name == "DAYSOVERDUE"
    with pytest.raises(BadRequest, match=r"there is no function AGINGBUCKETS; did you mean AGINGBUCKET, AGINGINDEX\?"):
        find("AGINGBUCKETS")
    with pytest.raises(BadRequest, match="there is no function NOSUCH; `xladdin functions` lists them"):
        call("NOSUCH")


# -- shapes ----------------------------------------------------------------------------------------------------------------------------


def test_a_column_is_answered_by_a_column_and_a_row_by_a_row() -> None:
    assert calling._invoke(DOUBLE, [[[1], [2]]]).value == [[2.0], [4.0]]
    assert calling._invoke(DOUBLE, [[[1, 2]]]).value == [[2.0, 4.0]]
    assert calling._invoke(DOUBLE, [[1, 2]]).value == [[2.0], [4.0]]
    answer = calling._invoke(DOUBLE, [[[1, 2], [3, "x"]]])
    assert answer.value == [[2.0, 4.0], [6.0, "#VALUE!"]]
    assert list(answer.reasons) == [(1, 1)]


@pytest.mark.parametrize("cell", [3, [3], [[3]], np.float64(3), np.array(3), np.array([3]), np.array([[3.0]]), pd.Series([3.0])])
def test_a_range_of_one_cell_is_a_single_cell(cell: object) -> None:
    assert calling._invoke(DOUBLE, calling._bind(DOUBLE, [cell], {})).value == 6.0


def test_a_single_cell_goes_with_every_row_of_a_column() -> None:
    assert calling._invoke(SUM, [[[1], [2]], 10]).value == [[11.0], [12.0]]
    answer = calling._invoke(SUM, [[[1], [2]], "x"])
    assert answer.value == [["#VALUE!"], ["#VALUE!"]]
    assert answer.reasons == {(0, 0): 'b must be a number; got the text "x"', (1, 0): 'b must be a number; got the text "x"'}
    blank = spec(lambda a, b: a + b, column("a"), column("b", blank="blank"))
    assert calling._invoke(blank, [[[1], [2]], None]).value == [[""], [""]]


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ([[1], [2]], [[1], [2], [3]], "b has 3 x 1 cells, a has 2 x 1; they must be alike"),
        ([[1], [2]], [[1, 2]], "b has 1 x 2 cells, a has 2 x 1; they must be alike"),
        ([[1, 2], [3]], 1, "a must be a block: all rows as long as the first, a single value in each cell"),
        ([], 1, "a is an empty range"),
        ([[]], 1, "a is an empty range"),
    ],
)
def test_ranges_that_do_not_fit_are_refused(a: object, b: object, reason: str) -> None:
    assert one(calling._invoke(SUM, [a, b])) == ("#VALUE!", reason)


def test_a_scalar_argument_takes_one_cell() -> None:
    assert one(calling._invoke(spec(lambda a: a, scalar()), [[[1], [2]]])) == ("#VALUE!", "a must be a single cell; got a range of 2 rows")


def test_rows_are_the_items_of_a_block() -> None:
    block = spec(lambda a: np.array([len(row) for row in a]), Arg("a", "any", "Rows.", "行。", shape="rows"))
    assert calling._invoke(block, [[[1, "x"], [2, "y"]]]).value == [[2], [2]]
    assert calling._invoke(block, [[[1, "x", None]]]).value == 3
    assert calling._invoke(block, [[[1, NA], [2, "y"]]]).reasons == {(0, 0): "a holds the error #N/A"}


def test_one_row_of_a_block_goes_with_every_row_of_a_column() -> None:
    both = spec(lambda a, b: np.array([row[0] for row in a]) + b, Arg("a", "any", "Rows.", "行。", shape="rows"), column("b"))
    assert calling._invoke(both, [[[1, 2]], [[10], [20]]]).value == [[11.0], [21.0]]


def test_a_range_is_flattened_in_reading_order_and_its_kind_any_keeps_rows() -> None:
    numbers = spec(lambda a: float(a.sum()), Arg("a", "number", "N.", "数。", shape="range", blank="blank"), result="number")
    assert calling._invoke(numbers, [[[1, None], [3, 4]]]).value == 8.0
    assert one(calling._invoke(numbers, [[[1, "x"]]])) == ("#VALUE!", 'a must be a number; got the text "x"')
    rows = spec(len, Arg("a", "any", "R.", "行。", shape="range"), result="number")
    assert calling._invoke(rows, [[[1, None], [3, 4]]]).value == 2
    assert one(calling._invoke(rows, [[[1, NA]]])) == ("#N/A", "a holds the error #N/A")


def test_a_list_of_numbers_is_a_text_a_number_or_a_range() -> None:
    numbers = spec(sum, Arg("a", "numbers", "L.", "数列。", shape="range", default="1,2"), result="number")
    for given, total in ((None, 3.0), ("", 3.0), ("4,5", 9.0), ("4；5", 9.0), (6, 6.0), ([[4, 5], [None, 1]], 10.0)):
        assert calling._invoke(numbers, [given]).value == total
    for given, reason in (
        ("4,five", 'a must be numbers like "30,60,90"; got the text "4,five"'),
        ("inf", 'a must be numbers like "30,60,90"; got the text "inf"'),
        (True, "a must be a number; got TRUE"),
        ([[None], [""]], "a is an empty range"),
        (NA, "a holds the error #N/A"),
        ([[1], [NA]], "a holds the error #N/A"),
    ):
        assert calling._invoke(numbers, [given]).reason == reason


# -- answers ---------------------------------------------------------------------------------------------------------------------------


def test_an_answer_no_cell_can_hold_is_an_error_with_a_reason_in_its_row() -> None:
    with np.errstate(divide="ignore"):
        answer = calling._invoke(spec(lambda a: 1 / a, column()), [[[0], [2]]])
    assert answer.value == [["#NUM!"], [0.5]]
    assert answer.reasons == {(0, 0): "the result is not a finite number"}
    mixed = calling._invoke(spec(lambda a: np.array([math.nan, "x", 1.0], dtype=object), column()), [[[1], [2], [3]]])
    assert mixed.value == [["#NUM!"], ["x"], [1.0]]
    early = calling._invoke(spec(lambda a: a.astype("datetime64[D]") - 100_000, column(kind="date")), ["2000-01-01"])
    assert one(early) == ("#NUM!", "the result lies before 1900-01-01, the first date a cell can hold")
    assert one(calling._invoke(spec(lambda a: math.inf, scalar()), [1])) == ("#NUM!", "the result is not a finite number")
    assert one(calling._invoke(spec(lambda a: {1}, scalar()), [1])) == ("#VALUE!", "a cell cannot hold a set")


def test_answers_are_plain_values() -> None:
    for made, value in ((np.int64(1), 1), (np.float32(0.5), 0.5), (np.True_, True), (np.datetime64("2026-01-31"), dt.date(2026, 1, 31)), (None, None)):
        answer = calling._invoke(spec(lambda a, made=made: made, scalar()), [1]).value  # type: ignore[misc]
        assert type(answer) is type(value)
        assert answer == value


def test_an_array_of_answers_is_rows_of_cells_padded_to_a_block() -> None:
    assert calling._invoke(spec(lambda a: [[1, np.float64(2)], ["x"]], scalar(), result="array"), [1]).value == [[1, 2.0], ["x"]]
    jagged = np.empty(2, dtype=object)
    jagged[:] = [["a", "b"], ["c"]]
    many = calling._invoke(spec(lambda a: jagged, column(), result="array"), [[[1], [2]]])
    assert many.value == [["a", "b"], ["c", ""]]
    failed = calling._invoke(spec(lambda a: jagged, column(), result="array"), [[[1], ["x"]]])
    assert failed.value == [["a", "b"], ["#VALUE!", "#VALUE!"]]


def test_rows_of_a_function_without_columns_are_a_single_answer() -> None:
    failing = spec(lambda a: Rows(np.array([1.0])).fail(np.array([True]), NotAvailable("no rate")), scalar())
    assert one(calling._invoke(failing, [1])) == ("#N/A", "no rate")


def test_what_a_spreadsheet_stores_has_no_dates_and_no_missing() -> None:
    assert cell_value([[dt.date(2026, 1, 31), None, "x", 1.5]]) == [[46_053, "", "x", 1.5]]


def test_a_defect_of_ours_is_an_error_value_and_never_a_wrong_number(caplog: pytest.LogCaptureFixture) -> None:
    answer = calling._invoke(spec(lambda a: 1 // 0, scalar()), [1])
    assert one(answer) == ("#VALUE!", "TEST failed inside; please report this call")
    assert "TEST failed" in caplog.text


def test_dates_of_numpy_and_pandas_are_dates() -> None:
    days = pd.Series(pd.to_datetime(["2026-01-31", "2026-02-01"]))
    for given in (days, days.to_numpy(), days.to_numpy().astype("datetime64[D]")):
        assert call("DAYSOVERDUE", given, np.datetime64("2026-02-01")).value == [[1], [0]]


# -- single calls are remembered -------------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A function in the table that notes each time it is really called."""
    made: list[Any] = []

    def note(a: Any) -> Any:
        made.append(a)
        return a

    monkeypatch.setattr(calling, "_table", lambda: {"TEST": spec(note, scalar(kind="any"))})
    calling._remembered.cache_clear()
    yield made
    calling._remembered.cache_clear()


def test_the_same_single_call_is_calculated_once_and_kinds_of_cells_are_told_apart(counted: list[Any]) -> None:
    for cell in (1, 1, 1.0, True, "1", ExcelError("#N/A"), "#N/A"):
        call("TEST", cell)
    assert [type(cell) for cell in counted] == [int, float, bool, str, str]  # the error value never reaches the function


def test_a_range_is_not_remembered() -> None:
    cells = [[1], [2]]
    assert invoke(DOUBLE, [cells]).value == [[2.0], [4.0]]
    cells[0][0] = 5
    assert invoke(DOUBLE, [cells]).value == [[10.0], [4.0]]
