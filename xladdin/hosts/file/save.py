"""Saving without ever leaving half a file: write beside, flush to disk, keep the old file, replace.

A save either ends with the new file in place or leaves the old one untouched and says why. The file that is replaced
stays as a backup, so that one wrong report can be undone. A run that was killed leaves at most a file of its own name
beside the workbook, which the next save clears away.

Backups are counted: NAME.000012.20260630-081500-123456Z is newer than NAME.000011.…, whatever the clock showed. The time is UTC and for
the reader only, since a clock is set back, summer time ends and an analyst travels. No copy is ever readable for more people than the
workbook, not even while it is written.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import re
import shutil
import stat
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from xladdin.errors import BadRequest, CannotWrite, WorkbookOpen
from xladdin.hosts.file.guard import refuse_if_open

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BACKUP_FOLDER: Final = ".credit-backups"
BACKUPS_KEPT: Final = 10

_UNDONE: Final = ".undone"
_TEMPORARY: Final = ".credit-tmp"
_PRIVATE: Final = 0o600
_ABANDONED_AFTER: Final = 24 * 3600.0
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY: Final = {errno.EACCES, errno.EPERM, errno.EROFS}


class Signature(NamedTuple):
    """What tells one state of a file from the next."""

    inode: int
    size: int
    modified: int


def signature(path: Path) -> Signature | None:
    """Return the state of a file, None when there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Signature(found.st_ino, found.st_size, found.st_mtime_ns)


def save(
    path: Path, write: Callable[[IO[bytes]], None], expected: Signature | None, *, release: Callable[[], None] | None = None
) -> Path | None:
    """Replace the file `path` by what `write` writes; return the backup of the old file, None when there was none.

    `expected` is the file's state when it was read. `release` is called when everything is written and before the old
    file is replaced, to close handles on it. Raises WorkbookOpen and CannotWrite; the old file is untouched then.
    """
    _refuse_if_changed(path, expected)
    with explained(path):
        _clear_abandoned(path)
        temporary = path.parent / f".{path.name}.{os.getpid()}-{time.time_ns():x}{_TEMPORARY}"
        backup: Path | None = None
        try:
            _write_through(temporary, write, like=path)
            _refuse_if_changed(path, expected)  # saved or opened elsewhere while we wrote
            backup = _back_up(path) if expected is not None else None
            if release is not None:
                release()
            temporary.replace(path)
        except BaseException:
            # a backup that is the original itself (a hard link) would change with it: only a replaced file stays there
            for made in (temporary, backup):
                if made is not None:
                    with contextlib.suppress(OSError):
                        made.unlink()
            raise
        _flush_folder(path.parent)
    _prune(path)
    return backup


def undo(path: str | os.PathLike[str]) -> Path:
    """Put the newest backup back in place and return the path of the workbook; called again it goes one save further back.

    What stood there is kept in the backup folder as *.undone, since it may hold what an analyst typed after the save.
    """
    book = Path(os.path.realpath(path))
    refuse_if_open(book)
    backups = list_backups(book)
    if not backups:
        raise BadRequest(f"there is nothing to undo: no backup of {book.name} is left in {BACKUP_FOLDER}")
    newest = backups[-1]
    with explained(book):
        if book.exists():
            _keep_copy(book, _UNDONE)
        newest.replace(book)
        _flush_folder(book.parent)
    _prune(book)
    return book


