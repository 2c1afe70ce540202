"""Commands that read or write papers: letters, claim packs, contracts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from xladdin.cells import describe
from xladdin.errors import BadRequest
from xladdin.jobs.done import Done, Step, quiet, read_day


def letters_file(path: Path, out: Path, as_of: str | None, step: Step = quiet, **options: Any) -> Done:
    """Write the letters that a closed workbook's escalation list calls for; the workbook is not changed."""
    from workbook.letters.job import write_letters  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    day = read_day(as_of)
    book = open_book(path)
    try:
        lines, data = write_letters(book, out, dt.date.today(), as_of=day, step=step, **options)  # noqa: DTZ011 - the user's day
    finally:
        book.close()
    return Done(lines, data)


def letters_open(book: Any) -> str:
    """Write the letters of a workbook that a program has open into a new folder beside it; answers the closing line."""
    from workbook.letters.job import write_letters_beside  # noqa: PLC0415

    return write_letters_beside(book, dt.datetime.now())  # noqa: DTZ005 - the user's clock


def copy_letter_templates(folder: Path, *, force: bool = False) -> str:
    """Copy the templates of the letters where the user can edit them."""
    from workbook.letters.job import copy_templates  # noqa: PLC0415

    return copy_templates(folder, force=force)


def claim_pack_file(path: Path, customer: str, out: Path, accepted: str | None, **options: Any) -> Done:
    """Write the claim pack of a bankrupt customer of a closed workbook, which is not changed."""
    from workbook.claim.job import write_claim_pack  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    day = read_day(accepted, "day of acceptance")
    book = open_book(path)
    try:
        lines, data = write_claim_pack(book, customer, out, dt.date.today(), accepted=day, **options)  # noqa: DTZ011 - the user's day
    finally:
        book.close()
    return Done(lines, data, 0 if data["reconciled"] else 1)


def read_contract_file(path: Path, language: str | None) -> Done:
    """Find the clauses in the file of a contract."""
    from workbook.contract_answer import data_of, lines_of, read_clauses  # noqa: PLC0415

    if language not in (None, "en", "zh"):
        raise BadRequest(f"the language is en or zh; got {describe(language)}")
    found, length = read_clauses(path, language)
    return Done(lines_of(path, found, length), data_of(found))
