"""A source's columns -> the columns of the ledger, by the import's own mapping of names; the conversion happens in the engine."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from workbook.importing.date_formats import read_dates
from workbook.importing.mapping import find_field, map_columns
from workbook.importing.money_names import meaning_of, says_day
from workbook.importing.number_formats import FORMATS as MARKS
from workbook.importing.number_formats import parse, read_numbers
from workbook.importing.type_words import meanings
from workbook.large.engine import Engine
from workbook.large.signs import check_said
from workbook.reading import FLAGS
from workbook.schema import CHOICES_ZH, LEDGER, Field
from workbook.units import LARGEST
from workbook.written import Lazily
from xladdin.errors import BadRequest

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

#: a column of texts is looked at this far to find out how its dates or numbers are written
SAMPLE: Final = 20_000
_WORDS: Final = 1_000
_WORDS_OF_TYPES: Final = "words of types"
#: digits before and after the point of our own amounts
_DIGITS, _PLACES = 14, 4
#: what --map may say beside the fields: whose sign the amounts have
SIGNS: Final = "signs"
_NEEDED: Final = ("document_no", "document_type", "customer_id", "currency", "amount")
_STRPTIME: Final = {
    "y/m/d": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"),
    "d/m/y": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y %H:%M:%S"),
    "d.m.y": ("%d.%m.%Y",),
    "m/d/y": ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%Y %H:%M:%S"),
    "yyyymmdd": ("%Y%m%d",),
    "y年m月d日": ("%Y年%m月%d日",),
}


@lru_cache(maxsize=1)
def _try_strptime() -> Any:
    """Return DuckDB's own: the first format that fits, else NULL."""

    def try_strptime(text: str, formats: list[str]) -> dt.datetime:  # type: ignore[empty-body]
        ...

    return ibis.udf.scalar.builtin(try_strptime)


