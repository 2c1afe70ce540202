"""Which source column fills which of our fields: as told, else by equal names, else by what other systems call them."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from workbook.headers import field_names, plain
from workbook.importing.money_names import meaning_of
from workbook.importing.synonyms import SECOND_NAMES, SYNONYMS
from workbook.schema import Table
from xladdin.errors import BadRequest

_NAMES: Final = frozenset(("customer", "客户"))


def known_names(table: Table) -> dict[str, str]:
    """Return every name under which a column is recognised, reduced, with the key of its field."""
    names = field_names(table)
    for key, words in SYNONYMS.get(table.key, {}).items():
        for word in words:
            names.setdefault(plain(word), key)
    return names


def second_names(table: Table) -> dict[str, str]:
    """Return the names that are a field's only where no column with a surer name is there."""
    return {plain(word): key for key, words in SECOND_NAMES.get(table.key, {}).items() for word in words}


def find_field(table: Table, name: str) -> str:
    """Return the key of a field by key, English or Chinese header. Raises BadRequest naming near ones."""
    key = field_names(table).get(plain(name))
    if key is None:
        raise BadRequest(f"table {table.name} has no column {name}{_near(name, [field.key for field in table.fields])}")
    return key


def unique_names(header: Sequence[str]) -> list[str]:
    """Tell columns of one name apart: Amount, Amount -> Amount#1, Amount#2."""
    counts = Counter(header)
    seen: Counter[str] = Counter()
    names = []
    for name in header:
        seen[name] += 1
        names.append(f"{name}#{seen[name]}" if counts[name] > 1 else name)
    return names


def find_column(header: Sequence[str], name: str, source: str) -> int:
    """Return the number of a source column by its name. Raises BadRequest naming near ones, or two of that name."""
    exact = [index for index, text in enumerate(header) if text == name]
    places = exact or [index for index, text in enumerate(header) if plain(text) == plain(name)]
    places = places or [index for index, text in enumerate(header) if plain(_bare(text)) == plain(name)]
    if not places:
        raise BadRequest(f'{source} has no column "{name}"{_near(name, header)}')
    if len(places) > 1:
        raise BadRequest(f'{source} has {len(places)} columns named "{name}"; call one of them {" or ".join(_quoted(header, places))}')
    return places[0]


def has_column(header: Sequence[str], name: str) -> bool:
    """Tell whether a file has a column of this name."""
    return any(plain(name) in (plain(text), plain(_bare(text))) for text in header)


def map_columns(
    table: Table, header: Sequence[str], source: str, told: Mapping[str, str], *, automatic: bool, taken: Collection[int] = (),
) -> dict[str, int]:
    """Return the source column of each field. `automatic` looks for the fields that were not told, among columns that are not `taken`.

    Raises BadRequest for an unknown column, two columns of one field, or one column told for two fields.
    """
    found: dict[str, int] = {}
    for name, column in told.items():
        found[find_field(table, name)] = find_column(header, column, source)
    if automatic:
        used = {*found.values(), *taken}
        found |= _by_names(table, header, source, known_names(table), used, set(found))
        used |= set(found.values())
        found |= _by_names(table, header, source, second_names(table), used, set(found))
    if not found:
        raise BadRequest(
            f"no column of {source} is known: {', '.join(header[:12])}; give the header's row with --header-row, or say which is "
            f"which with --map field=column, fields are {', '.join(field.key for field in table.fields)}"
        )
    return {field.key: found[field.key] for field in table.fields if field.key in found}


def _by_names(
    table: Table, header: Sequence[str], source: str, names: Mapping[str, str], used: Collection[int], filled: Collection[str],
) -> dict[str, int]:
    """Find the columns of fields that are not filled by what systems call them."""
    found: dict[str, int] = {}
    for index, text in enumerate(header):
        key = names.get(plain(_bare(text)))
        if key is None or key in filled or index in used:
            continue
        other = found.get(key)
        if other is not None and key == "amount" and (meaning_of(header[other]) == "open") != (meaning_of(text) == "open"):
            # the whole document goes before what is open of it, which is asked for if nothing uses it
            found[key] = index if meaning_of(header[other]) == "open" else other
            continue
        if other is not None and key == "customer_id" and (plain(header[other]) in _NAMES) != (plain(text) in _NAMES):
            found[key] = index if plain(header[other]) in _NAMES else other  # beside a number, "Customer" is the name
            continue
        if other is not None:
            raise BadRequest(
                f'{source}: the columns "{header[other]}" and "{text}" both look like {table.field(key).en} ({key}); '
                f"choose one with --map {_shell(key, text)}"
            )
        found[key] = index
    return found


def _bare(name: str) -> str:
    """Take off what `unique_names` put behind a name."""
    return re.sub(r"#\d+\Z", "", name)


def _quoted(header: Sequence[str], places: Sequence[int]) -> list[str]:
    return [f'"{header[place]}"' for place in places]


def _shell(key: str, column: str) -> str:
    """Write what follows --map as it can be typed into a shell."""
    return f'"{key}={column}"' if _bare(column) != column else f'{key}="{column}"'


def _near(name: str, names: Sequence[str]) -> str:
    by_plain = {plain(one): one for one in names}
    near = [by_plain[one] for one in difflib.get_close_matches(plain(name), list(by_plain), n=3, cutoff=0.5)]
    return f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(names)}"
