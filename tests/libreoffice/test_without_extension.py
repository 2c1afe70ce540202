"""A workbook in a LibreOffice that has not our extension: its macros run there, and a button says what is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from workbook.build.project import _CHINESE, buttons_module, in_letters, macro_of
from xladdin.registry import reports

pytestmark = pytest.mark.libreoffice
RUN_ALWAYS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
#: a box has nobody to press its button here, so its text goes into a cell
SHOWN = """
Sub Shown(text, buttons, title)
    ThisComponent.Sheets(0).getCellByPosition(60, 60).String = title & ": " & text
End Sub
"""


@pytest.fixture
def document(calc: Any, small: Path) -> Any:
    opened = calc.load(small, MacroExecutionMode=RUN_ALWAYS)
    yield opened
    opened.close(True)


def press(document: Any, macro: str) -> str:
    library = document.BasicLibraries.getByName("VBAProject")
    source = library.getByName("CreditButtons")
    if "Sub Shown(" not in source:
        library.replaceByName("CreditButtons", source.replace("MsgBox ", "Shown ") + SHOWN)
    cell = document.Sheets.getByIndex(0).getCellByPosition(60, 60)
    cell.setString("")
    script = document.getScriptProvider().getScript(f"vnd.sun.star.script:VBAProject.CreditButtons.{macro}?language=Basic&location=document")
    script.invoke((), (), ())
    return str(cell.getString())


@pytest.mark.parametrize("macro", [macro_of("aging"), macro_of("trends"), "RefreshAll", "UndoLast", "WriteLetters", "CheckData", "Recalculate"])
def test_p23_a_button_without_the_extension_says_what_is_missing_in_both_languages(document: Any, macro: str) -> None:
    said = press(document, macro)
    assert "This button needs the extension of the product, which this LibreOffice does not have." in said
    assert "xladdin install libreoffice" in said
    assert _CHINESE["'@no extension"] in said


def test_p23_chinese_words_of_the_macros_are_ascii_and_read_back() -> None:
    source = buttons_module(reports())
    assert source.isascii()
    for text in _CHINESE.values():
        written = in_letters(text)
        assert written in source
        parts = re.findall(r'ChrW\((\d+)\)|"([^"]*)"', written)
        assert "".join(chr(int(code)) if code else plain for code, plain in parts) == text
    assert max(source.count(" _\n", *match.span()) for match in re.finditer(r"(?:.* _\n)+", source)) <= 24, "VBA continues a line 24 times"
