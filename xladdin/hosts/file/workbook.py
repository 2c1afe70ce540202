"""The workbook part: which sheets there are, the names, and what all sheets share (styles, texts, date system)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from lxml import etree

from xladdin.errors import BadRequest, NotAWorkbook
from xladdin.hosts.file import decode, formulas, guard, save, xml
from xladdin.hosts.file.package import Relationships, new_part_name, remove_with_dependents, set_content_type
from xladdin.hosts.file.sheetpart import SheetPart
from xladdin.hosts.file.styles import Styles
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Callable

    from xladdin.hosts.file.decode import Objects
    from xladdin.hosts.file.package import Package
    from xladdin.hosts.file.scan import Bools

_WORKSHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_EMPTY_SHEET: Final = (
    f'<worksheet xmlns="{xml.MAIN}" xmlns:r="{xml.RELATIONSHIP}"><dimension ref="A1"/>'
    '<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData/>'
    '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>'
)
_EMPTY_STYLES: Final = (
    f'<styleSheet xmlns="{xml.MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
_BEFORE_NAMES: Final = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection"),
    *("bookViews", "sheets", "functionGroups", "externalReferences"),
)
_BEFORE_CALC: Final = (*_BEFORE_NAMES, "definedNames")


class Workbook:
    """An open workbook file."""

    def __init__(self, path: Path, *, even_if_open: bool = False) -> None:
        if not even_if_open:
            guard.refuse_if_open(path)
        self._open(path)

    def _open(self, path: Path) -> None:
        self.path = path
        self.signature = save.signature(path)
        self.package: Package = guard.open_package(path)
        self.part = guard.workbook_part(self.package)
        self.root = xml.parse(xml.normalise(self.package.read(self.part), self.part), self.part)
        self.relationships = Relationships(self.package, self.part)
        properties = self.root.find(m("workbookPr"))
        self.date1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.formulas_changed = False
        self._parts: dict[str, SheetPart] = getattr(self, "_parts", {})
        for part in self._parts.values():
            part.reset()
        self._styles: Styles | None = None
        self._shared: Objects | None = None
        self._dates: Bools | None = None
        self._quotes: tuple[int, bool] | None = None

    def close(self) -> None:
        """Let go of the file."""
        self.package.close()

    # ---- what sheets share

    @property
    def styles(self) -> Styles:
        """The cell formats."""
        if self._styles is None:
            found = self.relationships.of_type("styles")
            if found:
                part = found[0][1]
            else:
                part = new_part_name(self.package, "xl/styles{}.xml")
                self.package.write(part, xml.HEADER + _EMPTY_STYLES.encode())
                set_content_type(self.package, part, _STYLES_TYPE)
                self.relationships.add("styles", part)
            self._styles = Styles(self.package, part)
        return self._styles

    @property
    def date_styles(self) -> Bools:
        """Which styles show dates."""
        if self._dates is None or len(self._dates) != len(self.styles):
            self._dates = self.styles.date_mask()
        return self._dates

    def is_date(self, style: int) -> bool:
        """Tell whether a style shows a date."""
        return bool(self.date_styles[style]) if style < len(self.date_styles) else False

    @property
    def has_quotes(self) -> bool:
        """Tell whether any style carries the quote prefix, which a new value must take away."""
        count = len(self.styles)
        if self._quotes is None or self._quotes[0] != count:
            self._quotes = (count, any(self.styles.quoted(index) for index in range(count)))
        return self._quotes[1]

    @property
    def shared_strings(self) -> Objects:
        """The table of shared strings."""
        if self._shared is None:
            found = self.relationships.of_type("sharedStrings")
            data = xml.normalise(self.package.read(found[0][1]), found[0][1]) if found and found[0][1] in self.package else b""
            self._shared = decode.shared_strings(data) if data else np.empty(0, np.object_)
        return self._shared

    # ---- sheets

    def sheet_items(self) -> list[etree._Element]:
        """Return the <sheet> entries, in the order of the tabs."""
        sheets, tag = self.sheets_element, m("sheet")
        return [] if sheets is None else [item for item in sheets if item.tag == tag]

    @property
    def sheets_element(self) -> etree._Element | None:
        """The list of the <sheet> entries."""
        return self.root.find(m("sheets"))

    def sheet_part(self, item: etree._Element) -> SheetPart:
        """Return the part of a <sheet> entry; always the same object for the same part."""
        target = self.relationships.target(item.get(f"{{{xml.RELATIONSHIP}}}id", ""))
        if target is None or target not in self.package:
            raise NotAWorkbook(f'the sheet "{item.get("name")}" of {self.path.name} has no part in the file')
        if target not in self._parts:
            self._parts[target] = SheetPart(self, target)
        return self._parts[target]

    def add_sheet(self, name: str, position: int) -> etree._Element:
        """Add an empty sheet before the given position of the tabs."""
        part = new_part_name(self.package, "xl/worksheets/sheet{}.xml")
        self.package.write(part, xml.HEADER + _EMPTY_SHEET.encode())
        set_content_type(self.package, part, _WORKSHEET_TYPE)
        key = self.relationships.add("worksheet", part)
        sheets = self.root.find(m("sheets"))
        if sheets is None:
            raise NotAWorkbook(f"{self.path.name} is damaged: it has no list of sheets")
        highest = max((xml.whole(item.get("sheetId"), 0) for item in self.sheet_items()), default=0)
        item = etree.Element(m("sheet"), {"name": name, "sheetId": str(highest + 1), f"{{{xml.RELATIONSHIP}}}id": key})
        sheets.insert(position, item)
        self._renumber(lambda index: index + (index >= position))
        self.store()
        return item

    def delete_sheet(self, item: etree._Element) -> None:
        """Take a sheet out, with the names, tables, drawings and notes that belong to it; references to it become #REF!."""
        items = self.sheet_items()
        if sum(one.get("state", "visible") == "visible" for one in items if one is not item) == 0:
            raise BadRequest("a workbook needs at least one visible sheet: this one cannot be deleted")
        position, name, part = items.index(item), item.get("name", ""), self.sheet_part(item).part
        for defined in self.defined_names():
            if defined.get("localSheetId") == str(position):
                self.names_element().remove(defined)
        self.relationships.remove(item.get(f"{{{xml.RELATIONSHIP}}}id", ""))
        self._parts.pop(part, None)
        remove_with_dependents(self.package, part)
        self._edit_formulas(name, lambda formula: formulas.drop_sheet(formula, name))
        parent = item.getparent()
        if parent is not None:
            parent.remove(item)
        self._renumber(lambda index: index - (index > position))
        self.formulas_changed = True
        self.store()

    def rename_sheet(self, item: etree._Element, new: str) -> None:
        """Rename a sheet and follow the new name in every formula of the workbook: cells, names, charts, rules."""
        old = item.get("name", "")
        item.set("name", new)
        self._edit_formulas(old, lambda formula: formulas.rename_sheet(formula, old, new))
        self.store()

    def _edit_formulas(self, sheet: str, change: Callable[[str], str]) -> None:
        """Edit every formula of the workbook that may name a sheet."""
        for part in self._parts.values():
            part.flush()
        for name in self.defined_names():
            name.text = change(name.text or "")
        word = xml.escape_text(sheet.replace("'", "''")).encode()
        for part_name in self.package.names():
            if part_name.endswith(".xml") and part_name.startswith("xl/") and part_name != self.part:
                data = self.package.read(part_name)
                changed = formulas.edit_in_part(data, change) if word.lower() in data.lower() else data
                if changed != data:
                    self.package.write(part_name, changed)
        for part in self._parts.values():
            part.reset()

    def _renumber(self, change: Callable[[int], int]) -> None:
        """Names and views refer to sheets by position: follow a position that moved."""
        for name in self.defined_names():
            local = name.get("localSheetId")
            if local is not None:
                name.set("localSheetId", str(change(xml.whole(local))))
        count = len(self.sheet_items())
        for view in self.root.iterfind(f"{m('bookViews')}/{m('workbookView')}"):
            for attribute in ("activeTab", "firstSheet"):
                old = xml.whole(view.get(attribute), 0)
                new = max(min(change(old), count - 1), 0)
                if new != old:
                    view.set(attribute, str(new))

    # ---- names

    def names_element(self) -> etree._Element:
        """Return <definedNames>, made where the schema wants it when there was none."""
        return self._child("definedNames", _BEFORE_NAMES)

    def defined_names(self) -> list[etree._Element]:
        """Return the defined names."""
        return list(self.root.iterfind(f"{m('definedNames')}/{m('definedName')}"))

    def _child(self, tag: str, before: tuple[str, ...]) -> etree._Element:
        found = self.root.find(m(tag))
        if found is None:
            found = etree.Element(m(tag))
            position = 0
            for index, child in enumerate(self.root):
                if isinstance(child.tag, str) and etree.QName(child).localname in before:
                    position = index + 1
            self.root.insert(position, found)
        return found

    def store(self) -> None:
        """Hand the workbook part's new bytes to the package."""
        names = self.root.find(m("definedNames"))
        if names is not None and not len(names):
            self.root.remove(names)
        self.package.write(self.part, xml.serialise(self.root))

    # ---- saving

    def save(self, path: Path | None = None) -> None:
        """Save in place or under another path; afterwards the workbook is the saved file."""
        target = path or self.path
        if target.suffix.lower() != self.path.suffix.lower():
            raise BadRequest(f"{self.path.name} is saved as {self.path.suffix}: keep that ending, got {target.name}")
        in_place = target == self.path
        self.flush()
        if in_place:
            if not self.package.changed:
                return
            expected = self.signature
        else:
            guard.refuse_if_open(target)
            expected = save.signature(target)
        try:
            save.save(target, self.package.save_to, expected, release=self.package.close)
        except BaseException:
            if self.package.closed:
                self.package.reopen()
            raise
        self._open(target)

    def flush(self) -> None:
        """Hand everything changed to the package and make Excel calculate the workbook anew."""
        changed = [part.flush() for part in self._parts.values()]
        if self._styles is not None:
            self._styles.flush()
        if self.formulas_changed:
            self._drop_calc_chain()
        if any(changed):
            calc = self._child("calcPr", _BEFORE_CALC)
            if calc.get("fullCalcOnLoad") != "1":
                calc.set("fullCalcOnLoad", "1")
                self.store()

    def _drop_calc_chain(self) -> None:
        """Remove the order in which Excel calculated last: it lists formula cells that may be gone, and Excel makes it anew."""
        for key, part in self.relationships.of_type("calcChain"):
            self.relationships.remove(key)
            self.package.remove(part)
            set_content_type(self.package, part, None)
