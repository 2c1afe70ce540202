"""The workbook of a claim pack: summary, items, interest line by line, security, evidence, dates. Plain values and plain sums."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from functions.claim import Allocation
from workbook.claim.evidence import FOUND
from workbook.claim.pack import Pack
from workbook.heights import LINE_ZH, ROW, lines_of
from workbook.letters.fill import number_text
from workbook.reports.common import amount_text
from workbook.sheet import MONEY_SCALE
from xladdin.plain_text import xml_safe

_ACCENT: Final = "#1F4E5F"
_MONEY: Final = "#,##0.00;[Red]-#,##0.00;–"
Row = Sequence[Any]


def workbook_of(pack: Pack) -> bytes:
    """Return the claim pack's workbook; texts of cells stay texts."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": pack.say("title", name=pack.debtor)})
        page = _Pages(book, pack)
        _summary(page, pack)
        _debt(page, pack)
        _interest(page, pack)
        rights = [(one.name, one.on_what, one.basis) for one in pack.rights]
        page.table("security", (("right", 26, "text"), ("on_what", 52, "text"), ("basis", 60, "text")), rights)
        papers = [(one.what, one.purpose, one.where) for one in pack.evidence if one.state == FOUND]
        page.table("evidence", (("attached", 46, "text"), ("for_what", 24, "text"), ("where", 50, "text")), papers)
        days = [(one.name, one.day, one.counting) for one in pack.deadlines]
        page.table("dates", (("event", 52, "text"), ("date", 14, "date"), ("counting", 76, "text")), days)
        page.table("internal", (("kind", 26, "text"), ("what_to_do", 62, "text"), ("why", 76, "text")), pack.internal())
    return made.getvalue()


def text(sheet: Any, row: int, column: int, words: str, shape: Any = None) -> None:
    """Write a text as text, without what a file cannot hold."""
    sheet.write_string(row, column, xml_safe(words), shape)


class _Pages:
    """The workbook with its formats; each page has a title, a line and a table."""

    def __init__(self, book: Any, pack: Pack) -> None:
        self.book, self.pack = book, pack
        top = {"valign": "top", "text_wrap": True}
        left = {**top, "num_format": "@", "align": "left", "indent": 1}
        self.kinds = {
            "text": book.add_format(left),
            "date": book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "center"}),
            "amount": book.add_format({**top, "num_format": _MONEY}),
            "integer": book.add_format({**top, "num_format": "#,##0"}),
            "rate": book.add_format({**top, "num_format": "0.0000%"}),
        }
        self.looks = {
            "bad": book.add_format({**left, "font_color": "#B03A2E", "bg_color": "#F6D5CF"}),
            "good": book.add_format({**left, "font_color": "#2E7D4F"}),
        }
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": _ACCENT})
        self.grey = book.add_format({"font_color": "#6B7B83"})
        self.strong = book.add_format({"bold": True})
        self.lines = {False: book.add_format({"font_color": "#B03A2E"}), True: book.add_format({"font_color": "#2E7D4F"})}
        shape = {"bold": True, "font_color": "white", "bg_color": _ACCENT, "text_wrap": True, "valign": "vcenter"}
        self.head = book.add_format({**shape, "align": "left", "indent": 1})
        self.right = book.add_format({**shape, "align": "right"})
        self.centre = book.add_format({**shape, "align": "center"})
        summed = {"bold": True, "bg_color": "#EAF0F2", "num_format": _MONEY, "top": 1}
        self.total, self.total_of = book.add_format(summed), book.add_format({**summed, "align": "left", "indent": 1})

    def page(self, key: str, widths: Sequence[int]) -> Any:
        """Add a sheet with title and line."""
        pack = self.pack
        sheet = self.book.add_worksheet(pack.say(f"sheet_{key}"))
        sheet.hide_gridlines(2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 26)
        text(sheet, 0, 0, pack.say("title", name=pack.debtor), self.title)
        line = pack.say("subtitle", accepted=pack.debt.accepted, until=pack.debt.until, rule=pack.rule)
        text(sheet, 1, 0, line, self.grey)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&A&R&8&P / &N")
        return sheet

    def header(self, sheet: Any, row: int, labels: Sequence[str], kinds: Sequence[str]) -> None:
        """Write the header of a table, each label over its values."""
        sheet.set_row(row, 20)
        for column, (label, kind) in enumerate(zip(labels, kinds, strict=True)):
            text(sheet, row, column, label, {"text": self.head, "date": self.centre}.get(kind, self.right))

    def cell(self, sheet: Any, row: int, column: int, value: Any, kind: str, look: str = "plain") -> None:
        """Write one cell by its kind; None is blank."""
        shape = self.looks.get(look, self.kinds[kind]) if kind == "text" else self.kinds[kind]
        if value is None or value == "":
            sheet.write_blank(row, column, None, shape)
        elif kind == "text":
            text(sheet, row, column, str(value), shape)
        elif kind == "date":
            sheet.write_datetime(row, column, value, shape)
        else:
            sheet.write_number(row, column, value / MONEY_SCALE if kind == "amount" else value, shape)

    def table(self, key: str, columns: Sequence[tuple[str, int, str]], rows: Sequence[Row]) -> Any:
        """Write a page that is one table."""
        sheet = self.page(key, [width for _, width, _ in columns])
        self.header(sheet, 3, [self.pack.say(label) for label, _, _ in columns], [kind for _, _, kind in columns])
        for number, row in enumerate(rows, start=4):
            for column, (value, (_, _, kind)) in enumerate(zip(row, columns, strict=True)):
                self.cell(sheet, number, column, value, kind)
            texts = [(str(value), width) for value, (_, width, kind) in zip(row, columns, strict=True) if kind == "text" and value]
            lines = max((lines_of(text, width - 2) for text, width in texts), default=1)
            sheet.set_row(number, max(lines * LINE_ZH, ROW))
        sheet.freeze_panes(4, 0)
        sheet.repeat_rows(3)
        return sheet

    def sums(self, sheet: Any, row: int, label: str, columns: dict[int, int], first: int, last: int, code: int | None = None) -> None:
        """Write a line of totals as formulas with their values; with `code` only rows whose currency, in that column, is the label's."""
        width = max(columns) + 1
        for column in range(width):
            sheet.write_blank(row, column, None, self.total)
        text(sheet, row, 0, label, self.total_of)
        for column, units in columns.items():
            name = xl_col_to_name(column)
            area = f"{name}{first + 1}:{name}{last + 1}"
            if code is None:
                formula = f"=SUM({area})"
            else:
                match = xl_col_to_name(code)
                formula = f'=SUMIF({match}{first + 1}:{match}{last + 1},"{label}",{area})'
            sheet.write_formula(row, column, formula, self.total, units / MONEY_SCALE)


