"""The ribbon tab Credit, from the registry: a button per report, and the tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import quoteattr

from xladdin.registry import Report

NAMESPACE: Final = "http://schemas.microsoft.com/office/2009/07/customui"
#: pictures that come with Office
IMAGES: Final = {
    "aging": "ChartInsert",
    "escalation": "HighImportance",
    "contract_terms": "FileDocumentInspect",
    "data_problems": "ErrorChecking",
}
#: callback, picture, English, Chinese, screentip
TOOLS: Final = (
    ("RibbonAll", "RefreshAll", "Refresh all", "全部刷新", "Rewrites every report from the tables. 按各表重写全部报表。"),
    ("RibbonRecalculate", "CalculateNow", "Recalculate", "重算", "Computes every credit function again. 重新计算全部信用函数。"),
    ("RibbonLetters", "MailMergeStartLetters", "Letters", "催款函", "Writes a letter per customer into a new folder. 按客户生成催款函。"),
    ("RibbonUndo", "Undo", "Undo refresh", "撤销刷新", "Puts back the sheets as they were. 恢复到上次刷新之前。"),
    ("RibbonCheck", "ReviewAcceptChange", "Check", "检查", "Checks the tables without touching a report. 检查数据，不改动报表。"),
)
NEW: Final = (
    "RibbonNew", "FileNew", "New credit workbook", "新建信用工作簿", "Makes an empty credit workbook and opens it. 新建空白工作簿并打开。",
)  # fmt: skip


def ribbon_xml(reports: Mapping[str, Report], *, addin: bool = False) -> bytes:
    """Return the part customUI14.xml: of a credit workbook, or of the add-in, which can also make one."""
    report_buttons = [
        _button(
            f"report_{key}",
            "RibbonReport",
            IMAGES.get(key, "TableInsertExcel"),
            one.label,
            one.label_zh,
            f"{one.help} {one.help_zh}",
            tag=key,
        )
        for key, one in reports.items()
    ]
    tools = (*TOOLS, NEW) if addin else TOOLS
    tool_buttons = [_button(f"tool_{callback}", callback, image, label, chinese, tip) for callback, image, label, chinese, tip in tools]
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        f'<customUI xmlns="{NAMESPACE}">',
        f'  <ribbon><tabs><tab id="tabCredit" label="{"Credit add-in" if addin else "Credit"}" insertAfterMso="TabHome">',
        '    <group id="groupReports" label="Reports">',
        *report_buttons,
        "    </group>",
        '    <group id="groupTools" label="Tools">',
        *tool_buttons,
        "    </group>",
        "  </tab></tabs></ribbon>",
        "</customUI>",
    ]
    return "\n".join(lines).encode()


def _button(identity: str, callback: str, image: str, label: str, chinese: str, tip: str, tag: str = "") -> str:
    parts = {
        "id": identity,
        "label": label,
        "size": "large",
        "imageMso": image,
        "onAction": callback,
        "screentip": f"{label} {chinese}",
        "supertip": tip,
    }
    if tag:
        parts["tag"] = tag
    return "      <button " + " ".join(f"{name}={quoteattr(value)}" for name, value in parts.items()) + "/>"
