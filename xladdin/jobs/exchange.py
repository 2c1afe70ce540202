"""Commands that take in or give out data: imports, hashed blacklists, alerts."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from xladdin.counted import counted
from xladdin.errors import BadRequest, NotAWorkbook, Refused
from xladdin.jobs.done import Done, Step, quiet
from xladdin.lock import only_one
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
    """Send the alerts of a closed workbook that were not sent yet, and mark them there when they were.

    One run at a time: another one that is at it is waited for. A run that was killed in between is finished first, see `xladdin.outbox`.
    """
    from xladdin.hosts.file.save import BACKUP_FOLDER, explained  # noqa: PLC0415
    from xladdin.push import WAYS  # noqa: PLC0415

    place = to or os.environ.get("XLADDIN_ALERTS_TO", "")
    if not place and not dry:
        raise BadRequest(f"say where the alerts go: --to {WAYS}; or put it into the variable XLADDIN_ALERTS_TO")
    if dry:
        alerts = _waiting(path)
        return Done([*(one["line"] for one in alerts), _left(path, len(alerts))], {"sent": 0, "alerts": alerts})
    if not path.is_file():
        raise NotAWorkbook(f"there is no workbook {path}")
    _need_log(place, path)
    book = Path(os.path.realpath(path))
    folder = book.parent / BACKUP_FOLDER  # what must not be lost of a workbook lies there
    with explained(book):
        folder.mkdir(exist_ok=True)
        with only_one(folder / f"{book.name}.alerts-lock", f"another run is sending the alerts of {path.name}"):
            sent, where = _send_waiting(book, place, folder / f"{book.name}.alerts")
    if not sent:
        return Done([_left(path, 0)], {"sent": 0, "alerts": []})
    return Done([f"{path.name}: {counted(len(sent), 'alert')} sent to {where}"], {"sent": len(sent), "to": where, "alerts": sent})


def _left(path: Path, count: int) -> str:
    return f"{path.name}: {counted(count, 'alert')} not sent yet"


def _waiting(path: Path) -> list[dict[str, Any]]:
    from workbook.alerts_job import waiting_alerts  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    book = open_book(path)
    try:
        return waiting_alerts(book)[0]
    finally:
        book.close()


def _send_waiting(path: Path, to: str, note: Path) -> tuple[list[dict[str, Any]], str]:
    """Send and mark everything that waits: what a run before had begun as it was begun, then the rest. Answers what went where."""
    from workbook.alerts_job import mark_sent, waiting_alerts  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415
    from xladdin.outbox import Outbox  # noqa: PLC0415

    outbox, sent, where = Outbox(note, to), [], ""
    book = open_book(path)
    try:
        alerts, rows = waiting_alerts(book)
        waiting = {one["id"]: (one, row) for one, row in zip(alerts, rows, strict=True)}
        begun = [one["id"] for one in outbox.message.alerts] if outbox.message is not None else []
        for wanted in (begun, [one for one in waiting if one not in begun]):
            here = [waiting[one] for one in wanted if one in waiting]
            if not here:
                outbox.forget()
                continue
            where = _send(outbox, to, path.name, [one for one, _ in here], begun=wanted is begun)
            mark_sent(book, [row for _, row in here], dt.date.today())  # noqa: DTZ011 - the user's day
            try:
                book.save()
            except Refused as error:
                text = f"the alerts were sent to {where}, but the workbook could not be marked ({error})"
                raise BadRequest(f"{text}; the next run marks them and sends nothing twice") from None
            outbox.forget()
            sent += [one for one, _ in here]
    finally:
        book.close()
    return sent, where


def _send(outbox: Any, to: str, source: str, alerts: list[dict[str, Any]], *, begun: bool) -> str:
    """Send a message that was written down; one that was begun goes out as it was, and not at all where it is known to have arrived."""
    from xladdin.push import bytes_before, push  # noqa: PLC0415

    message = outbox.message if begun else outbox.begin(alerts, bytes_before(to))
    where = message.where or push(to, message.alerts, source, message.begins if begun else None)
    outbox.taken(where)
    return str(where)


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
