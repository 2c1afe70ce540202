"""Machines that tests invent: a Windows profile and a Mac home in a temporary folder."""

from __future__ import annotations

from xladdin.install.excel import library_name
from xladdin.install.system import System

X64 = {(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform"): "x64"}


def windows(folder, user="anna", registry=None, bits=64, encoding="cp936", library=True, **environment):
    home = folder / "Users" / user
    roaming, local = home / "AppData" / "Roaming", home / "AppData" / "Local"
    prefix = local / "xladdin-product"
    python = prefix / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    python.write_bytes(b"MZ")
    if library:
        (prefix / library_name(bits)).write_bytes(b"MZ")
    values = X64 if registry is None else registry
    variables = {"USERPROFILE": str(home), "APPDATA": str(roaming), "LOCALAPPDATA": str(local), **environment}
    return System("windows", home, variables, python, prefix, bits, encoding, lambda key, name: values.get((key, name)))


def mac(folder, user="anna"):
    home = folder / "Users" / user
    prefix = home / "credit"
    python = prefix / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_bytes(b"x")
    return System("mac", home, {}, python, prefix, 64, "utf-8", lambda _key, _name: None)


def tree(folder):
    """Every file with its content, every folder."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}
