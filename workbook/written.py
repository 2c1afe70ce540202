"""SQL that was written before, kept in a folder of the user's.

Ibis takes half a second to load and as long again to write what DuckDB answers in less. What it wrote is the same as long as the question,
the columns and this program are the same; so it is kept by them, and Ibis is loaded only where something new is asked. A folder that
cannot be read or written is no fault: then everything is written anew.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import importlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

#: another folder may stand in this variable; an empty one: nothing is kept
FOLDER: Final = "XLADDIN_CACHE"
#: stands for the as-of date where SQL is written; no document is so old
SOME_DAY: Final = dt.date(1583, 2, 17)
_SPAN: Final = dt.timedelta(days=40_000)
_DATE: Final = re.compile(r"MAKE_DATE\((\d+), (\d+), (\d+)\)")
_WRITERS: Final = ("ibis-framework", "sqlglot", "duckdb")
_UNUSED_AFTER: Final = 30 * 86_400.0


class Lazily:
    """A module that is loaded when something of it is asked for."""

    def __init__(self, name: str) -> None:
        self.__dict__["_name"] = name

    def __getattr__(self, key: str) -> Any:
        found = getattr(importlib.import_module(self.__dict__["_name"]), key)
        self.__dict__[key] = found
        return found


def recall(key: Sequence[str], write: Callable[[], Any]) -> Any:
    """Return what `write` makes, plain lists, texts and dicts: from the folder where it was made before for this key."""
    folder = _folder()
    words = list(key)
    if folder is None:
        return write()
    path = folder / f"{hashlib.sha256(json.dumps(words).encode()).hexdigest()[:32]}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["key"] == words:
            return kept["made"]
    made = write()
    with contextlib.suppress(OSError):
        _save(path, json.dumps({"key": words, "made": made}))
    return made


def _save(path: Path, text: str) -> None:
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, mode=0o700)
        _forget_old(path.parent)
    new = path.with_suffix(f".{os.getpid()}-{time.time_ns():x}")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def _forget_old(folder: Path) -> None:
    """Remove what other versions kept and nobody used for a month."""
    for other in folder.parent.iterdir():
        if other != folder and other.name.startswith("sql-") and time.time() - other.stat().st_mtime > _UNUSED_AFTER:
            shutil.rmtree(other, ignore_errors=True)


@lru_cache(maxsize=1)
def _folder() -> Path | None:
    """Return the folder of this very program, None where nothing is to be kept."""
    named = os.environ.get(FOLDER)
    if named is not None:
        return Path(named).expanduser() / f"sql-{_program()}" if named.strip() else None
    try:
        base = _caches()
    except RuntimeError:  # a user without a home
        return None
    return base / "xladdin" / f"sql-{_program()}"


def _caches() -> Path:
    """Return where programs of this user keep what they can make again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _program() -> str:
    """Tell this state of the program from any other: its own files, and what writes SQL."""
    found = hashlib.sha256()
    for name in _WRITERS:
        try:
            found.update(version(name).encode())
        except PackageNotFoundError:
            found.update(b"?")
    here = Path(__file__).parent
    for folder in (here, here.parent / "functions"):  # what writes questions, and the numbers in them
        for path in sorted(folder.rglob("*.py")):
            found.update(str(path.relative_to(here.parent)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def schema_text(schema: pa.Schema) -> str:
    """Write a schema as a text."""
    return base64.b64encode(schema.serialize().to_pybytes()).decode()


def schema_of(text: str) -> pa.Schema:
    """Read a schema again."""
    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text)))


def on_day(sql: str, day: dt.date) -> str:
    """Put a day into DuckDB's SQL that was written for `SOME_DAY`; days before and after it move along."""
    moved = day - SOME_DAY

    def other(found: re.Match[str]) -> str:
        was = dt.date(*map(int, found.groups()))
        if abs(was - SOME_DAY) > _SPAN:
            return found[0]
        now = was + moved
        return f"MAKE_DATE({now.year}, {now.month}, {now.day})"

    return _DATE.sub(other, sql)
