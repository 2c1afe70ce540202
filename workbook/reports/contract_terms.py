"""Contract terms: which contracts leave us exposed. One row per contract and rule: pass, fail or missing, and what to change.

Where the row has the contract's text, pasted or as a file, the text is read too and each difference from the row is shown.

The rules are the firm's: prepayment of 30 %, a penalty for late payment, legal collection after 60 days, legal review of major
and cross-border contracts, a settled forum, retention of title. What a law says to each stands beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from functions.aging import days_overdue
from functions.contract import MISSING, OK, WORDS, legal_review_needed, penalty_check, prepay_check
from functions.rates import UNIT, read_rates
from workbook.book import CreditBook
from workbook.labels import word
from workbook.questions.columns import dates
from workbook.questions.today import latest_of_contracts
from workbook.reports.common import Exchange, amount_text, as_of_words, customer_names, rate_rows
from workbook.reports.contract_text import Text, compare, texts_of
from workbook.reports.contract_words import RULES, say
from workbook.reports.register_columns import WRAPPED_FROM
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Block, Column, Invariant, Sheet
from xladdin.registry import report

PASS: Final = "pass"  # noqa: S105 - a verdict
FAIL: Final = "fail"
LACKING: Final = "missing"


class Verdict(NamedTuple):
    """How one contract stands against one rule."""

    result: str
    found: str
    required: str
    advice: str = ""


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the contract check."""
    widths = {
        "contract_no": 13, "customer_id": 12, "name": 28, "rule": 24, "result": 10, "found": 26, "difference": 30, "required": 30,
        "advice": 58, "text_says": 58,
    }  # fmt: skip
    language = settings.language
    made = [
        Column(key, word(key, language), "text", width, "key" if key == "contract_no" else "plain", wrap=width >= WRAPPED_FROM)
        for key, width in widths.items()
    ]
    made += [Column(key, word(key, language), "text", width, "input") for key, width in (("owner", 11), ("note", 26))]
    return tuple(made)


