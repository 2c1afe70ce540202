"""What the commands do with closed workbooks: open, work, save as one, and say in a line what was done."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xladdin.cells import FIRST_REPORT_DAY, LAST_REPORT_DAY, describe, parse_iso_date, shown_digits
from xladdin.counted import counted
from xladdin.errors import BadRequest, Refused
from xladdin.salt import find_salt, need_salt

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What a command has to say: lines for a person, data for a program (or what makes them, when asked for), the exit code."""

    lines: list[str]
    told: Any = None
    code: int = 0

    @property
    def data(self) -> Any:
        """The data: plain lists and dicts."""
        return self.told() if callable(self.told) else self.told


def quiet(_step: str) -> None:
    """Show no progress."""


def _day(text: str | None, name: str = "as-of date") -> dt.date | None:
    if text is None:
        return None
    day = parse_iso_date(text)
    if day is None:
        raise BadRequest(f"the {name} must be like 2026-06-30; got {describe(text)}")
    if not FIRST_REPORT_DAY <= day <= LAST_REPORT_DAY:
        raise BadRequest(f"the {name} must lie between {FIRST_REPORT_DAY} and {LAST_REPORT_DAY}; got {day}")
    return day


def refresh_file(
    path: Path, keys: Sequence[str] | None, as_of: str | None, overrides: Mapping[str, Any], step: Step = quiet, engine: str = "file"
) -> Done:
    """Refresh reports of a closed workbook and save it; with LibreOffice every formula is calculated too."""
    from workbook.refresh import refresh  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    start, day = time.perf_counter(), _day(as_of)
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


def make_demo(path: Path, step: Step = quiet) -> str:
    """Build, fill, recalculate and refresh a demo workbook; answers the closing line."""
    from workbook.build import build_workbook  # noqa: PLC0415
    from workbook.demo import AS_OF, EARLIER_RUNS, MONTH_ENDS, SETTINGS, demo_data  # noqa: PLC0415
    from workbook.history.job import store_history  # noqa: PLC0415
    from workbook.host_book import read_host_book  # noqa: PLC0415
    from workbook.refresh import refresh  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415
    from xladdin.hosts.file.recalc import recalculate  # noqa: PLC0415

    _need_xlsm(path)
    start = time.perf_counter()
    step("inventing an exporter")
    data = demo_data()
    step("building the workbook")
    with TemporaryDirectory() as folder:  # an earlier demo stays as it is until this one is finished, and then as a backup
        draft = Path(folder) / "draft.xlsm"
        build_workbook(draft, data=data, settings=SETTINGS)
        book = open_book(draft)
        try:
            for day in EARLIER_RUNS:  # an item goes up a level a run: the list of a firm that has worked with it for months
                refresh(book, today=day, as_of=day, keys=["escalation"])
            step("storing a year of snapshots")
            read = replace(read_host_book(book), folder=path.absolute().parent, name=path.name)
            store_history(read, MONTH_ENDS)
            made = refresh(book, today=AS_OF, progress=step, overrides={"snapshots": str(read.snapshots)})
            step("recalculating")
            recalculate(book)
            book.save(path)
        finally:
            book.close()
    documents = made.documents
    done = f"{counted(documents, 'document')}, {counted(len(made.sheets), 'report')}, {made.unreconciled} unreconciled"
    return f"{path.name}: {done}, {time.perf_counter() - start:.1f} s"


def build_empty(path: Path, language: str, *, force: bool) -> str:
    """Build an empty workbook. Raises BadRequest rather than replace one."""
    from workbook.build import build_workbook  # noqa: PLC0415

    _need_xlsm(path)
    if language not in ("en", "zh"):
        raise BadRequest(f"the language is en or zh; got {describe(language)}")
    if path.exists() and not force:
        raise BadRequest(f"{path} is already there; --force replaces it")
    build_workbook(path, language=language)
    return f"{path.name}: an empty credit workbook"


def build_oxt(path: Path, *, force: bool) -> str:
    """Build the LibreOffice extension; it serves the product that builds it. Raises BadRequest rather than replace a file."""
    from xladdin.hosts.libreoffice.extension import build_extension  # noqa: PLC0415

    if path.exists() and not force:
        raise BadRequest(f"{path} is already there; --force replaces it")
    build_extension(path)
    return f"{path.name}: the extension for LibreOffice; install it there under Tools, Extension Manager"


