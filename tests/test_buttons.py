"""What the workbook's buttons run, on an open book of any engine; Excel itself is checked by hand."""

from __future__ import annotations

import pytest

from xladdin.hosts.excel.buttons import run
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
    book.sheets["Aging"].name = "Old aging"
    line = run("aging", book)
    assert book.app.alerts == [line]
    assert "no sheet Aging" in line
    assert book.app.screen_updating is True


@pytest.mark.parametrize("task", ["recalculate", "undo", "check"])
def test_what_needs_a_closed_workbook_says_so(book, task):
    run(task, book)
    assert f"xladdin {task[:6] if task == 'recalculate' else task}" in book.app.alerts[0]
