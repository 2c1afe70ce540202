"""`xladdin show`: a sheet as text, as it stands in the closed workbook."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest

from tests.test_command_line import run
from tests.workbook.test_refresh import type_into
from workbook.page_text import cell_text


@pytest.fixture(scope="module")
def book(_built, tmp_path_factory):
    import shutil

    path = tmp_path_factory.mktemp("shown") / "Credit.xlsm"
    shutil.copy(_built / "small.xlsm", path)
    assert run("refresh", path)[0] == 0
    return path


def show(book, *words):
    code, out, err = run("show", book, *words)
    assert (code, err) == (0, "")
    return out.splitlines()


def test_a_report_has_its_head_lines_its_rows_the_rest_in_a_word_and_its_totals(book):
    lines = show(book, "Aging", "--top", "2")
    assert lines[0] == "Aging of receivables"
    assert lines[1].startswith("As of 2026-06-30")
    assert lines[3].startswith("✓ Reconciled")
    assert sum(line.startswith("Customer ") for line in lines) == 2 + 3  # two rows, totals of two currencies and of both
    assert "… and 8 more; --top 10 shows all" in lines
    assert lines.index("… and 8 more; --top 10 shows all") < lines.index("Customer            Total CNY")


def test_columns_and_rows_can_be_picked_and_then_stand_side_by_side(book):
    lines = show(book, "Aging", "--row", "C0", "--row", "usd", "--column", "customer", "--column", "Outstanding")
    assert [line.split() for line in lines] == [["Aging", "of", "receivables"], ["Customer", "Outstanding"], ["C0", "4,800.80"]]


def test_the_key_of_a_report_names_its_sheet(book):
    assert show(book, "contract_terms", "--top", "1") == show(book, "Contract terms", "--top", "1")


def test_a_table_below_a_report_is_found_by_its_title(book):
    assert show(book, "Escalation", "--part", "by customer", "--row", "C3", "--column", "Items", "--column", "Customer")[1].split() == ["Items", "Customer"]


def test_tables_of_the_analyst_and_what_they_typed_are_shown(book, tmp_path):
    import shutil

    own = shutil.copy(book, tmp_path / "own.xlsm")
    type_into(own, "escalation", {"Document": "INV-001"}, "Note", "called on Monday 周一已致电")
    assert show(own, "Escalation", "--row", "INV-001", "--column", "Note")[-1] == "called on Monday 周一已致电"
    assert show(own, "Ledger", "--row", "PAY-1", "--column", "Amount", "--column", "Settles")[1:] == ["Amount  Settles", "400.00  INV-000"]
    assert show(own, "Settings", "--row", "interest_rule", "--column", "Value") == ["Settings", "Value", "CN-SME"]


def test_a_sheet_without_rows_shows_its_header(book):
    assert show(book, "Blacklist")[-1].startswith("Name  Register no.  Source")


def test_the_guide_shows_a_function_by_its_name(book):
    assert "Formula          =DAYSOVERDUE(DATE(2026,1,31),DATE(2026,3,2))" in show(book, "Function guide", "--row", "DAYSOVERDUE")


def test_a_program_gets_numbers_and_dates(book):
    data = json.loads("\n".join(show(book, "Ledger", "--row", "INV-001", "--json")))
    row = data["parts"][0]["rows"][0]
    assert (row["Amount"], row["Due date"], row["Settles"]) == (1010.01, "2026-02-07", None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Agin"], 'has no sheet "Agin"; it has Control, Settings, Aging,'),
        (["Aging", "--row", "C0", "--row", "nobody"], "no row of the sheet holds C0 and nobody"),
        (["Grades", "--column", "Nothing"], 'the sheet has no column "Nothing"; it has Grade, From score, Default probability'),
        (["Insurance", "--part", "nothing"], 'the sheet has no part "nothing"; it has Credit insurance'),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(book, words, said):
    code, out, err = run("show", book, *words)
    assert (code, out) == (2, "")
    assert said in err


def test_the_workbook_is_not_changed(book):
    before = hashlib.sha256(book.read_bytes()).digest()
    show(book, "Aging")
    assert hashlib.sha256(book.read_bytes()).digest() == before


@pytest.mark.parametrize(
    ("cell", "number_format", "text"),
    [
        (None, "", ""),
        (True, "", "TRUE"),
        (1234.5, "#,##0.00;[Red]-#,##0.00;–", "1,234.50"),
        (-0.5, "#,##0.00", "-0.50"),
        (0.0045, "0.00%", "0.45%"),
        (2026.0, "General", "2026"),
        (3.0, "#,##0", "3"),
        (dt.datetime(2026, 6, 30), "yyyy-mm-dd", "2026-06-30"),
        (dt.datetime(2026, 6, 30, 8, 5), "", "2026-06-30 08:05"),
    ],
)
def test_a_cell_is_written_by_its_format(cell, number_format, text):
    assert cell_text(cell, number_format) == text
