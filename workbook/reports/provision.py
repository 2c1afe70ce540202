"""Provision: what of the receivables is expected to be lost, by a matrix; insured parts apart, large and failed names one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.aging import bucket_labels
from functions.money import round_money
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.questions.columns import texts, whole
from workbook.questions.spans import ROLLS
from workbook.questions.today import BUCKETS as AGES
from workbook.questions.today import LIMITS, open_accounts
from workbook.reports.common import Ints, amount_text, as_of_words, customer_names
from workbook.reports.default_rule import defaults_of, gone
from workbook.reports.insurance_cover import Cover, covers
from workbook.reports.provision_words import speak
from workbook.reports.register_columns import OWNER_NOTE, WRAPPED_FROM
from workbook.reports.rolling import Rates, loss_rates_of
from workbook.reports.scores_limits import default_chances
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Block, Column, ColumnKind, Invariant, Sheet
from xladdin.registry import report

BUCKETS: Final = len(LIMITS) + 2
_AMOUNTS: Final = ("outstanding", *(f"bucket_{number}" for number in range(BUCKETS)), "unapplied_part", "insured_part", "base", "provision")


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report; the last ones belong to the analyst."""
    language = settings.language
    shown: list[tuple[str, str, ColumnKind, int]] = [
        ("customer_id", speak("customer_id", language), "text", 11),
        ("name", speak("name", language), "text", 28),
        ("outstanding", speak("outstanding", language), "amount", 16),
        *((f"bucket_{number}", label, "amount", 15) for number, label in enumerate(bucket_labels(LIMITS, language))),
        ("unapplied_part", speak("unapplied_part", language), "amount", 14),
        ("insured_part", speak("insured_part", language), "amount", 15),
        ("base", speak("base", language), "amount", 16),
        ("method", speak("method", language), "text", 20),
        ("loss_rate", speak("loss_rate", language), "rate", 9),
        ("provision", speak("provision", language), "amount", 15),
    ]
    styles: dict[str, Any] = {"customer_id": "key", "provision": "strong"}
    return (
        *(
            Column(key, label, kind, width, styles.get(key, "plain"), wrap=kind == "text" and width >= WRAPPED_FROM)
            for key, label, kind, width in shown
        ),
        *(Column(key, speak(key, language), kind, width, "input") for key, (kind, width) in OWNER_NOTE.items()),
    )


@dataclass(frozen=True, slots=True)
class Balances:
    """By customer of `cover.found`, in 1/10000 of the report currency: items by bucket (k columns), unapplied amounts (below zero)."""

    buckets: Ints
    unapplied: Ints


