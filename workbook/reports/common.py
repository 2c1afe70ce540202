"""What several reports need: the open items as arrays, customers' names, exchange rates, and texts of amounts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.money import minor_units, round_money
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.labels import word
from workbook.ledger_sums import MOST
from workbook.open_items import read_open_items
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE
from xladdin.counted import counted

#: so many items past due are looked at one by one; of more, the largest
MOST_LATE: Final = 200_000
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Items:
    """Open items and unapplied amounts as columns; money in 1/10000 units, `open` negative where unapplied."""

    table: pa.Table
    control: dict[tuple[str, str], int]  # the ledger's own total by (customer, currency)

    def texts(self, key: str) -> NDArray[np.object_]:
        """Return a text column; a blank is an empty text."""
        values = np.asarray(self.table[key].to_numpy(zero_copy_only=False), dtype=object)
        values[np.asarray(pc.is_null(self.table[key]))] = ""
        return values

    def money(self, key: str) -> Ints:
        """Return an amount column in 1/10000 units; a blank is 0."""
        return np.asarray(self.table[key].fill_null(0).to_numpy(), dtype=np.int64)

    def dates(self, key: str) -> NDArray[np.datetime64]:
        """Return a date column as datetime64[D]; a blank is NaT."""
        return np.asarray(self.table[key].to_numpy(zero_copy_only=False), dtype="datetime64[D]")

    @property
    def documents(self) -> int:
        """Number of open items; where rows are sums of items, of the items in them."""
        return int(self.money("documents").sum()) if "documents" in self.table.column_names else self.table.num_rows

    @property
    def applied(self) -> Mask:
        """Tell which rows are open items, not unapplied amounts."""
        return np.asarray(self.texts("kind") == "item", dtype=np.bool_)

    def take(self, mask: Mask) -> Items:
        """Keep some rows."""
        return Items(self.table.filter(pa.array(mask)), self.control)


_last: list[Any] = []  # the newest ledger asked for: Aging and Escalation ask for the same one


def items_of(book: CreditBook, as_of: dt.date) -> Items:
    """Return the open items of a day; the newest answer is kept, as several reports of one run ask for it."""
    if not book.small:
        return Items(book.large.all_items(as_of), book.large.control(as_of))
    ledger = book.tables["ledger"]  # brought, where it lies elsewhere: an item is then found in it by its row
    if not (_last and _last[0] is ledger and _last[1] == as_of):
        table, control = read_open_items(ledger, as_of)
        _last[:] = [ledger, as_of, Items(table, control)]
    found: Items = _last[2]
    return found


def control_of(book: CreditBook, as_of: dt.date) -> dict[tuple[str, str], int]:
    """Return the ledger's own total by customer and currency, summed without applying anything."""
    made: dict[tuple[str, str], int] = items_of(book, as_of).control if book.small else book.large.control(as_of)
    return made


def bucket_items(book: CreditBook, settings: Settings, as_of: dt.date) -> Items:
    """Return open items for a report that asks only for accounts and buckets of age: of a very large ledger, sums instead of items."""
    if book.large is None or settings.unapplied == "oldest first":  # a settlement by age needs the items themselves
        return items_of(book, as_of)
    if book.large.fits:  # then the other reports round item by item, and so does this one
        return Items(book.large.all_items(as_of), book.large.control(as_of))
    from workbook.large.sums import by_bucket  # noqa: PLC0415 - the sheet's own ledger needs no engine

    return Items(by_bucket(book.large, settings, as_of, Exchange(book, settings, as_of)), book.large.control(as_of))


def late_items(book: CreditBook, settings: Settings, as_of: dt.date) -> tuple[Items, pa.Table | None]:
    """Return the items past due, and the rest of the open ones. Of a very large ledger only the largest, and the sums of all."""
    large = book.large
    if large is None:
        return items_of(book, as_of), None
    from workbook.large.sums import largest_late, late, late_count  # noqa: PLC0415 - the sheet's own ledger needs no engine

    if late_count(large, as_of, settings.ladder) <= MOST_LATE:
        return Items(large.all_items(as_of), large.control(as_of)), None
    sums_ = late(large, as_of, settings.ladder)
    exchange = Exchange(book, settings, as_of)
    factors = {code: exchange.rate(code) or 1.0 for code in set(sums_["currency"].to_pylist())}
    listed = [str(text) for text in book.previous.get("escalation", {}).get("document_no", []) if text]
    table = largest_late(large, as_of, factors, max(settings.ledger_rows, 1_000), listed)
    return Items(table, large.control(as_of)), sums_


def customer_names(book: CreditBook, customers: NDArray[np.object_], language: str) -> list[str]:
    """Return the name of each customer, in Chinese where asked and known; blank for one that is not in Customers."""
    table = book.tables["customers"]
    first, second = ("name_zh", "name") if language == "zh" else ("name", "name_zh")
    rows = zip(table["customer_id"].to_pylist(), table[first].to_pylist(), table[second].to_pylist(), strict=True)
    names = {key: one or other or "" for key, one, other in reversed(list(rows))}  # of a customer that stands twice the first row counts
    return [names.get(customer, "") for customer in customers]


def rate_rows(book: CreditBook) -> list[list[Any]]:
    """Return the complete rows of the sheet Rates (table, date, rate); incomplete ones have their own findings."""
    table = book.tables["rates"]
    rows = zip(*(table[key].to_pylist() for key in ("table", "date", "rate")), strict=True)
    return [list(row) for row in rows if None not in row]


