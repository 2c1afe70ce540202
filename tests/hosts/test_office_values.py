"""LibreOffice as the judge: what it calculates live against what stands in the file, and against itself after many edits."""

from __future__ import annotations

import math
import random
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.hosts.arguments import argument_sets
from tests.hosts.office_host import OfficeHost
from tests.hosts.sheets import write_calls

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow, pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")]

EDITS = 500


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    host = OfficeHost()
    host.start(tmp_path_factory.mktemp("office"))
    yield host.office
    host.stop()


def shown(sheet: Any, address: str) -> Any:
    cell = sheet.getCellRangeByName(address)
    if cell.getError():
        return "error"
    return cell.getString() if cell.FormulaResultType2 == 2 else cell.getValue()


def same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return float(one) == float(other)
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other or {one, other} == {None, ""}


def test_every_formula_of_the_demo_has_the_value_that_the_closed_file_recalculation_wrote(office: Any, tmp_path: Path) -> None:
    from xladdin.jobs.make import make_demo

    path = tmp_path / "demo.xlsm"
    make_demo(path)
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    document = office.load(path)
    try:
        document.calculateAll()
        wrong, count = [], 0
        for page in formulas:
            sheet = document.Sheets.getByName(page.title)
            for cell in (cell for row in page for cell in row if cell.data_type == "f"):
                written = values[page.title][cell.coordinate].value
                written = "error" if isinstance(written, str) and written.startswith("#") else written
                if hasattr(written, "toordinal"):
                    written = float(written.toordinal() - 693594)
                live = shown(sheet, cell.coordinate)
                count += 1
                if not same(live, written):
                    wrong.append(f"{page.title}!{cell.coordinate} {str(cell.value)[:80]}: {live!r} live, {written!r} in the file")
    finally:
        document.close(True)
    assert count > 50
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong[:20])


def test_five_hundred_random_edits_leave_no_stale_value(office: Any, tmp_path: Path) -> None:
    chance = random.Random(7)
    path = tmp_path / "calls.xlsx"
    calls = [one for one in argument_sets(300) if OfficeHost().comparable(one)]
    laid = write_calls(path, calls)
    document = office.load(path)
    try:
        document.calculateAll()
        data, out = document.Sheets.getByName("Data"), document.Sheets.getByName("Out")
        cursor = data.createCursor()
        cursor.gotoEndOfUsedArea(False)
        height, width = cursor.RangeAddress.EndRow + 1, 3
        for _ in range(EDITS):
            cell = data.getCellByPosition(chance.randrange(width), chance.randrange(height))
            choice = chance.randrange(5)
            if choice == 0:
                cell.setString(chance.choice(("n/a", "2026-05-05", "CNY", "无", "30,60,90", "=1+1")))
            elif choice == 1:
                cell.setString("")
            else:
                cell.setValue(round(chance.choice((1, 100, 45_000)) * chance.random() * 1.1, 2))
        last = laid[-1].row + laid[-1].height
        cells = [(row, column) for row in range(last) for column in (0, 1, 2, 51)]
        live = [(out.getCellByPosition(column, row).getString(), out.getCellByPosition(column, row).getError()) for row, column in cells]
        document.calculateAll()  # everything anew, nothing remembered
        fresh = [(out.getCellByPosition(column, row).getString(), out.getCellByPosition(column, row).getError()) for row, column in cells]
    finally:
        document.close(True)
    stale = [f"{place}: {one} then {other}" for place, one, other in zip(cells, live, fresh, strict=True) if one != other]
    assert not stale, "\n".join(stale[:20])
    assert sum(bool(text) for text, _ in fresh) > 300
