"""An empty Word file to write into: A4, our type, and nothing that python-docx's own template brings along."""

from __future__ import annotations

from typing import Any, Final

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

#: parts of python-docx's template that a letter has no use for: styles of Word 2010 beside the styles, and a picture of an empty page
_LEFT_OUT: Final = ("/stylesWithEffects", "/thumbnail")
#: what the schema wants behind the lines of a table and behind the shade of a cell
_AFTER_BORDERS: Final = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
_AFTER_SHADE: Final = ("w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark")


def empty_document(title: str) -> Any:
    """Return an empty document with a title."""
    document = Document()
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(_LEFT_OUT)]:
            del relations[key]
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.9)
    section.top_margin = section.bottom_margin = Cm(1.9)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "SimSun")
    style.paragraph_format.space_after = Pt(7)
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.title = title
    return document


def dress_table(table: Any) -> None:
    """Give a table thin grey lines and a first row in light grey that every page repeats; no row breaks over two pages."""
    lines = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        lines.append(_element(side, val="single", sz="4", space="0", color="B8C2C7"))
    table._tbl.tblPr.insert_element_before(lines, *_AFTER_BORDERS)  # noqa: SLF001 - python-docx has no words for borders
    rows = table._tbl.tr_lst  # noqa: SLF001
    for row in rows:
        row.get_or_add_trPr().append(_element("cantSplit"))
    rows[0].get_or_add_trPr().append(_element("tblHeader"))
    for cell in rows[0].tc_lst:
        cell.get_or_add_tcPr().insert_element_before(_element("shd", val="clear", color="auto", fill="EAF0F2"), *_AFTER_SHADE)


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made
