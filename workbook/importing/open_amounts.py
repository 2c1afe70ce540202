"""What a row still owes: from the amount alone, less what was settled, up to what is open, or debit less credit; never from a guess.

A file that holds what is open or settled in a column that nothing uses is refused with that column's name, since its amounts would
count in full. `--map open_amount=COLUMN` and the other names in `PLACES` say what such a column is; they are no columns of our ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from workbook.headers import plain
from workbook.importing.columns import Converted, cells_of, distinct_cells, rows_in_file
from workbook.importing.error_cells import convert_with_errors as convert
from workbook.importing.money_names import SIDE_WORDS, indicator, meaning_of, says_day
from workbook.importing.number_formats import parse
from workbook.importing.settled_rows import may_be_states, says_settled
from workbook.importing.signs import numbers
from workbook.importing.source import Source
from workbook.importing.transform import Cells
from workbook.schema import LEDGER
from xladdin.counted import counted
from xladdin.errors import BadRequest

#: what --map may name beside the fields of the ledger
PLACES: Final = ("open_amount", "debit", "credit", "debit_credit")
_CENT: Final = 0.005
_MONEY: Final = LEDGER.field("amount")
_DAY_SERIALS: Final = (20_000, 80_000)
_DAY_NUMBERS: Final = (19_000_101, 21_991_231)
_MOSTLY: Final = 0.5


def is_place(name: str) -> str:
    """Return which of `PLACES` a name means, else blank."""
    return next((place for place in PLACES if plain(place) == plain(name)), "")


@dataclass(frozen=True, slots=True)
class Money:
    """The columns of money of a file: header of the amount, what each of `PLACES` is (index), and what the person told by name."""

    source: Source
    amount: str
    places: Mapping[str, int]
    told: frozenset[str]

    @property
    def amount_is_open(self) -> bool:
        """Whether the amount itself is what is open."""
        return meaning_of(self.amount) == "open"

    def values(self, index: int) -> np.ndarray | None:
        """Return a column's numbers, NaN where there is none; None where its format is not clear."""
        try:
            return numbers(convert(_MONEY, self.source.header[index], self.source.columns[index], "", "").cells)
        except BadRequest:
            return None


def without_double(table_fields: dict[str, int], money: Money) -> None:
    """Leave out a settlement that was found by its name where the amount is what is open already: it would count twice. Changes the fields.

    Raises BadRequest where both were told.
    """
    if not (money.amount_is_open or "open_amount" in money.places):
        return
    for key in ("settled_amount", "settled_date"):
        if key not in table_fields:
            continue
        if key in money.told and key == "settled_amount":
            column = money.source.header[money.places["open_amount"]] if "open_amount" in money.places else money.amount
            raise BadRequest(
                f'{money.source.name}: "{column}" is what is open, so settled_amount "{money.source.header[table_fields[key]]}" would be '
                "taken off a second time; map one of the two"
            )
        if key not in money.told and (key == "settled_amount" or money.amount_is_open):
            del table_fields[key]


def refuse_unused(money: Money, cells: Cells, unused: Iterable[int]) -> None:
    """Raise BadRequest for columns of money that would change what is open and that nothing uses, with the option that decides."""
    found: dict[int, str] = {}
    for index in unused:
        name = money.source.header[index]
        meaning: str = meaning_of(name)
        if meaning in ("open", "settled", "debit", "credit") and _holds_money(name, money.source.columns[index]):
            found[index] = meaning
        elif indicator(name, {str(cell) for cell in distinct_cells(money.source.columns[index])}):
            found[index] = "side"
        elif _leaves_settled_rows(money, cells, index):
            found[index] = "state"
    found = {index: meaning for index, meaning in found.items() if not _explained(money, cells, index, meaning, found)}
    if not found:
        return
    names = [f'"{money.source.header[index]}"' for index in found]
    verb = "changes" if len(names) == 1 else "change"
    raise BadRequest(
        f"{money.source.name}: {' and '.join(names)} {verb} what is open, and nothing uses {'it' if len(names) == 1 else 'them'}; "
        f"{_advice(money, found)}"
    )


