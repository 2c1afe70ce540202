"""Runs in Windows' Python: starts the server through xlwings' DLL as VBA does, then answers calls, one line of JSON each.

A line in is [name, arguments]; {"e": n} in it is the COM error n. A line out is the answer; an integer in it is a COM error.
"""

import ctypes
import json
import sys

import pythoncom
import win32com.client.dynamic

VT_ERROR = 10


def activate(python, dll, repository):
    """Ask the DLL for the server object; it starts one when none runs."""
    command = f"{python} -B -c \"import sys; sys.path.insert(0, '{repository}'); from xladdin.hosts.excel.server import serve; serve('$(CLSID)')\""
    room = (ctypes.c_byte * 24)()
    ctypes.WinDLL(dll).XLPyDLLActivateAuto(ctypes.byref(room), ctypes.c_char_p(command.encode()), ctypes.c_long(1))
    kind = ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort))[0]
    at = ctypes.addressof(room) + 8
    if kind == 8:
        raise SystemExit(ctypes.cast(at, ctypes.POINTER(ctypes.c_wchar_p))[0])
    pointer = ctypes.cast(at, ctypes.POINTER(ctypes.c_void_p))[0]
    return win32com.client.dynamic.Dispatch(pythoncom.ObjectFromAddress(pointer, pythoncom.IID_IDispatch))


def variant(value):
    """Make COM's value of JSON's."""
    if isinstance(value, dict):
        return win32com.client.VARIANT(VT_ERROR, value["e"])
    if isinstance(value, list):
        return tuple(variant(one) for one in value)
    return float(value) if type(value) is int else value


if __name__ == "__main__":
    pythoncom.CoInitialize()
    server = activate(*sys.argv[1:4])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        name, args = json.loads(line)
        sys.stdout.write(json.dumps(server.CallUDF("xladdin.hosts.excel.server", name, variant(args), None, None)) + "\n")
        sys.stdout.flush()
