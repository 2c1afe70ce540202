"""Where snapshots lie, how one is stored whole, and what makes a folder unfit to be read.

    FOLDER/aging/as_of=2026-06-30/part.parquet    customer x currency x bucket, as the report Aging shows them
    FOLDER/ages/as_of=2026-06-30/part.parquet     the same items by thirty days past due, whatever the settings were
    FOLDER/scores/as_of=2026-06-30/part.parquet   customer: score, grade, limit, exposure, hold

Every program that reads hive-partitioned Parquet reads them. A day is several files, so it is stored in three steps: each file
beside its place, flushed to the disk; then a note of the names to be given, from which on the day is the new one; then the names. A
run that is killed before the note leaves the old day, one that is killed after it a day that the next look finishes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from workbook.settings import Settings
from xladdin.cells import parse_iso_date
from xladdin.errors import BadRequest, CannotWrite
from xladdin.lock import only_one

#: raised when a column changes its meaning; a reader refuses what it does not know
SCHEMA: Final = 1
#: sums of 64-bit ten-thousandths have up to nineteen digits
AMOUNT: Final = pa.decimal128(19, 4)
_ACCOUNT: Final = [("customer_id", pa.string()), ("currency", pa.string())]
COLUMNS: Final = {
    "aging": pa.schema([  # `worth` is the amount in the report currency, null where no rate was known
        *_ACCOUNT, ("bucket", pa.int16()), ("amount", AMOUNT), ("disputed", AMOUNT), ("worth", AMOUNT), ("disputed_worth", AMOUNT),
        ("documents", pa.int64()),
    ]),
    "ages": pa.schema([*_ACCOUNT, ("age", pa.int16()), ("amount", AMOUNT), ("documents", pa.int64())]),
    "scores": pa.schema([
        ("customer_id", pa.string()), ("score", pa.float64()), ("grade", pa.string()), ("default_probability", pa.float64()),
        ("credit_limit", AMOUNT), ("effective_limit", AMOUNT), ("exposure", AMOUNT), ("over_limit", AMOUNT), ("overdue", AMOUNT),
        ("days_overdue", pa.int32()), ("hold", pa.string()),
    ]),
}  # fmt: skip
_KEY: Final = b"xladdin.snapshot"
_PART: Final = "part.parquet"
_NEW: Final = ".new"
_NOTE: Final = ".commit"


class Counting(NamedTuple):
    """The settings that decide what stands in which bucket: snapshots are compared bucket by bucket only where these are the same."""

    limits: tuple[int, ...]
    aging_basis: str
    unapplied: str
    credit_notes: str


def counting_of(settings: Settings) -> Counting:
    """Return how a workbook counts."""
    return Counting(settings.limits, settings.aging_basis, settings.unapplied, settings.credit_notes)


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in a file beside its rows: the day, who made it when, and the settings its figures hang on."""

    as_of: dt.date
    made_on: dt.date
    workbooks: tuple[str, ...]  # the workbook's name, then the names it had before
    ledger: str
    limits: tuple[int, ...]
    aging_basis: str
    unapplied: str
    report_currency: str
    rates: Mapping[str, float]  # one unit of a currency in the report currency
    credit_notes: str = "on their invoice"

    @property
    def counting(self) -> Counting:
        """How the day was counted."""
        return Counting(self.limits, self.aging_basis, self.unapplied, self.credit_notes)

    def packed(self, table: str) -> dict[bytes, bytes]:
        """Write them as Parquet keeps such things."""
        values = {name: getattr(self, name) for name in self.__slots__}
        plain = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
        return {_KEY: json.dumps({"schema": SCHEMA, "table": table, **plain}, ensure_ascii=False, sort_keys=True).encode()}


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored day: the files by table, and what they say; a day of the past may have no scores."""

    day: dt.date
    files: dict[str, Path]
    facts: dict[str, Facts]

    @property
    def aging(self) -> Facts:
        """What the aging says of itself."""
        return self.facts["aging"]


def days_in(folder: Path) -> list[dt.date]:
    """Return the days that have a snapshot, rising. Raises BadRequest for a partition that names no day."""
    if not folder.is_dir():
        return []
    finish(folder)
    found = []
    for place in sorted((folder / "aging").glob("as_of=*")):
        day = parse_iso_date(place.name.removeprefix("as_of="))
        if day is None:
            raise BadRequest(f"{_told(place)} names no day like as_of=2026-06-30: take it out of {folder.name}")
        if (place / _PART).is_file():
            found.append(day)
    return found


def path_of(folder: Path, table: str, day: dt.date) -> Path:
    """Return where a day's file lies."""
    return folder / table / f"as_of={day.isoformat()}" / _PART


def read_day(folder: Path, day: dt.date) -> Stored:
    """Read what a stored day says of itself. Raises BadRequest for files that are damaged, or not ours."""
    files = {table: path_of(folder, table, day) for table in COLUMNS if path_of(folder, table, day).is_file()}
    for table in ("aging", "ages"):
        if table not in files:
            raise BadRequest(f"{table}/as_of={day} is missing in {folder.name}: {_again(day)}")
    return Stored(day, files, {table: _facts(path, table, day) for table, path in files.items()})


