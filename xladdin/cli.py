"""The command line: the same functions and reports on closed workbooks, with no spreadsheet program.

Exit codes: 0 done, 1 done with findings of severity error, 2 refused (nothing was changed). Nothing heavy is imported before a
command needs it, so that help comes at once.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from xladdin import __version__

app = typer.Typer(
    name="xladdin",
    help="Trade credit control in the workbook: functions in cells, reports on buttons, the same on closed files.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

DONE, FINDINGS, REFUSED = 0, 1, 2


def _not_into(path: Path) -> Path:
    """Refuse to print into what is read: `>> Credit.xlsm`."""
    from xladdin.output import check_stdout  # noqa: PLC0415

    check_stdout(sys.stdout, [path])
    return path


Workbook = Annotated[Path, typer.Argument(help="The workbook (.xlsm or .xlsx), closed.", metavar="WORKBOOK", callback=_not_into)]
Reports = Annotated[list[str] | None, typer.Option("--report", help="Report to refresh; may be given several times. Without it: all.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="As-of date, 2026-06-30. Without it: the sheet Settings, else today.")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="A setting for this run only, key=value; may be given several times.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Also write the reports as JSON; - for the standard output.")]
Engine = Annotated[str, typer.Option("--engine", help="file: without a spreadsheet program. libreoffice: every native formula is calculated too.")]
Ledger = Annotated[str | None, typer.Option("--ledger", help="Where the ledger lies, instead of the sheet: a Parquet or CSV file or folder, duckdb:///…, postgres://…, spark:local?path=…")]
LedgerMap = Annotated[list[str] | None, typer.Option("--map", help="Column of that ledger: field=column, or field==text for all rows; may be given several times.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is already there.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def demo(path: Annotated[Path, typer.Argument(help="Where to make the workbook.")] = Path("Credit-demo.xlsm"), force: Force = False) -> None:
    """Make a filled workbook of an invented exporter, recalculated, with all reports refreshed."""
    from xladdin.jobs.make import make_demo  # noqa: PLC0415

    with _progress() as step:
        line = make_demo(path, step, force=force)
    _say(line)


@app.command()
def build(
    path: Annotated[Path | None, typer.Argument(help="Where to make it. Without it: Credit.xlsm, Credit.oxt or Credit.xlam.")] = None,
    language: Annotated[str, typer.Option(help="Language of headers and reports: en or zh.")] = "en",
    force: Force = False,
    libreoffice: Annotated[bool, typer.Option("--libreoffice", help="Make the extension for LibreOffice, Credit.oxt, instead.")] = False,
    addin: Annotated[bool, typer.Option("--addin", help="Make the add-in for Excel, Credit.xlam, instead.")] = False,
) -> None:
    """Make an empty workbook Credit.xlsm, the LibreOffice extension or Excel's add-in."""
    from xladdin.jobs.make import build_empty, build_oxt, build_xlam  # noqa: PLC0415

    if libreoffice or addin:
        _say(build_xlam(path or Path("Credit.xlam"), force=force) if addin else build_oxt(path or Path("Credit.oxt"), force=force))
        return
    path = path or Path("Credit.xlsm")
    _say(build_empty(path, language, force=force))