@report(
    key="contract_terms",
    sheet="Contract terms",
    label="Contract terms",
    label_zh="合同条款",
    help="Which contracts leave us exposed: every contract against every rule, what was found and what to change.",
    help_zh="哪些合同存在风险：逐份合同逐条检查，列出实际、要求和修改建议。",
    columns=columns,
    order=3,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Check every contract against every rule."""
    language = settings.language
    contracts = book.tables["contracts"].to_pylist()
    checks = _checks(book, contracts, settings, as_of)
    texts = texts_of(book, contracts)
    customers = np.array([contract["customer_id"] or "" for contract in contracts], dtype=object)
    names = dict(zip(customers.tolist(), customer_names(book, customers, language), strict=True))
    rows: list[tuple[Any, ...]] = []
    for index, contract in enumerate(contracts):
        for rule, verdicts in checks.items():
            verdict = verdicts[index]
            rows.append((
                contract["contract_no"] or "", contract["customer_id"] or "", names.get(contract["customer_id"], ""), rule, verdict,
                compare(contract, texts[index], rule, settings),
            ))  # fmt: skip
    order = {FAIL: 0, LACKING: 1, PASS: 2}
    rows.sort(key=lambda row: (order[row[4].result], not row[5].difference))  # stable: contracts keep their order within a result
    data: dict[str, list[Any]] = {
        "contract_no": [row[0] for row in rows],
        "customer_id": [row[1] for row in rows],
        "name": [row[2] for row in rows],
        "rule": [RULES[row[3]][language == "zh"] for row in rows],
        "result": [word(f"result_{row[4].result}", language) for row in rows],
        "found": [row[4].found for row in rows],
        "required": [row[4].required for row in rows],
        "advice": [row[4].advice for row in rows],
        "difference": [row[5].difference for row in rows],
        "text_says": [row[5].text for row in rows],
    }
    results = [row[4].result for row in rows]
    return Sheet(
        report="contract_terms",
        name="Contract terms",
        title=word("contract_terms_title", language),
        subtitle=as_of_words(settings, as_of, len(contracts), "unit_contracts"),
        columns=columns(settings),
        data=data,
        key_columns=("contract_no", "rule"),
        codes={"rule": [row[3] for row in rows], "result": results},
        facts=[
            *((word(f"fact_{result}", language), f"{results.count(result):,}") for result in (FAIL, LACKING, PASS)),
            (say("fact_differences", language), f"{sum(bool(text) for text in data['difference']):,}"),
        ],
        invariants=[
            Invariant(word("check_rules", language), "", len(rows) * MONEY_SCALE, len(contracts) * len(RULES) * MONEY_SCALE),
        ],
        blocks=[*_unread(contracts, texts, language), _register(contracts, checks["legal_review"], names, settings)] if contracts else [],
    )


def _unread(contracts: list[dict[str, Any]], texts: list[Text], language: str) -> list[Block]:
    """List the texts that could not be read and what to do, where there are any."""
    both = zip(contracts, texts, strict=True)
    bad = [(contract["contract_no"] or "", contract["text"], text.problem) for contract, text in both if text.problem]
    if not bad:
        return []
    labels = {"contract_no": word("contract_no", language), "text": word("text_cell", language), "why": say("why", language)}
    data = {key: [row[index] for row in bad] for index, key in enumerate(labels)}
    return [Block(say("texts_unread", language), tuple(Column(key, label, "text") for key, label in labels.items()), data)]


def _checks(book: CreditBook, contracts: list[dict[str, Any]], settings: Settings, as_of: dt.date) -> dict[str, list[Verdict]]:
    by_rule: dict[str, Callable[[], list[Verdict]]] = {
        "prepayment": lambda: _prepayment(contracts, settings),
        "payment_terms": lambda: [_payment_terms(contract, settings) for contract in contracts],
        "penalty": lambda: _penalty(book, contracts, settings),
        "dispute": lambda: [_dispute(contract, settings) for contract in contracts],
        "jurisdiction": lambda: [_jurisdiction(contract, settings) for contract in contracts],
        "retention_of_title": lambda: [_title(contract, settings) for contract in contracts],
        "collection": lambda: _collection(book, contracts, settings, as_of),
        "legal_review": lambda: _legal_review(book, contracts, settings, as_of),
    }
    return {rule: by_rule[rule]() for rule in RULES}


def _floats(values: list[Any]) -> Any:
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)


def _prepayment(contracts: list[dict[str, Any]], settings: Settings) -> list[Verdict]:
    language, floor = settings.language, settings.prepay_floor
    prepaid = _floats([contract["prepaid"] for contract in contracts])
    value = _floats([contract["value"] for contract in contracts])
    answers = prepay_check(prepaid, value, floor).values
    required = say("prepayment_required", language, floor=f"{floor:.0%}")
    made = []
    for contract, answer, paid, worth in zip(contracts, answers, prepaid, value, strict=True):
        if answer == WORDS["en"][MISSING]:
            made.append(Verdict(LACKING, "", required, say("prepayment_missing", language, floor=f"{floor:.0%}")))
        elif answer == WORDS["en"][OK]:
            made.append(Verdict(PASS, f"{paid / worth:.1%}", required))
        else:
            short = amount_text(round((floor * worth - paid) * MONEY_SCALE), contract["currency"] or "")
            made.append(Verdict(FAIL, f"{paid / worth:.1%}", required, say("prepayment_low", language, short=short)))
    return made


def _payment_terms(contract: dict[str, Any], settings: Settings) -> Verdict:
    language, parts, days = settings.language, contract["instalments"], contract["credit_days"]
    required = say("payment_terms_required", language)
    if parts is None and days is None:
        return Verdict(LACKING, "", required, say("payment_terms_missing", language))
    found = say("payment_terms_found", language, parts=parts or 1, days="?" if days is None else days)
    if (parts or 1) < 1 or (days or 0) < 0:
        return Verdict(FAIL, found, required, say("payment_terms_missing", language))
    return Verdict(PASS, found, required)


def _penalty(book: CreditBook, contracts: list[dict[str, Any]], settings: Settings) -> list[Verdict]:
    language = settings.language
    rate = _floats([contract["penalty_daily"] for contract in contracts])
    signed = np.array([contract["signed"] for contract in contracts], dtype="datetime64[D]")
    units, known = read_rates("LPR", tuple(map(tuple, rate_rows(book)))).on(signed)
    answer = penalty_check(rate, settings.penalty_law, np.where(known & ~np.isnat(signed), units / UNIT, np.nan), language=language)
    required = say("penalty_required", language, law=settings.penalty_law)
    remarks: dict[int, str] = {}
    for mask, text in answer.remarks:
        for row in np.flatnonzero(mask).tolist():
            remarks.setdefault(row, text if isinstance(text, str) else text(row))
    failed = {int(row) for mask, _ in answer.failures for row in np.flatnonzero(mask)}
    made = []
    for row, (word_, daily) in enumerate(zip(answer.values, rate, strict=True)):
        found = "" if np.isnan(daily) else f"{daily:.3%}"
        if row in failed:
            made.append(Verdict(LACKING, found, required, say("penalty_no_lpr", language, law=settings.penalty_law)))
        elif word_ == WORDS[language][MISSING]:
            made.append(Verdict(LACKING, found, required, say("penalty_missing", language)))
        elif word_ == WORDS[language][OK]:
            made.append(Verdict(PASS, found, required))
        else:
            made.append(Verdict(FAIL, found, required, say("penalty_high", language, why=remarks.get(row, ""))))
    return made


def _dispute(contract: dict[str, Any], settings: Settings) -> Verdict:
    language, way = settings.language, contract["dispute"]
    required = say("dispute_required", language)
    if way in ("court", "arbitration"):
        return Verdict(PASS, say(f"dispute_{way}", language), required)
    return Verdict(LACKING, "", required, say("dispute_missing", language))


def _jurisdiction(contract: dict[str, Any], settings: Settings) -> Verdict:
    language, abroad = settings.language, bool(contract["cross_border"])
    required = say("jurisdiction_abroad" if abroad else "jurisdiction_home", language)
    found = " · ".join(str(part) for part in (contract["forum"], contract["governing_law"]) if part)
    if not contract["forum"] or (abroad and not contract["governing_law"]):
        return Verdict(LACKING, found, required, say("jurisdiction_missing", language))
    if abroad and contract["dispute"] != "arbitration":
        return Verdict(FAIL, found, required, say("jurisdiction_court", language))
    return Verdict(PASS, found, required)


def _title(contract: dict[str, Any], settings: Settings) -> Verdict:
    language, kept = settings.language, contract["retention_of_title"]
    required = say("title_required", language)
    if kept is None:
        return Verdict(LACKING, "", required, say("title_missing", language))
    found = say("yes" if kept else "no", language)
    return Verdict(PASS, found, required) if kept else Verdict(FAIL, found, required, say("title_missing", language))


def _collection(book: CreditBook, contracts: list[dict[str, Any]], settings: Settings, as_of: dt.date) -> list[Verdict]:
    """More than 60 days late under a contract: collection by law is due (the contract's own rule; ">" where the ladder has ">=")."""
    language, limit = settings.language, settings.collection_after
    late = latest_of_contracts(book, as_of)
    days_late = days_overdue(dates(late, "due_date"), np.datetime64(as_of, "D"))
    worst = dict(zip(late["contract_no"].to_pylist(), zip(days_late.tolist(), late["document_no"].to_pylist(), strict=True), strict=True))
    required = say("collection_required", language, days=limit)
    made = []
    for contract in contracts:
        days, document = worst.get(contract["contract_no"], (0, ""))
        found = say("days_late", language, days=days)
        if days > limit:
            made.append(Verdict(FAIL, found, required, say("collection_due", language, document=document, days=days)))
        else:
            made.append(Verdict(PASS, found, required))
    return made


def _legal_review(book: CreditBook, contracts: list[dict[str, Any]], settings: Settings, as_of: dt.date) -> list[Verdict]:
    language = settings.language
    currencies = np.array([contract["currency"] or "" for contract in contracts], dtype=object)
    value = np.array([int((contract["value"] or 0) * MONEY_SCALE) for contract in contracts], dtype=np.int64)
    if not len(value):
        return []
    converted, known = Exchange(book, settings, as_of).convert(value, currencies)
    abroad = np.array([bool(contract["cross_border"]) for contract in contracts], dtype=np.bool_)
    worth = np.where(known, converted / MONEY_SCALE, value / MONEY_SCALE)
    needed = legal_review_needed(worth, abroad, settings.legal_review_threshold)
    limit = amount_text(round(settings.legal_review_threshold * MONEY_SCALE), settings.report_currency)
    required = say("review_required", language, limit=limit)
    made = []
    for contract, must in zip(contracts, needed, strict=True):
        done = contract["legal_review_by"] and contract["legal_review_date"]
        found = f"{contract['legal_review_by']}, {contract['legal_review_date']}" if done else ""
        if done or not must:
            made.append(Verdict(PASS, found or say("review_not_needed", language), required))
        else:
            made.append(Verdict(LACKING, found, required, say("review_missing", language)))
    return made


def _register(contracts: list[dict[str, Any]], verdicts: list[Verdict], names: dict[str, str], settings: Settings) -> Block:
    """List the contracts that need or had a legal review: who, when, or still open."""
    language = settings.language
    shown = [
        (contract, verdict)
        for contract, verdict in zip(contracts, verdicts, strict=True)
        if verdict.result != PASS or contract["legal_review_date"]
    ]
    labels = {"contract_no": word("contract_no", language), "customer_id": word("customer_id", language), "name": word("name", language)}
    head = tuple(Column(key, label, "text") for key, label in labels.items())
    more = (
        Column("by", say("reviewed_by", language), "text"),
        Column("result", word("result", language), "text"),
        Column("on", say("reviewed_on", language), "date"),
        Column("worth", say("value", language), "amount"),
        Column("currency", word("currency", language), "text"),
    )
    return Block(
        word("review_register", language),
        (*head, *more),
        {
            "contract_no": [contract["contract_no"] or "" for contract, _ in shown],
            "customer_id": [contract["customer_id"] or "" for contract, _ in shown],
            "name": [names.get(contract["customer_id"], "") for contract, _ in shown],
            "by": [contract["legal_review_by"] or "" for contract, _ in shown],
            "result": [word(f"result_{verdict.result}", language) for _, verdict in shown],
            "on": [contract["legal_review_date"] for contract, _ in shown],
            "worth": [None if contract["value"] is None else int(contract["value"] * MONEY_SCALE) for contract, _ in shown],
            "currency": [contract["currency"] or "" for contract, _ in shown],
        },
    )
