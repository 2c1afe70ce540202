"""How Python meets a spreadsheet."""

__version__ = "0.1.0"
