"""Commands on a workbook as a whole: refresh, recalculate, undo, check, show."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xladdin.cells import describe
from xladdin.counted import counted
from xladdin.errors import BadRequest
from xladdin.jobs.done import Done, Step, quiet, read_day
from xladdin.salt import find_salt


def refresh_file(
    path: Path, keys: Sequence[str] | None, as_of: str | None, overrides: Mapping[str, Any], step: Step = quiet, engine: str = "file"
) -> Done:
    """Refresh reports of a closed workbook and save it; with LibreOffice every formula is calculated too."""
    from workbook.refresh import refresh  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    start, day = time.perf_counter(), read_day(as_of)
    calculate = None if engine == "file" else _recalculation(engine)
    book = open_book(path)
    try:
        made = refresh(book, today=dt.date.today(), keys=keys, as_of=day, overrides=overrides, progress=step, salt=find_salt())  # noqa: DTZ011 - the user's day
        if calculate is not None:
            step("recalculating")
            calculate(book)
        step("saving" if made.book.settings.language == "en" else "保存")
        book.save()
    finally:
        book.close()
    return Done([summary(path, made, time.perf_counter() - start)], made.json, 1 if made.errors else 0)


def refresh_open(book: Any, keys: Sequence[str] | None, step: Step = quiet) -> str:
    """Refresh reports of a workbook that a program has open; saving is left to the user."""
    from workbook.refresh import refresh  # noqa: PLC0415

    start = time.perf_counter()
    made = refresh(book, today=dt.date.today(), keys=keys, progress=step, salt=find_salt())  # noqa: DTZ011 - the user's day
    return summary(Path(book.name), made, time.perf_counter() - start)


def find_place(book: Any) -> Path | None:
    """Return the path of an open workbook's file; None where it has none on this computer."""
    from workbook.host_book import place_of  # noqa: PLC0415

    return place_of(book)


def place_open(book: Any) -> Path:
    """Return the path of an open workbook's file. Raises BadRequest where it has none on this computer."""
    from workbook.host_book import without_folder  # noqa: PLC0415

    place = find_place(book)
    if place is None:
        raise BadRequest(without_folder(book, "recalculate"))
    return place


def keep_open(book: Any, keys: Sequence[str] | None) -> Any:
    """Keep what a refresh of an open workbook may change; `put_back_open` takes it."""
    from workbook.snapshot import take  # noqa: PLC0415

    return take(book, keys)


def put_back_open(book: Any, kept: Any) -> None:
    """Make an open workbook's reports what they were when they were kept."""
    from workbook.snapshot import put_back  # noqa: PLC0415

    put_back(book, kept)


def summary(path: Path, made: Any, seconds: float) -> str:
    """Say in one line what a refresh did."""
    documents = made.documents
    problems = f", {counted(len(made.book.findings), 'finding')}" if made.book.findings else ""
    return (
        f"{path.name}: {counted(documents, 'document')}, {counted(len(made.sheets), 'report')}, "
        f"{made.unreconciled} unreconciled{problems}, {seconds:.1f} s"
        + (f"; left as they were, because the ledger is too large for them: {', '.join(made.left)}" if made.left else "")
        + (f"; not made, as the workbook has no such sheet: {', '.join(made.absent)}" if made.absent else "")
    )


def _recalculation(engine: str) -> Callable[[Any], Any]:
    """Return what calculates a closed workbook. Raises BadRequest for an unknown engine and NoOffice where LibreOffice is missing."""
    if engine == "libreoffice":
        from xladdin.hosts.libreoffice.office import find_office  # noqa: PLC0415
        from xladdin.hosts.libreoffice.recalc import recalculate_in_office  # noqa: PLC0415

        find_office()
        return recalculate_in_office
    if engine != "file":
        raise BadRequest(f"the engine is file or libreoffice; got {describe(engine)}")
    from xladdin.hosts.file.recalc import recalculate  # noqa: PLC0415

    return recalculate