@app.command("import")
def import_(
    workbook: Workbook,
    source: Annotated[Path, typer.Argument(help="The file to import: CSV, XLSX or Parquet.", metavar="SOURCE")],
    table: Annotated[str, typer.Option(help="Table to fill: Ledger, Customers, Contracts …")] = "Ledger",
    profile: Annotated[str | None, typer.Option(help="Named profile of columns and formats.")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="field=column, field==text for a constant, or field:word=ours for a word of the file; may be given several times.")] = None,
    signs: Annotated[str | None, typer.Option(help="Whose sign an amount has where it cannot be told: debt (a minus lowers the debt) or type (the type alone does).")] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="Column of the source that does not matter; may be given several times.")] = None,
    date_format: Annotated[str | None, typer.Option(help="Form of dates where it cannot be told: m/d/y, d/m/y, y/m/d, yyyymmdd or serial.")] = None,
    number_format: Annotated[str | None, typer.Option(help="Separators where they cannot be told: 1,234.56 or 1.234,56.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of an XLSX source, where several hold something.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of a CSV source where it cannot be told: utf-8, gb18030, cp1252 …")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Delimiter of a CSV source where it cannot be told.")] = None,
    header_row: Annotated[int, typer.Option(help="Row of the source that holds the column names.", min=1)] = 1,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the rows of the table.")] = False,
    append: Annotated[bool, typer.Option("--append", help="Add below the rows of the table.")] = False,
    add_customers: Annotated[bool, typer.Option("--add-customers", help="Add unknown customers to the table Customers.")] = False,
    save_profile: Annotated[str | None, typer.Option(help="Keep these columns and formats under a name, beside the workbook.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show what was detected; write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fill a table of the workbook from a file of another system."""
    from xladdin.jobs.exchange import import_file  # noqa: PLC0415

    if replace and append:
        _refuse("give --replace or --append, not both")
    mode = "append" if append else "replace" if replace else ""
    with _progress() as step:
        done = import_file(
            workbook, source, table=table, profile=profile, mapping=_pairs(mapping, "--map"), date_format=date_format,
            number_format=number_format, sheet=sheet, mode=mode, add_customers=add_customers,
            save_profile=save_profile, preview=preview, encoding=encoding, delimiter=delimiter, header_row=header_row, signs=signs,
            ignore=ignore or (), step=step,
        )  # fmt: skip
    _print_json(done.data) if as_json else _say("\n".join(done.lines))
    raise typer.Exit(done.code)


@app.command()
def refresh(
    workbook: Workbook, report: Reports = None, as_of: AsOf = None, settings: Sets = None, json_file: JsonFile = None, engine: Engine = "file",
    ledger: Ledger = None, mapping: LedgerMap = None, force: Force = False,
) -> None:
    """Rewrite reports in place; what analysts typed stays with its row."""
    from xladdin.jobs.workbooks import refresh_file  # noqa: PLC0415

    with _progress() as step:
        overrides = _ledger_settings(ledger, mapping) | _pairs(settings, "--set")
        printed = str(json_file) == "-"
        done = refresh_file(workbook, report, as_of, overrides, step, engine, json_file=None if printed else json_file, force=force)
    _print_json(done.data) if printed else _say("\n".join(done.lines))
    raise typer.Exit(done.code)


@app.command()
def score(
    source: Annotated[str, typer.Argument(help="Companies: a Parquet or CSV file or folder, duckdb:///…?table=…, postgres://…?table=… or spark:local?path=…", metavar="SOURCE")],
    out: Annotated[Path, typer.Argument(help="The file of scores to make, a .parquet.", metavar="OUT")],
    as_of: AsOf = None,
    id_column: Annotated[str, typer.Option("--id", help="Column that names the company. Without it: customer_id, id, register_no …")] = "",
    restart: Annotated[bool, typer.Option("--restart", help="Forget what a run before has scored.")] = False,
    part: Annotated[int, typer.Option(help="Companies that are kept at a time: a kill loses no more.", min=1_000)] = 1_000_000,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Score millions of companies through CREDITSCORE; started again after a kill, it goes on where it was."""
    from xladdin.jobs.large import score_source  # noqa: PLC0415

    with _progress() as step:
        done = score_source(source, out, as_of=as_of, id_column=id_column, restart=restart, part=part, force=force, step=step)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))
    raise typer.Exit(done.code)


@app.command()
def drill(
    workbook: Workbook,
    customer: Annotated[str, typer.Option(help="Customer number of the line.")],
    currency: Annotated[str, typer.Option(help="Currency of the line.")],
    bucket: Annotated[str | None, typer.Option(help="Column of Aging: its label, such as 31-60, or unapplied. Without it: all of the line.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write all documents to a .csv or .parquet.")] = None,
    as_of: AsOf = None, settings: Sets = None, ledger: Ledger = None, mapping: LedgerMap = None, force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Show the documents that a cell of Aging is made of; the workbook is not changed."""
    from xladdin.jobs.large import drill_file  # noqa: PLC0415

    overrides = _ledger_settings(ledger, mapping) | _pairs(settings, "--set")
    done = drill_file(workbook, customer, currency, bucket, out, as_of, overrides, force=force)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))
    raise typer.Exit(done.code)


@app.command()
def show(
    workbook: Workbook,
    sheet: Annotated[str, typer.Argument(help="Sheet, such as Aging, or the key of a report.", metavar="SHEET")],
    row: Annotated[list[str] | None, typer.Option(help="Only rows with a cell that holds this text; several: rows that hold all of them.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="Only this column, by its header; may be given several times.")] = None,
    part: Annotated[str | None, typer.Option(help="Only the table whose title begins so, such as one below a report.")] = None,
    top: Annotated[int, typer.Option(help="Rows shown of each table.", min=1)] = 5,
    as_json: AsJson = False,
) -> None:
    """Print a sheet of a closed workbook as it stands: its head lines, rows and totals; the workbook is not changed."""
    from xladdin.jobs.workbooks import show_sheet  # noqa: PLC0415

    done = show_sheet(workbook, sheet, row or [], column or [], part, top)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))


@app.command()
def snapshot(
    workbook: Workbook,
    to: Annotated[Path | None, typer.Option("--to", help="Folder of the snapshots. Without it: the setting Snapshots, else NAME-snapshots beside the workbook.", metavar="FOLDER")] = None,
    as_of: AsOf = None,
    months: Annotated[int, typer.Option(help="Also so many month ends before the day, from the ledger as it tells of them today.", min=0, max=120)] = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace a day that is stored already.")] = False,
    renamed: Annotated[bool, typer.Option("--renamed", help="Go on with the snapshots of this workbook's old name.")] = False,
    settings: Sets = None, ledger: Ledger = None, mapping: LedgerMap = None, as_json: AsJson = False,
) -> None:
    """Store the aging and the scores of a day as Parquet; roll rates, migration and trends come from them."""
    from xladdin.jobs.large import snapshot_file  # noqa: PLC0415

    with _progress() as step:
        done = snapshot_file(
            workbook, to, as_of, _ledger_settings(ledger, mapping) | _pairs(settings, "--set"), step, months=months, force=force, renamed=renamed
        )
    _print_json(done.data) if as_json else _say("\n".join(done.lines))
    raise typer.Exit(done.code)


@app.command()
def trends(
    place: Annotated[Path, typer.Argument(help="A workbook, or a folder of snapshots.", metavar="WORKBOOK|FOLDER")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="Last day to look at, 2026-06-30. Without it: of a workbook its as-of date, else all.")] = None,
    months: Annotated[int, typer.Option(help="Months to look at, the latest.", min=1, max=600)] = 13,
    as_json: AsJson = False,
) -> None:
    """Tell what comes from the stored snapshots: aging by month, roll rates, migration of grades, whose overdue grew."""
    from xladdin.jobs.large import tell_trends  # noqa: PLC0415

    done = tell_trends(place, as_of, months)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))


