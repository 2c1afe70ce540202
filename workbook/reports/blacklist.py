"""Blacklist: which customers are listed, by number or by name, by whom, since when, and whether the entry still counts.

An entry counts from the day it was listed to the day it expires, unless an appeal against it was upheld. Names are compared without
legal form, width, case and punctuation; a likeness below 100 is a question, not an answer.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.blacklist_hashes import is_hash, salt_id
from functions.names import plain_number
from functions.register_numbers import SCHEMES, WRONG_FORMAT, register_check_word
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.reports.blacklist_hits import Hits, find_hits
from workbook.reports.common import amount_text, as_of_words, customer_names
from workbook.reports.exposure import exposures
from workbook.reports.register_columns import OWNER_NOTE, register_columns
from workbook.reports.register_words import say
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Column, ColumnKind, Invariant, Sheet
from xladdin.registry import report

_WIDTHS: Final[dict[str, tuple[ColumnKind, int]]] = {
    "customer_id": ("text", 12), "name": ("text", 30), "register_no": ("text", 21), "number_check": ("text", 14), "hit_on": ("text", 17),
    "hit_score": ("number", 8), "listed_as": ("text", 30), "listed_no": ("text", 21), "listed_by": ("text", 22), "listed_on": ("date", 12),
    "expires_on": ("date", 12), "entry_state": ("text", 15), "entry_note": ("text", 26), "exposure": ("amount", 15),
    "hit_advice": ("text", 36),
}  # fmt: skip
_INPUTS: Final[dict[str, tuple[ColumnKind, int]]] = {"decision": ("text", 16), **OWNER_NOTE}
IN_FORCE: Final = ("in_force", "pending")
_HASH_SHOWN: Final = 10


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report; the last ones belong to the analyst."""
    return register_columns(_WIDTHS, settings.language, ("customer_id",), ("hit_score", "hit_advice"), _INPUTS)


