"""What a person may say about an import; everything else is read from the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from xladdin.errors import BadRequest


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options of `xladdin import`. `mapping` is field -> source column, `constants` field -> text of the cell.

    `date_formats` holds m/d/y, d/m/y … by source column or field, "" for every column; `number_formats` likewise. `signs` says whose
    sign an amount has: "debt" or "type". `ignored` are columns of the file that nothing needs.
    """

    mode: Literal["append", "replace"] = "append"
    profile: str = ""
    profiles_folder: Path | None = None
    save_profile: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    date_formats: dict[str, str] = field(default_factory=dict)
    number_formats: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    header_row: int = 1
    encoding: str = ""
    delimiter: str = ""
    add_customers: bool = False
    signs: str = ""
    ignored: tuple[str, ...] = ()


def read_pairs(texts: list[str], option: str) -> dict[str, str]:
    """Read options such as `--map amount=Betrag`; a text without = counts for every column. Raises BadRequest for two of one."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, mark, value = text.partition("=")
        key, value = (name.strip(), value.strip()) if mark else ("", text.strip())
        if key in pairs:
            raise BadRequest(f"{option} says two things about {key or 'every column'}: {pairs[key]} and {value}")
        if not value:
            raise BadRequest(f"{option} {text} names nothing after the =")
        pairs[key] = value
    return pairs
