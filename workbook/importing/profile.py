"""Named profiles: how one system's file becomes rows of one table, kept as TOML beside the workbook or in this package.

A profile holds the mapping, constants, formats, and no more than four transformations: a constant, a flag that becomes an amount, a
negative amount that becomes a credit note, and words of the source for words of ours.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final

from xladdin.errors import BadRequest, CannotWrite
from xladdin.output import output

_ENTRIES: Final = (
    "table", "about", "columns", "constants", "dates", "numbers", "flag_to_amount", "negative_to_credit_note", "words", "customers",
    "ignored", "signs", "amounts",
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\Z")


@dataclass(frozen=True, slots=True)
class Profile:
    """`columns` is field -> source column. `flag_to_amount` is amount field -> (flag column, word for yes).

    `amounts` says which columns, where the file has them, hold what is open, or the debit and credit side; `signs` whose sign an amount
    has, "debt" or "type".

    `words` is field -> {word of the source: word of ours}; `customers` says which source columns fill the rows of new customers.
    """

    name: str = ""
    table: str = ""
    about: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    flag_to_amount: dict[str, tuple[str, str]] = field(default_factory=dict)
    negative_to_credit_note: bool = False
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    signs: str = ""
    amounts: dict[str, str] = field(default_factory=dict)


def profile_names(folder: Path | None = None) -> list[str]:
    """List the profiles there are: the user's own, then the bundled ones."""
    own = sorted(path.stem for path in folder.glob("*.toml")) if folder is not None and folder.is_dir() else []
    bundled = sorted(item.name.removesuffix(".toml") for item in _bundled().iterdir() if item.name.endswith(".toml"))
    return list(dict.fromkeys([*own, *bundled]))


def load_profile(name: str, folder: Path | None = None) -> Profile:
    """Load a profile by name; the user's own goes before a bundled one. Raises BadRequest naming those there are."""
    known = profile_names(folder)
    if name not in known:
        raise BadRequest(f"there is no profile {name}; there are {', '.join(known)}")
    own = folder / f"{name}.toml" if folder is not None else None
    text = own.read_text("utf-8") if own is not None and own.is_file() else (_bundled() / f"{name}.toml").read_text("utf-8")
    return read_profile(name, text)


def read_profile(name: str, text: str) -> Profile:
    """Read a profile's TOML. Raises BadRequest naming what is wrong in it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRequest(f"profile {name} is not TOML: {error}") from None
    unknown = sorted(set(data) - set(_ENTRIES))
    if unknown:
        raise BadRequest(f"profile {name}: there is no entry {', '.join(unknown)}; there are {', '.join(_ENTRIES)}")
    try:
        flags = {key: (str(one["column"]), str(one.get("yes", "yes"))) for key, one in data.get("flag_to_amount", {}).items()}
        return Profile(
            name, _text(data.get("table", "ledger")), _text(data.get("about", "")), _texts(data, "columns"), _texts(data, "constants"),
            _texts(data, "dates"), _texts(data, "numbers"), flags, data.get("negative_to_credit_note", False) is True,
            {key: {str(a): str(b) for a, b in words.items()} for key, words in data.get("words", {}).items()},
            _texts(data, "customers"), tuple(map(_text, data.get("ignored", ()))), _text(data.get("signs", "")), _texts(data, "amounts"),
        )  # fmt: skip
    except (AttributeError, KeyError, TypeError) as error:
        raise BadRequest(f"profile {name}: an entry has the wrong form ({error})") from None


def save_profile(profile: Profile, name: str, folder: Path) -> Path:
    """Save a profile as `name`.toml in the folder, which is made where it is missing. Raises BadRequest or CannotWrite."""
    if not _NAME.match(name):
        raise BadRequest(f"a profile's name is made of letters, digits, - and _; got {name}")
    path = folder / f"{name}.toml"
    text = profile_text(profile).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == text:
            return path
    except OSError as error:
        raise CannotWrite(f"profile {name} cannot be saved to {folder}: {error.strerror or error}") from None
    if path.exists():
        raise BadRequest(f"there is a profile {name} already, and it is another one ({path}): give another name, or remove it first")
    with output(path) as file:
        file.write(text)
    return path


def profile_text(profile: Profile) -> str:
    """Write a profile as TOML."""
    lines = [f"table = {_quoted(profile.table)}"]
    if profile.about:
        lines.append(f"about = {_quoted(profile.about)}")
    if profile.negative_to_credit_note:
        lines.append("negative_to_credit_note = true")
    if profile.signs:
        lines.append(f"signs = {_quoted(profile.signs)}")
    if profile.ignored:
        lines.append(f"ignored = [{', '.join(map(_quoted, profile.ignored))}]")
    for section in ("columns", "amounts", "constants", "dates", "numbers", "customers"):
        values: dict[str, str] = getattr(profile, section)
        if values:
            lines += ["", f"[{section}]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in values.items())]
    for key, (column, yes) in profile.flag_to_amount.items():
        lines += ["", f"[flag_to_amount.{_quoted(key)}]", f"column = {_quoted(column)}", f"yes = {_quoted(yes)}"]
    for key, words in profile.words.items():
        lines += ["", f"[words.{_quoted(key)}]", *(f"{_quoted(one)} = {_quoted(other)}" for one, other in words.items())]
    return "\n".join(lines) + "\n"


def _bundled() -> Any:
    return resources.files("workbook.importing") / "profiles"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's strings are TOML's, but for DEL


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _texts(data: dict[str, Any], section: str) -> dict[str, str]:
    return {str(key): _text(value) for key, value in data.get(section, {}).items()}
