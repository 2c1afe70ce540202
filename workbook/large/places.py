"""Where a ledger lies: what an analyst writes in Settings or after --ledger, taken apart.

    ledger/                              a folder with Parquet or CSV files of the same columns
    ledger.parquet, ledger.csv           one file
    duckdb:///books.duckdb?table=ledger  a table of a DuckDB file
    postgres://host/books?table=ledger   a table or view of a PostgreSQL database, read-only
    spark:local?path=ledger/             Spark on this machine, on files or a table of its catalogue
    spark://host:7077?path=ledger/       a Spark cluster

A place that names another machine is opened only when the person said so: on the command line or in a file of their own. A
workbook from somebody else must not make this computer call an address. Names of files are names: no pattern in them, and no folder
called currency=EUR, changes what is read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from workbook.settings import leads_elsewhere
from xladdin.addresses import ambiguous_password, without_password
from xladdin.cells import describe
from xladdin.errors import BadRequest

Kind = Literal["parquet", "csv", "duckdb", "postgres", "spark"]
SHEET: Final = ("", "sheet")
_SHOWN: Final = 200  # letters of an address in a message
_NAME: Final = re.compile(r"[^\W\d][\w$ -]*(\.[^\W\d][\w$ -]*){0,2}\Z")
#: what an address of PostgreSQL may ask of the connection. What names a file, a service or another server, or would undo that we only
#: read, belongs into the user's own variables: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
_POSTGRES_OPTIONS: Final = (
    "table", "host", "port", "user", "sslmode", "sslnegotiation", "gssencmode", "channel_binding", "connect_timeout", "application_name",
    "target_session_attrs",
)  # fmt: skip
_HELP: Final = "a Parquet or CSV file or folder, duckdb:///file?table=…, postgres://host/database?table=… or spark:local?path=…"


@dataclass(frozen=True, slots=True)
class Place:
    """A ledger's place: the engine's kind, its address without our own options, the table or files, and a name to show.

    `folder` is the one whose files are read, where a folder was named.
    """

    kind: Kind
    address: str = ""
    table: str = ""
    files: tuple[Path, ...] = ()
    name: str = ""
    folder: Path | None = None

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files that are read: none of them may be written over."""
        return (Path(self.address), Path(f"{self.address}.wal")) if self.kind == "duckdb" else self.files

    def refuse_inside(self, out: Path) -> None:
        """Refuse to make a file that the next look into the ledger's folder would read as a part of it."""
        if self.folder is not None and _kind_of(out) and self.folder in Path(os.path.realpath(out)).parents:
            raise BadRequest(f"{out} would lie in {self.name}, whose files are read here, and be read with them: give another folder")

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
    kind, files, inside = find_files(text, folder)
    return Place(kind, files=files, name=Path(text).name or text, folder=inside)


def find_files(text: str, folder: Path | None) -> tuple[Literal["parquet", "csv"], tuple[Path, ...], Path | None]:
    """Find the Parquet or CSV files of a path, and the folder they lie in where one was named. Raises BadRequest for none, or both."""
    path = _near(text, folder)
    with _looking(text):
        if not path.exists():
            raise BadRequest(f"the ledger {_short(text)} is not there; give {_HELP}")
        if path.is_file():
            kind = _kind_of(path)
            if kind is None:
                raise BadRequest(f"the ledger {_short(text)} is neither .parquet nor .csv; give {_HELP}, or import it (xladdin import)")
            return kind, (_real(path),), None
        if not path.is_dir():
            raise BadRequest(f"the ledger {_short(text)} is neither a file nor a folder; give {_HELP}")
        found: dict[Literal["parquet", "csv"], list[Path]] = {"parquet": [], "csv": []}
        for one in sorted(path.rglob("*")):
            kind = _kind_of(one) if one.is_file() and not one.name.startswith((".", "_")) else None
            if kind:
                found[kind].append(_real(one))
    if not any(found.values()):
        raise BadRequest(f"the folder {text} holds no .parquet or .csv file")
    if all(found.values()):
        raise BadRequest(f"the folder {text} holds Parquet and CSV files; keep one kind, or name a file")
    kind = "parquet" if found["parquet"] else "csv"
    return kind, tuple(found[kind]), _real(path)


