"""An empty Word file to write into: A4, our type, and nothing that python-docx's own template brings along."""

from __future__ import annotations

from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

#: parts of python-docx's template that a letter has no use for: styles of Word 2010 beside the styles, and a picture of an empty page
_LEFT_OUT: Final = ("/stylesWithEffects", "/thumbnail")


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