def read_map(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read "amount=Betrag, currency==CNY": field=column, field==constant. Raises BadRequest."""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.replace("；", ",").replace(";", ",").replace("，", ",").split(","))):
        name, mark, value = part.partition("=")
        if not mark or not name.strip() or not value.strip("= "):
            raise BadRequest(f'the columns of the ledger are written field=column or field==text; got "{part}"')
        target = constants if value.startswith("=") else columns
        if name.strip() == SIGNS and value.startswith("="):
            constants[SIGNS] = value.lstrip("=").strip()
            continue
        target[find_field(LEDGER, name.strip())] = value.lstrip("=").strip()
    return columns, constants


@dataclass(frozen=True)
class Mapped:
    """The ledger's fields as typed expressions of a source's columns. `told`: what was found out about the columns' texts."""

    engine: Engine
    names: dict[str, str]  # field -> column of the source
    constants: dict[str, str]
    told: dict[str, Any]
    signs: str = ""  # "debt" or "type" where it was said

    @property
    def words(self) -> dict[str, str]:
        """Words of the source's types that are not ours, with ours."""
        found: dict[str, str] = self.told.get(_WORDS_OF_TYPES, {})
        return found

    @property
    def blank(self) -> frozenset[str]:
        """Fields that nothing fills."""
        return frozenset(field.key for field in LEDGER.fields) - self.names.keys() - self.constants.keys()

    @cached_property
    def key(self) -> str:
        """All that the expressions depend on, besides the types of the columns."""
        return json.dumps([self.names, self.constants, self.told, self.signs])

    @property
    def source(self) -> ir.Table:
        """The source's own columns."""
        return self.engine.source

    @property
    def fields(self) -> dict[str, ir.Value]:
        """The fields. Raises BadRequest for a column of the wrong type."""
        return self._made[0]

    @property
    def bad(self) -> dict[str, ir.Value]:
        """Whether a text could not be read, by `bad_` and the field."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[dict[str, ir.Value], dict[str, ir.Value]]:
        made: dict[str, ir.Value] = {}
        bad: dict[str, ir.Value] = {}
        for field in LEDGER.fields:
            value: ir.Value = ibis.null(_TYPES[field.kind])
            if field.key in self.constants:
                text = self.constants[field.key]
                value = _choice(field, ibis.literal(text)) if field.kind == "choice" else _constant(field, text)
            elif field.key in self.names:
                column = self.source[self.names[field.key]]
                value = _convert(self.engine, field, self.names[field.key], column, self.told.get(field.key), self.words)
                if column.type().is_string() and field.kind != "text":
                    bad[f"bad_{field.key}"] = value.isnull() & (column.strip() != "").fill_null(False)
                elif field.kind == "amount" and not _always_fits(column.type()):
                    bad[f"bad_{field.key}"] = value.isnull() & column.notnull()
            made[field.key] = value.cast(_TYPES[field.kind])
        return made, bad

    def table(self, where: ir.BooleanValue | None = None) -> ir.Table:
        """Return the typed ledger with `row`; only the rows of a condition on `fields`: others leave before their texts are looked at."""
        source = self.source if where is None else self.source.filter(where)
        return source.select(**self.fields, row=source.row_.cast("int64"), **self.bad)


def mapped(engine: Engine, told: str = "") -> Mapped:
    """Find the ledger's fields in a source. Raises BadRequest for missing columns and wrong types."""
    header = [name for name in engine.columns if name != "row_"]
    columns, constants = read_map(told)
    signs = check_said(constants.pop(SIGNS, ""))
    places = map_columns(LEDGER, header, engine.name, columns, automatic=True)
    names = {key: header[place] for key, place in places.items() if key not in constants}
    _refuse_unused_money(engine, header, names, columns)
    missing = [key for key in _NEEDED if key not in names and key not in constants]
    if "document_date" not in names and "due_date" not in names:
        missing.append("document_date")
    if missing:
        raise BadRequest(
            f"{engine.name} lacks {', '.join(missing)}: its columns are {', '.join(header[:30])}; say which is which in the setting "
            f"ledger_columns or with --map, such as {missing[0]}=column, or {missing[0]}==a text for all rows"
        )
    return Mapped(engine, names, constants, _find_out(engine, names), signs)


def _refuse_unused_money(engine: Engine, header: list[str], names: dict[str, str], told: Mapping[str, str]) -> None:
    """Refuse columns that would change what is open and that nothing uses; leave out a settlement that would count twice.

    Whoever says which column the amount is has chosen.
    """
    amount = names.get("amount", "")
    if meaning_of(amount) == "open":
        for key in ("settled_amount", "settled_date"):
            if key not in told:
                names.pop(key, None)
        return
    if "amount" in told or "settled_amount" in told or not amount:
        return
    used = set(names.values())
    wanted = ("open", "debit", "credit") if "settled_amount" in names else ("open", "settled", "debit", "credit")
    found = [name for name in header if name not in used and meaning_of(name) in wanted and _is_money(engine, name)]
    if found:
        it = "it" if len(found) == 1 else "them"
        raise BadRequest(
            f"{engine.name}: {', '.join(found)} would change what is open, and nothing uses {it}; say which column counts with --map or "
            f"the setting ledger_columns, such as amount={found[0]} or amount={amount}"
        )


def _is_money(engine: Engine, name: str) -> bool:
    if engine.is_text(name):
        texts = _sample(engine, "amount", name) if engine.reads_texts else []
        return any(texts) and 2 * sum(parse(text, ".") is not None or parse(text, ",") is not None for text in texts) >= len(texts)
    kind = engine.source[name].type()
    return bool(kind.is_numeric() and not kind.is_boolean() and not (kind.is_integer() and says_day(name)))


_TYPES: Final = {
    "text": "string", "choice": "string", "date": "date", "amount": "decimal(18, 4)", "number": "float64", "rate": "float64",
    "integer": "int64", "flag": "boolean",
}  # fmt: skip


def _find_out(engine: Engine, names: Mapping[str, str]) -> dict[str, Any]:
    """Look at a source's texts: how dates and amounts are written, and which columns hold nothing but codes or our own words.

    Raises BadRequest where it cannot read them.
    """
    found: dict[str, Any] = {}
    for key, name in names.items():
        field = LEDGER.field(key)
        if field.kind == "choice":
            words = _words(engine, name)
            found[key] = set(words) <= {*field.choices, None} and engine.is_text(name)
            if key == "document_type" and not found[key] and (known := meanings(word for word in words if word)):
                found[_WORDS_OF_TYPES] = known
        elif not engine.is_text(name):
            continue
        elif key == "currency":
            codes = _words(engine, name)
            found[key] = len(codes) < _WORDS and all(one is None or (one and one == one.strip()) for one in codes)
        elif field.kind in ("date", "amount"):
            texts = _sample(engine, key, name)
            found[key] = _formats(engine, name, texts) if field.kind == "date" else _mark(name, texts)
    return found


def _words(engine: Engine, name: str) -> list[str | None]:
    def make() -> ir.Table:
        return engine.source.select(word=engine.source[name].cast("string")).distinct().limit(_WORDS)

    found: list[str | None] = engine.ask(["words", name], make)["word"].to_pylist()
    return found


def _sample(engine: Engine, key: str, name: str) -> list[str]:
    """Fetch some texts of a column of dates or amounts. Raises BadRequest where the engine cannot read them."""
    if not engine.reads_texts:
        wanted = "date" if LEDGER.field(key).kind == "date" else "number"
        raise BadRequest(f"{engine.name}: the column {name} ({key}) holds texts; make it a {wanted} there, in a view for instance")

    def make() -> ir.Table:
        return engine.source.select(text=engine.source[name].strip()).filter(lambda t: t.text != "").limit(SAMPLE).distinct()

    return [text for text in engine.ask(["texts", name], make)["text"].to_pylist() if text]


def _formats(engine: Engine, name: str, texts: list[str]) -> list[str]:
    """Tell how DuckDB is to read a column's dates. Raises BadRequest for those it cannot."""
    found = [one for one in read_dates(name, texts).name.split(" or ") if one]
    unknown = [one for one in found if one not in _STRPTIME]
    if unknown:
        example = texts[0] if texts else ""
        raise BadRequest(f"{engine.name}: dates of the column {name} are written as {unknown[0]} ({example}); write them as 2026-01-31")
    return [text for one in found or ["y/m/d"] for text in _STRPTIME[one]]


def _mark(name: str, texts: list[str]) -> str:
    """Tell the decimal mark of a column's amounts."""
    return MARKS.get(read_numbers(name, texts).name.split(" or ")[0], ".")


def _convert(engine: Engine, field: Field, name: str, column: Any, told: Any, words: Mapping[str, str]) -> Any:
    kind = column.type()
    if field.key == "currency" and kind.is_string():
        return column if told else _text(engine, column)
    if field.kind == "text":
        return _text(engine, column)
    if field.kind == "choice":
        return column if told else _choice(field, _text(engine, column), words if field.key == "document_type" else {})
    if field.kind == "flag":
        if kind.is_boolean():
            return column
        text = _text(engine, column).lower()
        truths = {value: [word for word, truth in FLAGS.items() if truth == value] for value in (True, False)}
        return ibis.cases((text.isin(truths[True]), True), (text.isin(truths[False]), False), else_=ibis.null("boolean"))
    if field.kind == "date":
        if kind.is_date():
            return column
        if kind.is_timestamp():
            return column.date()
        if kind.is_string():
            return _try_strptime()(column.strip(), told).date()
    elif kind.is_numeric() and not kind.is_boolean():
        wanted = _TYPES[field.kind]
        if field.kind == "amount" and not _always_fits(kind):
            column = ibis.ifelse((column > -_beyond(kind)) & (column < _beyond(kind)), column, ibis.null(kind))
        return column.try_cast(wanted) if engine.reads_texts and kind.is_floating() else column.cast(wanted)
    elif kind.is_string():
        return _number(field, column, told or ".")
    raise BadRequest(f"{engine.name}: the column {name} ({field.key}) holds {kind}, where a {field.kind} is wanted")


def _always_fits(kind: Any) -> bool:
    """Tell whether a type of numbers holds no amount that our own decimals do not."""
    if kind.is_integer():
        return bool(kind.nbytes <= 4)
    # a decimal with more places than ours may be rounded up to one digit more
    return bool(kind.is_decimal() and kind.precision and kind.precision - kind.scale + (kind.scale > _PLACES) <= _DIGITS)


def _beyond(kind: Any) -> Any:
    """Return the first amount that is too large, of the type that it is compared with: a NaN is not below it in any engine."""
    if kind.is_decimal() and (kind.scale is None or kind.scale > _PLACES):  # from half a place below on it would be rounded up to LARGEST
        return Decimal(LARGEST) - Decimal("0.00005")
    return float(LARGEST) if kind.is_floating() else LARGEST


def _text(engine: Engine, column: Any) -> Any:
    """Write any column as text without spaces around it; whole numbers that a program made decimals of lose their .0."""
    kind = column.type()
    if kind.is_integer():
        return column.cast("string")
    if kind.is_floating():
        return column.cast("int64").cast("string")
    text = column.cast("string")
    stripped = text.strip().nullif("")
    if not engine.orders_by_bytes:
        return stripped
    # a text that neither begins nor ends with a space or less is nearly always the case, and three times quicker to see than to strip
    return ibis.ifelse((text < "!") | (text.right(1) < "!"), stripped, text)


def _choice(field: Field, text: Any, others: Mapping[str, str] | None = None) -> Any:
    words: dict[str, list[str]] = {}
    for choice in field.choices:
        words[choice] = [choice.casefold(), *([CHOICES_ZH[choice].casefold()] if choice in CHOICES_ZH else [])]
        words[choice] += [word.casefold() for word, ours in (others or {}).items() if ours == choice]
    low = text.lower()
    return ibis.cases(*((low.isin(known), choice) for choice, known in words.items()), else_=ibis.null("string"))


def _constant(field: Field, text: str) -> Any:
    if field.kind != "text":
        raise BadRequest(f"{field.key} cannot be one text for all rows")
    return ibis.literal(text)


def _number(field: Field, column: Any, mark: str) -> Any:
    text = column.strip().re_replace(r"[\s ']", "")
    text = text.replace(".", "").replace(",", ".") if mark == "," else text.replace(",", "")
    return text.nullif("").try_cast(_TYPES[field.kind])