def build_xlam(path: Path, *, force: bool) -> str:
    """Build Excel's add-in. Raises BadRequest rather than replace a file."""
    from workbook.build import build_addin  # noqa: PLC0415

    if path.suffix.lower() != ".xlam":
        raise BadRequest(f"an Excel add-in has a name that ends with .xlam; got {path.name}")
    if path.exists() and not force:
        raise BadRequest(f"{path} is already there; --force replaces it")
    build_addin(path)
    return f"{path.name}: the functions and the ribbon for every workbook in Excel; xladdin install excel puts it in place"


def _need_xlsm(path: Path) -> None:
    if path.suffix.lower() != ".xlsm":
        raise BadRequest(f"a credit workbook has macros, so its name ends with .xlsm; got {path.name}")
    if not path.absolute().parent.is_dir():
        raise BadRequest(f"there is no folder {path.absolute().parent}")


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


def import_file(path: Path, source: Path, *, step: Step = quiet, **options: Any) -> Done:
    """Fill a table of a closed workbook from a file."""
    from workbook.importing.job import import_into  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

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
        return export(book, out, salt, source, dt.date.today(), force=force)  # noqa: DTZ011 - the user's day
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


def letters_file(path: Path, out: Path, as_of: str | None, step: Step = quiet, **options: Any) -> Done:
    """Write the letters that a closed workbook's escalation list calls for; the workbook is not changed."""
    from workbook.letters.job import write_letters  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    day = _day(as_of)
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


def claim_pack_file(path: Path, customer: str, out: Path, accepted: str | None, **options: Any) -> Done:
    """Write the claim pack of a bankrupt customer of a closed workbook, which is not changed."""
    from workbook.claim.job import write_claim_pack  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    day = _day(accepted, "day of acceptance")
    book = open_book(path)
    try:
        lines, data = write_claim_pack(book, customer, out, dt.date.today(), accepted=day, **options)  # noqa: DTZ011 - the user's day
    finally:
        book.close()
    return Done(lines, data, 0 if data["reconciled"] else 1)


def copy_letter_templates(folder: Path) -> str:
    """Copy the templates of the letters where the user can edit them."""
    from workbook.letters.job import copy_templates  # noqa: PLC0415

    return copy_templates(folder)


def push_alerts(path: Path, to: str | None, *, dry: bool = False) -> Done:
    """Send the alerts of a closed workbook that were not sent yet, and mark them there when they were."""
    from workbook.alerts_job import mark_sent, waiting_alerts  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415
    from xladdin.push import WAYS, push  # noqa: PLC0415

    place = to or os.environ.get("XLADDIN_ALERTS_TO", "")
    if not place and not dry:
        raise BadRequest(f"say where the alerts go: --to {WAYS}; or put it into the variable XLADDIN_ALERTS_TO")
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


def call_function(name: str, words: Sequence[str]) -> dict[str, Any]:
    """Call one function with arguments from the shell."""
    from xladdin.call import find, invoke  # noqa: PLC0415

    spec = find(name)
    known = {arg.name for arg in spec.args}
    args: list[Any] = []
    named: dict[str, Any] = {}
    for text in words:
        key, equals, value = text.partition("=")
        if equals and key in known:
            named[key] = _argument(value)
        elif equals and key.isidentifier() and key.islower() and named:
            raise BadRequest(f"{spec.name} has no argument {key}; it takes {', '.join(arg.name for arg in spec.args)}")
        elif named:
            raise BadRequest(f'"{text}" stands after a named argument; name it as well')
        else:
            args.append(_argument(text))
    answer = invoke(spec, args, named)
    value = _json_value(answer.value)
    if answer.reason is None:
        return {"value": value}
    if isinstance(answer.value, list):
        reasons = [{"row": row + 1, "column": column + 1, "reason": text} for (row, column), text in answer.reasons.items()]
        return {"value": value, "reasons": reasons}
    from xladdin.cells import ExcelError  # noqa: PLC0415

    if isinstance(answer.value, ExcelError):
        return {"error": str(answer.value), "reason": answer.reason}
    return {"value": value, "reason": answer.reason}


def _argument(text: str) -> Any:
    """Read an argument: a JSON literal, an ISO date, or else text; "#N/A" and its like are error values."""
    from xladdin.cells import ERROR_CODES, ExcelError  # noqa: PLC0415

    def not_finite(word: str) -> float:
        raise BadRequest(f"{word} is no number a cell can hold")

    try:
        value = json.loads(text, parse_constant=not_finite)
    except ValueError:
        return ExcelError(text) if text in ERROR_CODES else text
    if isinstance(value, dict):
        raise BadRequest(f"an argument is a JSON number, text, true, false, null or list; got {text}")
    return _with_errors(value)