@report(
    key="blacklist",
    sheet="Blacklist hits",
    label="Blacklist",
    label_zh="黑名单核对",
    help="Customers on the blacklist, by number or by name, with the likeness, source, dates, appeal, and what to do.",
    help_zh="命中黑名单的客户：按号码或名称，列出相似度、来源、日期、申诉及处理建议。",
    columns=columns,
    order=13,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """List every customer that agrees with an entry of the blacklist, those in force first."""
    language = settings.language
    customers, blacklist = book.tables["customers"], book.tables["blacklist"]
    hits = find_hits(customers, blacklist, settings.name_cutoff, book.salt)
    who, entry = customers.take(hits.customers), blacklist.take(hits.entries)
    ids = np.array([one or "" for one in who["customer_id"].to_pylist()], dtype=object)
    states = _states(entry, as_of)
    found = exposures(book, settings, as_of)
    worth = dict(zip(found.customers, found.exposure.tolist(), strict=True))
    exposure = np.array([worth.get(one, 0) for one in ids], dtype=np.int64)
    advice = _advice(hits, who, entry, states, language)
    data: dict[str, Any] = {
        "customer_id": ids,
        "name": np.asarray(customer_names(book, ids, language), dtype=object),
        "register_no": np.array([one or "" for one in who["register_no"].to_pylist()], dtype=object),
        "number_check": _checks(who, language),
        "hit_on": np.array([say(key, language) for key in _kinds(hits)], dtype=object),
        "hit_score": np.round(hits.score, 1),
        "listed_as": _listed(entry["name"], language),
        "listed_no": _listed(entry["register_no"], language),
        "listed_by": np.array([one or "" for one in entry["source"].to_pylist()], dtype=object),
        "listed_on": np.asarray(entry["listed_on"].to_numpy(zero_copy_only=False), dtype="datetime64[D]"),
        "expires_on": np.asarray(entry["expires_on"].to_numpy(zero_copy_only=False), dtype="datetime64[D]"),
        "entry_state": np.array([say(f"entry_{state}", language) for state in states], dtype=object),
        "entry_note": np.array([one or "" for one in entry["note"].to_pylist()], dtype=object),
        "exposure": exposure,
        "hit_advice": advice,
    }
    active = np.isin(states.astype(str), IN_FORCE)
    order = np.lexsort((ids.astype(str), -exposure, -hits.score, ~hits.by_number, ~active))
    data = {key: values[order] for key, values in data.items()}
    problems = _problems(hits, book.salt, settings)
    entries = blacklist.num_rows
    return Sheet(
        report="blacklist",
        name="Blacklist hits",
        title=say("blacklist_title", language),
        subtitle=as_of_words(settings, as_of, len(ids), "unit_hits"),
        columns=columns(settings),
        data=data,
        key_columns=("customer_id", "listed_as", "listed_by"),
        codes={"hit_on": [_kinds(hits)[row] for row in order], "entry_state": states[order].tolist()},
        facts=[
            (say("fact_hits", language), _count(ids[active], exposure[active], settings)),
            (say("fact_hits_ended", language), f"{int((~active).sum()):,}"),
            (say("fact_entries", language), f"{hits.compared:,} / {entries:,}"),
        ],
        notes=[finding.message for finding in problems],
        invariants=[
            Invariant(say("check_entries", language), "", (hits.compared + hits.not_compared) * MONEY_SCALE, entries * MONEY_SCALE)
        ],
        problems=problems,
    )


def _states(entry: pa.Table, as_of: dt.date) -> NDArray[np.object_]:
    """Say whether each entry counts on the day; an appeal upheld ends it, one pending does not."""
    today = np.datetime64(as_of, "D")
    listed = np.asarray(entry["listed_on"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    expires = np.asarray(entry["expires_on"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    appeal = np.array([one or "" for one in entry["appeal"].to_pylist()], dtype=object)
    chosen = [appeal == "upheld", expires < today, listed > today, appeal == "pending"]
    return np.select(chosen, ["upheld", "expired", "later", "pending"], "in_force").astype(object)


def _kinds(hits: Hits) -> list[str]:
    """Return the key of the words that say by what each pair agrees."""
    words = np.select([hits.by_number & hits.by_name, hits.by_number], ["hit_both", "hit_number"], "hit_name").astype(object)
    return [f"{word}_hash" if hashed else word for word, hashed in zip(words.tolist(), hits.hashed.tolist(), strict=True)]


def _advice(hits: Hits, who: pa.Table, entry: pa.Table, states: NDArray[np.object_], language: str) -> NDArray[np.object_]:
    made = []
    numbers = zip(who["register_no"].to_pylist(), entry["register_no"].to_pylist(), entry["source"].to_pylist(), strict=True)
    for row, (own, listed, source) in enumerate(numbers):
        if states[row] not in IN_FORCE:
            made.append(say("advice_ended", language))
            continue
        if hits.hashed[row]:
            text = say("advice_hash", language, source=source or "?")
        elif hits.by_number[row]:
            text = say("advice_number" if hits.by_name[row] else "advice_number_name", language)
        else:
            differ = own and listed and plain_number(own) != plain_number(listed)
            text = say("advice_other" if differ else "advice_name", language)
        made.append(text + (say("advice_pending", language) if states[row] == "pending" else ""))
    return np.array(made, dtype=object)


def _checks(who: pa.Table, language: str) -> NDArray[np.object_]:
    """Check the customers' numbers by their own check digits; a number of another form is wrong only where one form is the rule: China."""
    made = []
    for number, country in zip(who["register_no"].to_pylist(), who["country"].to_pylist(), strict=True):
        scheme = "USCC" if country == "CN" else country or ""
        word = register_check_word(number, scheme) if number and scheme in SCHEMES else ""
        made.append(say(f"check_{word}", language) if word and (country == "CN" or word != WRONG_FORMAT) else "")
    return np.array(made, dtype=object)


def _listed(column: Any, language: str) -> NDArray[np.object_]:
    texts = [one or "" for one in column.to_pylist()]
    return np.array([say("hash_shown", language, start=one[:_HASH_SHOWN]) if is_hash(one) else one for one in texts], dtype=object)


def _count(ids: NDArray[np.object_], exposure: NDArray[np.int64], settings: Settings) -> str:
    """Count customers, not hits, and their exposure once each."""
    once = dict(zip(ids.tolist(), exposure.tolist(), strict=True))
    amount = amount_text(sum(once.values()), settings.report_currency)
    return say("hit_count", settings.language, customers=f"{len(once):,}", amount=amount)


def _problems(hits: Hits, salt: str, settings: Settings) -> list[Finding]:
    if not hits.not_compared:
        return []
    language = settings.language
    ids = ", ".join(hits.other_salts) or "?"
    why = say("other_salt", language, ids=ids, mine=salt_id(salt)) if salt else say("no_salt", language)
    text = say("hashes_left", language, count=f"{hits.not_compared:,}", why=why)
    return [Finding("blacklist", 0, "salt_id", text, "", "warning")]
