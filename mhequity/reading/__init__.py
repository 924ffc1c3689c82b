"""A file that someone uploads, read into tables of the catalogue with findings about it."""

from mhequity.reading.books import Book, open_book
from mhequity.reading.files import Reading, carry_out, read, understand
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding, findings_frame
from mhequity.reading.plans import ColumnPlan, Plan, TablePlan, from_json, to_json

__all__ = [
    "BLOCKED", "FIXED", "NOTE", "Book", "ColumnPlan", "Finding", "Plan", "Reading", "TablePlan", "carry_out", "findings_frame", "from_json",
    "open_book", "read", "to_json", "understand",
]  # fmt: skip
