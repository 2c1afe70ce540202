"""The one way in which a command makes a file that is not the workbook itself.

    with output(Path("report.json"), inputs=[workbook, ledger]) as file:
        file.write(data)          # beside; it takes its name when the block ends well, and not at all when it does not

What a command reads is never what it writes, whatever name leads there: another path, a symbolic or hard link, other capitals. What
is there already stays unless `force` says otherwise. A device or a pipe (/dev/stdout) is written as it is.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from xladdin.errors import BadRequest, CannotWrite

_LOGS: Final = (".txt", ".log", ".jsonl", ".json", "")
_LOOKED_AT: Final = 1 << 16
_NUMBER: Final = re.compile(r"[+-]?\d[\d.,]*\Z")
#: what makes a spreadsheet read a cell of a CSV as a formula (OWASP, CSV injection), full-width signs too: Excel takes them for theirs
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """Return a cell of a CSV that no spreadsheet takes for a formula; what is plainly a number stays one."""
    begins = text.lstrip(" \u00a0\u3000\u200b\ufeff")[:1] or text[:1]
    return f"'{text}" if (begins in _FORMULA or text[:1] in _FORMULA) and text and not _NUMBER.match(text) else text


def check_output(path: Path, inputs: Iterable[Path] = (), *, force: bool = False, made: bool = False) -> None:
    """Look at what is to be written before any work is done; `made`: its folder is made too. Raises BadRequest, with what to do."""
    with _explained(path):
        found = _state(path)
        for one in inputs:
            if is_same(path, one):
                other = "" if str(path) == str(one) or path.name == one.name else f" ({one.name})"
                raise BadRequest(f"{path} is what this command reads{other}: it is never written over; give another name")
        if found is None:
            folder = path.absolute().parent
            if not folder.is_dir() and not made:
                raise BadRequest(f"there is no folder {folder}")
            if not path.name or path.name in (".", ".."):
                raise BadRequest(f'"{path}" names no file')
        elif stat.S_ISDIR(found.st_mode):
            raise BadRequest(f"{path} is a folder; name a file")
        elif not force and _kept(found):
            raise BadRequest(f"{path} is already there; give another name, or --force to replace it")


def check_folder(path: Path) -> None:
    """Look at a folder that is to take files: it is one, or can be made. Raises BadRequest."""
    with _explained(path):
        if not str(path).strip():
            raise BadRequest("name a folder; got an empty name")
        for one in (path.absolute(), *path.absolute().parents):
            if os.path.lexists(one):
                if not one.is_dir():
                    raise BadRequest(f"{one} is a file; name a folder")
                return


def check_log(path: Path, inputs: Iterable[Path] = ()) -> None:
    """Look at a file that lines are to be added to: one of lines, and nothing that a command reads. Raises BadRequest."""
    check_output(path, inputs, force=True)
    with _explained(path):
        found = _state(path)
        if found is None or not _kept(found) or not found.st_size:
            return
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
        if path.suffix.casefold() not in _LOGS or b"\0" in start or start[:2] == b"PK":
            raise BadRequest(f"{path} holds something else than lines to add to; name a file that ends with .txt, .log or .jsonl")
        if path.suffix.casefold() in (".json", ".jsonl"):
            try:
                ours = isinstance(json.loads(start.split(b"\n", 1)[0]), dict)
            except ValueError:
                ours = False
            if not ours:
                raise BadRequest(f"{path} holds other JSON than one object in each line; name another file")


def check_stdout(stdout: IO[str], inputs: Iterable[Path]) -> None:
    """Refuse to print into a file that the command reads: `xladdin show Credit.xlsm Aging >> Credit.xlsm`."""
    try:
        out = os.fstat(stdout.fileno())
    except (OSError, ValueError):  # no file at all
        return
    for one in inputs:
        with contextlib.suppress(OSError, ValueError):
            if stat.S_ISREG(out.st_mode) and os.path.samestat(out, one.stat()):
                raise BadRequest(f"the output goes into {one.name}, which this command reads: send it elsewhere")


@contextlib.contextmanager
def output(path: Path, inputs: Iterable[Path] = (), *, force: bool = False) -> Iterator[IO[bytes]]:
    """Give a file to write into; it gets its name when the block ends without an error. Raises BadRequest or CannotWrite."""
    check_output(path, inputs, force=force)
    with _explained(path):
        found = _state(path)
        if found is not None and not _kept(found):
            with path.open("wb") as file:
                yield file
            return
        target = Path(os.path.realpath(path))  # what a link leads to is replaced, not the link
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".xladdin-", suffix=".new")
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(_mode(found))
            _name(beside, target, force=force)
        finally:
            beside.unlink(missing_ok=True)


def is_same(path: Path, other: Path) -> bool:
    """Whether two paths lead to the same file, or differ only in what some file systems do not tell apart."""
    with contextlib.suppress(OSError, ValueError):
        if path.samefile(other):
            return True
    try:
        return _plain(path) == _plain(other)
    except (OSError, ValueError):
        return False


def _plain(path: Path) -> str:
    return unicodedata.normalize("NFC", os.path.realpath(path)).casefold()


def _state(path: Path) -> os.stat_result | None:
    """Return the state of what a path leads to, of a link that leads nowhere its own; None where nothing is there."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return path.lstat() if os.path.lexists(path) else None


def _kept(found: os.stat_result) -> bool:
    return not (stat.S_ISCHR(found.st_mode) or stat.S_ISFIFO(found.st_mode) or stat.S_ISSOCK(found.st_mode))


def _mode(old: os.stat_result | None) -> int:
    """Return the rights of the file that is replaced, else those that new files of this user get."""
    if old is not None and stat.S_ISREG(old.st_mode):
        return stat.S_IMODE(old.st_mode)
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def _name(beside: Path, target: Path, *, force: bool) -> None:
    """Give a finished file its name; where nothing may be replaced, not even what appeared while it was written."""
    if force:
        beside.replace(target)
        return
    try:
        os.link(beside, target)
    except FileExistsError:
        raise BadRequest(f"{target} appeared while it was being written; give another name, or --force to replace it") from None
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise BadRequest(f"{target} appeared while it was being written; give another name, or --force to replace it") from None
        beside.replace(target)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[Any]:
    """Turn the operating system's refusals into one line."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    except ValueError as error:
        if "null byte" in str(error) or "surrogate" in str(error):
            raise BadRequest(f"{path!s:.80} is no name of a file") from None
        raise
