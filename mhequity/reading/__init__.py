"""A file that someone uploads, read into tables of the catalogue with findings about it."""

from mhequity.reading.files import read
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding, Reading, findings_frame

__all__ = ["BLOCKED", "FIXED", "NOTE", "Finding", "Reading", "findings_frame", "read"]