@report(
    key="provision",
    sheet="Provision",
    label="Provision",
    label_zh="减值准备",
    help="Expected credit losses: a matrix with roll rates from the ledger, the insured part apart, large and failed names one by one.",
    help_zh="预期信用损失：按台账迁徙率的准备矩阵，已投保部分另列，大额及违约客户单项计提。",
    columns=columns,
    order=8,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """List every customer with a balance: base, rate and provision, the largest provision first."""
    language, currency = settings.language, settings.report_currency
    cover = covers(book, settings, as_of)
    found = cover.found
    balances = _balances(book, cover, as_of)
    total = int(cover.balance.sum())
    chances = default_chances(book, found, settings, as_of)
    failed = defaults_of(book, found, settings, as_of).failed & (cover.balance > 0)
    large = (cover.balance > settings.provision_large * total) & np.isfinite(chances)
    alone = failed | large
    # those who fell late stay in the history: without them no balance would ever have rolled into the last bucket
    apart = large | (gone(book, found) & (cover.balance > 0))
    without = [customer for customer, one in zip(found.customers, apart.tolist(), strict=True) if one]
    rates = loss_rates_of(book, as_of, found.exchange, without, settings.loss_given_default)
    outlook = np.minimum(rates.loss * (1 + settings.provision_forward), 1.0)
    owed = np.maximum(balances.buckets, 0)
    mixed = np.divide(owed @ outlook, owed.sum(axis=1), out=np.zeros(len(owed)), where=owed.sum(axis=1) > 0)
    own = _own_rates(owed, chances, settings)
    rate = np.where(alone, own, mixed)
    base = cover.uninsured
    provision = np.rint(round_money(base / MONEY_SCALE * rate, currency) * MONEY_SCALE).astype(np.int64)
    shown = np.flatnonzero((found.outstanding != 0) | (balances.buckets != 0).any(axis=1))
    order = shown[np.lexsort((-found.outstanding[shown], -provision[shown]))]
    ids = np.array(found.customers, dtype=object)[order]
    words = [speak(key, language) for key in ("by_matrix", "alone", "alone_default")]
    data: dict[str, Any] = {
        "customer_id": ids,
        "name": customer_names(book, ids, language),
        "outstanding": found.outstanding[order],
        **{f"bucket_{number}": balances.buckets[order, number] for number in range(BUCKETS)},
        "unapplied_part": balances.unapplied[order],
        "insured_part": cover.insured[order],
        "base": base[order],
        "method": [words[method] for method in (alone[order].astype(np.int64) + failed[order]).tolist()],
        "loss_rate": rate[order],
        "provision": provision[order],
    }
    sums_ = {key: int(np.asarray(data[key]).sum()) for key in _AMOUNTS}
    line: dict[str, Any] = {"customer_id": speak("total_report", language, currency=currency), **sums_}
    problems = [*cover.problems, *found.exchange.problems, *_no_history(rates, language, bool(len(order)))]
    return Sheet(
        report="provision",
        name="Provision",
        title=speak("provision_title", language),
        subtitle=as_of_words(settings, as_of, len(order), "unit_customers"),
        columns=columns(settings),
        data=data,
        key_columns=("customer_id",),
        totals=[line] if len(order) else [],
        total_keys={currency: line} if len(order) else {},
        facts=[
            (speak("fact_provision", language), _share(sums_["provision"], total, currency)),
            (speak("fact_matrix", language), amount_text(int(provision[~alone].sum()), currency)),
            (speak("fact_alone", language), f"{int(alone.sum())} · {amount_text(int(provision[alone].sum()), currency)}"),
            (speak("fact_insured_apart", language), amount_text(sums_["insured_part"], currency)),
        ],
        notes=[finding.message for finding in problems],
        invariants=_invariants(cover, sums_, settings),
        blocks=[_matrix(rates, outlook, balances.buckets[~alone], settings)] if len(order) else [],
        problems=problems,
        codes={"method": ["individual" if one else "matrix" for one in alone[order].tolist()]},
    )


def _balances(book: CreditBook, cover: Cover, as_of: dt.date) -> Balances:
    """Sum the open items by customer and bucket, and the unapplied amounts; their sum is the outstanding of Scores and limits."""
    accounts, found = open_accounts(book, cover.found.exchange, as_of), cover.found
    place = {key: number for number, key in enumerate(found.customers)}
    who = np.array([place[key] for key in texts(accounts, "customer_id").tolist()], dtype=np.int64)
    sums_ = np.zeros((len(place), BUCKETS + 1), dtype=np.int64)
    for number, key in enumerate((*AGES, "unapplied")):
        np.add.at(sums_[:, number], who, whole(accounts, key))
    return Balances(sums_[:, :BUCKETS], sums_[:, BUCKETS])


def _own_rates(owed: Ints, chances: NDArray[np.float64], settings: Settings) -> NDArray[np.float64]:
    """Judge a name by its own default probability; what is more than 90 days late has defaulted already (IFRS 9 B5.5.37)."""
    whole = owed.sum(axis=1)
    defaulted = np.divide(owed[:, -1], whole, out=np.zeros(len(owed)), where=whole > 0)
    ahead = np.minimum(np.nan_to_num(chances) * (1 + settings.provision_forward), 1.0)
    ahead = np.where(chances == 1, 1.0, ahead)  # no outlook brings back who has failed
    rates: NDArray[np.float64] = (defaulted + (1 - defaulted) * ahead) * settings.loss_given_default
    return rates


def _no_history(rates: Rates, language: str, asked: bool) -> list[Finding]:
    if rates.rolls is not None or not asked:
        return []
    return [Finding("ledger", 0, "document_date", speak("no_history", language, why=rates.why), "", "warning")]


def _share(amount: int, whole: int, currency: str) -> str:
    return f"{amount_text(amount, currency)}{f' ({amount / whole:.1%})' if whole else ''}"


def _invariants(cover: Cover, sums_: dict[str, int], settings: Settings) -> list[Invariant]:
    """Check the buckets against Scores and limits and the ledger, and that nothing of the balance has no base."""
    language, currency, found = settings.language, settings.report_currency, cover.found
    outstanding = int(found.outstanding.sum())
    split = sum(sums_[f"bucket_{number}"] for number in range(BUCKETS)) + sums_["unapplied_part"]
    given_back = int(np.minimum(found.outstanding, 0).sum())
    return [
        Invariant(speak("check_buckets", language), currency, split, outstanding),
        Invariant(speak("check_base", language), currency, sums_["base"] + sums_["insured_part"] + given_back, outstanding),
        *(
            Invariant(speak("check_ledger", language), code, found.by_currency.get(code, 0), amount)
            for code, amount in sorted(found.ledger.items())
        ),
    ]


def _matrix(rates: Rates, outlook: NDArray[np.float64], buckets: Ints, settings: Settings) -> Block:
    """Show the matrix: balance, roll and loss rate of each bucket."""
    language = settings.language
    if rates.rolls is None:
        title = speak("matrix_default_title", language)
        rolls: list[float | None] = [None] * BUCKETS
    else:
        title = speak("matrix_title", language, months=ROLLS, lost=f"{settings.loss_given_default:.0%}")
        rolls = [*rates.rolls.tolist(), None]
    kinds: tuple[tuple[str, ColumnKind, int], ...] = (
        ("bucket", "text", 14), ("", "text", 28), ("bucket_balance", "amount", 16), ("roll", "rate", 15), ("loss_rate", "rate", 15),
    )  # fmt: skip
    return Block(
        title,
        tuple(Column(key or "blank", speak(key, language) if key else "", kind, width) for key, kind, width in kinds),
        {
            "bucket": bucket_labels(LIMITS, language),
            "blank": [""] * BUCKETS,
            "bucket_balance": buckets.sum(axis=0),
            "roll": rolls,
            "loss_rate": outlook.tolist(),
        },
    )
