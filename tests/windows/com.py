"""COM as VBA speaks it, for Windows' Python: VARIANTs and SAFEARRAYs byte for byte, and calls by name.

pywin32 is left out on this side on purpose: it cannot send an error value, and what it sends is not what VBA sends.
A value in JSON: a number is a Double, null is Empty, {"e": 2042} an error value as CVErr makes it, {"i": 5} a Long, {"n": 0} Null,
{"missing": 0} an argument left out, {"raw": [7, 0]} any type by its number and bits; a list is an array, of two dimensions counted from 1 where all its rows are lists of one length
(Value2 of a range), else of one; {"repeat": value, "rows": 5} is a column. Coming back, {"rows": …, "from": [0, 0]} is an array of two
dimensions and {"list": …, "from": 0} one of one.
"""

import ctypes
from ctypes import POINTER, byref, c_double, c_long, c_longlong, c_short, c_uint, c_ulong, c_ushort, c_void_p, c_wchar_p

EMPTY, NULL, I4, R8, BSTR, DISPATCH, ERROR, BOOL, VARIANT_, ARRAY, BYREF = 0, 1, 3, 5, 8, 9, 10, 11, 12, 0x2000, 0x4000
PARAMNOTFOUND = 0x80020004
EXCEL = 0x800A0000  # an error value of Excel as an SCODE
ole = ctypes.WinDLL("oleaut32")
memory = ctypes.WinDLL("kernel32")


class Content(ctypes.Union):
    _fields_ = (("i4", c_long), ("r8", c_double), ("flag", c_short), ("pointer", c_void_p), ("whole", c_longlong))


class Variant(ctypes.Structure):
    _fields_ = (("vt", c_ushort), ("reserved", c_ushort * 3), ("content", Content), ("more", c_void_p))


class Bound(ctypes.Structure):
    _fields_ = (("count", c_ulong), ("first", c_long))


class Arguments(ctypes.Structure):
    _fields_ = (("values", POINTER(Variant)), ("names", c_void_p), ("count", c_uint), ("named", c_uint))


class Failure(ctypes.Structure):
    _fields_ = (
        ("code", c_ushort), ("reserved", c_ushort), ("source", c_void_p), ("text", c_void_p), ("help", c_void_p), ("context", c_ulong),
        ("more", c_void_p), ("later", c_void_p), ("scode", c_long),
    )  # fmt: skip


ole.SysAllocStringLen.restype = ole.SafeArrayCreate.restype = c_void_p
ole.SysAllocStringLen.argtypes = (c_void_p, c_uint)
ole.SysStringLen.argtypes = ole.SysFreeString.argtypes = ole.SafeArrayUnaccessData.argtypes = ole.SafeArrayGetDim.argtypes = (c_void_p,)
ole.SafeArrayCreate.argtypes = (c_ushort, c_uint, POINTER(Bound))
ole.SafeArrayAccessData.argtypes = (c_void_p, POINTER(c_void_p))
ole.SafeArrayGetLBound.argtypes = ole.SafeArrayGetUBound.argtypes = (c_void_p, c_uint, POINTER(c_long))


class ComError(Exception):
    """A call failed as VBA would see it: Err.Number and Err.Description."""


