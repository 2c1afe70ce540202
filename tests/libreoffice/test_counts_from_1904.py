"""Dates of a document that counts from 1904, through LibreOffice (point 6)."""

from __future__ import annotations

import datetime as dt

import pytest
import xlsxwriter

from xladdin.hosts.libreoffice.engine import open_in_office

pytestmark = pytest.mark.libreoffice


def test_p06_a_document_that_counts_from_1904_gives_and_takes_the_day_meant(calc, tmp_path):
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as writer:
        writer.add_worksheet("S").write_datetime(0, 0, dt.datetime(2026, 1, 5), writer.add_format({"num_format": "yyyy-mm-dd"}))
    book = open_in_office(path, calc)
    assert book.impl.date1904
    sheet = book.sheets["S"]
    sheet.range("A2").value = dt.datetime(2026, 2, 4)
    sheet.impl.set_block(3, 1, [[dt.date(2026, 3, 1)]])
    assert sheet.range("A1:A3").value == [dt.datetime(2026, 1, 5), dt.datetime(2026, 2, 4), dt.datetime(2026, 3, 1)]
    assert sheet.impl.x.getCellByPosition(0, 1).getValue() == (dt.date(2026, 2, 4) - dt.date(1904, 1, 1)).days  # days from 1904-01-01
