"""Where a ledger lies: what an analyst writes in Settings or after --ledger, taken apart.

    ledger/                              a folder with Parquet or CSV files of the same columns
    ledger.parquet, ledger.csv           one file
    duckdb:///books.duckdb?table=ledger  a table of a DuckDB file
    postgres://host/books?table=ledger   a table or view of a PostgreSQL database, read-only
    spark:local?path=ledger/             Spark on this machine, on files or a table of its catalogue
    spark://host:7077?path=ledger/       a Spark cluster

A place that names another machine is opened only when the person said so: on the command line or in a file of their own. A
workbook from somebody else must not make this computer call an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import parse_qsl, urlsplit

from workbook.settings import leads_elsewhere
from xladdin.addresses import ambiguous_password, without_password
from xladdin.errors import BadRequest

Kind = Literal["parquet", "csv", "duckdb", "postgres", "spark"]
SHEET: Final = ("", "sheet")
_NAME: Final = re.compile(r"[^\W\d][\w$ -]*(\.[^\W\d][\w$ -]*){0,2}\Z")
_HELP: Final = "a Parquet or CSV file or folder, duckdb:///file?table=…, postgres://host/database?table=… or spark:local?path=…"


@dataclass(frozen=True, slots=True)
class Place:
    """A ledger's place: the engine's kind, its address without our own options, the table or files, and a name to show."""

    kind: Kind
    address: str = ""
    table: str = ""
    files: tuple[Path, ...] = ()
    name: str = ""

    @property
    def elsewhere(self) -> bool:
        """Whether it may lie on another machine."""
        return self.kind == "postgres" or (self.kind == "spark" and not self.address.startswith("local"))


def read_place(text: str, folder: Path | None = None) -> Place | None:
    """Read where the ledger lies; None for the sheet. Paths count from `folder`. Raises BadRequest saying what is possible."""
    try:
        return _read_place(text.strip(), folder)
    except BadRequest as error:  # whatever is wrong with an address, its password is not told
        raise BadRequest(without_password(str(error))) from None


def _read_place(text: str, folder: Path | None) -> Place | None:
    if text.casefold() in SHEET:
        return None
    scheme = text.partition(":")[0].casefold() if re.match(r"(?i)(duckdb|postgres|postgresql|spark):", text) else ""
    if scheme == "duckdb":
        return _duckdb(text, folder)
    if scheme in ("postgres", "postgresql"):
        return _postgres(text)
    if scheme == "spark":
        return _spark(text, folder)
    if leads_elsewhere(text):
        raise BadRequest(f"the ledger must be {_HELP}; got {text}")
    kind, files = find_files(text, folder)
    return Place(kind, files=files, name=Path(text).name or text)


def find_files(text: str, folder: Path | None) -> tuple[Literal["parquet", "csv"], tuple[Path, ...]]:
    """Find the Parquet or CSV files of a path. Raises BadRequest when there are none, or both."""
    path = Path(text).expanduser()
    path = path if path.is_absolute() or folder is None else folder / path
    if not path.exists():
        raise BadRequest(f"the ledger {text} is not there; give {_HELP}")
    if path.is_file():
        kind = _kind_of(path)
        if kind is None:
            raise BadRequest(f"the ledger {text} is neither .parquet nor .csv; give {_HELP}, or import it (xladdin import)")
        return kind, (path.resolve(),)
    found: dict[Literal["parquet", "csv"], list[Path]] = {"parquet": [], "csv": []}
    for one in sorted(path.rglob("*")):
        kind = _kind_of(one) if one.is_file() and not one.name.startswith((".", "_")) else None
        if kind:
            found[kind].append(one.resolve())
    if not any(found.values()):
        raise BadRequest(f"the folder {text} holds no .parquet or .csv file")
    if all(found.values()):
        raise BadRequest(f"the folder {text} holds Parquet and CSV files; keep one kind, or name a file")
    kind = "parquet" if found["parquet"] else "csv"
    return kind, tuple(found[kind])


def _kind_of(path: Path) -> Literal["parquet", "csv"] | None:
    suffix = path.suffix.casefold()
    return "parquet" if suffix in (".parquet", ".pq") else "csv" if suffix in (".csv", ".tsv", ".txt") else None


def _options(text: str, known: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Part an address and our options; the others stay in the address."""
    address, _, query = text.partition("?")
    ours = {key: value for key, value in parse_qsl(query, keep_blank_values=True) if key in known}
    rest = "&".join(one for one in query.split("&") if one and one.partition("=")[0] not in known)
    return f"{address}?{rest}" if rest else address, ours


def _table_name(name: str, text: str) -> str:
    if not _NAME.match(name):
        raise BadRequest(f"{text} names no table; write it as ?table=ledger or ?table=schema.ledger")
    return name


def _duckdb(text: str, folder: Path | None) -> Place:
    address, options = _options(text, ("table",))
    path = re.sub(r"(?i)\Aduckdb:(///?)?", "", address)  # three slashes and a name beside the workbook, or a path from the root
    near = Path(path).expanduser()
    near = near if near.is_absolute() or folder is None else folder / near
    file = near if near.is_file() else Path(f"/{path.lstrip('/')}")
    if not file.is_file():
        raise BadRequest(f"the ledger {text}: there is no file {path}")
    table = _table_name(options.get("table", "ledger"), text)
    return Place("duckdb", str(file.resolve()), table, name=f"{file.name}: {table}")


def _postgres(text: str) -> Place:
    if ambiguous_password(text):
        raise BadRequest(
            f"the password in {text} holds a character that means something in an address: write it as its code, such as %40 for @, "
            "or leave the password out and put it into the variable PGPASSWORD or the file .pgpass"
        )
    address, options = _options(text, ("table",))
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket that is not closed
        raise BadRequest(f"{text} is no address; write postgres://host/database?table=ledger") from None
    if not parts.path.strip("/"):
        raise BadRequest(f"{text} names no database; write postgres://host/database?table=ledger")
    table = _table_name(options.get("table", "ledger"), text)
    return Place("postgres", address, table, name=f"{parts.hostname or 'localhost'}{parts.path}: {table}")


def _spark(text: str, folder: Path | None) -> Place:
    address, options = _options(text, ("table", "path"))
    master = re.sub(r"(?i)\Aspark:(?!//)", "", address)
    if master != "local" and not re.match(r"(?i)local\[[\d*]+\]\Z|spark://\S+:\d+\Z", master):
        raise BadRequest(f"{text} must be spark:local?path=… or spark://host:port?path=…")
    if "path" in options:
        _, files = find_files(options["path"], folder)
        return Place("spark", master, files=files, name=f"{Path(options['path']).name} (Spark)")
    if "table" not in options:
        raise BadRequest(f"{text} says not what to read; write spark:local?path=ledger/ or ?table=ledger")
    return Place("spark", master, _table_name(options["table"], text), name=f"{options['table']} (Spark)")