def _again(day: dt.date) -> str:
    return f"make it again with xladdin snapshot WORKBOOK --as-of {day} --force"


def _told(place: Path) -> str:
    """Name a file by table, day and name: the rest of its path is the same for all."""
    parts = place.parts[-3:] if place.suffix else place.parts[-2:]
    return "/".join(parts)


def _facts(path: Path, table: str, day: dt.date) -> Facts:
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        text = " ".join(str(error).split())[:120]
        raise BadRequest(f"{_told(path)} is damaged ({text}): {_again(day)}") from None
    try:
        values: dict[str, Any] = json.loads((schema.metadata or {})[_KEY])
        version = int(values.pop("schema"))
        named = values.pop("table")
        if version == SCHEMA:
            values |= {name: dt.date.fromisoformat(values[name]) for name in ("as_of", "made_on")}
            found: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
            facts = Facts(**found)
    except (KeyError, ValueError, TypeError):
        raise BadRequest(f"{_told(path)} was not made by xladdin snapshot: take it out of {path.parents[2].name}") from None
    if version != SCHEMA:
        raise BadRequest(f"{_told(path)} has schema {version}, and this xladdin knows {SCHEMA}: use the xladdin that made it")
    if named != table or schema.remove_metadata() != COLUMNS[table]:
        names = dict.fromkeys([*COLUMNS[table].names, *schema.names])
        odd = [name for name in names if not _same(schema, COLUMNS[table], name)]
        raise BadRequest(f"{_told(path)} has other columns than {table} ({', '.join(odd) or named}): take it out of {path.parents[2].name}")
    if facts.as_of != day:
        raise BadRequest(f"{_told(path)} is the snapshot of {facts.as_of}: give its folder that name again")
    return facts


def _same(one: pa.Schema, other: pa.Schema, name: str) -> bool:
    return name in one.names and name in other.names and bool(one.field(name).type == other.field(name).type)


def read_rows(stored: Stored, table: str) -> pa.Table:
    """Read a table of one day. Raises BadRequest where the file is damaged."""
    try:
        return pq.read_table(stored.files[table], partitioning=None).replace_schema_metadata(None)
    except (pa.ArrowException, OSError) as error:
        text = " ".join(str(error).split())[:120]
        raise BadRequest(f"{_told(stored.files[table])} is damaged ({text}): {_again(stored.day)}") from None


def store(folder: Path, tables: Mapping[str, pa.Table], facts: Facts) -> None:
    """Store a day whole, in the place of what was there. Raises CannotWrite or BadRequest; the old day is untouched then."""
    day = facts.as_of
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            finish(folder)
            _sweep(folder)
            for table, rows in tables.items():
                path = path_of(folder, table, day)
                path.parent.mkdir(parents=True, exist_ok=True)
                written = rows.cast(COLUMNS[table]).replace_schema_metadata(facts.packed(table))
                pq.write_table(written, path.with_name(_PART + _NEW), compression="zstd")
                _flush(path.with_name(_PART + _NEW))
            note = folder / f".{day}{_NOTE}"
            note.with_suffix(_NEW).write_text(json.dumps(list(tables)), encoding="utf-8")
            _flush(note.with_suffix(_NEW))
            note.with_suffix(_NEW).replace(note)  # from here on the day is the new one
            finish(folder)


def finish(folder: Path) -> None:
    """Give the files of days that were stored their names, where a killed run could not. Raises CannotWrite."""
    for note in sorted(folder.glob(f".*{_NOTE}")):
        with _explained(folder), contextlib.suppress(FileNotFoundError):  # another reader was quicker
            day, names = _read_note(note)
            for table in names:
                path = path_of(folder, table, day)
                if path.with_name(_PART + _NEW).exists():
                    path.with_name(_PART + _NEW).replace(path)
            note.unlink()


def _read_note(note: Path) -> tuple[dt.date, list[str]]:
    """Return the day and the tables a note names; nothing else in it can lead anywhere."""
    try:
        day = dt.date.fromisoformat(note.name.removeprefix(".").removesuffix(_NOTE))
        names = json.loads(note.read_text(encoding="utf-8"))
        if set(names) <= set(COLUMNS):
            return day, list(names)
    except (ValueError, TypeError):
        pass
    raise BadRequest(f"{note.name} in {note.parent.name} was not made by xladdin snapshot: take it out")


def _sweep(folder: Path) -> None:
    """Clear what a run that was killed before its note left behind."""
    for path in [*(path for table in COLUMNS for path in folder.glob(f"{table}/as_of=*/{_PART}{_NEW}")), *folder.glob(f".*-*-*{_NEW}")]:
        path.unlink()
    for table in COLUMNS:
        for place in folder.glob(f"{table}/as_of=*"):
            with contextlib.suppress(OSError):  # it holds something
                place.rmdir()


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _alone(folder: Path) -> AbstractContextManager[None]:
    """Keep a second run out of the folder."""
    return only_one(folder / ".lock", f"another run stores a snapshot in {folder} just now", seconds=0)


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn the operating system's refusals into CannotWrite."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise CannotWrite(f"no snapshot can be stored in {folder}: {why}; name another folder with --to or the setting Snapshots") from None
