"""Which source column fills which of our fields: as told, else by equal names, else by what other systems call them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from workbook.headers import field_names, plain
from workbook.importing.synonyms import SYNONYMS
from workbook.schema import Table
from xladdin.errors import BadRequest


def known_names(table: Table) -> dict[str, str]:
    """Return every name under which a column is recognised, reduced, with the key of its field."""
    names = field_names(table)
    for key, words in SYNONYMS.get(table.key, {}).items():
        for word in words:
            names.setdefault(plain(word), key)
    return names


def find_field(table: Table, name: str) -> str:
    """Return the key of a field by key, English or Chinese header. Raises BadRequest naming near ones."""
    key = field_names(table).get(plain(name))
    if key is None:
        raise BadRequest(f"table {table.name} has no column {name}{_near(name, [field.key for field in table.fields])}")
    return key


def find_column(header: Sequence[str], name: str, source: str) -> int:
    """Return the number of a source column by its name. Raises BadRequest naming near ones, or two of that name."""
    exact = [index for index, text in enumerate(header) if text == name]
    places = exact or [index for index, text in enumerate(header) if plain(text) == plain(name)]
    if not places:
        raise BadRequest(f'{source} has no column "{name}"{_near(name, header)}')
    if len(places) > 1:
        raise BadRequest(f'{source} has {len(places)} columns named "{name}"; rename all but one')
    return places[0]


def map_columns(table: Table, header: Sequence[str], source: str, told: Mapping[str, str], *, automatic: bool) -> dict[str, int]:
    """Return the source column of each field. `automatic` looks for the fields that were not told.

    Raises BadRequest for an unknown column, two columns of one field, or one column told for two fields.
    """
    found: dict[str, int] = {}
    for name, column in told.items():
        found[find_field(table, name)] = find_column(header, column, source)
    if automatic:
        names, taken, automatic_found = known_names(table), set(found.values()), dict[str, int]()
        for index, text in enumerate(header):
            key = names.get(plain(text))
            if key is None or key in found or index in taken:
                continue
            if key in automatic_found:
                raise BadRequest(
                    f'{source}: the columns "{header[automatic_found[key]]}" and "{text}" both look like {table.field(key).en} ({key}); '
                    f'choose one with --map {key}="{text}"'
                )
            automatic_found[key] = index
        found |= automatic_found
    if not found:
        raise BadRequest(
            f"no column of {source} is known: {', '.join(header[:12])}; say which is which with --map field=column, "
            f"fields are {', '.join(field.key for field in table.fields)}"
        )
    return {field.key: found[field.key] for field in table.fields if field.key in found}


def _near(name: str, names: Sequence[str]) -> str:
    by_plain = {plain(one): one for one in names}
    near = [by_plain[one] for one in difflib.get_close_matches(plain(name), list(by_plain), n=3, cutoff=0.5)]
    return f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(names)}"