def recalc_file(path: Path, step: Step = quiet, engine: str = "file") -> Done:
    """Recalculate our functions in a closed workbook and save it; with LibreOffice every formula."""
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    start = time.perf_counter()
    recalculate = _recalculation(engine)
    book = open_book(path)
    try:
        step("recalculating")
        made = recalculate(book)
        book.save()
    finally:
        book.close()
    line = (
        f"{path.name}: {counted(made.calculated, 'cell')}{' with our functions' if engine == 'file' else ''} calculated, "
        f"{counted(made.errors, 'error')} among them, "
        f"{counted(made.left, 'formula')} left to the spreadsheet, {time.perf_counter() - start:.1f} s"
    )
    return Done([line, *made.lines()], made.json())


def undo_file(path: Path) -> str:
    """Put the newest backup back."""
    from xladdin.hosts.file import undo  # noqa: PLC0415

    undo(path)
    return f"{path.name}: as it was before the last change"


def check_file(path: Path) -> Done:
    """Read a closed workbook and say what is wrong with its data, its sums and its file; nothing is written."""
    from workbook.host_book import read_host_book  # noqa: PLC0415
    from xladdin.hosts.file import check_file as check_parts  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    book = open_book(path)
    try:
        read = replace(read_host_book(book, {}), salt=find_salt())
    finally:
        book.close()
    return _checked(path.name, read, check_parts(path))


def check_open(book: Any) -> Done:
    """Read a workbook that a program has open and say what is wrong with its data and its sums; nothing is written."""
    from workbook.host_book import read_host_book  # noqa: PLC0415

    return _checked(book.name, read_host_book(book, {}), None)


def _checked(name: str, read: Any, file_problems: list[str] | None) -> Done:
    from workbook.messages import column_label  # noqa: PLC0415
    from workbook.refresh import make_reports  # noqa: PLC0415

    day = read.settings.as_of or dt.date.today()  # noqa: DTZ011 - the user's day
    made = make_reports(read, read.settings, day)
    findings = made.book.findings
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in ("error", "warning", "note")}
    language = read.settings.language
    lines = []
    for one in findings[:50]:
        place = f"{one.source}{f' row {one.row}' if one.row else ''}, {column_label(one.source, one.column, language)}"
        lines.append(f"{one.severity:<7}  {place}: {one.message}")
    if len(findings) > 50:
        lines.append(f"… and {len(findings) - 50:,} more; the sheet Data problems lists them all")
    lines += [f"file     {text}" for text in file_problems or ()]
    for sheet in made.sheets.values():
        wrong = [check for check in sheet.invariants if not check.ok]
        lines += [f"sum      {sheet.name}: {check.name}, {check.currency}: off by {check.difference / 10_000:,.2f}" for check in wrong]
    lines.append(
        f"{name}: {counted(read.tables['ledger'].num_rows, 'document')}, "
        f"{', '.join(counted(number, severity) for severity, number in counts.items())}, {made.unreconciled} unreconciled"
        + ("" if file_problems is None else f", {counted(len(file_problems), 'problem')} of the file")
    )
    data = {
        "as_of": day.isoformat(),
        "documents": read.tables["ledger"].num_rows,
        "findings": [{name: getattr(f, name) for name in f.__slots__} for f in findings],
        "unreconciled": made.unreconciled,
        "file": file_problems,
    }
    return Done(lines, data, 1 if counts["error"] or made.unreconciled or file_problems else 0)


def show_sheet(path: Path, sheet: str, words: Sequence[str], columns: Sequence[str], part: str | None, top: int) -> Done:
    """Read a sheet of a closed workbook as text; its head lines only where nothing was picked."""
    from workbook.page_text import data_of, find_page, lines_of, pick, read_page  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    book = open_book(path)
    try:
        page = find_page(book, sheet)
        head, parts = read_page(page)
        picked = pick(parts, part, words, columns)
        whole = not (part or words or columns)
        lines = lines_of(page, picked, top)
        if whole and head:  # the head begins with the title of the first part
            lines = [*head, "", *lines[lines[:1] == head[:1] :]]
        return Done(lines, data_of(page, head if whole else [], picked))
    finally:
        book.close()