def _summary(page: _Pages, pack: Pack) -> None:
    debt, settings = pack.debt, pack.settings
    sheet = page.page("summary", (26, 18, 18, 18, 20, 20, 14))
    nearest = next((one for one in pack.deadlines if one.day and one.day >= debt.accepted), None)
    lines = (
        ("claimant", settings.creditor or pack.say("fill_in")),
        ("debtor", f"{pack.debtor}  ({debt.customer_id}, {debt.customer.get('register_no') or '–'})"),
        ("accepted_on", debt.accepted.isoformat()),
        ("law", _law(pack)),
        ("total", pack.totals),
        ("missing_papers", f"{pack.missing:,} / {len(pack.evidence):,}"),
        ("nearest", f"{nearest.day}  {nearest.name}" if nearest else "–"),
    )
    for row, (key, words) in enumerate(lines, start=3):
        text(sheet, row, 0, pack.say(key), page.strong)
        text(sheet, row, 1, words)
    first = 3 + len(lines) + 2
    labels = [pack.say(key) for key in ("currency", "principal", "set_off", "interest", "total", "ledger", "check")]
    page.header(sheet, first - 1, labels, ("text", *("amount",) * 5, "text"))
    checks = {check.currency: check for check in debt.invariants("")}
    for row, (code, (principal, credit, interest)) in enumerate(debt.sums().items(), start=first):
        page.cell(sheet, row, 0, code, "text")
        for column, units in enumerate((principal, credit, interest), start=1):
            page.cell(sheet, row, column, units, "amount")
        if code in debt.unquantified:  # what is known of it is stated in the words of the claim
            text(sheet, row, 3, pack.interest_text(code, number_text(interest, code)), page.kinds["text"])
        known = f"+{interest / MONEY_SCALE!r}" if code in debt.unquantified else f"+D{row + 1}"
        formula = f"=MAX(B{row + 1}+C{row + 1}{known},0)"
        sheet.write_formula(row, 4, formula, page.kinds["amount"], pack.claimed[code] / MONEY_SCALE)
        page.cell(sheet, row, 5, debt.ledger.get(code, 0), "amount")
        page.cell(sheet, row, 6, "✓" if checks[code].ok else "✗", "text", "good" if checks[code].ok else "bad")
    row = first + len(checks) + 1
    if pack.bridged:
        row = _bridge(page, pack, sheet, row)
    good = all(check.ok for check in checks.values())
    agrees = ("bridge_not", "bridge_agrees") if pack.bridged else ("not_agree", "all_agree")
    text(sheet, row, 0, pack.say(agrees[good]), page.lines[good])
    converted = pack.converted()
    if converted is not None:
        text(sheet, row + 1, 0, pack.say("paper_converted", amount=amount_text(converted, settings.report_currency)))
    for offset, finding in enumerate(debt.exchange.problems, start=2):
        text(sheet, row + offset, 0, finding.message, page.lines[False])