def _advice(money: Money, found: dict[int, str]) -> str:
    header = money.source.header
    said: list[str] = []
    meanings = {meaning: header[index] for index, meaning in reversed(found.items())}
    if "open" in meanings:
        name = meanings["open"]
        said += [f'--map "open_amount={name}" (the amount less what is settled)', f'--map "amount={name}" (only what is open counts)']
    if "settled" in meanings and "open" not in meanings:
        said.append(f'--map "settled_amount={meanings["settled"]}"')
    if "debit" in meanings or "credit" in meanings:
        pair = [f'--map "{side}={meanings.get(side, "COLUMN")}"' for side in ("debit", "credit")]
        said.append(f"{' '.join(pair)} (debit less credit)")
    if "side" in meanings:
        said.append(f'--map "debit_credit={meanings["side"]}" (credit lowers the debt)')
    if "state" in meanings:
        said.append("leave the rows that are settled out of the file")
    ignored = " ".join(f'--ignore "{header[index]}"' for index in found)
    say, they = "say " if said[0].startswith("--") else "", "it does" if len(found) == 1 else "they do"
    return f"{say}{', or '.join(said)}, or {ignored} where {they} not matter"


def _leaves_settled_rows(money: Money, cells: Cells, index: int) -> bool:
    """Tell whether a column says in a word that rows are settled which would count as open."""
    if "amount" not in cells:
        return False
    # what is open of a document that was paid is nothing, but a draft is no document, whatever its column of open amounts says
    only_void = "open_amount" in money.places or money.amount_is_open or "settled_date" in cells
    if not may_be_states(distinct_cells(money.source.columns[index])):
        return False
    settled = says_settled(money.source.header[index], cells_of(money.source.columns[index]), only_void=only_void)
    if settled is None:
        return False
    still = _still_open(cells) if "settled_amount" in cells else numbers(cells["amount"])
    return bool((np.abs(np.nan_to_num(still))[settled] >= _CENT).any())


def _holds_money(name: str, column: Any) -> bool:
    """Tell whether a column holds amounts, not days, truths or nothing."""
    distinct = distinct_cells(column)
    values = []
    for cell in distinct:
        if isinstance(cell, str):
            number = parse(cell, ".") if parse(cell, ".") is not None else parse(cell, ",")
            if number is not None:
                values.append(number)
        elif isinstance(cell, float):
            values.append(cell)
    if not values or len(values) < _MOSTLY * len(distinct):
        return False
    days = all(_DAY_SERIALS[0] <= one <= _DAY_SERIALS[1] or _DAY_NUMBERS[0] <= one <= _DAY_NUMBERS[1] for one in values)
    return not (days and says_day(name))


def _explained(money: Money, cells: Cells, index: int, meaning: str, found: dict[int, str]) -> bool:
    """Tell whether what a column says is in the amounts already."""
    if meaning in ("open", "settled"):
        if "open_amount" in money.places or (money.amount_is_open and (meaning == "settled" or "amount" in money.told)):
            return True
        if meaning == "settled" or "amount" not in cells:
            return False
        values = money.values(index)
        return ("settled_amount" in cells and _same(_still_open(cells), values)) or _same(_running(cells), values)
    if meaning == "state":
        return False
    amounts = numbers(cells["amount"]) if "amount" in cells else None
    if meaning == "side":
        if "debit_credit" in money.places or amounts is None:
            return "debit_credit" in money.places
        lowers = _lowering_sides(cells_of(money.source.columns[index]))
        filled = np.nan_to_num(amounts)
        return lowers is not None and bool((filled[lowers] <= 0).all() and (filled[~lowers] >= 0).all())
    if {"debit", "credit"} <= money.places.keys():
        return True
    sides = {one: place for place, one in found.items()}
    if amounts is None or not {"debit", "credit"} <= sides.keys():
        return False
    debit, credit = (money.values(sides[one]) for one in ("debit", "credit"))
    return debit is not None and credit is not None and _same(np.nan_to_num(amounts), np.nan_to_num(debit) - np.nan_to_num(credit))


def _still_open(cells: Cells) -> np.ndarray:
    return np.asarray(numbers(cells["amount"]) - np.nan_to_num(numbers(cells["settled_amount"])))


def _running(cells: Cells) -> np.ndarray:
    """Return the balance of each customer after each row of the file."""
    amounts = np.nan_to_num(numbers(cells["amount"]))
    customers = np.unique(np.array([str(cell) for cell in cells.get("customer_id", [""] * len(amounts))]), return_inverse=True)[1]
    order = np.argsort(customers, kind="stable")
    sums = np.cumsum(amounts[order])
    starts = np.flatnonzero(np.diff(customers[order], prepend=-1))
    before = np.repeat(sums[starts] - amounts[order][starts], np.diff(np.append(starts, len(order))))
    balance = np.empty(len(amounts))
    balance[order] = sums - before
    return balance


def _same(one: np.ndarray, other: np.ndarray | None) -> bool:
    return other is not None and bool((np.abs(np.nan_to_num(one) - np.nan_to_num(other)) < _CENT).all())


