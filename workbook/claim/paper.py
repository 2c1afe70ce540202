"""The paper of a claim pack: the proof of debt as a Word file, to be signed and handed in with the evidence.

It goes out: what we lack, and what we tell ourselves to do, stands on the sheet *Internal* of the workbook beside it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor

from workbook.claim.evidence import FOUND
from workbook.claim.pack import Pack
from workbook.letters.fill import day_text, number_text
from workbook.letters.law import listed
from workbook.letters.word_file import dress_table, empty_document
from workbook.reports.common import amount_text
from xladdin.plain_text import xml_safe

_INK: Final = RGBColor(0x1F, 0x4E, 0x5F)


def paper_of(pack: Pack) -> bytes:
    """Return the proof of debt as the bytes of a .docx."""
    debt, settings, language = pack.debt, pack.settings, pack.language
    document = empty_document(pack.say("paper_title"))
    _heading(document, pack.say("paper_title"), 17)
    number = debt.customer.get("register_no")
    _line(document, "\n".join(filter(None, (pack.say("paper_to", name=pack.debtor), number and pack.say("paper_number", number=number)))))
    us = (settings.creditor, settings.creditor_address, settings.creditor_contact)
    if any(us):
        _line(document, "\n".join(filter(None, us)))
    _line(document, pack.say("paper_claim", totals=pack.totals, accepted=day_text(debt.accepted, language)))
    sums = [
        (
            code, number_text(principal, code), number_text(credit, code), pack.interest_text(code, number_text(interest, code)),
            pack.claimed_text(code).removeprefix(f"{code} "),
        )
        for code, (principal, credit, interest) in debt.sums().items()
    ]
    _table(document, [pack.say(key) for key in ("currency", "principal", "set_off", "interest", "total")], sums, right=(1, 2, 3, 4))
    if pack.bridged:
        _line(document, pack.say("paper_bridge"))
        steps = [(code, *(number_text(units, code) for units in parts)) for code, parts in debt.bridge().items()]
        labels = [pack.say(key) for key in ("currency", "ledger_open", "set_against", "principal_claimed")]
        _table(document, labels, steps, right=(1, 2, 3))
    converted = pack.converted()
    if converted is not None and list(pack.claimed) != [settings.report_currency]:
        _line(document, pack.say("paper_converted", amount=amount_text(converted, settings.report_currency)))
    _heading(document, pack.say("paper_facts"))
    _facts(document, pack)
    if debt.returned:
        _returned(document, pack)
    rights = [(one.name, one.on_what, one.outward) for one in pack.rights if one.outward]
    if rights:
        _heading(document, pack.say("paper_security"))
        _table(document, [pack.say(key) for key in ("right", "on_what", "basis")], rights, widths=(3.6, 6.4, 7.2))
    papers = [(one.what, one.purpose, one.where) for one in pack.evidence if one.state == FOUND]
    if papers:
        _heading(document, pack.say("paper_evidence"))
        _table(document, [pack.say(key) for key in ("attached", "for_what", "where")], papers, widths=(6.6, 4.6, 6.0))
    _line(document, f"{pack.say('paper_signed')}:  {settings.creditor}", before=22)
    _line(document, f"{pack.say('paper_day')}:")
    document.add_page_break()
    _heading(document, pack.say("paper_annex"))
    _annex(document, pack)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _facts(document: Any, pack: Pack) -> None:
    debt = pack.debt
    numbers = sorted({one.contract_no for one in debt.items if one.contract_no})
    key = "paper_contracts" if len(numbers) > 1 else "paper_contract" if numbers else "paper_no_contract"
    contracts = pack.say(key, numbers=", ".join(numbers)) if numbers else pack.say(key)
    not_due = sum(one.due_date >= debt.accepted and not one.paid_on for one in debt.items)
    due_by_it = pack.say("paper_due_by_it", count=not_due) if not_due else ""
    until = day_text(debt.until, pack.language)
    values: dict[str, object] = {"contracts": contracts, "rule": pack.rule, "until": until, "due_by_it": due_by_it}
    _line(document, pack.say("paper_facts_text", count=len(debt.items), **values))
    disputed: dict[str, int] = {}
    for one in debt.items:
        if one.disputed:
            disputed[one.currency] = disputed.get(one.currency, 0) + one.disputed
    if disputed:
        amounts = ", ".join(amount_text(amount, code) for code, amount in sorted(disputed.items()))
        _line(document, pack.say("paper_disputed", amount=amounts))
    unknown = sum(one.interest is None for one in debt.items)
    if unknown:
        _line(document, pack.say("paper_open_interest", count=unknown))


def _returned(document: Any, pack: Pack) -> None:
    """Ask for the goods whose title is retained, instead of their price."""
    ones = pack.debt.returned
    names = listed([one.document_no for one in ones], zh=pack.language == "zh")
    _heading(document, pack.say("paper_goods"))
    _line(document, pack.say("paper_goods_text", documents=names))
    labels = [pack.say(key) for key in ("document_no", "document_date", "contract")]
    rows = [(one.document_no, one.document_date.isoformat() if one.document_date else "–", one.contract_no) for one in ones]
    _table(document, labels, rows)


def _annex(document: Any, pack: Pack) -> None:
    owed = "principal" if pack.bridged else "open"
    labels = [pack.say(key) for key in ("document_no", "document_date", "due_date", "currency", owed, "interest", "remark")]
    rows = [
        (
            one.document_no if one.instalment is None else f"{one.document_no} / {one.instalment}",
            one.document_date.isoformat() if one.document_date else "–",
            one.due_shown.isoformat() if one.due_shown else "–",
            one.currency,
            number_text(one.principal, one.currency),
            pack.say("not_quantified") if one.interest is None else number_text(one.interest, one.currency),
            pack.remark(one),
        )
        for one in pack.debt.items
    ]
    rows += [
        (number, day.isoformat() if day else "–", "", code, number_text(units, code), "", pack.say("unapplied"))
        for number, _, day, code, units in pack.debt.credits
    ]
    _table(document, labels, rows, right=(4, 5), widths=(2.8, 2.3, 2.3, 2.0, 2.6, 2.1, 3.1))


def _heading(document: Any, text: str, size: float = 12.5) -> None:
    run = _line(document, text, before=8).runs[0]
    run.bold = True
    run.font.size = Pt(size)
    run.font.color.rgb = _INK


def _line(document: Any, text: str, before: float = 0) -> Any:
    paragraph = document.add_paragraph(xml_safe(text))
    paragraph.paragraph_format.space_before = Pt(before)
    return paragraph


def _table(
    document: Any, labels: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = (), widths: Sequence[float] = ()
) -> None:
    table = document.add_table(rows=1 + len(rows), cols=len(labels), style="Table Grid")
    table.autofit = False
    dress_table(table)
    for column, width in zip(table.columns, widths or [17.2 / len(labels)] * len(labels), strict=True):
        column.width = Cm(width)
    for number, values in enumerate([labels, *rows]):
        for column, (cell, text) in enumerate(zip(table.rows[number].cells, values, strict=True)):
            if widths:
                cell.width = Cm(widths[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            run = paragraph.add_run(xml_safe(str(text)))
            run.font.size = Pt(8.5)
            run.bold = number == 0
            if column in right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph().paragraph_format.space_after = Pt(2)
