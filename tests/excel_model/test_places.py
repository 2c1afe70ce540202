"""A workbook without a path on this computer: every button works, and what needs a folder says so in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.excel_model.conftest import Opened
from tests.excel_model.engine import ALERTS, as_book
from workbook.host_book import folder_of, place_of
from xladdin.hosts.excel.buttons import run
from xladdin.registry import reports

ADDRESSES = {
    "SharePoint": "https://contoso.sharepoint.com/sites/Credit/Shared%20Documents/Credit.xlsm",
    "OneDrive of a firm": "https://contoso-my.sharepoint.com/personal/anna_contoso_com/Documents/Credit.xlsm",
    "OneDrive of a person": "https://d.docs.live.net/d7bbaa1234567890/Credit.xlsm",
    "another server": "https://files.example.org/dav/Credit.xlsm",
    "never saved": "Credit",
}


@pytest.fixture
def unplaced(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The English workbook on SharePoint, the Chinese one never saved."""
    for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"):
        monkeypatch.delenv(name, raising=False)
    english = opened.before[0].parent.name.startswith("en")
    opened.model.path = ADDRESSES["SharePoint" if english else "never saved"]
    return opened


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_p02_a_workbook_without_a_copy_here_has_no_place_and_its_buttons_work(unplaced: Opened, address: str) -> None:
    unplaced.model.path = address
    assert place_of(unplaced.book) is None
    assert folder_of(unplaced.book) is None
    assert "1 report, 0 unreconciled" in run("aging", unplaced.book)
    assert run("undo", unplaced.book) == "the last refresh is undone"
    assert ALERTS == []


def test_p02_refresh_all_undo_and_check_work_without_a_place(unplaced: Opened) -> None:
    assert "19 reports, 0 unreconciled" in run("all", unplaced.book)
    assert run("undo", unplaced.book) == "the last refresh is undone"
    assert " documents, " in run("check", unplaced.book)
    assert all("failed inside" not in text for text in ALERTS)
    assert unplaced.model.end() == []


@pytest.mark.parametrize("key", reports())
def test_p02_every_report_button_works_on_sharepoint(worked: Any, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import copy

    path, model = worked
    if not path.parent.name.startswith("en"):
        pytest.skip("the address does not depend on the language")
    ALERTS.clear()
    placed = copy.deepcopy(model)
    placed.path = ADDRESSES["SharePoint"]
    assert "1 report, 0 unreconciled" in run(key, as_book(placed))
    assert ALERTS == []


def test_p02_letters_ask_for_a_folder_in_the_workbook_s_language(unplaced: Opened, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    line = run("letters", unplaced.book)
    chinese = "没有所在文件夹" in line
    assert chinese or ("has no folder on this computer" in line and "save it, or a copy, in a folder of this computer" in line)
    assert [line] == ALERTS
    assert sorted(tmp_path.rglob("*")) == before
    settings = unplaced.book.sheets["Settings"].used_range.value
    assert chinese == any("zh" in row for row in settings if row)


def test_p02_trends_say_that_there_is_no_folder_of_snapshots(unplaced: Opened) -> None:
    run("trends", unplaced.book)
    text = "  ".join(str(unplaced.book.sheets["Trends"].range((row, 1)).value) for row in range(1, 6))
    assert "has no folder on this computer" in text or "没有所在文件夹" in text


def test_p02_a_ledger_beside_a_workbook_without_a_folder_is_asked_for_by_its_path(unplaced: Opened) -> None:
    settings = unplaced.book.sheets["Settings"]
    row = next(number for number, line in enumerate(settings.used_range.value, start=settings.used_range.row) if "ledger" in line)
    column = unplaced.book.sheets["Settings"].used_range.column + settings.used_range.value[row - settings.used_range.row].index("ledger") + 1
    for text in ("ledger.parquet", "duckdb:///ledger.duckdb?table=ledger"):
        for place in range(1, 9):
            if settings.range((4, place)).value is not None and str(settings.range((row, place)).value or "") in ("sheet", "", text):
                column = place
                break
        settings.range((row, column)).value = text
        line = run("aging", unplaced.book)
        assert "failed inside" not in line
        assert "The workbook has no folder on this computer" in line, line


def test_p02_two_excels_with_a_new_workbook_each_undo_their_own(opened: Opened, worked: Any) -> None:
    import copy

    opened.model.path = "Book1"
    other = copy.deepcopy(worked[1])
    other.path = "Book1"
    second = as_book(other)
    run("aging", opened.book)
    assert "no refresh to undo" in run("undo", second)
    assert run("undo", opened.book) == "the last refresh is undone"


def test_p02_a_workbook_in_a_folder_that_cannot_be_written_says_where(opened: Opened) -> None:
    blocked = opened.path.parent / "file"
    blocked.write_text("not a folder")
    opened.model.path = str(blocked / "Credit.xlsm")
    assert "1 report, 0 unreconciled" in run("aging", opened.book)
    line = run("letters", opened.book)
    assert f"{blocked} is a file; name a folder" in line
    assert str(blocked) in line


def test_p02_a_copy_that_is_synced_is_the_place(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "OneDrive - Contoso"
    (folder / "Credit").mkdir(parents=True)
    (folder / "Credit" / "Credit.xlsm").write_bytes(b"")
    monkeypatch.setenv("OneDriveCommercial", str(folder))
    opened.model.path = "https://contoso-my.sharepoint.com/personal/anna_contoso_com/Documents/Credit/Credit.xlsm"
    from xlwings import utils

    utils.fullname_url_to_local_path.cache_clear()
    try:
        assert place_of(opened.book) == folder / "Credit" / "Credit.xlsm"
    finally:
        utils.fullname_url_to_local_path.cache_clear()


def test_p02_a_network_folder_is_a_folder_where_the_system_knows_such(monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import PureWindowsPath

    from workbook import host_book

    class Saved:
        fullname = r"\\server\share\Credit\Credit.xlsm"

    assert place_of(Saved()) is None  # this system's paths know no servers
    monkeypatch.setattr(host_book, "Path", PureWindowsPath)
    assert folder_of(Saved()) == PureWindowsPath(r"\\server\share\Credit")