def _near(text: str, folder: Path | None) -> Path:
    """Return the path a text names, from `folder`. Raises BadRequest for an address, which nobody may be made to look at."""
    if leads_elsewhere(text):
        raise BadRequest(f"the ledger must be {_HELP}; got {_short(text)}")
    path = Path(text)
    if text.startswith("~"):
        try:
            path = path.expanduser()
        except RuntimeError:
            raise BadRequest(f"the ledger {_short(text)}: there is no such user on this computer") from None
    path = path if path.is_absolute() or folder is None else folder / path
    if leads_elsewhere(str(path)) and not (folder and leads_elsewhere(str(folder))):
        raise BadRequest(f"the ledger must be {_HELP}; got {_short(text)}")
    return path


def _real(path: Path) -> Path:
    """Return where a file really lies. Raises BadRequest for a name that no engine can be told."""
    found = path.resolve()
    try:
        str(found).encode()
    except UnicodeEncodeError:
        raise BadRequest(f"the name of {describe(str(path))} is no text in UTF-8: give the file another name") from None
    return found


@contextmanager
def _looking(text: str) -> Iterator[None]:
    """Turn what the operating system says of a name into one line."""
    try:
        yield
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or "it is no name of a file"
        raise BadRequest(f"the ledger {_short(text)} cannot be read: {told.lower()}") from None


def _short(text: str) -> str:
    return without_password(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


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
    near = _near(path, folder)
    with _looking(text):
        file = near if near.is_file() else _near("/" + path.lstrip("/\\"), folder)
        if not file.is_file():
            raise BadRequest(f"the ledger {_short(text)}: there is no file {_short(path)}")
        table = _table_name(options.get("table", "ledger"), _short(text))
        return Place("duckdb", str(_real(file)), table, name=f"{file.name}: {table}")


def _postgres(text: str) -> Place:
    if ambiguous_password(text):
        raise BadRequest(
            f"the password in {text} holds a character that means something in an address: write it as its code, such as %40 for @, "
            "or leave the password out and put it into the variable PGPASSWORD or the file .pgpass"
        )
    address, options = _options(text, ("table",))
    if "#" in address:
        raise BadRequest(f"{_short(text)}: an address of a database has no # in it; write it as %23")
    try:
        parts = urlsplit(address)
        asked = {unquote(one.partition("=")[0]) for one in parts.query.split("&") if one}
        host = parts.hostname or "localhost"
        if parts.hostname and "host" in asked:
            raise BadRequest(f"{_short(text)} names two servers; write one of them")
    except ValueError:
        raise BadRequest(f"{_short(text)} is no address; write postgres://host/database?table=ledger") from None
    odd = sorted(asked - set(_POSTGRES_OPTIONS))
    if odd:
        raise BadRequest(
            f"{_short(text)}: an address may ask for {', '.join(_POSTGRES_OPTIONS)}; got {', '.join(odd)[:_SHOWN]}. What else a connection "
            "needs stands in your own variables, such as PGSSLROOTCERT, PGSERVICE or PGPASSFILE"
        )
    if not parts.path.strip("/"):
        raise BadRequest(f"{_short(text)} names no database; write postgres://host/database?table=ledger")
    table = _table_name(options.get("table", "ledger"), _short(text))
    return Place("postgres", address, table, name=f"{host}{parts.path}: {table}")


def _spark(text: str, folder: Path | None) -> Place:
    address, options = _options(text, ("table", "path"))
    master = re.sub(r"(?i)\Aspark:(?!//)", "", address)
    if master != "local" and not re.match(r"(?i)local\[[\d*]+\]\Z|spark://\S+:\d+\Z", master):
        raise BadRequest(f"{_short(text)} must be spark:local?path=… or spark://host:port?path=…")
    if "path" in options:
        _, files, inside = find_files(options["path"], folder)
        return Place("spark", master, files=files, name=f"{Path(options['path']).name} (Spark)", folder=inside)
    if "table" not in options:
        raise BadRequest(f"{_short(text)} says not what to read; write spark:local?path=ledger/ or ?table=ledger")
    return Place("spark", master, _table_name(options["table"], _short(text)), name=f"{options['table']} (Spark)")