class Exchange:
    """Rates into the report currency on a day, from the sheet Rates; a missing one is said once and leaves blanks."""

    def __init__(self, book: CreditBook, settings: Settings, as_of: dt.date) -> None:
        self._to = settings.report_currency
        self._language = settings.language
        self._as_of = as_of
        self._rates: dict[str, tuple[dt.date, float]] = {}
        self.problems: list[Finding] = []
        self._too_large: set[str] = set()
        rates = book.tables["rates"]
        for name, day, rate in zip(*(rates[key].to_pylist() for key in ("table", "date", "rate")), strict=True):
            pair = str(name or "").upper().replace(" ", "")
            if day is None or day > as_of or not rate or rate <= 0:
                continue
            if pair not in self._rates or self._rates[pair][0] <= day:
                self._rates[pair] = (day, rate)
        self._too_large = self._beyond(book.totals)

    def _beyond(self, totals: dict[str, float]) -> set[str]:
        """Name the currencies that come to more than can be summed in the report currency, the largest first until the rest fits."""
        worth = {code: amount * (self.known_rate(code) or 0.0) for code, amount in totals.items() if code != self._to}
        whole = totals.get(self._to, 0.0) + sum(worth.values())
        beyond: set[str] = set()
        for code in sorted(worth, key=lambda code: -worth[code]):
            if whole < 2 * MOST:
                break
            beyond.add(code)
            whole = totals.get(self._to, 0.0) + sum(amount for other, amount in worth.items() if other not in beyond)
        return beyond

    @property
    def currency(self) -> str:
        """The report currency."""
        return self._to

    def known_rate(self, currency: str) -> float | None:
        """Return units of the report currency for one of `currency`, by its pair or the reverse one; None when neither is known."""
        if currency == self._to:
            return 1.0
        if currency in self._too_large:
            return None
        straight = self._rates.get(f"{currency}/{self._to}")
        reverse = self._rates.get(f"{self._to}/{currency}")
        if straight and (not reverse or straight[0] >= reverse[0]):
            return straight[1]
        return 1 / reverse[1] if reverse else None

    def rate(self, currency: str) -> float | None:
        """Return the known rate; a missing one is said once."""
        known = self.known_rate(currency)
        if known is not None:
            return known
        pair = f"{currency}/{self._to}"
        if not any(finding.value == pair for finding in self.problems):
            key = "fx_too_large" if currency in self._too_large else "no_fx"
            text = word(key, self._language, pair=pair, as_of=self._as_of, currency=currency or "?", report=self._to)
            self.problems.append(Finding("rates", 0, "rate", text, pair, "warning"))
        return None

    def convert(self, amounts: Ints, currencies: NDArray[np.object_]) -> tuple[Ints, Mask]:
        """Convert amounts, rounded half-up to the report currency's minor unit; the mask says which have a rate."""
        coded = pa.array(currencies, pa.string()).dictionary_encode()
        factors = np.array([self.rate(currency) or np.nan for currency in coded.dictionary.to_pylist()], dtype=np.float64)
        rates = factors[np.asarray(coded.indices)] if len(currencies) else np.zeros(0)
        known = ~np.isnan(rates)
        exact = amounts * np.where(known, rates, 0.0) / MONEY_SCALE
        return np.rint(round_money(exact, self._to) * MONEY_SCALE).astype(np.int64), known


def as_of_words(settings: Settings, as_of: dt.date, count: int, unit: str) -> str:
    """Write the line under a report's title: the day, the report currency, how much it covers."""
    language = settings.language
    what = word(unit, language)
    covered = f"{count:,} {what}" if language == "zh" else counted(count, what)
    return word("subtitle", language, as_of=as_of, currency=settings.report_currency, covered=covered)


FORMATS: Final = {0: ",.0f", 2: ",.2f", 3: ",.3f"}


def amount_text(units: int, currency: str) -> str:
    """Write an amount for a line of text: CNY 1,234.50; without a currency it is a count."""
    if not currency:
        return f"{units / MONEY_SCALE:,.0f}"
    try:
        places = minor_units(currency)
    except Exception:  # noqa: BLE001 - an unknown currency is shown with two places; it has its own finding
        places = 2
    return f"{currency} {units / MONEY_SCALE:{FORMATS.get(places, ',.2f')}}".strip()


def group(*columns: NDArray[Any]) -> tuple[list[NDArray[Any]], NDArray[np.int64]]:
    """Group rows by equal values: the distinct values of each column, and for every row the number of its group."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    uniques: list[NDArray[Any]] = []
    for column in columns:
        encoded = pa.array(column).dictionary_encode()
        values = np.asarray(encoded.dictionary.to_pylist(), dtype=object)
        uniques.append(values)
        codes = codes * max(len(values), 1) + encoded.indices.to_numpy()
    distinct, numbers = np.unique(codes, return_inverse=True)
    keys: list[NDArray[Any]] = []
    for values in reversed(uniques):
        keys.append(values[distinct % max(len(values), 1)] if len(values) else values)
        distinct = distinct // max(len(values), 1)
    return keys[::-1], numbers.reshape(-1)


def sums(groups: NDArray[np.int64], amounts: Ints, count: int) -> Ints:
    """Sum whole amounts by group, exactly."""
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, groups, amounts)
    return total
