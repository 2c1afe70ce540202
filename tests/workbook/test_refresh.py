"""A refresh of a closed workbook: in place, all or nothing, and never a lost note."""

from __future__ import annotations

import datetime as dt
import zipfile
from contextlib import contextmanager

import pytest

from workbook.host_tables import cells_of, read_archive, table_of
from workbook.refresh import refresh
from xladdin.errors import BadRequest, NotAWorkbook
from xladdin.hosts.file import check_file, open_book, undo
from xladdin.registry import reports

D = dt.date
AS_OF = D(2026, 6, 30)


@contextmanager
def opened(path, *, save=True):
    book = open_book(path)
    try:
        yield book
        if save:
            book.save()
    finally:
        book.close()


def run(path, **options):
    with opened(path) as book:
        return refresh(book, today=AS_OF, **options)


def table(path, report):
    """A report's table as a list of dicts by header."""
    with opened(path, save=False) as book:
        for page in book.sheets:
            found = table_of(page, report)
            if found is not None:
                rows = cells_of(found.range)
                return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    raise AssertionError(report)


def type_into(path, report, match, column, value):
    """Type a value into a report, as an analyst does."""
    with opened(path) as book:
        for page in book.sheets:
            found = table_of(page, report)
            if found is None:
                continue
            rows = cells_of(found.range)
            if column not in rows[0]:
                grown = page.range((found.range.row, 1), (found.range.row + len(rows) - 1, len(rows[0]) + 1))
                page.range((found.range.row, len(rows[0]) + 1)).value = column
                found.resize(grown)
                rows[0].append(column)
            for number, row in enumerate(rows[1:], start=found.range.row + 1):
                if all(row[rows[0].index(key)] == wanted for key, wanted in match.items()):
                    page.range((number, rows[0].index(column) + 1)).value = value
                    return
    raise AssertionError(match)


def change_ledger(path, document, column, value):
    with opened(path) as book:
        page = book.sheets["Ledger"]
        place = page.tables["Ledger"].range
        rows = cells_of(place)
        number = next(index for index, row in enumerate(rows) if row[0] == document)
        page.range((place.row + number, place.column + rows[0].index(column))).value = value


def note_of(path, document):
    return next((row["Note"] for row in table(path, "escalation") if row["Document"] == document), "no row")


def test_a_refresh_fills_every_report_and_reconciles(small):
    made = run(small)
    assert (list(made.sheets), made.unreconciled) == (list(reports()), 0)
    assert len(table(small, "aging")) == made.sheets["aging"].rows == 10
    assert sum(row["Outstanding"] for row in table(small, "aging")) == pytest.approx(sum(1000 + n * 10.01 for n in range(40)) - 477.7)
    assert check_file(small) == []


def test_a_second_refresh_writes_the_same_cells(small):
    run(small)
    before = {report: table(small, report) for report in reports()}
    run(small)
    assert {report: table(small, report) for report in before} == before


def test_only_the_reports_asked_for_are_rewritten(small):
    made = run(small, keys=["aging"])
    assert list(made.sheets) == ["aging"]
    assert all(value is None for value in table(small, "escalation")[0].values())


def test_a_note_stays_with_its_item_when_rows_move(small):
    run(small)
    last = table(small, "escalation")[-1]["Document"]
    type_into(small, "escalation", {"Document": last}, "Note", "call Ms Li")
    change_ledger(small, last, "Due date", D(2026, 2, 1))  # now among the oldest: the row moves up
    run(small)
    rows = table(small, "escalation")
    assert rows[-1]["Document"] != last
    assert note_of(small, last) == "call Ms Li"


def test_a_note_of_a_paid_item_goes_to_the_archive_and_comes_back_with_it(small):
    run(small)
    type_into(small, "escalation", {"Document": "INV-005"}, "Note", "lawyer asked")
    change_ledger(small, "INV-005", "Settled on", D(2026, 6, 1))
    run(small)
    assert note_of(small, "INV-005") == "no row"
    with opened(small, save=False) as book:
        assert [(e.report, e.key, e.column, e.value) for e in read_archive(book)] == [("escalation", "INV-005", "note", "lawyer asked")]
    change_ledger(small, "INV-005", "Settled on", None)
    run(small)
    assert note_of(small, "INV-005") == "lawyer asked"
    with opened(small, save=False) as book:
        assert read_archive(book) == []


def test_a_column_the_analyst_added_is_kept(small):
    run(small)
    type_into(small, "escalation", {"Document": "INV-007"}, "My mark", "A1")
    run(small)
    rows = table(small, "escalation")
    assert {row["Document"]: row["My mark"] for row in rows if row["My mark"]} == {"INV-007": "A1"}


def test_text_written_below_a_report_is_kept_when_the_report_grows_over_it(small):
    run(small, as_of=D(2026, 3, 15))
    with opened(small) as book:
        page = book.sheets["Escalation"]
        used = page.used_range
        below = used.row + used.rows.count + 1
        page.range((below, 2)).value = "my reminder"
    run(small)
    with opened(small, save=False) as book:
        texts = [row for row in cells_of(book.sheets["Escalation"].used_range) if "my reminder" in row]
        archived = [entry for entry in read_archive(book) if entry.value == "my reminder"]
    assert len(texts) + len(archived) == 1