def variant(value):
    """Make COM's value of JSON's."""
    made = Variant()
    if value is None:
        return made
    if isinstance(value, bool):
        made.vt, made.content.flag = BOOL, -value
    elif isinstance(value, (int, float)):
        made.vt, made.content.r8 = R8, value
    elif isinstance(value, str):
        raw = value.encode("utf-16-le", "surrogatepass")
        made.vt, made.content.pointer = BSTR, ole.SysAllocStringLen(raw, len(raw) // 2)
    elif isinstance(value, list):
        made.vt, made.content.pointer = ARRAY | VARIANT_, safe_array(value)
    elif "e" in value:
        made.vt, made.content.i4 = ERROR, c_long(EXCEL + value["e"]).value
    elif "missing" in value:
        made.vt, made.content.i4 = ERROR, c_long(PARAMNOTFOUND).value
    elif "i" in value:
        made.vt, made.content.i4 = I4, value["i"]
    elif "list" in value:
        made.vt, made.content.pointer = ARRAY | VARIANT_, safe_array(value["list"], flat=True)
    elif "raw" in value:
        made.vt, made.content.whole = value["raw"]
    elif "repeat" in value:
        made.vt, made.content.pointer = ARRAY | VARIANT_, safe_array([[value["repeat"]]] * value["rows"])
    else:
        made.vt = NULL
    return made


def safe_array(rows, flat=False):
    """Make an array: of two dimensions counted from 1, as Value2 of a range is, or of one counted from 0."""
    square = not flat and bool(rows) and all(isinstance(row, list) and len(row) == len(rows[0]) > 0 for row in rows)
    shape = [(len(rows), 1), (len(rows[0]), 1)] if square else [(len(rows), 0)]
    made = ole.SafeArrayCreate(VARIANT_, len(shape), (Bound * len(shape))(*shape))
    at = c_void_p()
    ole.SafeArrayAccessData(made, byref(at))
    cells = [row[column] for column in range(len(rows[0])) for row in rows] if square else rows  # the first dimension runs fastest
    room = (Variant * len(cells)).from_address(at.value) if cells else ()
    for index, cell in enumerate(cells):
        room[index] = variant(cell)
    ole.SafeArrayUnaccessData(made)
    return made


def plain(value):
    """Make JSON's value of COM's."""
    kind = value.vt
    if kind & ARRAY:
        return array(value.content.pointer)
    if kind in (EMPTY, NULL):
        return None if kind == EMPTY else {"n": 0}
    if kind == R8:
        return value.content.r8
    if kind == BOOL:
        return bool(value.content.flag)
    if kind == BSTR:
        pointer = value.content.pointer
        return ctypes.wstring_at(pointer, ole.SysStringLen(pointer)) if pointer else ""
    if kind == I4:
        return {"i": value.content.i4}
    return {"e": value.content.i4 - c_long(EXCEL).value} if kind == ERROR else {"kind": kind}


def array(pointer):
    """Read an array."""
    bounds = []
    for dimension in range(1, ole.SafeArrayGetDim(pointer) + 1):
        first, last = c_long(), c_long()
        ole.SafeArrayGetLBound(pointer, dimension, byref(first))
        ole.SafeArrayGetUBound(pointer, dimension, byref(last))
        bounds.append((first.value, last.value - first.value + 1))
    if len(bounds) > 2:
        return {"dimensions": bounds}
    at = c_void_p()
    ole.SafeArrayAccessData(pointer, byref(at))
    count = bounds[0][1] * (bounds[1][1] if len(bounds) == 2 else 1)
    cells = [plain(one) for one in (Variant * count).from_address(at.value)] if count else []
    ole.SafeArrayUnaccessData(pointer)
    if len(bounds) == 1:
        return {"list": cells, "from": bounds[0][0]}
    height = bounds[0][1]
    return {"rows": [cells[row::height] for row in range(height)], "from": [bounds[0][0], bounds[1][0]]}


def activate(library, command, mode=1):
    """Ask xlwings' library for the server object, as XLPyDLLActivateAuto of the workbook's macros does; it starts one when none runs."""
    made = Variant()
    failed = library.XLPyDLLActivateAuto(byref(made), ctypes.c_char_p(command.encode("mbcs")), c_long(mode))
    if failed:
        text = plain(made)
        ole.VariantClear(byref(made))
        raise ComError(text)
    return made


def method(server, number, *kinds):
    """Return the function at a place of the object's table."""
    table = ctypes.cast(server.content.pointer, POINTER(POINTER(c_void_p))).contents
    return ctypes.WINFUNCTYPE(c_long, c_void_p, *kinds)(table[number])


def call(server, name, given, clock=None):
    """Call a method late-bound, as VBA does: the name's number first, then the call. Arguments are VARIANTs and stay the caller's."""
    start = clock() if clock else 0
    number, result, failure, wrong = c_long(), Variant(), Failure(), c_uint()
    ignored = (ctypes.c_byte * 16)()
    names = (c_wchar_p * 1)(name)
    code = method(server, 5, c_void_p, POINTER(c_wchar_p), c_uint, c_ulong, POINTER(c_long))(
        server.content.pointer, byref(ignored), names, 1, 0x400, byref(number)
    )
    if code == 0:
        backwards = (Variant * len(given))(*reversed(given))
        parameters = Arguments(backwards, None, len(given), 0)
        invoke = method(
            server, 6, c_long, c_void_p, c_ulong, c_ushort, POINTER(Arguments), POINTER(Variant), POINTER(Failure), POINTER(c_uint)
        )
        code = invoke(server.content.pointer, number, byref(ignored), 0x400, 1, byref(parameters), byref(result), byref(failure), byref(wrong))
    took = clock() - start if clock else 0
    if code:
        text = ctypes.wstring_at(failure.text) if failure.text else ctypes.FormatError(code)
        raise ComError(f"{code & 0xFFFFFFFF:08X} {text}")
    return result, took


def clear(*values):
    """Give back the memory of values."""
    for value in values:
        ole.VariantClear(byref(value))