def _law(pack: Pack) -> str:
    """Say which law the bankruptcy has, as far as it is known."""
    country = pack.debt.customer.get("country")
    return pack.say("law_home") if not pack.debt.abroad else pack.say("law_abroad", country=country) if country else pack.say("law_unknown")


def _bridge(page: _Pages, pack: Pack, sheet: Any, row: int) -> int:
    """Write how the principal claimed follows from the ledger; answers the row below."""
    text(sheet, row, 0, pack.say("bridge"), page.strong)
    text(sheet, row + 1, 0, pack.say("bridge_why"), page.grey)
    labels = [pack.say(key) for key in ("currency", "ledger_open", "set_against", "principal_claimed", "check")]
    page.header(sheet, row + 2, labels, ("text", *("amount",) * 3, "text"))
    sheet.set_row(row + 2, 32)
    for number, (code, (opened, against, principal)) in enumerate(pack.debt.bridge().items(), start=row + 3):
        page.cell(sheet, number, 0, code, "text")
        page.cell(sheet, number, 1, opened, "amount")
        page.cell(sheet, number, 2, against, "amount")
        sheet.write_formula(number, 3, f"=B{number + 1}+C{number + 1}", page.kinds["amount"], (opened + against) / MONEY_SCALE)
        good = opened + against == principal
        page.cell(sheet, number, 4, "✓" if good else "✗", "text", "good" if good else "bad")
    return row + 4 + len(pack.debt.bridge())


def _debt(page: _Pages, pack: Pack) -> None:
    split = (("set_against", 16, "amount"), ("principal_claimed", 16, "amount")) if pack.bridged else ()
    columns = (
        ("document_no", 18, "text"), ("instalment", 7, "integer"), ("document_date", 12, "date"), ("due_date", 12, "date"),
        ("currency", 12, "text"), ("amount", 16, "amount"), ("reduced", 16, "amount"), ("open", 16, "amount"), *split,
        ("interest", 14, "amount"), ("total", 16, "amount"), ("remark", 50, "text"),
    )  # fmt: skip
    rows: list[Row] = [
        (
            one.document_no, one.instalment, one.document_date, one.due_shown, one.currency, one.amount, one.amount - one.open, one.open,
            *((one.set_against, one.principal) if split else ()), one.interest, one.principal + (one.interest or 0), pack.remark(one),
        )
        for one in pack.debt.items
    ]  # fmt: skip
    rows += [
        (
            one.document_no, one.instalment, one.document_date, one.due_shown, one.currency, one.amount, None, 0,
            *((None, 0) if split else ()), None, 0, pack.say("returned_remark", amount=amount_text(one.open, one.currency)),
        )
        for one in pack.debt.returned
    ]  # fmt: skip
    rows += [
        (number, None, day, None, code, None, None, units, *((None, units) if split else ()), None, units, pack.say("unapplied"))
        for number, _, day, code, units in pack.debt.credits
    ]
    sheet = page.table("debt", columns, rows)
    last, bridge = 3 + len(rows), pack.debt.bridge()
    for row, (code, (principal, credit, interest)) in enumerate(pack.debt.sums().items(), start=last + 2):
        opened, against, _ = bridge[code]
        amounts = [opened + credit, *((against, principal + credit) if split else ()), interest, principal + credit + interest]
        page.sums(sheet, row, code, dict(enumerate(amounts, start=7)), 4, last, code=4)


def _interest(page: _Pages, pack: Pack) -> None:
    columns = (
        ("document_no", 18, "text"), ("instalment", 7, "integer"), ("event", 47, "text"), ("first", 12, "date"), ("last", 12, "date"),
        ("days", 8, "integer"), ("currency", 12, "text"), ("principal", 16, "amount"), ("rate", 12, "rate"), ("interest", 16, "amount"),
    )  # fmt: skip
    rows: list[Row] = []
    for one in pack.debt.items:
        if one.claim is None:
            open_interest = pack.say("not_quantified")
            rows.append((one.document_no, one.instalment, open_interest, None, None, None, one.currency, None, None, None))
            continue
        lines: list[tuple[Any, int, Row]] = [
            (line.first, 1, (pack.say("interest_line"), line.first, line.last, line.days, line.principal, line.yearly_rate, line.interest))
            for line in one.claim.lines
        ]
        lines += [(paid.date, 0, _paid(paid, pack)) for paid in one.claim.allocations]
        for _, _, (what, first, last, days, principal, rate, interest) in sorted(lines, key=lambda line: line[:2]):
            amounts = (round(principal * MONEY_SCALE), None if interest is None else round(interest * MONEY_SCALE))
            rows.append((one.document_no, one.instalment, what, first, last, days, one.currency, amounts[0], rate, amounts[1]))
    page.table("interest", columns, rows)


def _paid(paid: Allocation, pack: Pack) -> Row:
    """Write what a payment was set against."""
    against = paid.costs + paid.interest
    what = pack.say("split_line" if against else "payment_line")
    return (what, paid.date, None, None, -paid.principal, None, -against if against else None)
