"""A workbook refreshed again and again does not grow: no more formats, names, texts or bytes than after the third time."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import pytest

from tests.workbook.test_refresh import AS_OF, opened, run
from workbook.snapshot import put_back, take


def sizes(path):
    """Count what Excel limits, and the bytes of every part."""
    with zipfile.ZipFile(path) as file:
        styles, book = file.read("xl/styles.xml").decode(), file.read("xl/workbook.xml").decode()
        parts = {name: len(file.read(name)) for name in file.namelist()}
    counts = {name: len(re.findall(f"<{tag}[ />]", styles)) for name, tag in (("xf", "xf"), ("font", "font"), ("fill", "fill"), ("format", "numFmt"), ("dxf", "dxf"))}
    return {**counts, "names": book.count("<definedName"), **parts}


@pytest.mark.parametrize("times", [pytest.param(6), pytest.param(30, marks=pytest.mark.slow)])
def test_p21_a_workbook_refreshed_many_times_does_not_grow(small, times):
    seen = []
    for _ in range(times):
        run(small, as_of=AS_OF)
        seen.append(sizes(small))
    assert seen[3:] == [seen[3]] * (times - 3)


def test_p21_days_and_undo_bring_no_more_formats(small):
    seen = []
    for number in range(8):
        day = AS_OF + dt.timedelta(number % 2)
        with opened(small) as book:
            kept = take(book, None)
        run(small, as_of=day)
        if number % 3 == 2:
            with opened(small) as book:
                put_back(book, kept)
        seen.append({key: sizes(small)[key] for key in ("xf", "font", "fill", "format", "dxf", "names")})
    assert seen[-1] == seen[-3]
