"""Point 20: an import never changes what an analyst typed: text stays text, typed stays typed, formulas stay with their rows."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from lxml import etree

from workbook.build import build_workbook
from workbook.host_book import need_table
from workbook.importing.job import import_into
from xladdin.hosts.file import open_book
from xladdin.hosts.file.sheet import Sheet
from xladdin.hosts.file.xml import m

DAY = dt.date(2026, 1, 31)
ROWS = 4
LEDGER = {
    "document_no": [f"A{n}" for n in range(ROWS)], "document_type": ["invoice"] * ROWS, "customer_id": ["C1"] * ROWS, "currency": ["CNY"] * ROWS,
    "document_date": [DAY] * ROWS, "due_date": [DAY] * ROWS, "amount": [100.0 + n for n in range(ROWS)],
}  # fmt: skip
HEAD = "document_no,document_type,customer_id,currency,document_date,due_date,amount\n"
NEW = HEAD + "A9,invoice,C1,CNY,2026-02-28,2026-03-30,5\n"
AGAIN = HEAD + "A2,invoice,C1,CNY,2026-01-31,2026-01-31,1\nA9,invoice,C1,CNY,2026-02-28,2026-03-30,5\nA0,invoice,C1,CNY,2026-01-31,2026-01-31,2\n"


@pytest.fixture(params=["by columns", "by the public model alone"])
def engine(request, monkeypatch):
    """The engine as it is, and without what it has beyond xlwings' own model."""
    if request.param != "by columns":
        monkeypatch.delattr(Sheet, "set_block")
        monkeypatch.delattr(Sheet, "read_block")


@pytest.fixture
def run(tmp_path, engine):
    """Make a workbook whose ledger has an own column with these cells, import, and return that column's cells and kinds."""

    def do(cells, source, mode, said=""):
        path = tmp_path / "Credit.xlsm"
        build_workbook(path, data={"ledger": LEDGER, "customers": {"customer_id": ["C1"]}})
        book = open_book(path)
        page, table = book.sheets["Ledger"], need_table(book, "Ledger")
        column = table.range.columns.count + 1
        page.range((3, column)).value = "Mine"
        for row, cell in enumerate(cells, 4):
            if isinstance(cell, str) and cell.startswith("=text"):
                page.range((row, column)).number_format = "@"
                page.range((row, column)).value = cell
                page.range((row, column)).number_format = "General"
            elif isinstance(cell, str) and cell.startswith("="):
                page.range((row, column)).formula = cell
            else:
                page.range((row, column)).value = cell
        table.resize(page.range((3, 1), (3 + ROWS, column)))
        if said:
            root = table.impl.root
            last = root.findall(f"{m('tableColumns')}/{m('tableColumn')}")[-1]
            etree.SubElement(last, m("calculatedColumnFormula")).text = said
            table.impl.store(root)
        book.save()
        book.close()
        file = tmp_path / "items.csv"
        file.write_text(source, "utf-8")
        book = open_book(path)
        import_into(book, path, file, mode=mode)
        book.save()
        book.close()
        page = openpyxl.load_workbook(path)["Ledger"]
        numbers = [page.cell(row, 1).value for row in range(4, page.tables["Ledger"].ref and 4 + ROWS + 2)]
        kinds = {number: (page.cell(row, column).value, page.cell(row, column).data_type) for row, number in enumerate(numbers, 4) if number}
        return {number: value if kind != "f" else ("formula", value) for number, (value, kind) in kinds.items()}

    return do


def test_p20_a_formula_in_the_first_cell_alone_is_written_to_no_other_row(run):
    typed = ["=TODAY()", "call Li", 7.5, "court"]
    assert run(typed, NEW, "append") == {"A0": ("formula", "=TODAY()"), "A1": "call Li", "A2": 7.5, "A3": "court", "A9": None}


def test_p20_typed_cells_go_with_their_rows_when_the_ledger_is_replaced(run):
    assert run(["=TODAY()", "call Li", 7.5, "court"], AGAIN, "replace") == {"A2": 7.5, "A9": None, "A0": ("formula", "=TODAY()")}


@pytest.mark.parametrize("texts", [["=text 1", "=text 1", "=text 1", "=text 1"], ["=text 1", "b", None, "=text 2"]])
def test_p20_a_text_that_begins_with_an_equals_sign_is_no_formula(run, texts):
    assert run(texts, NEW, "append") == {**{f"A{n}": text for n, text in enumerate(texts)}, "A9": None}
    assert run(texts, AGAIN, "replace") == {"A2": texts[2], "A9": None, "A0": texts[0]}


def test_p20_a_calculated_column_goes_on_and_what_was_typed_over_it_stays(run):
    formula = "=Ledger[[#This Row],[Amount]]*2"
    cells = [formula, 5.0, formula, "n/a"]
    made = ("formula", formula)
    assert run(cells, NEW, "append", formula[1:]) == {"A0": made, "A1": 5.0, "A2": made, "A3": "n/a", "A9": made}
    assert run(cells, AGAIN, "replace", formula[1:]) == {"A2": made, "A9": made, "A0": made}
    assert run([5.0, formula, "n/a", formula], AGAIN, "replace", formula[1:]) == {"A2": "n/a", "A9": made, "A0": 5.0}


def test_p20_formulas_that_differ_stay_with_their_rows_and_follow_them(run):
    cells = ["=J4*2", "=J5*3", "=J6*4", "typed"]
    made = {number: ("formula", formula) for number, formula in zip(["A0", "A1", "A2"], cells, strict=False)}
    assert run(cells, NEW, "append") == {**made, "A3": "typed", "A9": None}
    assert run(cells, AGAIN, "replace") == {"A2": ("formula", "=J4*4"), "A9": None, "A0": ("formula", "=J6*2")}


def test_p20_one_formula_in_every_row_is_a_calculated_column_of_a_program_that_does_not_say_so(run):
    answer = run(["=J4*2", "=J5*2", "=J6*2", "=J7*2"], NEW, "append")
    assert answer["A9"] == ("formula", "=J8*2")