def _lowering_sides(sides: list[Any]) -> np.ndarray | None:
    """Tell which rows stand on the credit side; None where a word means neither."""
    known = {cell: SIDE_WORDS.get(str(cell).strip().casefold()) for cell in set(sides) if cell is not None}
    if None in known.values():
        return None
    return np.array([known.get(cell, False) for cell in sides], dtype=np.bool_)


def from_places(money: Money, cells: Cells, convert_place: Any) -> list[str]:
    """Work out the amounts from the columns that `PLACES` name; `convert_place` converts one. Returns what to tell. Changes the cells."""
    told: list[str] = []
    columns: dict[str, Converted] = {name: convert_place(name, index) for name, index in money.places.items() if name != "debit_credit"}
    if ("debit" in columns) != ("credit" in columns):
        raise BadRequest(f"{money.source.name}: debit and credit are told together, with --map debit=COLUMN --map credit=COLUMN")
    if "debit" in columns:
        cells["amount"] = _less(columns["debit"].cells, columns["credit"].cells)
        told.append("amount = debit less credit")
    if "open_amount" in columns:
        if "amount" not in cells:
            cells["amount"] = columns["open_amount"].cells
        else:
            cells["settled_amount"] = _settled(money.source, cells, columns["open_amount"].cells)
            told.append(f'settled_amount = amount less "{money.source.header[money.places["open_amount"]]}"')
    if "debit_credit" in money.places:
        _by_side(money, cells)
        told.append("amount: rows on the credit side lower the debt")
    return told


def _less(debit: list[Any], credit: list[Any]) -> list[Any]:
    """Subtract column from column; what is no number stays as it is, so that it is told."""
    pairs = list(zip(debit, credit, strict=True))
    texts = [next((cell for cell in pair if cell is not None and not isinstance(cell, float)), None) for pair in pairs]
    values = np.round(np.nan_to_num(numbers(debit)) - np.nan_to_num(numbers(credit)), 4).tolist()
    return [
        text if text is not None else None if one is None and other is None else value
        for (one, other), text, value in zip(pairs, texts, values, strict=True)
    ]


def _by_side(money: Money, cells: Cells) -> None:
    index = money.places["debit_credit"]
    sides, name = cells_of(money.source.columns[index]), money.source.header[index]
    lowers = _lowering_sides(sides)
    if lowers is None:
        wrong = next(cell for cell in sides if cell is not None and str(cell).strip().casefold() not in SIDE_WORDS)
        raise BadRequest(f'{money.source.name}: "{name}" says {wrong}, which is neither debit nor credit')
    amounts = numbers(cells.get("amount", [None] * len(sides)))
    blank = np.array([cell is None for cell in sides]) & (np.nan_to_num(amounts) != 0)
    if (amounts < 0).any() or (blank.any() and lowers.any()):
        signed = not (np.nan_to_num(amounts)[lowers] > 0).any() and not (np.nan_to_num(amounts)[~lowers] < 0).any()
        if signed and not blank.any():
            return
        what = "leaves rows blank" if blank.any() else "stands beside amounts of both signs"
        unclear = "so it is not clear which rows lower the debt; make one signed column of them"
        raise BadRequest(f'{money.source.name}: "{name}" {what}, {unclear}')
    for key in ("amount", "settled_amount"):
        if key in cells:
            pairs = zip(cells[key], lowers.tolist(), strict=True)
            cells[key] = [-cell if lower and isinstance(cell, float) and cell else cell for cell, lower in pairs]


def _settled(source: Source, cells: Cells, still: list[Any]) -> list[Any]:
    """Return amount less what is open. Raises BadRequest where that cannot be a settlement, with the row."""
    amounts, left = numbers(cells["amount"]), numbers(still)
    customers = cells.get("customer_id", ["?"] * len(still))
    whole = np.array([customer is not None for customer in customers])
    lost = np.flatnonzero(whole & (np.isnan(amounts) != np.isnan(left)) & ~_texts(cells["amount"]))
    beyond = np.flatnonzero((np.abs(left) > np.abs(amounts) + _CENT) | (left * amounts < 0))
    more = "is open with more than its amount, or with the other sign"
    for places, what in ((lost, "holds an amount or what is open, not both"), (beyond, more)):
        if len(places):
            rows = f"row {rows_in_file(source)[places[0]]}" + (f" ({counted(len(places), 'such row')})" if len(places) > 1 else "")
            raise BadRequest(f"{source.name}: {rows} {what}; take what is open for the amount itself, with --map amount=COLUMN")
    settled = np.round(amounts - left, 4).astype(object)
    settled[np.isnan(amounts - left)] = None
    return list(settled.tolist())


def _texts(cells: list[Any]) -> np.ndarray:
    return np.array([isinstance(cell, str) for cell in cells], dtype=np.bool_)
