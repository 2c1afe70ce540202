"""Blacklists between associations: entries leave as keyed hashes with source, dates and appeal, and come in as rows of the sheet Blacklist.

No plain name, number or note leaves. A list says which salt it was made with; one of another salt cannot be compared and is refused.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from functions.blacklist_hashes import is_hash, salt_id, salted
from functions.names import plain_company, plain_number
from workbook.schema import CHOICES_ZH
from xladdin.cells import parse_iso_date
from xladdin.errors import BadRequest
from xladdin.output import harmless

HEADER: Final = ("salt_id", "name", "register_no", "source", "listed_on", "expires_on", "appeal")
APPEALS: Final = ("pending", "upheld", "rejected")


@dataclass(frozen=True, slots=True)
class Exported:
    """A list to hand over, and how many entries stayed behind because they ended or are another's hashes."""

    text: str
    entries: int
    ended: int
    hashed: int


def export_list(blacklist: pa.Table, salt: str, source: str, as_of: dt.date) -> Exported:
    """Write the entries in force on a day as hashes, sorted by hash, so that the order of the list says nothing."""
    made: list[tuple[str, ...]] = []
    ended = hashed = 0
    for row in blacklist.to_pylist():
        name, number = row["name"] or "", row["register_no"] or ""
        if not name and not number:
            continue
        if is_hash(name) or is_hash(number):
            hashed += 1
        elif (row["expires_on"] and row["expires_on"] < as_of) or row["appeal"] == "upheld":
            ended += 1
        else:
            names = salted(plain_company(name), salt) if name else ""
            numbers = salted(plain_number(number), salt) if number else ""
            days = [day.isoformat() if day else "" for day in (row["listed_on"], row["expires_on"])]
            made.append((salt_id(salt), names, numbers, harmless(source), *days, harmless(row["appeal"] or "")))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    made.sort()
    writer.writerows(made)
    return Exported(out.getvalue(), len(made), ended, hashed)


def read_list(text: str, salt: str, name: str) -> dict[str, list[Any]]:
    """Read a hashed list into columns of the sheet Blacklist. Raises BadRequest, with the line, for anything that does not fit."""
    rows: list[list[str]] = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    if not {"salt_id", "name", "register_no", "source"} <= set(header):
        raise BadRequest(f"{name} is no hashed blacklist: its first line must be {','.join(HEADER)}")
    lines = [dict(zip(header, (cell.strip() for cell in row), strict=False)) for row in rows[1:]]
    _same_salt(lines, salt, name)
    columns: dict[str, list[Any]] = {key: [] for key in HEADER}
    for number, line in enumerate(lines, start=2):
        for key, value in _entry(line, f"{name}, line {number}").items():
            columns[key].append(value)
    return columns


def _same_salt(lines: Sequence[dict[str, str]], salt: str, name: str) -> None:
    others = sorted({line.get("salt_id", "") for line in lines} - {salt_id(salt)})
    if others:
        raise BadRequest(
            f"{name} was hashed with another salt ({', '.join(other or 'no id' for other in others)}; yours is {salt_id(salt)}): "
            "its hashes cannot be compared with your customers. Ask the association for its salt; nothing was imported"
        )


def _entry(line: dict[str, str], where: str) -> dict[str, Any]:
    """Check one line: hashes of 64 hexadecimal digits, dates like 2026-01-31, an appeal we know."""
    name, number, appeal = line.get("name", ""), line.get("register_no", ""), line.get("appeal", "").casefold()
    if not (name or number) or any(one and not is_hash(one) for one in (name, number)):
        raise BadRequest(f"{where}: name and register_no must be hashes of 64 hexadecimal digits; nothing was imported")
    days: dict[str, dt.date | None] = {}
    for key in ("listed_on", "expires_on"):
        text = line.get(key, "")
        days[key] = parse_iso_date(text)
        if text and days[key] is None:
            raise BadRequest(f'{where}: {key} must be like 2026-01-31; got "{text}"; nothing was imported')
    if appeal and appeal not in APPEALS:
        raise BadRequest(f'{where}: appeal must be {", ".join(APPEALS)} or blank; got "{appeal}"; nothing was imported')
    if not line.get("source"):
        raise BadRequest(f"{where}: an entry needs a source; nothing was imported")
    # the sheet needs a name; an entry of a number alone stands there with its number's hash in both places
    return {
        "salt_id": line["salt_id"], "name": (name or number).lower(), "register_no": number.lower() or None, "source": line["source"],
        **days, "appeal": appeal or None,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """What a list changes on the sheet: rows to add, cells of rows that are there (row, column, value), and entries that were dropped."""

    added: dict[str, list[Any]]
    changed: list[tuple[int, str, Any]]
    dropped: int


def merge(blacklist: pa.Table, new: dict[str, list[Any]], as_of: dt.date, language: str) -> Merged:
    """Compare a list with what its sources sent before: new entries are added, known ones brought up to date.

    An entry that its source no longer lists ends on the day before; it stays on the sheet. Nothing else is touched.
    """
    names = ("source", "salt_id", "name", "register_no")
    known = {tuple(row[key] or "" for key in names): row for row in blacklist.to_pylist()}
    sources = set(zip(new["source"], new["salt_id"], strict=True))
    seen: set[tuple[Any, ...]] = set()
    added: dict[str, list[Any]] = {key: [] for key in HEADER}
    changed: list[tuple[int, str, Any]] = []
    for line in zip(*(new[key] for key in HEADER), strict=True):
        entry = dict(zip(HEADER, line, strict=True))
        identity = tuple(entry[key] or "" for key in names)
        if identity in seen:
            continue
        seen.add(identity)
        if identity not in known:
            for key in HEADER:
                added[key].append(_shown(entry[key], key, language))
            continue
        old = known[identity]
        keys = [key for key in ("listed_on", "expires_on", "appeal") if old[key] != entry[key]]
        changed += [(old["row"], key, _shown(entry[key], key, language)) for key in keys]
    yesterday = as_of - dt.timedelta(days=1)
    ended = [
        row
        for identity, row in known.items()
        if identity[:2] in sources and identity not in seen and not (row["expires_on"] and row["expires_on"] <= yesterday)
    ]
    changed += [(row["row"], "expires_on", yesterday) for row in ended]
    return Merged(added, changed, len(ended))


def _shown(value: Any, key: str, language: str) -> Any:
    return CHOICES_ZH.get(value, value) if key == "appeal" and language == "zh" and value else value
