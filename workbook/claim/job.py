"""Write a claim pack: a workbook and a Word file, both or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import xlwings as xw

from workbook.claim.debt import debt_of
from workbook.claim.evidence import evidence_of
from workbook.claim.pack import Pack
from workbook.claim.paper import paper_of
from workbook.claim.rights import deadlines_of, rights_of
from workbook.claim.sheets import workbook_of
from workbook.host_book import read_host_book
from workbook.large.attach import inputs_of, with_ledger
from workbook.letters.job import put_files, safe_name
from workbook.reports.common import amount_text
from workbook.sheet import money_text
from xladdin.counted import counted
from xladdin.errors import BadRequest

#: where the papers of a customer are looked for: beside the workbook, in a folder of the customer's number
EVIDENCE: Final = "evidence"


def write_claim_pack(
    workbook: xw.Book,
    customer: str,
    out: Path,
    today: dt.date,
    *,
    accepted: dt.date | None = None,
    language: str | None = None,
    evidence: Path | None = None,
    stop_before: bool = False,
    overrides: Mapping[str, Any] | None = None,
    force: bool = False,
) -> tuple[list[str], dict[str, Any]]:
    """Write the claim pack of a customer; answers lines for a person and data for a program. Raises BadRequest or CannotWrite."""
    if language not in (None, "en", "zh"):
        raise BadRequest(f"the language of the claim pack is en or zh; got {language}")
    if evidence is not None and not evidence.is_dir():
        raise BadRequest(f"there is no folder {evidence} to look for the papers in")
    with with_ledger(read_host_book(workbook, overrides or {}), said=False) as book:
        settings = book.settings
        day = accepted or settings.as_of or today
        tongue = language or settings.language
        debt = debt_of(book, settings, customer, day, stop_before=stop_before, language=tongue)
        folder = evidence or (book.folder / EVIDENCE / safe_name(customer) if book.folder else None)
        rights, papers = rights_of(book, debt, settings, tongue), evidence_of(book, debt, folder, tongue)
        pack = Pack(debt, rights, papers, deadlines_of(book, debt, settings, tongue), settings, tongue)
        inputs = inputs_of(book, said=False)
    name = safe_name(f"{customer} claim {day.isoformat()} {tongue}")
    put_files({f"{name}.xlsx": workbook_of(pack), f"{name}.docx": paper_of(pack)}, out, inputs, force=force)
    return _lines(pack, name, out), _data(pack, name)


def _lines(pack: Pack, name: str, out: Path) -> list[str]:
    debt = pack.debt
    lines = [f"{name}.xlsx and .docx in {out}"]
    if debt.accepted == pack.settings.as_of:
        lines.append(f"accepted on {debt.accepted} (the as-of date); --accepted gives the day of the court's ruling")
    for code, (principal, credit, interest) in debt.sums().items():
        known = amount_text(interest, code)
        if code in debt.unquantified:
            known = f"{known} and more, not yet quantified" if interest else "not yet quantified"
        parts = f"principal {amount_text(principal, code)}, set-off {amount_text(-credit, code)}, interest {known}"
        lines.append(f"{code}: {parts}, claimed {amount_text(pack.claimed[code], code)}")
    for code, (opened, against, claimed) in debt.bridge().items() if pack.bridged else ():
        parts = f"{amount_text(opened, code)} open in the ledger + {amount_text(against, code)} of payments set against costs and interest"
        lines.append(f"{code}: principal {amount_text(claimed, code)} = {parts}")
    lines += [
        f"{one.document_no}: the goods are taken back, so their price of {amount_text(one.open, one.currency)} is not claimed"
        for one in debt.returned
    ]
    if debt.customer.get("country") in (None, ""):
        lines.append("the debtor's country is not on the sheet Customers, so no law of its bankruptcy is named: fill it in")
    unknown = [one.problem for one in debt.items if one.problem]
    if unknown:
        lines.append(f"the interest of {counted(len(unknown), 'item')} is claimed, but not yet quantified: {unknown[0]}")
    checks = debt.invariants("")
    wrong = [check.currency for check in checks if not check.ok]
    agrees = f"NOT the ledger's in {', '.join(wrong)}" if wrong else "the ledger's to the cent"
    if pack.bridged and not wrong:
        agrees = "the ledger's and what was set against costs and interest, to the cent"
    papers = f"{pack.missing:,} of {counted(len(pack.evidence), 'paper')} missing"
    lines.append(f"{counted(len(debt.items), 'item')}, principal less set-off is {agrees}; {papers}")
    return lines


def _data(pack: Pack, name: str) -> dict[str, Any]:
    return {
        "files": [f"{name}.xlsx", f"{name}.docx"],
        "accepted": pack.debt.accepted.isoformat(),
        "not_quantified": sorted(pack.debt.unquantified),
        "totals": {
            code: dict(zip(("principal", "set_off", "interest", "claimed"), map(money_text, (*parts, pack.claimed[code])), strict=True))
            | ({"interest": None} if code in pack.debt.unquantified else {})
            for code, parts in pack.debt.sums().items()
        },
        "allocation": pack.settings.allocation,
        "bridge": {
            code: dict(zip(("ledger_open", "set_against", "principal"), map(money_text, parts), strict=True))
            for code, parts in pack.debt.bridge().items()
        },
        "reconciled": all(check.ok for check in pack.debt.invariants("")),
        "missing": [one.what for one in pack.evidence if one.state == "missing"],
        "dates": [{"what": one.name, "day": one.day.isoformat() if one.day else None} for one in pack.deadlines],
    }
