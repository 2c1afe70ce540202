"""What the workbook's buttons run, on an open book of any engine; Excel itself is checked by hand."""

from __future__ import annotations

import pytest

from xladdin.hosts.excel import buttons
from xladdin.hosts.excel.buttons import new_workbook, run
from xladdin.hosts.file import open_book


class App:
    """What the buttons ask of the application, remembered."""

    def __init__(self):
        self.screen_updating = True
        self.status_bar = None
        self.alerts = []

    def alert(self, text, title):
        self.alerts.append(text)


class Open:
    """A book of the file engine inside an application that a test can look at."""

    def __init__(self, book):
        self._book, self.app = book, App()
        self.fullname = str(book.fullname)

    def __getattr__(self, name):
        return getattr(self._book, name)


@pytest.fixture
def book(small):
    opened = open_book(small)
    yield Open(opened)
    opened.close()


def test_a_button_refreshes_its_report_and_tells_in_the_status_bar(book):
    line = run("aging", book)
    assert line.startswith("Credit.xlsm: 42 documents, 1 report, 0 unreconciled")
    assert book.app.status_bar.endswith(line)
    assert book.app.screen_updating is True


def test_a_refusal_is_a_message_and_the_screen_is_put_back(book):
    book.sheets["Aging"].delete()
    line = run("aging", book)
    assert book.app.alerts == [line]
    assert "no sheet Aging" in line
    assert book.app.screen_updating is True


def test_the_button_letters_writes_a_new_folder_beside_the_workbook_and_says_which(book, small):
    line = run("letters", book)
    folders = [path for path in small.parent.iterdir() if path.is_dir() and path.name.startswith("letters ")]
    assert len(folders) == 1
    assert book.app.alerts == [line]
    assert str(folders[0]) in line
    assert len(list(folders[0].glob("*.docx"))) == int(line.split()[0]) > 0


def look(book):
    """All cells of a book, with the extent of its tables and what names refer to."""
    cells = {page.name: [row for row in page.used_range.options("raw", ndim=2).value if any(row)] for page in book.sheets}
    tables = {table.name: table.range.address for page in book.sheets for table in page.tables}
    return cells, tables, {name.name: name.refers_to for name in book.names}


def dressed(page):
    """The number format, fill and weight of the first columns of a sheet."""
    return [[(c.number_format, c.color, bool(c.font.bold)) for c in page.range((row, 1), (row, 6))] for row in range(7, 30)]


def test_undo_puts_back_what_the_last_refresh_changed_and_nothing_else(book):
    run("all", book)
    before, dress = look(book), dressed(book.sheets["Aging"])
    book.sheets["Settings"].range("C4").value = "2026-12-31"
    book.sheets["Ledger"].range("A5").value = "INV-NEW"
    run("all", book)
    assert look(book)[0]["Aging"] != before[0]["Aging"]
    assert run("undo", book) == "the last refresh is undone"
    after = look(book)
    assert {**after[0], "Settings": None, "Ledger": None} == {**before[0], "Settings": None, "Ledger": None}
    assert after[1:] == before[1:]
    assert dressed(book.sheets["Aging"]) == dress
    assert book.sheets["Ledger"].range("A5").value == "INV-NEW"


def test_undo_of_the_first_refresh_leaves_an_empty_report(book):
    before = look(book)
    run("aging", book)
    run("undo", book)
    assert look(book)[0]["Aging"] == before[0]["Aging"]
    assert "no refresh to undo" in run("undo", book)


def test_escape_while_sheets_are_written_leaves_everything_as_it_was(book, monkeypatch):
    run("all", book)
    before = look(book)
    book.sheets["Settings"].range("C4").value = "2026-12-31"
    answers = iter([False] * 12 + [True])
    monkeypatch.setattr(buttons, "pressed_escape", lambda: next(answers, False))
    assert "stopped with Esc" in run("all", book)
    monkeypatch.undo()
    after = look(book)
    assert {**after[0], "Settings": None} == {**before[0], "Settings": None}
    assert after[1:] == before[1:]


def test_a_failure_in_the_middle_of_writing_leaves_everything_as_it_was_and_says_so(book, monkeypatch):
    run("all", book)
    before = look(book)
    from workbook import refresh

    def failing(*_args):
        raise OSError("Excel is busy")

    monkeypatch.setattr(refresh, "write_status", failing)
    line = run("all", book)
    assert "failed inside (OSError); the workbook is as it was before" in line
    assert book.app.alerts == [line]
    assert book.app.screen_updating is True
    assert look(book) == before


def test_check_tells_what_is_wrong_and_writes_nothing(book):
    book.sheets["Ledger"].range("A5").value = None
    before = look(book)
    line = run("check", book)
    assert "Credit.xlsm: 42 documents" in line
    assert "Ledger row 5" in book.app.alerts[0]
    assert look(book) == before


def test_a_new_workbook_is_built_where_excel_said(tmp_path):
    assert new_workbook(str(tmp_path / "New.xlsm")) is True
    assert (tmp_path / "New.xlsm").stat().st_size > 50_000
