"""Every sentence about bad data, in English and Chinese, by code: so that a test names a message once and a reader finds them all.

A code also carries the severity that `workbook.findings` explains. {placeholders} are filled by `say`.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from workbook.findings import Severity
from workbook.tables import TABLES
from xladdin.counted import fill_in


class Message(NamedTuple):
    """One sentence in two languages."""

    severity: Severity
    en: str
    zh: str


M: Final[dict[str, Message]] = {
    # one cell
    "error_cell": Message("error", "{column} holds the error {value}; correct the formula.", "“{column}”为错误值 {value}，请更正公式。"),
    "formula_without_value": Message(
        "error",
        "{column}: the formula {value} has no value in the file; it was never calculated. Open the file in Excel, save it, import it again.",
        "“{column}”：公式 {value} 在文件中没有计算结果。请在 Excel 中打开并保存该文件后重新导入。",
    ),
    "text_in_number": Message(
        "error",
        '{column} must be a number; got the text "{value}". Type it again as a number without separators, such as {hint}.',
        "“{column}”须为数字，但内容是文本“{value}”。请重新输入不带分隔符的数字，例如 {hint}。",
    ),
    "truth_in_number": Message("error", "{column} must be a number; got {value}.", "“{column}”须为数字，但内容是 {value}。"),
    "date_in_number": Message("error", "{column} must be a number; got the date {value}.", "“{column}”须为数字，但内容是日期 {value}。"),
    "not_finite": Message("error", "{column} is not a finite number ({value}).", "“{column}”不是有限数值（{value}）。"),
    "too_large": Message(
        "error", "{column} has more than 14 digits before the decimal point: {value}.", "“{column}”整数部分超过14位：{value}。",
    ),
    "rounded": Message(
        "warning",
        "{column} has more than four decimals: {value} was rounded to {rounded}.",
        "“{column}”超过四位小数：{value} 已四舍五入为 {rounded}。",
    ),
    "not_whole": Message("error", "{column} must be a whole number; got {value}.", "“{column}”须为整数，但内容是 {value}。"),
    "not_a_date": Message(
        "error",
        '{column} must be a date; got the text "{value}". Type it as a date, or as text like 2026-01-31.',
        "“{column}”须为日期，但内容是文本“{value}”。请输入日期或 2026-01-31 形式的文本。",
    ),
    "no_such_day": Message("error", '{column} names a day that does not exist: "{value}".', "“{column}”的日期不存在：“{value}”。"),
    "date_as_text": Message(
        "warning", '{column} is a text; "{value}" was read as the date {read}.', "“{column}”是文本；“{value}”已按日期 {read} 读取。",
    ),
    "date_out_of_range": Message(
        "error",
        "{column} must be a date from 1900-01-01 to 9999-12-31; got {value}.",
        "“{column}”须为1900-01-01至9999-12-31之间的日期，但内容是 {value}。",
    ),
    "rate_beyond_sense": Message(
        "error",
        "{column} {value} is beyond all sense: a fraction from {least} to {most} is wanted (3 % is 0.03); it counts as blank.",
        "“{column}” {value} 超出合理范围：须为 {least} 至 {most} 之间的小数（3%填0.03）；按空白处理。",
    ),
    "exchange_rate_not_above_0": Message(
        "error", "{column} {value}: a rate of exchange is above 0; it counts as blank.", "“{column}” {value}：汇率须大于0；按空白处理。",
    ),
    "unknown_choice": Message(
        "error", '{column} must be one of {choices}; got "{value}".', "“{column}”须为以下之一：{choices}；但内容是“{value}”。",
    ),
    "not_a_flag": Message("error", '{column} must be yes or no; got "{value}".', "“{column}”须为是或否，但内容是“{value}”。"),
    "blank": Message("error", "{column} is blank.", "“{column}”为空。"),
    # one column
    "missing_column": Message("error", "The table {table} has no column {column}.", "表“{table}”缺少列“{column}”。"),
    "missing_in_file": Message(
        "error",
        "The table {table} needs {column}, and the file has no column for it; say which one it is with --map {example}.",
        "表“{table}”需要“{column}”，但文件中没有对应的列；请用 --map {example} 指定。",
    ),
    "unknown_column": Message(
        "note", 'The column "{value}" is not one of ours; no report uses it.', "列“{value}”不是系统字段，报表不使用。",
    ),
    "more": Message("note", "{count:more row has|more rows have} the same problem: {first}", "另有 {count} 行存在相同问题：{first}"),
    "empty_table": Message("warning", "The table {table} has no rows.", "表“{table}”没有数据。"),
    # between rows and tables
    "repeated_row": Message(
        "warning", "The row repeats row {first} in every column and is left out.", "本行与第 {first} 行完全相同，未导入。",
    ),
    "duplicate": Message("error", "{key} stands in row {first} already.", "{key} 已在第 {first} 行出现。"),
    "refers_to_nothing": Message(
        "warning",
        '{column} "{value}" is not on the sheet {target} ({count:row}).',
        "“{column}”“{value}”不在“{target}”表中（{count} 行）。",
    ),
    "customers_alike": Message(
        "warning",
        '{column} "{value}" and "{other}" differ only in case, spaces, width of characters or leading zeros; if they are one customer, write both alike.',
        "“{column}”“{value}”与“{other}”仅大小写、空格、全半角或前导零不同；若为同一客户，请统一写法。",
    ),
    "nothing_to_refer_to": Message(
        "note", "{column} is filled in {count:row}, but the table {target} is empty.", "“{column}”有 {count} 行已填，但表“{target}”为空。",
    ),
    # contracts
    "unknown_limitation": Message(
        "warning",
        'Under the law "{value}" of {contracts} ({customer}) no limitation is known here, so no report dates it: ask counsel for the day. Known are {known}.',
        "{contracts}（{customer}）适用法律“{value}”的诉讼时效未知，报表不列示：请咨询律师确定截止日。已知：{known}。",
    ),
    # the ledger
    "reference_to_nothing": Message(
        "warning",
        'The settled document "{value}" is not in the ledger; this {type} counts as unapplied.',
        "被核销单据“{value}”不在明细中，本{type}按未核销处理。",
    ),
    "reference_not_a_debt": Message(
        "warning",
        'The settled document "{value}" is no invoice that reports can use; this {type} counts as unapplied.',
        "被核销单据“{value}”不是可用的发票，本{type}按未核销处理。",
    ),
    "reference_other_customer": Message(
        "warning",
        'The settled document "{value}" is another customer\'s; this {type} counts as unapplied.',
        "被核销单据“{value}”属于其他客户，本{type}按未核销处理。",
    ),
    "reference_other_currency": Message(
        "warning",
        'The settled document "{value}" is in another currency; this {type} counts as unapplied.',
        "被核销单据“{value}”币种不同，本{type}按未核销处理。",
    ),
    "settled_above": Message(
        "error", "Settled {settled} is above the amount {amount}.", "已结金额 {settled} 大于单据金额 {amount}。",
    ),
    "overpaid": Message(
        "warning",
        'What settles the document "{value}" comes to {settled}, above its amount {amount}; the excess is {excess}.',
        "单据“{value}”的核销合计 {settled} 大于其金额 {amount}，超出 {excess}。",
    ),
    "settled_negative": Message("warning", "Settled {settled} is negative.", "已结金额 {settled} 为负数。"),
    "looks_like_share": Message(
        "warning",
        "{column} {value} of {amount} looks like a percentage: an amount of the currency is wanted here.",
        "“{column}” {value}（单据金额 {amount}）像是百分比；此处应填金额。",
    ),
    "disputed_above": Message(
        "warning", "Disputed {disputed} is above the amount {amount}.", "争议金额 {disputed} 大于单据金额 {amount}。",
    ),
    "negative_invoice": Message(
        "warning", "A negative invoice ({value}) was read as a credit note.", "负数发票（{value}）已按贷项通知读取。",
    ),
    "negative_document": Message(
        "warning", "A negative {type} ({value}) raises the debt.", "负数{type}（{value}）会增加债权。",
    ),
    "due_before_document": Message(
        "warning", "The due date {value} is before the document date {other}.", "到期日 {value} 早于单据日期 {other}。",
    ),
    "settled_before_document": Message(
        "warning", "Settled on {value}, before the document date {other}.", "结清日 {value} 早于单据日期 {other}。",
    ),
    "promise_before_document": Message(
        "warning", "The promise date {value} is before the document date {other}.", "承诺付款日 {value} 早于单据日期 {other}。",
    ),
    "no_due_date": Message(
        "warning", "No due date and no terms; the document date counts as due date.", "无到期日和付款条件，以单据日期为到期日。",
    ),
    "unknown_terms": Message(
        "warning",
        'No due date, and the terms "{value}" are not understood: {amount} is without due date and counts as not due. Type the due date.',
        "无到期日，且无法识别付款条件“{value}”：{amount} 无到期日，按未到期处理。请填写到期日。",
    ),
    "ahead_document_date": Message(
        "warning",
        "The document is dated {value}, {days} days after {as_of}: {amount} is in no report before that day. Is the year right?",
        "单据日期 {value} 晚于 {as_of} {days} 天：{amount} 在该日之前不计入任何报表，请核对年份。",
    ),
    "ahead_settled_date": Message(
        "warning",
        "Settled on {value}, {days} days after {as_of}: the item of {amount} counts as open until that day. Is the year right?",
        "结清日 {value} 晚于 {as_of} {days} 天：金额 {amount} 在该日之前仍按未结计，请核对年份。",
    ),
    "ahead_order_date": Message(
        "warning",
        "The order is dated {value}, {days} days after {as_of}: {amount} is in no report before that day. Is the year right?",
        "订单日期 {value} 晚于 {as_of} {days} 天：{amount} 在该日之前不计入任何报表，请核对年份。",
    ),
    "ahead_some": Message(
        "warning",
        "{count:row has|rows have} a {column} from {first} to {last}, far after {as_of}: {amount} counts only from that day on. Are the years right?",
        "{count} 行的“{column}”为 {first} 至 {last}，远晚于 {as_of}：{amount} 自该日起才计入，请核对年份。",
    ),
    "ahead_soon": Message(
        "note",
        "{count:row has|rows have} a {column} from {first} to {last}, after {as_of}: {amount} counts only from that day on.",
        "{count} 行的“{column}”为 {first} 至 {last}，晚于 {as_of}：{amount} 自该日起才计入。",
    ),
    "dated_by_due_date": Message(
        "warning", "No document date; the due date {value} counts as document date.", "无单据日期，以到期日 {value} 为单据日期。",
    ),
    "unknown_currency": Message("error", 'There is no currency "{value}".', "币种“{value}”不存在。"),
    "currency_alias": Message("note", '"{value}" was read as {read}.', "“{value}”已按 {read} 读取。"),
    "minor_unit": Message(
        "warning",
        "{column} {value} has more decimals than {currency} has ({digits}).",
        "“{column}”{value} 的小数位多于 {currency} 的 {digits} 位。",
    ),
    "total_too_large": Message(
        "error", "The amount {value} is too large to be summed; is it in the right unit?", "金额 {value} 过大，无法汇总，请检查单位。",
    ),
    # ledgers that lie elsewhere: counted, not listed
    "rows_unreadable": Message("error", "{count:row}: {column} cannot be read.", "{count} 行：“{column}”无法读取。"),
    "rows_no_amount": Message(
        "error", "{count:row}: {column} is no amount, or {most} and more.", "{count} 行：“{column}”不是金额，或达到 {most} 及以上。",
    ),
    "rows_negative_invoice": Message("warning", "{count:negative invoice was read as a credit note|negative invoices were read as credit notes}.", "{count} 张负数发票已按贷项通知读取。"),
    "rows_no_due_date": Message(
        "warning", "{count:row has|rows have} no due date and no terms: the document date counts.", "{count} 行无到期日和付款条件：以单据日期计。",
    ),
    "rows_without_due_date": Message(
        "warning",
        "{count:row has|rows have} no due date and terms that are not understood: {amount} is without due date and counts as not due.",
        "{count} 行无到期日且付款条件无法识别：{amount} 无到期日，按未到期处理。",
    ),
    "left_out": Message("error", "{count:row is|rows are} left out of the reports: {columns}.", "{count} 行未计入报表：{columns}。"),
}


def say(code: str, language: str, **values: Any) -> str:
    """Fill the sentence of a code. Raises KeyError for a code or placeholder that is missing."""
    message = M[code]
    made = fill_in(message.zh if language == "zh" else message.en, values)
    return made[:-1] if made.endswith("..") and not made.endswith("...") else made  # "Document no." ends a sentence by itself


def column_label(source: str, column: str, language: str) -> str:
    """Return what a finding's column is called: its header in the language, or the column's own header when it is not ours."""
    for table in TABLES.values():
        if table.name == source:
            for field in table.fields:
                if field.key == column:
                    return field.zh if language == "zh" else field.en
    return column


def table_label(name: str, language: str) -> str:
    """Return what a table is called in the language."""
    return next((table.zh if language == "zh" else table.name for table in TABLES.values() if table.name == name), name)
