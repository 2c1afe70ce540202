"""Which column of a table is which field: by key, English header or Chinese header, whatever the case and the spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from workbook.schema import Table
from xladdin.errors import BadRequest


def plain(header: Any) -> str:
    """Reduce a header to what counts: no case, and no difference between blank, underscore, hyphen, line break or nothing."""
    return re.sub(r"[\s_\-‐-―]+", "", str(header)).casefold().rstrip(".") if header is not None else ""


def field_names(table: Table) -> dict[str, str]:
    """Return every accepted header of a table, reduced, with the key of its field."""
    names: dict[str, str] = {}
    for field in table.fields:
        for name in (field.key, field.en, field.zh):
            names.setdefault(plain(name), field.key)
    return names


def match_header(table: Table, header: Sequence[Any]) -> tuple[dict[str, int], list[int]]:
    """Return the column number of each field found, and the columns that are not ours. Raises BadRequest for two of one field."""
    names = field_names(table)
    found: dict[str, int] = {}
    others: list[int] = []
    for index, text in enumerate(header):
        key = names.get(plain(text))
        if key is None:
            others.append(index)
        elif key in found:
            raise BadRequest(
                f'table {table.name}: the columns "{header[found[key]]}" and "{text}" both are {table.field(key).en} ({key}); '
                "rename or delete one of them"
            )
        else:
            found[key] = index
    return found, others
