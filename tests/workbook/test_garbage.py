"""Odd cells in every column of every table, in Settings and in what is typed on reports: a finding or one line, and no amount lost.

Seeded; `FUZZ` makes it longer: FUZZ=20 pytest tests/workbook/test_garbage.py. `SEED` tries others.
"""

from __future__ import annotations

import copy
import datetime as dt
import os
import random
import shutil
from pathlib import Path

import pytest

from tests.ledgers import raw, rows_of
from tests.test_command_line import run
from tests.workbook.test_refresh import opened
from workbook.book import read_book
from workbook.carry import ARCHIVE_COLUMNS, Archived
from workbook.demo import AS_OF, demo_data
from workbook.host_tables import cells_of, read_archive, table_of, write_archive
from workbook.refresh import make_reports
from workbook.report_place import sheet_of
from workbook.sheet import as_json
from workbook.tables import TABLES
from xladdin.cells import ExcelError
from xladdin.errors import CreditError
from xladdin.registry import reports

FUZZ = int(os.environ.get("FUZZ", "1"))
SEED = os.environ.get("SEED", "")
D = dt.datetime
#: what stands in cells of workbooks that went through many hands
ERRORS = tuple(ExcelError(code) for code in ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"))
NUMBERS = (0, 0.0, -0.0, 1, -1, 0.5, -0.01, 1.005, 1e-300, 5e-324, 1e14, 99_999_999_999.99, 9e14, 1e15, -1e15, 2.0**53, 1e17, 1e308, -1e308, 60.0, 59.5, 61.0, 2_958_465.0, 2_958_466.0, -3.0)  # fmt: skip
NOT_FINITE = (float("nan"), float("inf"), float("-inf"))
DATES = (D(1899, 12, 31), D(1900, 1, 1), D(1900, 2, 28), D(1900, 3, 1), D(1904, 1, 1), D(1969, 12, 31), D(2026, 2, 28, 23, 59, 59), D(2026, 6, 30), D(2026, 7, 1), D(2099, 12, 31), D(9999, 12, 31))  # fmt: skip
DATE_TEXTS = ("2026-06-30", "30.06.2026", "06/30/2026", "2026-02-30", "1899-12-31", "9999-12-31", "10000-01-01", "0000-00-00", "2026年6月30日", "soon", "２０２６-０６-３０", "2026-06-30T00:00:00+08:00")  # fmt: skip
NUMBER_TEXTS = ("1,234.56", "1.234,56", "30%", "150 %", "１２３．４５", "壹佰元", "٣٤", "1e308", "1e999", "-0", "nan", "inf", "0x10", "1_000", "²", "½", "9" * 400, "(1,000)", "¥1,000", "TRUE")  # fmt: skip
TEXTS = (
    "", " ", "\u00a0", "\u3000", "\u200b", "\ufeff", "x" * 32_767, "界" * 12_000, "\x00", "a\x00b", "\x1f\x07", "\ud800", "b\udcff", "_x0000_", "_xD800_", "=1+1", '=HYPERLINK("x")', "'=1", "@SUM", "+1", "-x",
    "\t", "\r\n", "a\nb", '"', "''", "'\"`", "';DROP TABLE ledger;--", "{0}", "{x!r}", "%s %d %", "$1\\1", "[a]", "*?", "<b>&amp;", "]]>", "🙂", "👨‍👩‍👧", "e\u0301", "é", "\u202eabc", "ﬁ", "ß", "İ", "C1", "c1", " C1 ", "None", "null", "NaN", "#N/A",
    "invoice", "payment", "credit note", "发票", "CNY", "cny", "CNY ", "XXX", "USD/CNY", "USD/USD", "/", "JPY", "KWD", "BHD", "LPR1Y", "ECB", "yes", "no", "是", "court", "arbitration", "whole turnover", "NET 30", "月结30天", "2/10 NET 30", "EOM+60", "NET 99999999999",
    "../../etc/passwd", "C:\\con", "CON", "a/b", ".", "..", "/dev/zero", "/", "http://x/", "file:///etc/passwd", "a.docx", "overdue_amount", "payment_trend", "AAA", "IV-1", "1,2,3", ",,,", "；",
)  # fmt: skip
FLAGS = (True, False)
ODD = (ERRORS, NUMBERS, NOT_FINITE, DATES, DATE_TEXTS, NUMBER_TEXTS, TEXTS, FLAGS, (None,))
SETTINGS = {"simulated_years": 200, "own_cash": 6_000_000, "weekly_costs": 100_000, "own_liabilities": 500_000, "our_country": "CN"}


def odd(chance):
    """Any odd cell; each kind as often as another."""
    return chance.choice(chance.choice(ODD))


def plausible():
    """A small firm with rows in every table: a few customers of the demo, those with a plan or a limit first."""
    data = demo_data(seed=7, count=60)
    some = dict.fromkeys([*data["plans"]["customer_id"], *data["customers"]["customer_id"][:4], *data["customers"]["customer_id"][-3:]])
    answer = {}
    for key, columns in data.items():
        owners = columns.get("customer_id")
        kept = [row for row in range(len(next(iter(columns.values())))) if owners is None or owners[row] in some]
        most = {"ledger": 160, "rates": 60}.get(key, 30)
        answer[key] = {name: [column[row] for row in kept[-most:]] for name, column in columns.items()}
    answer["plans"] = plans_of(answer["ledger"])
    return answer


def plans_of(ledger):
    """Plans in three instalments on the last invoices."""
    rows = [row for row, kind in enumerate(ledger["document_type"]) if kind == "invoice"][-6:]
    names = [field.key for field in TABLES["plans"].fields]
    plans = []
    for number, row in enumerate(rows):
        for part in (1, 2, 3):
            agreed = AS_OF - dt.timedelta(40)
            customer, document, currency, amount = (ledger[key][row] for key in ("customer_id", "document_no", "currency", "amount"))
            plans.append((f"PL{number}", customer, document, agreed, part, agreed + dt.timedelta(15 * part), currency, round(float(amount or 1) / 3, 2), 5, None))
    return {name: [plan[at] for plan in plans] for at, name in enumerate(names)}


@pytest.fixture(scope="module")
def firm():
    """The tables of the small firm."""
    return plausible()


def spoil_column(data, table, column, chance):
    """Put an odd cell into some rows of one column."""
    cells = data[table].setdefault(column, [None] * len(next(iter(data[table].values()))))
    for index in range(len(cells)):
        if chance.random() < 0.6:
            cells[index] = odd(chance)


def cells_of_tables(data):
    """The tables as a host reads them."""
    answer = {}
    for key, columns in data.items():
        count = len(next(iter(columns.values())))
        answer[key] = raw(key, [{name: column[row] for name, column in columns.items()} for row in range(count)])
    return answer


def sound(data, settings, told):
    """Every report is made, agrees with the others, and is fit to be written; otherwise the reason in one line."""
    try:
        book = read_book(cells_of_tables(data), settings)
        made = make_reports(book, book.settings, AS_OF)
    except CreditError as error:
        return str(error)
    except Exception as error:
        raise AssertionError(told) from error
    book = made.book
    assert set(made.sheets) == set(reports()), told
    for key, sheet in made.sheets.items():
        assert [check for check in sheet.invariants if not check.ok] == [], (told, key)
        try:
            as_json(sheet)
            assert sheet.rows == len(rows_of(sheet)), (told, key)
        except Exception as error:
            raise AssertionError((told, key)) from error
    for one in book.findings:
        assert one.message, told
        assert len(one.message) < 3_000, (told, one.message[:200])
    return ""


@pytest.mark.parametrize("table", TABLES)
def test_odd_cells_in_columns_of_a_table_become_findings(firm, table):
    names = [field.key for field in TABLES[table].fields]
    for turn in range(FUZZ):
        chance = random.Random(f"{SEED}{table} {turn}")
        columns = chance.sample(names, min(3, len(names)))
        told = f"{SEED}{table} {turn}: {columns}"
        data = copy.deepcopy(firm)
        for column in columns:
            spoil_column(data, table, column, chance)
        assert sound(data, SETTINGS, told) == "", told


def test_half_an_emoji_and_a_review_after_9999_are_no_defect(firm):
    data = copy.deepcopy(firm)
    for key, table in data.items():
        for field in TABLES[key].fields:
            if field.kind == "text":
                table.setdefault(field.key, [None] * len(next(iter(table.values()))))[0] = "half \ud83d"
    data["customers"]["first_trade"] = [D(9999, 12, 31)] * len(data["customers"]["customer_id"])
    assert sound(data, SETTINGS | {"creditor": "half \ud83d"}, "by hand") == ""


# ---- the same in a closed workbook, and in what is typed on its reports

COMMANDS = (
    "refresh {book}", "check {book}", "letters {book} {out}/letters", "claim-pack {book} {customer} {out}/claim", "drill {book} --customer={customer} --currency=CNY",
    "snapshot {book} --to {out}/kept", "trends {book}", "alerts {book} --to file:{out}/alerts.jsonl", "blacklist export {book} {out}/list.csv --source=house", "show {book} aging", "undo {book}",
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(firm, tmp_path_factory):
    """A workbook of the small firm whose reports were made twice."""
    return fill(firm, tmp_path_factory.mktemp("garbage") / "Credit.xlsm")


def fill(firm, path):
    from workbook.build import build_workbook

    build_workbook(path, data=firm, settings=SETTINGS)
    for days in (20, 0):
        assert run("refresh", path, f"--as-of={AS_OF - dt.timedelta(days)}")[0] in (0, 1)
    return path


def put_odd(page, row, column, value):
    """Write a cell as it is; tell whether a cell can hold it."""
    try:
        page.range((row, column)).options("raw").value = [[value]]
    except (CreditError, UnicodeEncodeError):
        return False
    return True


def spoil_file(path, chance):
    """Odd cells in tables, in Settings and anywhere on reports. Returns the notes that were typed."""
    notes = []
    with opened(path) as book:
        for page in book.sheets:
            for table in page.tables:
                place = table.range
                top, left, height, width = place.row, place.column, place.rows.count, place.columns.count
                header = cells_of(place)[0]
                ours = not table.name.startswith("rpt_")
                for at in chance.sample(range(width), min(width, 3)):
                    if table.name == "Settings" and header[at] != "Value":
                        continue
                    for row in chance.sample(range(1, height), min(height - 1, 1 if table.name == "Settings" else 3)):
                        value = odd(chance)
                        if put_odd(page, top + row, left + at, value) and not ours and header[at] == "Note" and isinstance(value, str):
                            notes.append(value)
    return notes


def kept_texts(path):
    with opened(path, save=False) as book:
        texts = {str(one.value) for one in read_archive(book)}
        for key in reports():
            texts |= {str(cell) for row in cells_of(sheet_of(book, key).used_range) for cell in row if cell is not None}
    return texts


def wanted_notes(path):
    """The notes on the reports, as they are read back."""
    notes = set()
    with opened(path, save=False) as book:
        for key in reports():
            rows = cells_of(table_of(sheet_of(book, key), key).range)
            at = rows[0].index("Note") if "Note" in rows[0] else None
            notes |= {str(row[at]) for row in rows[1:] if at is not None and isinstance(row[at], str) and row[at].strip()}
    return notes


def endure(path, chance, told):
    """Spoil a workbook and run every command on it."""
    spoil_file(path, chance)
    wanted = wanted_notes(path)
    with opened(path, save=False) as book:
        owed = [row[0] for row in cells_of(sheet_of(book, "aging").tables["rpt_aging"].range)[1:] if isinstance(row[0], str) and row[0].strip() and "\x00" not in row[0]]
    customer = chance.choice(owed or ["C0001"])
    for number, command in enumerate(COMMANDS):
        words = [part.format(book=path, out=path.parent, customer=customer) for part in command.split()]
        before = path.read_bytes()
        code, out, err = run(*words, *([f"--as-of={AS_OF + dt.timedelta(1)}"] if words[0] in ("refresh", "letters", "snapshot", "trends") else []))
        said = f"{told}: {words[:2]} {words[3:]}\n{out[-300:]}\n{err[-1500:]}"
        assert code in (0, 1, 2), said
        assert "inside" not in err, said
        assert "Traceback" not in err + out, said
        assert "Warning" not in err, said
        assert code != 2 or (err.startswith("xladdin: ") and err.count("\n") == 1), said
        assert len(err) < 3_000, said
        if code == 2:
            assert path.read_bytes() == before, said
        if number == 0 and code != 2:
            assert ", 0 unreconciled" in out, said
            assert wanted - kept_texts(path) == set(), said


@pytest.mark.parametrize("seed", range(FUZZ))
def test_odd_cells_anywhere_in_a_workbook_end_in_findings_or_one_line(filled, tmp_path, monkeypatch, seed):
    monkeypatch.setenv("XLADDIN_BLACKLIST_SALT", "a salt that is long enough")
    path = Path(shutil.copy(filled, tmp_path / "Credit.xlsm"))
    endure(path, random.Random(f"{SEED}{seed}"), seed)


@pytest.mark.parametrize("column", ["Report", "Key", "Column", "Name"])
def test_an_archive_that_somebody_wrote_over_is_kept_as_it_is(filled, tmp_path, column):
    path = Path(shutil.copy(filled, tmp_path / "Credit.xlsm"))
    with opened(path) as book:
        rows = [Archived("aging", f"gone {row}", "note", f"kept {row}", AS_OF, "somebody") for row in range(3)]
        write_archive(book, rows)
        place = next(table for page in book.sheets for table in page.tables if table.name == "Archive").range
        at = place.column + ARCHIVE_COLUMNS.index(column)
        for row, cell in enumerate((None, 7.0, ERRORS[0]), start=1):
            assert put_odd(place.sheet, place.row + row, at, cell)
    code, _, err = run("refresh", path, "--report=aging")
    assert (code in (0, 1), err) == (True, "")
    with opened(path, save=False) as book:
        assert {one.value for one in read_archive(book)} >= {f"kept {row}" for row in range(3)}