def _with_errors(value: Any) -> Any:
    from xladdin.cells import ERROR_CODES, ExcelError  # noqa: PLC0415

    if isinstance(value, list):
        return [_with_errors(one) for one in value]
    return ExcelError(value) if isinstance(value, str) and value in ERROR_CODES else value


def _json_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_json_value(one) for one in value]
    if isinstance(value, float):
        return shown_digits(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def read_contract_file(path: Path, language: str | None) -> Done:
    """Find the clauses in the file of a contract."""
    from workbook.contract_answer import data_of, lines_of, read_clauses  # noqa: PLC0415

    if language not in (None, "en", "zh"):
        raise BadRequest(f"the language is en or zh; got {describe(language)}")
    found, length = read_clauses(path, language)
    return Done(lines_of(path, found, length), data_of(found))


def list_functions() -> list[dict[str, Any]]:
    """Describe every function for a person or a program."""
    from xladdin.registry import functions  # noqa: PLC0415

    return [
        {
            "name": spec.name,
            "signature": spec.signature,
            "category": spec.category,
            "help": spec.help,
            "help_zh": spec.help_zh,
            "result": spec.result,
            "source": spec.source,
            "args": [
                {
                    "name": arg.name, "kind": arg.kind, "shape": arg.shape, "optional": not arg.required, "text": arg.text,
                    "text_zh": arg.text_zh, "default": None if arg.required else arg.default, "choices": list(arg.choices),
                }
                for arg in spec.args
            ],
        }
        for spec in functions().values()
    ]  # fmt: skip


def score_source(source: str, out: Path, *, as_of: str | None, step: Step = quiet, **options: Any) -> Done:
    """Score the companies of a file, folder or database into a Parquet file; a run that was killed goes on."""
    from workbook.large.places import read_place  # noqa: PLC0415
    from workbook.large.score_job import score_companies  # noqa: PLC0415

    place = read_place(source, Path.cwd())
    if place is None:
        raise BadRequest("name a file, a folder or a database with companies")
    day = _day(as_of) or dt.date.today()  # noqa: DTZ011 - the user's day
    made = score_companies(place, out, as_of=day, step=step, **options)
    parts = [counted(made.companies, "company", "companies")]
    parts += [f"{made.kept:,} of them scored by a run before"] if made.kept else []
    parts += [f"{made.unscored:,} without a score (column problem)"] if made.unscored else []
    line = f"{out.name}: {', '.join(parts)}, {made.seconds:.1f} s"
    data = {"companies": made.companies, "kept": made.kept, "unscored": made.unscored, "seconds": round(made.seconds, 1)}
    return Done([line], data, 1 if made.unscored else 0)


def drill_file(
    path: Path, customer: str, currency: str, bucket: str | None, out: Path | None, as_of: str | None, overrides: Mapping[str, Any]
) -> Done:
    """Show the documents of one cell of Aging; the workbook is not changed."""
    from workbook.host_book import read_host_book  # noqa: PLC0415
    from workbook.large.attach import with_ledger  # noqa: PLC0415
    from workbook.large.drill import documents_of_cell  # noqa: PLC0415
    from workbook.large.drill_lines import lines_of, save  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    book = open_book(path)
    try:
        read = read_host_book(book, overrides)
    finally:
        book.close()
    day = _day(as_of) or read.settings.as_of or dt.date.today()  # noqa: DTZ011 - the user's day
    with with_ledger(read, said="ledger" in overrides) as whole:
        found = documents_of_cell(whole, whole.settings, day, customer, currency.upper(), bucket)
    if out is not None:
        save(found, out)
    lines, data = lines_of(found, customer, currency.upper())
    return Done(lines, data)


def snapshot_file(path: Path, to: Path | None, as_of: str | None, overrides: Mapping[str, Any], step: Step = quiet, **options: Any) -> Done:
    """Store a closed workbook's aging and scores of a day; the workbook is not changed."""
    from workbook.history.job import order_for, take_snapshots  # noqa: PLC0415
    from workbook.host_book import read_host_book  # noqa: PLC0415
    from xladdin.hosts.file import open_book  # noqa: PLC0415

    day = _day(as_of)
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

    day = _day(as_of)
    if place.is_dir():
        return Done(*trends_of_folder(place, day, months))
    book = open_book(place)
    try:
        read = read_host_book(book)
    finally:
        book.close()
    return Done(*trends_of_book(read, day, dt.date.today(), months))  # noqa: DTZ011 - the user's day
