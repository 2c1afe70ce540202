"""The secret that associations share for hashed blacklists: from a file or the environment, never from the command line or a cell.

In this order: the file named in the command; the variable XLADDIN_BLACKLIST_SALT; the file that XLADDIN_BLACKLIST_SALT_FILE names;
the file blacklist.salt in the user's xladdin folder, where the buttons find it too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from xladdin.errors import BadRequest
from xladdin.reading import read_small

VARIABLE: Final = "XLADDIN_BLACKLIST_SALT"
FILE_VARIABLE: Final = "XLADDIN_BLACKLIST_SALT_FILE"
FILE: Final = "blacklist.salt"
_LARGEST: Final = 1 << 16  # bytes of its file
#: a shorter secret could be found by trying
SHORTEST: Final = 16


def find_salt(named: Path | None = None) -> str:
    """Return the salt; empty where none is set up. Raises BadRequest when a file cannot be read or the salt is too short."""
    if named is None and os.environ.get(VARIABLE, "").strip():
        return _long_enough(os.environ[VARIABLE].strip(), f"the variable {VARIABLE}")
    path = named or _default()
    if path is None:
        return ""
    try:
        text = read_small(path, _LARGEST).decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise BadRequest(f"the salt cannot be read from {path}: it is no text in UTF-8") from None
    except BadRequest as error:
        raise BadRequest(f"the salt cannot be read from {path}: {error}") from None
    return _long_enough(text, str(path))


def salt_files(named: Path | None = None) -> list[Path]:
    """Return the files that a salt may be read from: none of them is ever written over."""
    return [path for path in (named, _default(), _home() / FILE) if path is not None]


def need_salt(named: Path | None) -> str:
    """Return the salt. Raises BadRequest saying where to put it."""
    salt = find_salt(named)
    if not salt:
        raise BadRequest(
            f"no salt is known: write the one your association shares into a file and name it with --salt-file or {FILE_VARIABLE}, "
            f"or save it as {_home() / FILE}"
        )
    return salt


def _long_enough(salt: str, where: str) -> str:
    if len(salt) < SHORTEST:
        raise BadRequest(f"the salt in {where} has {len(salt)} characters; at least {SHORTEST} are needed, or names could be guessed")
    return salt


def _default() -> Path | None:
    if os.environ.get(FILE_VARIABLE):
        return Path(os.environ[FILE_VARIABLE])
    path = _home() / FILE
    return path if path.is_file() else None


def _home() -> Path:
    from xladdin.install.system import this_system  # noqa: PLC0415 - only where a salt is asked for

    return this_system().data
