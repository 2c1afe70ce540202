"""Make the templates that come with the product: Word files with merge fields, to be edited in Word from then on.

Run `python -m workbook.letters.make_templates FOLDER` to see what they were made of.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from workbook.letters.word_file import dress_table, empty_document

#: {field} is a merge field; * starts a bold line
LETTERS: Final[dict[str, tuple[str, ...]]] = {
    "reminder_en": (
        "*Payment reminder",
        "Dear Sir or Madam,",
        "According to our books the items below are past their due dates; the oldest is {oldest_days} days late. Perhaps they have been overlooked, or your payment has crossed this letter: then please take it as done.",
        "#items", "#sums",
        "Please pay by {pay_until} to: {our_account}",
        "If there is a reason not to pay, such as a complaint about goods or documents, please tell us by that day so that we can settle it together. Interest is worked out at {interest_rule} to the day of this letter. {interest_note}",
        "Items that you dispute, or for which you have named a day of payment that is not over, are not in this letter. {acknowledgement}",
    ),
    "lawyer_en": (
        "*Lawyer's letter: demand for payment",
        "To {customer_name}, register number {register_no}",
        "On behalf of {our_name} we demand payment of the items below under {contracts}. The oldest is {oldest_days} days past due. {steps}",
        "#items", "#sums",
        "{law}",
        "You owe in all {totals}, with interest at {interest_rule} until you pay. {interest_note} Pay by {pay_until} ({days_to_pay} days) to: {our_account}",
        "Failing payment or a binding payment plan by that day, our client reserves all rights under the contract: to stop deliveries, to take back goods whose title is retained, to call in securities and to claim the costs of enforcement.",
        "Items in dispute, and items for which a promise of payment is running, are not part of this demand; nothing in this letter waives a right to them.",
    ),
    "notice_en": (
        "*Last notice before legal proceedings",
        "To {customer_name}, register number {register_no}",
        "The items below under {contracts} are still unpaid, the oldest {oldest_days} days after its due date. {steps}",
        "#items", "#sums",
        "{law}",
        "Unless {totals} reach {our_account} by {pay_until}, {next_step}, without further notice, for principal, interest at {interest_rule} to the day of payment, and costs. {interest_note} Measures to secure the claim may be applied for before.",
        "Items in dispute, and items for which a promise of payment is running, are not part of this notice; nothing in this letter waives a right to them.",
    ),
    "reminder_zh": (
        "*付款提醒函",
        "{customer_name}：",
        "经核对账目，贵司以下款项已逾期，最长逾期 {oldest_days} 天。如系疏漏，请尽快安排；如款项已付出，请忽略本函。",
        "#items", "#sums",
        "请于 {pay_until} 前付至：{our_account}",
        "如因货物、单据等原因暂不付款，请于上述日期前告知，以便共同解决。利息按{interest_rule}计算至本函日期。{interest_note}",
        "贵司提出争议的款项，以及已承诺付款且承诺日尚未届满的款项，不在本函之内。{acknowledgement}",
    ),
    "lawyer_zh": (
        "*律师函：催告付款",
        "致 {customer_name}（注册号 {register_no}）：",
        "受 {our_name} 委托，就{contracts}项下以下款项催告贵司付款。最长已逾期 {oldest_days} 天。{steps}",
        "#items", "#sums",
        "{law}",
        "贵司应付合计 {totals}，利息按{interest_rule}计算至付清之日。{interest_note}请于 {pay_until} 前（{days_to_pay}天内）付至：{our_account}",
        "逾期仍不付款、亦未达成有约束力的付款计划的，委托人保留合同及法律项下一切权利，包括停止供货、取回保留所有权的货物、行使担保权利以及主张实现债权的费用。",
        "有争议的款项以及承诺付款期限尚未届满的款项不在本函催告范围之内，本函不构成对相关权利的放弃。",
    ),
    "notice_zh": (
        "*诉讼（仲裁）前最后通知",
        "致 {customer_name}（注册号 {register_no}）：",
        "{contracts}项下以下款项仍未支付，最长已逾期 {oldest_days} 天。{steps}",
        "#items", "#sums",
        "{law}",
        "如 {totals} 未于 {pay_until} 前付至 {our_account}，{next_step}，恕不另行通知，主张本金、按{interest_rule}计算至付清之日的利息及全部费用，并可申请财产保全。{interest_note}",
        "有争议的款项以及承诺付款期限尚未届满的款项不在本通知范围之内，本通知不构成对相关权利的放弃。",
    ),
}
_ITEMS: Final = ("item_no", "item_date", "item_due", "item_days", "item_currency", "item_amount", "item_interest")
_SUMS: Final = ("sum_currency", "sum_amount", "sum_interest", "sum_total")
_HEADS: Final = {
    "items_en": ("Document", "Dated", "Due", "Days late", "Currency", "Amount", "Interest so far"),
    "items_zh": ("单据编号", "单据日期", "到期日", "逾期天数", "币种", "金额", "利息"),
    "sums_en": ("Sum by currency", "Amount", "Interest", "Total"),
    "sums_zh": ("按币种小计", "本金", "利息", "合计"),
}
_RIGHT: Final = {"item_days", "item_amount", "item_interest", "sum_amount", "sum_interest", "sum_total"}
_WIDTHS: Final = {"items": (2.9, 2.45, 2.45, 1.6, 2.1, 2.9, 2.8), "sums": (5.7, 3.9, 3.8, 3.8)}
_FIRM: Final = ("(letterhead of the law firm)", "（律师事务所抬头）")
_SIGNS: Final = ("(lawyer), for {our_name}", "（律师签字）  代表 {our_name}")
_INK: Final = RGBColor(0x1F, 0x4E, 0x5F)


def make(folder: Path) -> list[Path]:
    """Write every template into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, lines in LETTERS.items():
        path = folder / f"{name}.docx"
        _letter(lines, zh=name.endswith("zh"), lawyer=name.startswith("lawyer")).save(str(path))
        made.append(path)
    return made


