"""Commands for what is larger than a sheet, and for snapshots of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xladdin.counted import counted
from xladdin.errors import BadRequest
from xladdin.jobs.done import Done, Step, quiet, read_day
from xladdin.reading import need_text


def score_source(source: str, out: Path, *, as_of: str | None, step: Step = quiet, **options: Any) -> Done:
    """Score the companies of a file, folder or database into a Parquet file; a run that was killed goes on."""
    from workbook.large.places import read_place  # noqa: PLC0415
    from workbook.large.score_job import score_companies  # noqa: PLC0415

    place = read_place(source, Path.cwd())
    if place is None:
        raise BadRequest("name a file, a folder or a database with companies")
    day = read_day(as_of) or dt.date.today()  # noqa: DTZ011 - the user's day
    made = score_companies(place, out, as_of=day, step=step, **options)
    parts = [counted(made.companies, "company", "companies")]
    parts += [f"{made.kept:,} of them scored by a run before"] if made.kept else []
    parts += [f"{made.unscored:,} without a score (column problem)"] if made.unscored else []
    line = f"{out.name}: {', '.join(parts)}, {made.seconds:.1f} s"
    data = {"companies": made.companies, "kept": made.kept, "unscored": made.unscored, "seconds": round(made.seconds, 1)}
    return Done([line], data, 1 if made.unscored else 0)


def drill_file(
    path: Path, customer: str, currency: str, bucket: str | None, out: Path | None, as_of: str | None, overrides: Mapping[str, Any],
    *, force: bool = False,
) -> Done:
    """Show the documents of one cell of Aging; the workbook is not changed."""
    from workbook.host_book import read_host_book  # noqa: PLC0415
    from workbook.large.attach import check_result, with_ledger  # noqa: PLC0415
    from workbook.large.drill import documents_of_cell  # noqa: PLC0415
    from workbook.large.drill_lines import check_name, lines_of, save  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415
    from xladdin.output import output  # noqa: PLC0415

    book = open_book(path)
    try:
        read = read_host_book(book, overrides)
    finally:
        book.close()
    need_text("a customer, currency or bucket", customer, currency, bucket)
    day = read_day(as_of) or read.settings.as_of or dt.date.today()  # noqa: DTZ011 - the user's day
    said = "ledger" in overrides
    inputs: tuple[Path, ...] = ()
    if out is not None:
        check_name(out)
        inputs = check_result(out, read, said=said, force=force)
    with with_ledger(read, said=said) as whole:
        found = documents_of_cell(whole, whole.settings, day, customer, currency.upper(), bucket)
    if out is not None:
        with output(out, inputs, force=force) as file:
            save(found, file, as_csv=out.suffix.casefold() == ".csv")
    lines, data = lines_of(found, customer, currency.upper())
    return Done(lines, data)


def snapshot_file(path: Path, to: Path | None, as_of: str | None, overrides: Mapping[str, Any], step: Step = quiet, **options: Any) -> Done:
    """Store a closed workbook's aging and scores of a day; the workbook is not changed."""
    from workbook.history.job import order_for, take_snapshots  # noqa: PLC0415
    from workbook.host_book import read_host_book  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    day = read_day(as_of)
    book = open_book(path)
    try:
        read = read_host_book(book, overrides)
    finally:
        book.close()
    order = order_for(read, to, day, dt.date.today(), **options)  # noqa: DTZ011 - the user's day
    lines, data = take_snapshots(read, order, said="ledger" in overrides, step=step)
    return Done(lines, data)


def tell_trends(place: Path, as_of: str | None, months: int) -> Done:
    """Tell what the snapshots of a folder say, or those of a closed workbook by its own settings and rates."""
    from workbook.history.answer import trends_of_book, trends_of_folder  # noqa: PLC0415
    from workbook.host_book import read_host_book  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    day = read_day(as_of)
    if place.is_dir():
        return Done(*trends_of_folder(place, day, months))
    book = open_book(place)
    try:
        read = read_host_book(book)
    finally:
        book.close()
    return Done(*trends_of_book(read, day, dt.date.today(), months))  # noqa: DTZ011 - the user's day
