"""The workbook's cell formats: looked up by index, extended only when a combination is new.

A cell names one entry of cellXfs, which names a number format, a font, a fill and a border. Changing one property of a
cell means: find or append the entry that differs in just that property. Entries are never altered or removed, since
other sheets use them too.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from lxml import etree

from xladdin.hosts.file import xml
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Callable

    from xladdin.hosts.file.package import Package
    from xladdin.hosts.file.scan import Bools

GENERAL: Final = "General"
#: the number formats every workbook knows without defining them (ECMA-376 part 1, 18.8.30, as en-US Excel shows them)
BUILT_IN: Final = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
FAR_EAST_DATES: Final = {27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58}
_FIRST_OWN: Final = 164

_NOT_A_UNIT: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_UNIT: Final = re.compile(r"[ymdhs]|AM/PM|A/P", re.IGNORECASE)

_THEME_ORDER: Final = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")
_INDEXED: Final = """
    000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000
    000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF
    800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600
    666699 969696 003366 339966 003300 333300 993300 993366 333399 333333
""".split()  # noqa: SIM905 - sixty colours are read best as a text
_FONT_ORDER: Final = tuple("b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split())  # noqa: SIM905

Color = tuple[int, int, int]


def is_date_format(code: str) -> bool:
    """Tell whether a number format shows dates or times of day. Elapsed time ([h]:mm) is an amount, so a number."""
    first = code.split(";", maxsplit=1)[0]
    bare = _NOT_A_UNIT.sub("", first)
    return not _ELAPSED.search(bare) and bare.lower() != "general" and _UNIT.search(bare) is not None


class Styles:
    """xl/styles.xml: reading what an index means, finding the index of what is wanted."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._root = xml.parse(xml.normalise(package.read(part), part), part)
        self._xfs = self._group("cellXfs", after=("numFmts", "fonts", "fills", "borders", "cellStyleXfs"))
        if not len(self._xfs):
            etree.SubElement(self._xfs, m("xf"), {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0"})
        own = self._root.iterfind(f"{m('numFmts')}/{m('numFmt')}")
        self._codes = {xml.whole(item.get("numFmtId"), 0): item.get("formatCode", "") for item in own}
        self._list = list(self._xfs)  # lxml counts children one by one; a list does not
        self._known: dict[_Key, int] = {}
        for index, xf in enumerate(self._list):
            self._known.setdefault(_key(xf), index)
        self._formats: list[str] = []
        self._interned: dict[str, dict[_Key, int]] = {}
        self._changed = False
        self._derived: dict[tuple[int, Any], int] = {}

    def __len__(self) -> int:
        return len(self._list)

    # ---- reading

    def number_format(self, index: int) -> str:
        """Return the number format code of a style."""
        return self._code(xml.whole(self._xf(index).get("numFmtId"), 0))

    def _code(self, number: int) -> str:
        return self._codes.get(number) or BUILT_IN.get(number, "yyyy-mm-dd" if number in FAR_EAST_DATES else GENERAL)

    def date_mask(self) -> Bools:
        """Return for each style whether it shows a date."""
        dates = {code: is_date_format(code) for code in set(self._all_formats())}
        return np.array([dates[code] for code in self._all_formats()], np.bool_)

    def text_mask(self) -> Bools:
        """Return for each style whether it is the text format, in which Excel enters no formulas."""
        return np.array([code == "@" for code in self._all_formats()], np.bool_)

    def _all_formats(self) -> list[str]:
        for index in range(len(self._formats), len(self._list)):
            self._formats.append(self.number_format(index))
        return self._formats

    def fill_color(self, index: int) -> Color | None:
        """Return the background colour of a style, None without one."""
        pattern = self._entry("fills", index, "fillId").find(m("patternFill"))
        if pattern is None or pattern.get("patternType", "none") != "solid":
            return None
        return self._rgb(pattern.find(m("fgColor")))

    def font(self, index: int, name: str) -> Any:
        """Return one property of a style's font: bold, italic, size, name or color."""
        font = self._entry("fonts", index, "fontId")
        if name in ("bold", "italic"):
            flag = font.find(m(name[0]))
            return flag is not None and flag.get("val", "1") not in ("0", "false")
        if name == "size":
            return float(_value(font.find(m("sz")), "11"))
        if name == "name":
            return _value(font.find(m("name")), "Calibri")
        return self._rgb(font.find(m("color")))

    def alignment(self, index: int, name: str) -> str | None:
        """Return an attribute of a style's alignment: horizontal, vertical, wrapText."""
        found = self._xf(index).find(m("alignment"))
        return None if found is None else found.get(name)

    def quoted(self, index: int) -> bool:
        """Tell whether cells of a style carry Excel's apostrophe before a text."""
        return self._xf(index).get("quotePrefix") in ("1", "true")

    # ---- finding or adding

    def with_number_format(self, index: int, code: str) -> int:
        """Return the style that differs from `index` in its number format only."""
        number = next((key for key, known in {**BUILT_IN, **self._codes}.items() if known == code), None)
        if number is None:
            number = max([*self._codes, _FIRST_OWN - 1]) + 1
            group = self._group("numFmts", after=())
            etree.SubElement(group, m("numFmt"), {"numFmtId": str(number), "formatCode": code})
            self._codes[number] = code
            self._store()
        return self._derive(index, ("numFmt", number), lambda xf: _set(xf, "numFmtId", number, "applyNumberFormat"))

    def with_fill(self, index: int, color: Color | None) -> int:
        """Return the style that differs in its background only."""
        fill = etree.Element(m("fill"))
        pattern = etree.SubElement(fill, m("patternFill"), {"patternType": "solid" if color else "none"})
        if color:
            etree.SubElement(pattern, m("fgColor"), {"rgb": _argb(color)})
            etree.SubElement(pattern, m("bgColor"), {"indexed": "64"})
        number = self._intern("fills", fill)
        return self._derive(index, ("fill", number), lambda xf: _set(xf, "fillId", number, "applyFill"))

    def with_font(self, index: int, name: str, value: Any) -> int:
        """Return the style that differs in one property of its font."""
        font = copy.deepcopy(self._entry("fonts", index, "fontId"))
        tag = {"bold": "b", "italic": "i", "size": "sz", "name": "name", "color": "color"}[name]
        for old in font.findall(m(tag)):
            font.remove(old)
        if name == "name":  # a font of the theme would override the name
            for old in font.findall(m("scheme")):
                font.remove(old)
        if name == "color":
            attributes = None if value is None else {"rgb": _argb(value)}
        elif name in ("bold", "italic"):
            attributes = {} if value else None
        else:
            attributes = {"val": f"{value:g}" if name == "size" else str(value)}
        if attributes is not None:
            _insert(font, etree.Element(m(tag), attributes), _FONT_ORDER)
        number = self._intern("fonts", font)
        return self._derive(index, ("font", number), lambda xf: _set(xf, "fontId", number, "applyFont"))

    def with_alignment(self, index: int, name: str, value: str | None) -> int:
        """Return the style that differs in one attribute of its alignment."""

        def change(xf: etree._Element) -> None:
            found = xf.find(m("alignment"))
            if found is None:
                found = etree.Element(m("alignment"))
                xf.insert(0, found)
            if value is None:
                xml.drop(found, name)
            else:
                found.set(name, value)
            if not found.attrib:
                xf.remove(found)
            xf.set("applyAlignment", "1")

        return self._derive(index, (name, value), change)

    def with_quote(self, index: int, *, quoted: bool) -> int:
        """Return the style that differs in the quote prefix only."""

        def change(xf: etree._Element) -> None:
            if quoted:
                xf.set("quotePrefix", "1")
            else:
                xml.drop(xf, "quotePrefix")

        return self._derive(index, ("quote", quoted), change)

    def with_link(self, index: int) -> int:
        """Return the style of a hyperlink: blue and underlined."""
        blue = self.with_font(index, "color", (5, 99, 193))
        font = copy.deepcopy(self._entry("fonts", blue, "fontId"))
        if font.find(m("u")) is None:
            _insert(font, etree.Element(m("u")), _FONT_ORDER)
        number = self._intern("fonts", font)
        return self._derive(blue, ("font", number), lambda xf: _set(xf, "fontId", number, "applyFont"))

    def _derive(self, index: int, what: tuple[str, Any], change: Callable[[Any], Any]) -> int:
        key = (index, what)
        if key not in self._derived:
            xf = copy.deepcopy(self._xf(index))
            change(xf)
            name = _key(xf)
            if name not in self._known:
                self._xfs.append(xf)
                self._list.append(xf)
                self._known[name] = len(self._list) - 1
                self._store()
            self._derived[key] = self._known[name]
        return self._derived[key]

    def _intern(self, group: str, item: etree._Element) -> int:
        """Return the position of an equal font or fill, appending it when it is new."""
        entries = self._group(group, after=("numFmts", "fonts")[: ("fonts", "fills").index(group) + 1])
        if group not in self._interned:
            self._interned[group] = {}
            for index, entry in enumerate(entries):
                self._interned[group].setdefault(_key(entry), index)
        known, wanted = self._interned[group], _key(item)
        if wanted not in known:
            entries.append(item)
            known[wanted] = len(entries) - 1
            self._store()
        return known[wanted]

    def _xf(self, index: int) -> etree._Element:
        return self._list[index if 0 <= index < len(self._list) else 0]

    def _entry(self, group: str, index: int, attribute: str) -> etree._Element:
        entries = self._root.find(m(group))
        number = xml.whole(self._xf(index).get(attribute), 0)
        if entries is None or number >= len(entries):
            return etree.Element(m(group[:-1]))
        return entries[number]

    def _group(self, name: str, after: tuple[str, ...]) -> etree._Element:
        group = self._root.find(m(name))
        if group is None:
            group = etree.Element(m(name))
            position = 0
            for index, child in enumerate(self._root):
                if etree.QName(child).localname in after:
                    position = index + 1
            self._root.insert(position, group)
        return group

    def _rgb(self, color: etree._Element | None) -> Color | None:
        if color is None or color.get("auto"):
            return None
        value, tint = color.get("rgb"), xml.real(color.get("tint"), 0.0)
        if value is None and (indexed := color.get("indexed")) is not None and int(indexed) < len(_INDEXED):
            value = _INDEXED[int(indexed)]
        if value is None and (theme := color.get("theme")) is not None:
            value = self._theme_color(int(theme))
        if value is None:
            return None
        red, green, blue = (int(value[-6:][at : at + 2], 16) for at in (0, 2, 4))
        return _tinted((red, green, blue), tint)

    def _theme_color(self, number: int) -> str | None:
        part = next((name for name in self._package.names() if re.fullmatch(r"xl/theme/theme\d+\.xml", name)), None)
        if part is None or number >= len(_THEME_ORDER):
            return None
        space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
        found = xml.parse(self._package.read(part), part).find(f".//{space}clrScheme/{space}{_THEME_ORDER[number]}")
        if found is None or not len(found):
            return None
        return found[0].get("lastClr") or found[0].get("val")

    def _store(self) -> None:
        self._changed = True

    def flush(self) -> None:
        """Hand the part to the package, if any style was added."""
        if not self._changed:
            return
        self._changed = False
        for name in ("numFmts", "fonts", "fills", "cellXfs"):
            group = self._root.find(m(name))
            if group is not None:
                group.set("count", str(len(group)))
        self._package.write(self._part, xml.serialise(self._root))


#: an element by what it says: its name, attributes, children
_Key = tuple[str, tuple[tuple[str, str], ...], tuple[Any, ...]]


def _key(item: etree._Element) -> _Key:
    """Return what an element says. Neither prefixes nor the order of attributes count: a new fill equals one read from the file."""
    attributes = tuple(sorted((str(key), str(value)) for key, value in item.attrib.items()))
    return str(item.tag), attributes, tuple(_key(child) for child in item.iterchildren(tag=etree.Element))


def _value(item: etree._Element | None, default: str) -> str:
    return default if item is None else item.get("val", default)


def _set(xf: etree._Element, attribute: str, number: int, flag: str) -> None:
    xf.set(attribute, str(number))
    xf.set(flag, "1")


def _insert(parent: etree._Element, child: etree._Element, order: tuple[str, ...]) -> None:
    """Insert a child where the schema's order wants it."""
    rank = order.index(etree.QName(child).localname)
    for index, other in enumerate(parent):
        name = etree.QName(other).localname
        if name in order and order.index(name) > rank:
            parent.insert(index, child)
            return
    parent.append(child)


def _argb(color: Color) -> str:
    return "FF{:02X}{:02X}{:02X}".format(*color)


def _tinted(color: Color, tint: float) -> Color:
    """Apply a theme tint: towards white when positive, towards black when negative."""
    if not tint:
        return color
    red, green, blue = (round(part * (1 + tint)) if tint < 0 else round(part + (255 - part) * tint) for part in color)
    return red, green, blue
