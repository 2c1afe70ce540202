"""Write the letters: choose the template, fill it, and put all files into the folder at once, or none."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import xlwings as xw

from workbook.host_book import folder_of, read_host_book, without_folder
from workbook.host_tables import read_previous_table
from workbook.large.attach import with_ledger
from workbook.letters.demands import LETTERS, Letter, letters_of
from workbook.letters.fill import fill
from workbook.refresh import make_reports
from workbook.reports.common import amount_text
from xladdin.counted import counted
from xladdin.errors import BadRequest, CannotWrite
from xladdin.registry import reports

TEMPLATES: Final = Path(__file__).parent / "templates"
#: a folder beside the workbook whose files replace the templates of the same name
OWN_TEMPLATES: Final = "templates"
LANGUAGES: Final = ("en", "zh", "both", "auto")
_STEP: Final = 25  # letters between two words of progress
_LEVEL_WORDS: Final = {"reminder": 1, "lawyer": 2, "notice": 3, "30": 1, "60": 2, "90": 3, "1": 1, "2": 2, "3": 3}


def write_letters(
    workbook: xw.Book,
    out: Path,
    today: dt.date,
    *,
    as_of: dt.date | None = None,
    levels: Sequence[str] = (),
    customers: Sequence[str] = (),
    language: str = "auto",
    force: bool = False,
    step: Callable[[str], None] = lambda _: None,
) -> tuple[list[str], dict[str, Any]]:
    """Write one letter per customer; answers lines for a person and data for a program. Raises BadRequest or CannotWrite."""
    if language not in LANGUAGES:
        raise BadRequest(f"the language of the letters is en, zh, both, or auto (Chinese for customers in China); got {language}")
    chosen = {_level(text) for text in levels}
    read = read_host_book(workbook, {})
    day = as_of or read.settings.as_of or today
    page = reports()["escalation"].sheet
    before = read_previous_table(workbook.sheets[page], "escalation").columns if page in {one.name for one in workbook.sheets} else {}
    with with_ledger(replace(read, previous={"escalation": before}), said=False) as book:
        escalation = make_reports(book, book.settings, day, ["escalation"]).sheets["escalation"]
        made = letters_of(book, escalation, day, chosen, customers)
    files: dict[str, bytes] = {}
    lines, rows = [], []
    for number, letter in enumerate(made.letters, start=1):
        if number % _STEP == 0:
            step(f"{number:,} / {len(made.letters):,}")
        for tongue in _languages(letter, language):
            template = template_of(letter, tongue, book.folder)
            name = _free_name(f"{letter.customer_id} {LETTERS[letter.level]} {day.isoformat()} {tongue}", files)
            files[name] = fill(template, letter, book.settings, day, tongue)
            sums = {currency: amount for currency, (amount, _) in letter.subtotals().items()}
            amounts = ", ".join(amount_text(amount, currency) for currency, amount in sums.items())
            lines.append(f"{name}: {counted(len(letter.demands), 'item')}, {amounts}")
            rows.append({"file": name, "customer_id": letter.customer_id, "level": letter.level, "language": tongue, "amounts": amounts})
    put_files(files, out, force=force)
    left = f"in no letter: {counted(made.held, 'overdue item')} held (disputed, promised …), {made.not_yet:,} below the first level"
    unknown = sum(one.interest is None for letter in made.letters for one in letter.demands)
    if unknown:
        lines.append(f"the interest of {counted(unknown, 'item')} is not known and left open: a rate is missing on the sheet Rates")
    if made.insolvent:
        lines.append(f"insolvent, so no letter but a claim (xladdin claim-pack): {', '.join(made.insolvent)}")
    lines.append(f"{counted(len(files), 'letter')} in {out}; {left}")
    return lines, {"as_of": day.isoformat(), "letters": rows, "held": made.held, "not_yet": made.not_yet}


def write_letters_beside(workbook: xw.Book, now: dt.datetime) -> str:
    """Write the letters into a new folder beside the workbook; answers the closing line. Raises BadRequest for one without a folder."""
    folder = folder_of(workbook)
    if folder is None:
        raise BadRequest(without_folder(workbook, "letters"))
    lines, _ = write_letters(workbook, folder / f"letters {now:%Y-%m-%d %H%M%S}", now.date())
    return lines[-1]


def template_of(letter: Letter, language: str, folder: Path | None) -> Path:
    """Return the template of a letter: the user's own beside the workbook, else ours."""
    name = f"{LETTERS[letter.level]}_{language}.docx"
    own = folder / OWN_TEMPLATES / name if folder else None
    return own if own and own.is_file() else TEMPLATES / name


def copy_templates(folder: Path) -> str:
    """Copy our templates where the user can edit them. Raises BadRequest rather than replace one."""
    names = sorted(path.name for path in TEMPLATES.glob("*.docx"))
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise BadRequest(f"{folder} already holds {', '.join(there)}; nothing was copied")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(TEMPLATES / name, folder / name)
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be written: {error.strerror or error}") from None
    return f"{counted(len(names), 'template')} in {folder}: edit them in Word; put them into a folder {OWN_TEMPLATES} beside the workbook"


def put_files(files: dict[str, bytes], out: Path, *, force: bool) -> None:
    """Write all files into a folder, or none: what is already there is kept unless asked otherwise."""
    if not files:
        return
    if out.exists() and not out.is_dir():
        raise BadRequest(f"{out} is a file; name a folder")
    there = [name for name in files if (out / name).exists()]
    if there and not force:
        more = f" and {len(there) - 1:,} more" if len(there) > 1 else ""
        raise BadRequest(f"{out} already holds {there[0]}{more}; nothing was written. Name another folder, or --force to replace them")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=out) as draft:  # all are on the disk before the first takes its place
            for name, content in files.items():
                (Path(draft) / name).write_bytes(content)
            for name in files:
                (Path(draft) / name).replace(out / name)
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror or error}") from None


def safe_name(text: str) -> str:
    """Make a file name of a cell's text: what could be a path or is refused by a file system becomes an underscore."""
    return re.sub(r"[^\w .()-]", "_", text).strip(" .")[:120] or "_"


def _free_name(text: str, taken: dict[str, bytes]) -> str:
    base = safe_name(text)
    known = {name.casefold() for name in taken}
    name, number = f"{base}.docx", 2
    while name.casefold() in known:
        name, number = f"{base} ({number}).docx", number + 1
    return name


def _level(text: str) -> int:
    level = _LEVEL_WORDS.get(str(text).strip().casefold())
    if level is None:
        raise BadRequest(f"there is no letter {text}; there are reminder (30 days), lawyer (60) and notice (90)")
    return level


def _languages(letter: Letter, language: str) -> tuple[str, ...]:
    if language == "both":
        return ("en", "zh")
    return ("zh" if letter.customer.get("country") == "CN" else "en",) if language == "auto" else (language,)