def _letter(lines: tuple[str, ...], *, zh: bool, lawyer: bool) -> Any:
    document = empty_document(lines[0].lstrip("*"))
    _coloured(_paragraph(document, _FIRM[zh] if lawyer else "{our_name}"), 13)
    _paragraph(document, "" if lawyer else "{our_address}", after=14)
    _paragraph(document, "{customer_name}", after=0)
    _paragraph(document, "客户编号 {customer_id}    {country}" if zh else "Customer {customer_id}    {country}", after=10)
    _paragraph(document, "{date}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for line in lines:
        if line.startswith("#"):
            _table(document, line[1:], "zh" if zh else "en")
        elif line.startswith("*"):
            _coloured(_paragraph(document, line[1:], after=9), 15)
        else:
            _paragraph(document, line)
    _paragraph(document, "此致" if zh else "Yours faithfully,", after=20)
    _paragraph(document, _SIGNS[zh] if lawyer else "{our_name}", after=0)
    _paragraph(document, "" if lawyer else "{our_contact}")
    return document


def _coloured(paragraph: Any, size: float) -> None:
    for run in paragraph.runs:
        run.bold = True
        run.font.size = Pt(size)
        run.font.color.rgb = _INK


def _paragraph(place: Any, text: str, after: float | None = None) -> Any:
    paragraph = place.add_paragraph()
    if after is not None:
        paragraph.paragraph_format.space_after = Pt(after)
    _write(paragraph, text)
    return paragraph


def _write(paragraph: Any, text: str) -> None:
    for part in re.split(r"(\{[a-z_]+\})", text):
        if part.startswith("{"):
            _field(paragraph, part[1:-1])
        elif part:
            paragraph.add_run(part)


def _field(paragraph: Any, name: str) -> None:
    """Write a merge field as Word does: begin, instruction, separator, what is shown, end."""
    for kind, text in (("begin", ""), ("", f" MERGEFIELD {name} "), ("separate", ""), ("shown", f"«{name}»"), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001 - python-docx has no words for fields
        else:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = text
            run._r.append(words)  # noqa: SLF001


def _table(document: Any, kind: str, language: str) -> None:
    fields = _ITEMS if kind == "items" else _SUMS
    table = document.add_table(rows=2, cols=len(fields), style="Table Grid")
    table.autofit = False
    dress_table(table)
    for column, width in zip(table.columns, _WIDTHS[kind], strict=True):
        column.width = Cm(width)
    for column, (field, head) in enumerate(zip(fields, _HEADS[f"{kind}_{language}"], strict=True)):
        for row, text in ((0, head), (1, f"{{{field}}}")):
            cell = table.cell(row, column)
            cell.width = Cm(_WIDTHS[kind][column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            _write(paragraph, text)
            if field in _RIGHT:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in paragraph.runs:
                run.font.size = Pt(9)
                run.bold = row == 0
    _paragraph(document, "", after=4)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
