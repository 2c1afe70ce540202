"""Commands that take in or give out data: imports, hashed blacklists, alerts."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from xladdin.counted import counted
from xladdin.errors import BadRequest, Refused
from xladdin.jobs.done import Done, Step, quiet
from xladdin.reading import need_end
from xladdin.salt import need_salt, salt_files


def import_file(path: Path, source: Path, *, step: Step = quiet, **options: Any) -> Done:
    """Fill a table of a closed workbook from a file."""
    from workbook.importing.job import import_into  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    need_end(source)
    book = open_book(path)
    try:
        step("reading")
        made = import_into(book, path, source, **options)
        if made.written:
            step("saving")
            book.save()
    finally:
        book.close()
    return Done(made.lines, made.data, 1 if made.errors else 0)


def export_blacklist(path: Path, out: Path, salt_file: Path | None, source: str, *, force: bool) -> str:
    """Write a workbook's blacklist as keyed hashes for other associations; the workbook is not changed."""
    from workbook.blacklist_job import export_blacklist as export  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    salt = need_salt(salt_file)
    book = open_book(path)
    try:
        return export(book, out, salt, source, dt.date.today(), force=force, inputs=[path, *salt_files(salt_file)])  # noqa: DTZ011 - the user's day
    finally:
        book.close()


def import_blacklist(path: Path, source: Path, salt_file: Path | None) -> str:
    """Take another association's hashed list into a workbook, and save it."""
    from workbook.blacklist_job import import_blacklist as take  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    salt = need_salt(salt_file)
    book = open_book(path)
    try:
        line, written = take(book, source, salt, dt.date.today())  # noqa: DTZ011 - the user's day
        if written:
            book.save()
    finally:
        book.close()
    return line


def push_alerts(path: Path, to: str | None, *, dry: bool = False) -> Done:
    """Send the alerts of a closed workbook that were not sent yet, and mark them there when they were."""
    from workbook.alerts_job import mark_sent, waiting_alerts  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415
    from xladdin.push import WAYS, push  # noqa: PLC0415

    place = to or os.environ.get("XLADDIN_ALERTS_TO", "")
    if not place and not dry:
        raise BadRequest(f"say where the alerts go: --to {WAYS}; or put it into the variable XLADDIN_ALERTS_TO")
    if not dry:
        _need_log(place, path)
    book = open_book(path)
    try:
        alerts, rows = waiting_alerts(book)
        if dry or not alerts:
            lines = [one["line"] for one in alerts]
            return Done([*lines, f"{path.name}: {counted(len(alerts), 'alert')} not sent yet"], {"sent": 0, "alerts": alerts})
        where = push(place, alerts, path.name)
        mark_sent(book, rows, dt.date.today())  # noqa: DTZ011 - the user's day
        try:
            book.save()
        except Refused as error:
            text = f"the alerts were sent to {where}, but the workbook could not be marked ({error}); they would be sent again"
            raise BadRequest(text) from None
    finally:
        book.close()
    return Done([f"{path.name}: {counted(len(alerts), 'alert')} sent to {where}"], {"sent": len(alerts), "to": where, "alerts": alerts})


def _need_log(place: str, path: Path) -> None:
    """Refuse to add alerts to the workbook, its ledger, or a file that holds anything but lines."""
    from workbook.host_book import read_place_of  # noqa: PLC0415
    from workbook.large.attach import inputs_of  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415
    from xladdin.output import check_log  # noqa: PLC0415
    from xladdin.push import file_of  # noqa: PLC0415

    out = file_of(place)
    if out is None:
        return
    check_log(out, [path])
    if not out.exists():
        return
    book = open_book(path)
    try:
        check_log(out, [path, *inputs_of(read_place_of(book), said=False)])
    finally:
        book.close()