@app.command()
def recalc(workbook: Workbook, as_json: AsJson = False, engine: Engine = "file") -> None:
    """Recalculate the cells that hold our functions; the rest is left to the spreadsheet and counted."""
    from xladdin.jobs.workbooks import recalc_file  # noqa: PLC0415

    with _progress() as step:
        done = recalc_file(workbook, step, engine)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))
    raise typer.Exit(done.code)


@app.command()
def undo(workbook: Workbook) -> None:
    """Put the workbook back as it was before the last refresh, recalculation or import."""
    from xladdin.jobs.workbooks import undo_file  # noqa: PLC0415

    _say(undo_file(workbook))


@app.command()
def check(workbook: Workbook, as_json: AsJson = False) -> None:
    """Check a workbook without changing it: findings, reconciliation, health of the file."""
    from xladdin.jobs.workbooks import check_file  # noqa: PLC0415

    done = check_file(workbook)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))
    raise typer.Exit(done.code)


@app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def call(
    name: Annotated[str, typer.Argument(help="Function, such as AGINGBUCKET.", metavar="NAME")],
    args: Annotated[
        list[str] | None, typer.Argument(help="JSON, an ISO date, or text; name=value for an optional argument.", metavar="ARG …")
    ] = None,
) -> None:
    """Call one function: xladdin call AGINGBUCKET 2026-01-31 2026-03-15 limits=30,60,90."""
    from xladdin.jobs.calls import call_function  # noqa: PLC0415

    _print_json(call_function(name, args or []))