def list_backups(path: Path) -> list[Path]:
    """List the backups of a workbook, oldest first."""
    return _counted(path, "")


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals into CannotWrite."""
    try:
        yield
    except OSError as error:
        raise _explain(error, path) from error


def _explain(error: OSError, path: Path) -> CannotWrite:
    if error.errno in _FULL:
        return CannotWrite(f"the disk is full: {path.name} could not be saved; nothing was changed")
    if error.errno in _READ_ONLY:
        return CannotWrite(f"the folder {path.parent} is read-only: {path.name} could not be saved; nothing was changed")
    return CannotWrite(f"{path.name} could not be saved: {error.strerror or error}; nothing was changed")


def _refuse_if_changed(path: Path, expected: Signature | None) -> None:
    refuse_if_open(path)
    if signature(path) != expected:
        if expected is None:
            raise CannotWrite(f"{path.name} appeared while it was being written; nothing was changed")
        raise WorkbookOpen(f"{path.name} was saved by another program since it was opened here: run the command again; nothing was changed")


def _write_through(temporary: Path, write: Callable[[IO[bytes]], None], *, like: Path) -> None:
    """Write a file with the mode and owner of another one and force it to disk."""
    mode = _PRIVATE if like.exists() else 0o666  # nobody else reads a byte of it before it has the rights of the other
    with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileNotFoundError):
        _give_rights(temporary, like.stat())


def _give_rights(made: Path, old: os.stat_result) -> None:
    """Give a file the owner, group and mode of another one. A group that cannot be kept gets no more than everybody has."""
    mode = stat.S_IMODE(old.st_mode)
    if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
        try:
            os.chown(made, old.st_uid, old.st_gid)
        except OSError:  # only root may give files away; the content matters more than the owner
            try:
                os.chown(made, -1, old.st_gid)
            except OSError:
                mode = mode & ~0o070 | (mode & 0o007) << 3
    made.chmod(mode)


def _back_up(path: Path) -> Path:
    (path.parent / BACKUP_FOLDER).mkdir(exist_ok=True)
    return _keep_copy(path, "")


def _keep_copy(path: Path, ending: str) -> Path:
    """Keep the workbook in the backup folder under the next number."""
    folder = path.parent / BACKUP_FOLDER
    number = max((_number(path, found) for end in ("", _UNDONE) for found in _counted(path, end)), default=0)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    while True:
        number += 1
        target = folder / f"{path.name}.{number:06}.{stamp}Z{ending}"
        if any(folder.glob(f"{glob.escape(path.name)}.{number:06}.*")):
            continue
        with contextlib.suppress(FileExistsError):
            _link_or_copy(path, target)
            return target


def _link_or_copy(path: Path, target: Path) -> None:
    """Keep a file under a second name; a copy where the file system knows no hard links."""
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise
        try:
            with path.open("rb") as old:
                _write_through(target, lambda file: shutil.copyfileobj(old, file), like=path)
            shutil.copystat(path, target)
        except FileExistsError:
            raise
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _counted(path: Path, ending: str) -> list[Path]:
    """List the kept files of a workbook by their numbers; those of versions that did not count come first, by their time."""
    pattern = re.compile(re.escape(path.name) + r"\.(\d{6,}\.)?\d{8}-\d{6}-\d{6}Z?" + re.escape(ending))
    folder = path.parent / BACKUP_FOLDER
    found = [one for one in folder.iterdir() if pattern.fullmatch(one.name)] if folder.is_dir() else []
    return sorted(found, key=lambda one: (_number(path, one), one.name))


def _number(path: Path, kept: Path) -> int:
    first, _, rest = kept.name[len(path.name) + 1 :].partition(".")
    return int(first) if first.isdigit() and rest else 0


def _prune(path: Path) -> None:
    """Drop the oldest backups. A backup that cannot be dropped harms nobody."""
    for ending in ("", _UNDONE):
        with contextlib.suppress(OSError):
            for old in _counted(path, ending)[:-BACKUPS_KEPT]:
                old.unlink()


def _flush_folder(folder: Path) -> None:
    """Force the renaming to disk, which is what makes the save survive a power cut. Windows has no such call."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):  # some network drives know no such call, and the new file is in place by now
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _clear_abandoned(path: Path) -> None:
    """Remove what a killed run left beside the workbook."""
    pattern = re.compile(re.escape(f".{path.name}.") + r"(\d+)-[0-9a-f]+" + re.escape(_TEMPORARY))
    for found in path.parent.iterdir():
        match = pattern.fullmatch(found.name)
        if match and not _still_written(found, int(match[1])):
            with contextlib.suppress(OSError):  # on Windows a file in use refuses to go, which is what we want
                found.unlink()


def _still_written(found: Path, process: int) -> bool:
    try:
        if time.time() - found.stat().st_mtime > _ABANDONED_AFTER:
            return False
    except OSError:
        return False
    if sys.platform == "win32" or process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
