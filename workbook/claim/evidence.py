"""What must be shown, what is there and what is missing: an index of evidence for every contract, invoice and delivery.

Papers are looked for by name in a folder: a file counts when its name holds the number of the document, and a word for its kind where
several kinds bear that number. Nothing is opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workbook.book import CreditBook
from workbook.claim.debt import Debt
from workbook.claim.words import put

#: kind -> words in a file's name that mean it, English and Chinese
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "delivery": (
        "delivery", "pod", "bill of lading", "b-l", "cmr", "awb", "waybill", "packing", "签收", "提单", "送货", "交货", "运单", "出库",
    ),
    "balance": ("balance", "statement of account", "confirmation", "对账", "询证"),
    "demand": ("reminder", "lawyer", "notice", "demand", "催款", "律师函", "催收"),
    "register": ("register", "extract", "licence", "license", "工商", "执照", "登记"),
    "ruling": ("ruling", "court", "acceptance", "announcement", "裁定", "公告", "法院"),
    "power": ("power of attorney", "poa", "授权", "委托"),
    "invoice": ("invoice", "inv", "发票"),
    "contract": ("contract", "agreement", "order", "合同", "订单"),
    "policy": ("policy", "limit", "insurance", "保单", "保险", "限额"),
}
#: so many files, so deep: an evidence folder, not a disk
_MOST_FILES: Final = 5_000
_DEEPEST: Final = 3

FOUND, RECORDED, MISSING = "found", "recorded", "missing"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: what it is, what for, and whether it is there."""

    what: str
    purpose: str
    state: str
    where: str


def evidence_of(book: CreditBook, debt: Debt, folder: Path | None, language: str) -> list[Evidence]:
    """List what the claim needs; the missing first."""
    names = list(_names(folder)) if folder else []
    contracts = {row["contract_no"]: row for row in book.tables["contracts"].to_pylist() if row["contract_no"]}
    made: list[Evidence] = []

    def add(key: str, purpose: str, kind: str, number: str = "", recorded: str = "") -> None:
        found = _find(names, number, kind)
        state = FOUND if found else RECORDED if recorded else MISSING
        made.append(Evidence(put(f"ev_{key}", language, what=number), put(f"for_{purpose}", language), state, found or recorded))

    add("ruling", "formal", "ruling")
    add("power", "formal", "power")
    add("register", "formal", "register", recorded=_register(debt.customer, language))
    for number in sorted({one.contract_no for one in debt.items if one.contract_no}):
        row = contracts.get(number)
        add("contract", "debt", "contract", number, put("recorded_contract", language, day=row["signed"] or "–") if row else "")
    for number in dict.fromkeys(one.document_no for one in debt.items):
        if not next(one.contract_no for one in debt.items if one.document_no == number):
            add("no_contract", "debt", "contract", number)
        add("invoice", "amount", "invoice", number)
        add("delivery", "delivery", "delivery", number)
    add("balance", "debt", "balance")
    add("demand", "time", "demand")
    for number in sorted({one.policy_no for one in debt.items if one.policy_no}):
        known = number in {row["policy_no"] for row in book.tables["policies"].to_pylist()}
        add("policy", "insurer", "policy", number, put("recorded_policy", language) if known else "")
    rank = {MISSING: 0, RECORDED: 1, FOUND: 2}
    return sorted(made, key=lambda one: rank[one.state])


def _register(customer: dict[str, Any], language: str) -> str:
    """Say what the credit file holds of the debtor's register entry."""
    if not customer.get("register_evidence"):
        return ""
    return put("recorded_register", language, what=customer["register_evidence"], day=customer.get("register_verified") or "–")


def _names(folder: Path, depth: int = 0, count: int = 0) -> Iterator[str]:
    """Give the names of the files below a folder, not following links."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if count >= _MOST_FILES:
            return
        if entry.is_dir(follow_symlinks=False):
            if depth < _DEEPEST:
                yield from _names(Path(entry.path), depth + 1, count)
        elif entry.is_file(follow_symlinks=False):
            count += 1
            yield entry.name


def _find(names: list[str], number: str, kind: str) -> str:
    """Return the first file of a kind for a document; where only the number is in the name, it is the document itself."""
    own = kind in ("invoice", "contract", "policy")
    wanted = re.compile(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", re.IGNORECASE) if number else None
    for name in names:
        lower = name.casefold()
        if wanted and not wanted.search(name):
            continue
        rest = lower.replace(number.casefold(), " ") if number else lower
        kinds = [key for key, words in _KINDS.items() if any(word in rest for word in words)]
        if kind in kinds[:1] or (own and not kinds):
            return name
    return ""