@app.command()
def contract(
    path: Annotated[Path, typer.Argument(help="The contract: a .docx, a .pdf with text, or a .txt.", metavar="FILE")],
    language: Annotated[str | None, typer.Option(help="Language of the contract: en or zh. Without it: as written, both where it has both.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find the eight clauses in a contract: present, weak or absent, with their words and numbers."""
    from xladdin.jobs.papers import read_contract_file  # noqa: PLC0415

    done = read_contract_file(path, language)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))


@app.command()
def functions(as_json: AsJson = False) -> None:
    """List the functions with their arguments."""
    from xladdin.jobs.calls import list_functions  # noqa: PLC0415

    listed = list_functions()
    if as_json:
        _print_json(listed)
        return
    for one in listed:
        _say(f"{one['signature']}\n    {one['help']}")


Program = Annotated[str, typer.Argument(help="The program: excel or libreoffice.", metavar="PROGRAM")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]


@app.command()
def install(program: Program, dry_run: DryRun = False) -> None:
    """Put the add-in into Excel or LibreOffice, for this user."""
    from xladdin.install.jobs import install as put  # noqa: PLC0415

    _say("\n".join(put(program, dry_run=dry_run)))


@app.command()
def uninstall(program: Program, dry_run: DryRun = False) -> None:
    """Take the add-in out of Excel or LibreOffice; what you changed since is kept, and said."""
    from xladdin.install.jobs import uninstall as take  # noqa: PLC0415

    _say("\n".join(take(program, dry_run=dry_run)))


@app.command()
def doctor(program: Annotated[str, typer.Argument(help="excel, libreoffice or all.", metavar="PROGRAM")] = "all", as_json: AsJson = False) -> None:
    """Look at what the spreadsheet programs need and say what to do; exit code 1 when something is wrong."""
    from xladdin.install.jobs import doctor as look  # noqa: PLC0415

    found = look(program)
    if as_json:
        _print_json([{"program": one.program, "name": one.name, "state": one.state, "text": one.text} for one in found])
    else:
        _say("\n".join(one.line() for one in found))
    raise typer.Exit(FINDINGS if any(one.state == "problem" for one in found) else DONE)


@app.command()
def picture(
    workbook: Workbook,
    out: Annotated[Path, typer.Argument(help="The picture to make: a .png or .pdf.", metavar="OUT")],
    sheet: Annotated[list[str] | None, typer.Option(help="Sheet to print; may be given several times. Without it: all.")] = None,
    force: Force = False,
) -> None:
    """Print sheets of a workbook into a picture, with LibreOffice; the workbook is not changed."""
    from xladdin.install.picture import make_picture  # noqa: PLC0415

    _say("\n".join(str(path) for path in make_picture(workbook, out, sheet or [], force=force)))


blacklist = typer.Typer(help="Hashed blacklists between associations: no plain name leaves.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(blacklist, name="blacklist")
SaltFile = Annotated[Path | None, typer.Option("--salt-file", help="File that holds the salt the associations share. Without it: XLADDIN_BLACKLIST_SALT, XLADDIN_BLACKLIST_SALT_FILE or blacklist.salt in the user's folder.")]


@blacklist.command("export")
def blacklist_export(
    workbook: Workbook,
    out: Annotated[Path, typer.Argument(help="The list to make, a .csv.", metavar="OUT")],
    source: Annotated[str, typer.Option(help="Who hands the list over; it stands in every line.")],
    salt_file: SaltFile = None,
    force: Force = False,
) -> None:
    """Write the entries in force as salted hashes, with dates and appeal; names, numbers and notes stay here."""
    from xladdin.jobs.exchange import export_blacklist  # noqa: PLC0415

    _say(export_blacklist(workbook, out, salt_file, source, force=force))


@blacklist.command("import")
def blacklist_import(
    workbook: Workbook, source: Annotated[Path, typer.Argument(help="A list another association exported.", metavar="LIST")], salt_file: SaltFile = None
) -> None:
    """Take a hashed list into the sheet Blacklist; a later list of the same source brings its entries up to date."""
    from xladdin.jobs.exchange import import_blacklist  # noqa: PLC0415

    _say(import_blacklist(workbook, source, salt_file))


@app.command()
def letters(
    workbook: Workbook,
    out: Annotated[Path, typer.Argument(help="Folder for the letters.", metavar="OUTDIR")],
    level: Annotated[list[str] | None, typer.Option(help="Only reminder, lawyer or notice (or 30, 60, 90); may be given several times.")] = None,
    customer: Annotated[list[str] | None, typer.Option(help="Only this customer; may be given several times.")] = None,
    language: Annotated[str, typer.Option(help="en, zh, both, or auto: Chinese for customers in China.")] = "auto",
    as_of: AsOf = None,
    force: Annotated[bool, typer.Option("--force", help="Replace letters that are already there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a letter to each customer that the escalation list puts on a level; nothing disputed or promised is in it."""
    from xladdin.jobs.papers import letters_file  # noqa: PLC0415

    with _progress() as step:
        done = letters_file(workbook, out, as_of, step, levels=level or [], customers=customer or [], language=language, force=force)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))


@app.command()
def alerts(
    workbook: Workbook,
    to: Annotated[str | None, typer.Option(help="file:PATH, smtp://HOST:PORT?from=…&to=…, or https://…; without it the variable XLADDIN_ALERTS_TO.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be sent.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send the alerts that were not sent yet, in one message, and mark them in the workbook; nothing is sent unless you say where."""
    from xladdin.jobs.exchange import push_alerts  # noqa: PLC0415

    done = push_alerts(workbook, to, dry=dry_run)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))


@app.command("claim-pack")
def claim_pack(
    workbook: Workbook,
    customer: Annotated[str, typer.Argument(help="Number of the bankrupt customer.", metavar="CUSTOMER")],
    out: Annotated[Path, typer.Argument(help="Folder for the two files.", metavar="OUTDIR")],
    accepted: Annotated[str | None, typer.Option(help="Day the court accepted the bankruptcy, like 2026-06-15. Without it: the as-of date.", metavar="DATE")] = None,
    language: Annotated[str | None, typer.Option(help="en or zh. Without it: that of the workbook.")] = None,
    evidence: Annotated[Path | None, typer.Option(help="Folder with the papers. Without it: evidence/CUSTOMER beside the workbook.", metavar="FOLDER")] = None,
    stop_before: Annotated[bool, typer.Option("--stop-before", help="The day of acceptance itself bears no interest.")] = False,
    settings: Sets = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are already there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the claim against a bankrupt customer: proof of debt with interest, security, evidence and what is missing, dates."""
    from xladdin.jobs.papers import claim_pack_file  # noqa: PLC0415

    options: dict[str, Any] = {"language": language, "evidence": evidence, "stop_before": stop_before, "force": force}
    done = claim_pack_file(workbook, customer, out, accepted, overrides=_pairs(settings, "--set"), **options)
    _print_json(done.data) if as_json else _say("\n".join(done.lines))
    raise typer.Exit(done.code)


@app.command("letter-templates")
def letter_templates(folder: Annotated[Path, typer.Argument(help="Where to copy them; put edited ones into a folder templates beside the workbook.", metavar="FOLDER")], force: Force = False) -> None:
    """Copy the Word templates of the letters, to be edited."""
    from xladdin.jobs.papers import copy_letter_templates  # noqa: PLC0415

    _say(copy_letter_templates(folder, force=force))


def _version(wanted: bool) -> None:
    if wanted:
        _say(f"xladdin {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Tell what happens inside, for a report of a defect.")] = False,
) -> None:
    logging.basicConfig(level=logging.DEBUG if verbose else logging.CRITICAL)


def _pairs(words: list[str] | None, option: str) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for text in words or []:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            _refuse(f'{option} takes key=value; got "{text[:100]}"')
        pairs[key.strip()] = value
    return pairs


def _ledger_settings(ledger: str | None, mapping: list[str] | None) -> dict[str, Any]:
    given = {"ledger": ledger, "ledger_columns": ", ".join(mapping) if mapping else None}
    return {key: value for key, value in given.items() if value is not None}


def _print_json(data: Any) -> None:
    _say(json.dumps(data, ensure_ascii=False, indent=None if len(str(data)) < 200 else 1, allow_nan=False))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _refuse(text: str) -> NoReturn:
    sys.stderr.write(f"xladdin: {text}\n")
    raise typer.Exit(REFUSED)


def _progress() -> Any:
    from xladdin.progress import progress  # noqa: PLC0415

    return progress()


#: what these commands do stays done when their answer is lost
_CHANGING: Final = {
    "demo", "build", "import", "refresh", "score", "snapshot", "recalc", "undo", "install", "uninstall", "picture", "blacklist", "letters", "alerts",
    "claim-pack", "letter-templates",
}  # fmt: skip


def main() -> None:
    """Run the command line. What goes wrong is one line on the standard error, never a traceback."""
    from xladdin.streams import take_over  # noqa: PLC0415

    before = sys.stdout, sys.stderr
    out, wrong = take_over()
    code = _run()
    out.flush()
    if out.missed is not None:
        done = next((word for word in sys.argv[1:] if not word.startswith("-")), "") in _CHANGING and code != REFUSED
        why = f"the answer could not be written to the standard output: {out.missed.strerror or out.missed}"
        wrong.write(f"xladdin: {'done, but ' if done else ''}{why}\n")
        code = FINDINGS if done else REFUSED
    wrong.flush()
    if out.lost is None and wrong.lost is None and None not in before:  # else the interpreter would try once more to write, when it ends
        sys.stdout, sys.stderr = before
    sys.exit(code)


def _run() -> int:
    """Run the command; answers its exit code."""
    from xladdin.errors import CreditError  # noqa: PLC0415

    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except CreditError as error:
        sys.stderr.write(f"xladdin: {error}\n")
    except OSError as error:  # what the system refuses is no defect: a file that went away, a disk that is full
        sys.stderr.write(f"xladdin: {error.filename or 'the system refused'}: {(error.strerror or str(error)).lower()}\n")
    except MemoryError:
        sys.stderr.write("xladdin: the file needs more memory than there is; nothing was half-written\n")
    except Exception as error:  # a defect of ours: said in one line; --verbose tells more
        logging.getLogger(__name__).debug("failed", exc_info=True)
        sys.stderr.write(f"xladdin: failed inside ({type(error).__name__}: {error}); nothing was half-written. Try again with --verbose.\n")
    else:
        return DONE
    return REFUSED
