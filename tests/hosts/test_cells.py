"""What a cell shows is what `xladdin call` answers, in every host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.functions.test_examples import alike, as_shown
from tests.hosts.arguments import argument_sets
from tests.hosts.differences import differs
from tests.hosts.hosts import Host
from tests.hosts.sheets import expected, reason
from xladdin.cells import ExcelError, serial_from_date
from xladdin.registry import functions

GENERATED = 2000
IN_RANGE = "LibreOffice answers Err:504 for an error value inside a range, without asking the function: mend the cell, or wrap it in IFERROR"
DAY = serial_from_date(__import__("datetime").date(2026, 6, 30))


def cell(value: Any) -> Any:
    """An empty text and an empty cell look alike; some hosts have no truth values of their own."""
    return "" if value is None else value


def differences(host: Host, folder: Path, calls: list) -> list[str]:
    """Say for which calls a host shows something else."""
    wrong = []
    for one, shown in zip(calls, host.show(calls, folder), strict=True):
        wanted = expected(one)
        got = [[cell(value) for value in row] for row in shown.rows]
        if not alike(host_values(got, host), host_values([[cell(value) for value in row] for row in wanted], host)):
            wrong.append(f"{one[0]}{tuple(one[1])}: {got}, not {wanted}")
    return wrong


def host_values(rows: list[list[Any]], host: Host) -> list[list[Any]]:
    """Compare dates by their serial numbers, and truth values as the host keeps them."""
    import datetime as dt

    def plain(value: Any) -> Any:
        if isinstance(value, ExcelError):
            return f"error {value}"
        if isinstance(value, dt.date):
            return serial_from_date(value)
        return float(value) if isinstance(value, bool) and getattr(host, "booleans_are_numbers", False) else value

    return [[plain(value) for value in row] for row in rows]


def test_every_example_shows_its_answer(host: Host, tmp_path: Path) -> None:
    calls = [
        (spec.name, [_stored(arg, value) for arg, value in zip(spec.args, as_shown(example.args), strict=False)])
        for spec in functions().values()
        for example in spec.examples
        if spec.name != "CREDITWHY"
    ]
    assert not differences(host, tmp_path, calls)


def _stored(arg: Any, value: Any) -> Any:
    from tests.hosts.arguments import _stored as stored

    return stored(arg, value) if not isinstance(value, list) else value


@pytest.mark.slow
def test_two_thousand_generated_calls_show_what_a_call_answers(host: Host, tmp_path: Path) -> None:
    comparable = getattr(host, "comparable", lambda _: True)
    calls = [one for one in argument_sets(GENERATED * 3 // 2) if comparable(one)][:GENERATED]
    assert len(calls) == GENERATED
    wrong = differences(host, tmp_path, calls)
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:20])


def test_an_error_value_tells_its_reason(host: Host, tmp_path: Path) -> None:
    calls = [("DAYSOVERDUE", ["yesterday", DAY]), ("AGINGBUCKET", [DAY, DAY, "90,30"]), ("LATEINTEREST", [100, DAY, DAY + 5, "NO-RULE"])]
    for one, shown in zip(calls, host.show(calls, tmp_path), strict=True):
        assert shown.rows[0][0] == expected(one)[0][0]
        assert isinstance(expected(one)[0][0], ExcelError)
        assert shown.why == reason(one)


def test_a_remark_beside_a_value_is_told(host: Host, tmp_path: Path) -> None:
    calls = [("PREMIUM", [20_250_000, 0.02])]
    (shown,) = host.show(calls, tmp_path)
    assert shown.rows == [[405_000]]
    assert shown.why == reason(calls[0]) != ""


def test_a_value_without_remark_has_nothing_to_tell(host: Host, tmp_path: Path) -> None:
    (shown,) = host.show([("DAYSOVERDUE", [DAY - 3, DAY])], tmp_path)
    assert shown.rows == [[3]]
    assert shown.why == ""


def test_chinese_text_goes_in_and_comes_out(host: Host, tmp_path: Path) -> None:
    calls = [("DUEDATE", [DAY, "月结30天"]), ("AGINGBUCKET", [DAY - 40, DAY, None, "zh"]), ("ESCALATIONACTION", [2, "zh"])]
    assert not differences(host, tmp_path, calls)
    assert host.show(calls, tmp_path)[1].rows == [["31-60天"]]


def test_an_error_in_an_argument_comes_out_unchanged(host: Host, tmp_path: Path) -> None:
    errors = [ExcelError(code) for code in ("#N/A", "#DIV/0!", "#VALUE!", "#NUM!")]
    shown = host.show([("DAYSOVERDUE", [error, DAY]) for error in errors], tmp_path)
    assert [one.rows[0][0] for one in shown] == errors


@differs("libreoffice", "never", IN_RANGE)
def test_an_error_in_one_row_of_a_column_leaves_the_other_rows(host: Host, tmp_path: Path) -> None:
    (shown,) = host.show([("DAYSOVERDUE", [[[DAY - 1], [ExcelError("#N/A")], [DAY - 3]], DAY])], tmp_path)
    assert [row[0] for row in shown.rows] == [1, ExcelError("#N/A"), 3]


def test_a_wrong_row_of_a_column_leaves_the_other_rows(host: Host, tmp_path: Path) -> None:
    (shown,) = host.show([("DAYSOVERDUE", [[[DAY - 1], ["soon"], [DAY - 3]], DAY])], tmp_path)
    assert [row[0] for row in shown.rows] == [1, ExcelError("#VALUE!"), 3]


def test_a_blank_cell_of_a_column_is_a_blank(host: Host, tmp_path: Path) -> None:
    (shown,) = host.show([("EFFECTIVELIMIT", [[[None], [500]], 800])], tmp_path)
    assert [row[0] for row in shown.rows] == [row[0] for row in expected(("EFFECTIVELIMIT", [[[None], [500]], 800]))]


def test_a_blank_single_cell_is_a_blank_and_not_a_zero(host: Host, tmp_path: Path) -> None:
    (shown,) = host.show([("DAYSOVERDUE", [[[None]], DAY])], tmp_path)
    assert shown.rows == expected(("DAYSOVERDUE", [[[None]], DAY]))


def test_dates_are_serial_numbers_that_a_sheet_counts_with(host: Host, tmp_path: Path) -> None:
    (shown,) = host.show([("DUEDATE", [DAY, "NET 30"])], tmp_path)
    assert host_values(shown.rows, host) == [[DAY + 30]]
