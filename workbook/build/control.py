"""The sheet Control: the first thing an analyst sees. A button per report, how its last refresh went, and a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from workbook.build.project import macro_of
from workbook.build.styles import ACCENT, GREY_LINE, GREY_TEXT, Styles
from workbook.settings import Settings
from xladdin.call import cell_value
from xladdin.registry import Report

STATUS: Final = ("key", "Report", "Rows", "Findings", "Unreconciled", "Refreshed")
WIDTHS: Final = (2, 29, 50, 44, 14, 17, 9, 10, 13, 17, 2, 16, 14)
STATUS_COLUMN: Final = 4
CHART_COLUMN: Final = 11
CHART_ROWS: Final = 20
HEADER_ROW: Final = 6
SUBTITLE: Final = ("Aging, escalation, contract terms and credit functions in one workbook", "账龄、催收、合同条款与信用函数")
CARD: Final = 42  # height of a row with a button, in points
#: macro, English, Chinese, what it does
TOOLS: Final = (
    ("RefreshAll", "Refresh all", "全部刷新", "Rewrites every report from the tables.", "按各表重写全部报表。"),
    (
        "Recalculate",
        "Recalculate credit functions",
        "重算信用函数",
        "Asks every credit function of the workbook again.",
        "重新计算工作簿中的全部信用函数。",
    ),
    (
        "WriteLetters",
        "Letters",
        "催款函",
        "Writes a Word letter for each customer that Escalation puts on a level, into a new folder beside the workbook.",
        "按升级清单为各级别客户生成 Word 催款函，存入工作簿旁的新文件夹。",
    ),
    (
        "UndoLast",
        "Undo last refresh",
        "撤销上次刷新",
        "Puts back the sheets as they were before the last refresh.",
        "恢复到上次刷新之前的内容。",
    ),
)
HOW_TO: Final = (
    (
        "Fill Ledger and Customers, or paste your export below their headers.",
        "填写“应收账款明细”和“客户”，或将导出数据粘贴到表头之下。",
    ),
    (
        "Look at Settings: as-of date, buckets, ladder, currency. Yellow cells are yours.",
        "查看“设置”：统计日、账龄段、三级响应、币种。黄色单元格可修改。",
    ),
    (
        "Press a button. The report rewrites its own sheet; owners, notes and promises stay with their row.",
        "点击按钮：报表只重写自己的工作表，负责人、备注、承诺随行保留。",
    ),
    (
        "A button does nothing? Allow macros, and install the product here: xladdin install excel, or xladdin install libreoffice.",
        "按钮没有反应？请允许运行宏，并在本机安装本产品：xladdin install excel 或 xladdin install libreoffice。",
    ),
    (
        "Read the line under the title: it says whether the report agrees with the ledger.",
        "查看标题下的核对行：报表与明细是否一致。",
    ),
    (
        "Whatever could not be read stands on Data problems; nothing is left out in silence.",
        "无法读取的数据列在“数据问题”中，绝不无声遗漏。",
    ),
)


def write_control(book: Any, sheet: Any, style: Styles, reports: Mapping[str, Report], settings: Settings) -> None:
    """Write the home page."""
    sheet.hide_gridlines(2)
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    _banner(sheet, style, settings)
    row = _reports(sheet, style, reports)
    tools = row + 1
    row = _tools(sheet, style, tools)
    _how_to(sheet, style, row + 1)
    _chart(book, sheet, style, tools, settings)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_h_pagebreaks([tools])  # the reports on one page, the tools, the chart and the ways on the next
    sheet.print_area(0, 0, row + 2 + len(HOW_TO), CHART_COLUMN - 1)
    sheet.set_footer("&L&8&A&R&8&P / &N")
    sheet.activate()
    sheet.set_first_sheet()


def _banner(sheet: Any, style: Styles, settings: Settings) -> None:
    for row, height in ((0, 34), (1, 20), (2, 8)):
        sheet.set_row(row, height)
        if row < 2:
            for column in range(CHART_COLUMN):
                sheet.write_blank(row, column, None, style("band"))
    sheet.write_string(0, 1, "Credit control  信用控制", style("band", "title"))
    sheet.write_string(1, 1, f"{SUBTITLE[0]}    {SUBTITLE[1]}", style("band"))
    fields = (
        ("As-of date  统计日", "as_of", settings.as_of or "day of the refresh", "date"),
        ("Language  语言", "language", settings.language, "text"),
    )
    for row, (label, key, shown, kind) in enumerate(fields, 3):
        sheet.set_row(row, 20)
        sheet.write_string(row, 1, label, style("grey"))
        found = f'INDEX(Settings[Value],MATCH("{key}",Settings[Key],0))'
        formula = f'=IF({found}="","day of the refresh",{found})' if key == "as_of" else f"={found}"
        sheet.write_formula(row, 2, formula, style(kind, "strong", "left"), cell_value(shown))
    sheet.write_url(3, 3, "internal:'Settings'!C4", style("link"), "Change on Settings  在“设置”中修改")
    sheet.write_url(4, 3, "internal:'Function guide'!A1", style("link"), "All credit functions  全部信用函数")


def _reports(sheet: Any, style: Styles, reports: Mapping[str, Report]) -> int:
    """Write the strip of reports: button, words in both languages, and the table Status; answers the row below it."""
    sheet.set_row(HEADER_ROW, 24)
    for column, text in ((1, "Reports  报表"), (2, "What it answers"), (3, "说明")):
        sheet.write_string(HEADER_ROW, column, text, style("header") if column == 1 else style("header", "indent"))
    row = HEADER_ROW
    for report in reports.values():
        row += 1
        _card(sheet, style, row, macro_of(report.key), report.label, (report.label, report.label_zh), (report.help, report.help_zh))
        sheet.write_string(row, STATUS_COLUMN, report.key, style("body", "grey", "small"))
        sheet.write_url(row, STATUS_COLUMN + 1, f"internal:'{report.sheet}'!A1", style("body", "link"), report.sheet)
        for offset in (2, 3, 4):
            sheet.write_blank(row, STATUS_COLUMN + offset, None, style("body", "integer"))
        sheet.write_blank(row, STATUS_COLUMN + 5, None, style("body", "center"))
    last = max(row, HEADER_ROW + 1)
    right = style("header", "right")
    looks = (style("header"), style("header"), right, right, right, style("header", "center"))
    sheet.add_table(
        HEADER_ROW,
        STATUS_COLUMN,
        last,
        STATUS_COLUMN + len(STATUS) - 1,
        {
            "name": "Status",
            "style": None,
            "autofilter": False,
            "columns": [{"header": name, "header_format": look} for name, look in zip(STATUS, looks, strict=True)],
        },
    )
    return last + 1


def _card(sheet: Any, style: Styles, row: int, macro: str, caption: str, labels: tuple[str, str], texts: tuple[str, str]) -> None:
    """Write one row with a button at its left and what it does in both languages."""
    sheet.set_row(row, CARD)
    sheet.write_blank(row, 1, None, style("body"))
    sheet.insert_button(
        row,
        1,
        {"macro": macro, "caption": caption, "width": 192, "height": 40, "x_offset": 6, "y_offset": 8, "description": caption},
    )
    for column, label, text in ((2, labels[0], texts[0]), (3, labels[1], texts[1])):
        sheet.write_rich_string(row, column, style("strong"), label, style("grey", "small"), f"\n{text}", style("body", "wrap", "indent"))


def _tools(sheet: Any, style: Styles, row: int) -> int:
    sheet.set_row(row, 22)
    for column in range(1, 4):
        sheet.write_string(row, column, "Tools  工具" if column == 1 else "", style("heading"))
    for macro, english, chinese, text, text_zh in TOOLS:
        row += 1
        _card(sheet, style, row, macro, english, (english, chinese), (text, text_zh))
    return row + 1


def _how_to(sheet: Any, style: Styles, row: int) -> None:
    sheet.set_row(row, 22)
    for column in range(1, 4):
        sheet.write_string(row, column, "How to work with it  使用方法" if column == 1 else "", style("heading"))
    for number, (english, chinese) in enumerate(HOW_TO, 1):
        row += 1
        sheet.set_row(row, 34)
        sheet.write_string(row, 1, str(number), style("accent", "strong", "body", "right"))
        sheet.write_string(row, 2, english, style("body", "wrap", "indent"))
        sheet.write_string(row, 3, chinese, style("body", "wrap", "indent"))


def _chart(book: Any, sheet: Any, style: Styles, row: int, settings: Settings) -> None:
    """Write the block `chart_aging` that the renderer fills, and a chart of its first rows: one per bucket and unapplied cash."""
    first = HEADER_ROW + 1
    faint = {"color": GREY_TEXT, "size": 9}
    sheet.write_string(HEADER_ROW, CHART_COLUMN, "Chart data", style("grey", "small"))
    for offset in range(CHART_ROWS):
        sheet.write_blank(first + offset, CHART_COLUMN, None, style("grey", "small", "text"))
        sheet.write_blank(first + offset, CHART_COLUMN + 1, None, style("grey", "small", "amount"))
    book.define_name("chart_aging", f"=Control!$L${first + 1}:$M${first + CHART_ROWS}")
    last = first + len(settings.limits) + 1
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "Outstanding",
            "categories": ["Control", first, CHART_COLUMN, last, CHART_COLUMN],
            "values": ["Control", first, CHART_COLUMN + 1, last, CHART_COLUMN + 1],
            "fill": {"color": ACCENT},
            "border": {"none": True},
            "gap": 60,
        },
    )
    chart.set_title(
        {
            "name": f"Receivables by age, {settings.report_currency}  应收账款账龄",
            "name_font": {"size": 12, "color": ACCENT, "bold": True},
            "overlay": False,
        }
    )
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": faint, "line": {"color": GREY_LINE}, "major_tick_mark": "none"})
    chart.set_y_axis(
        {
            "num_font": faint,
            "num_format": "#,##0",
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": GREY_LINE, "width": 0.5}},
            "major_tick_mark": "none",
        }
    )
    chart.set_chartarea({"border": {"color": GREY_LINE}})
    chart.set_size({"width": 590, "height": 400})
    sheet.insert_chart(row, STATUS_COLUMN, chart, {"object_position": 2, "description": "Receivables by age", "x_offset": 4})