def test_an_owner_in_the_aging_stays_when_the_limits_change(small):
    run(small)
    type_into(small, "aging", {"Customer": "C2", "Currency": "USD"}, "Owner", "Wang")
    run(small, overrides={"limits": "10,20"})
    rows = table(small, "aging")
    assert [row["Owner"] for row in rows if row["Customer"] == "C2" and row["Currency"] == "USD"] == ["Wang"]
    assert list(rows[0])[3:7] == ["Not due", "1-10 days", "11-20 days", "Over 20 days"]
    assert "31-60 days" not in rows[0]
    assert check_file(small) == []


def test_notes_survive_a_change_of_language(small):
    run(small)
    type_into(small, "escalation", {"Document": "INV-007"}, "Note", "值得注意")
    run(small, overrides={"language": "zh"})
    rows = table(small, "escalation")
    assert [row["备注"] for row in rows if row["单据编号"] == "INV-007"] == ["值得注意"]


def test_undo_puts_the_bytes_back(small):
    before = small.read_bytes()
    run(small)
    assert small.read_bytes() != before
    undo(small)
    assert small.read_bytes() == before


def test_parts_a_refresh_does_not_touch_are_the_same_bytes(small):
    with zipfile.ZipFile(small) as file:
        before = {name: file.read(name) for name in file.namelist()}
    run(small, keys=["aging"])
    with zipfile.ZipFile(small) as file:
        after = {name: file.read(name) for name in file.namelist()}
    changed = {name for name in before if after.get(name) != before[name]}
    assert "xl/vbaProject.bin" not in changed
    assert "customUI/customUI14.xml" not in changed
    assert not {name for name in changed if "drawing" in name or "comments" in name or "chart" in name}
    assert set(before) - set(after) <= {"xl/calcChain.xml"}


def test_an_empty_ledger_refreshes(empty):
    made = run(empty)
    assert [sheet.rows for sheet in made.sheets.values()][:3] == [0, 0, 0]
    assert made.unreconciled == 0


def test_a_report_that_is_not_there_is_refused_by_name(small):
    with pytest.raises(BadRequest, match=r"there is no report ageing; there are aging, escalation, contract_terms, .*data_problems"):
        run(small, keys=["ageing"])


def test_an_unknown_setting_is_refused_by_name(small):
    with pytest.raises(BadRequest, match="there is no setting colour"):
        run(small, overrides={"colour": "red"})


def test_a_workbook_without_our_tables_is_refused(tmp_path):
    import openpyxl

    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    before = path.read_bytes()
    with pytest.raises(NotAWorkbook, match="has no table"):
        run(path)
    assert path.read_bytes() == before


def test_a_formula_as_customer_name_stays_text(small):
    with opened(small) as book:
        page = book.sheets["Customers"]
        place = page.tables["Customers"].range
        page.range((place.row + 1, place.column + 1)).number_format = "@"
        page.range((place.row + 1, place.column + 1)).value = "=HYPERLINK(1)"
    run(small)
    row = next(row for row in table(small, "aging") if row["Customer"] == "C0")
    assert row["Name"] == "=HYPERLINK(1)"
    with zipfile.ZipFile(small) as file:
        sheets = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>HYPERLINK(1)</f>" in text for text in sheets)


def test_the_status_on_control_tells_what_was_done(small):
    run(small)
    with opened(small, save=False) as book:
        rows = cells_of(book.sheets["Control"].tables["Status"].range)
    status = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert (status["aging"]["Rows"], status["aging"]["Unreconciled"]) == (10, 0)


def test_a_note_beside_the_totals_goes_to_the_archive(small):
    run(small)
    with opened(small) as book:
        found = table_of(book.sheets["Escalation"], "escalation")
        header = cells_of(found.range)[0]
        row = found.range.row + found.range.rows.count + 1
        book.sheets["Escalation"].range((row, header.index("Note") + 1)).value = "ask the boss"
    run(small)
    with opened(small, save=False) as book:
        assert [entry.value for entry in read_archive(book)] == ["ask the boss"]


def test_a_note_stays_with_its_row_when_a_column_of_the_key_was_renamed(small):
    run(small)
    type_into(small, "escalation", {"Document": "INV-007"}, "Note", "still here")
    with opened(small) as book:
        found = table_of(book.sheets["Escalation"], "escalation")
        book.sheets["Escalation"].range((found.range.row, 1)).value = "My documents"
    run(small)
    assert note_of(small, "INV-007") == "still here"
    with opened(small, save=False) as book:
        assert read_archive(book) == []


@pytest.mark.parametrize(("column", "value"), [("Promise date", "next week"), ("Level done", "yes"), ("Override", "maybe")])
def test_what_is_typed_but_not_understood_has_no_effect_is_told_and_stays(small, column, value):
    run(small)
    type_into(small, "escalation", {"Document": "INV-007"}, column, value)
    made = run(small)
    assert [finding.value for finding in made.book.findings if finding.source == "Escalation"] == [value]
    assert [row[column] for row in table(small, "escalation") if row["Document"] == "INV-007"] == [value]
