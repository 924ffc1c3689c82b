"""What reading a file found out about it: one plain sentence a problem, with the place and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import pandas as pd

BLOCKED, FIXED, NOTE = "blocked", "fixed", "note"
"""Severities: the row or file was left out; something was put right; something to know."""


@dataclass(frozen=True)
class Finding:
    """One thing that a person should know about what was read."""

    severity: str
    """``blocked``, ``fixed`` or ``note``."""
    file: str
    sheet: str = ""
    """Empty where it concerns the whole file."""
    cell: str = ""
    """The first place where it was seen, as in a spreadsheet: ``B7``."""
    seen: str = ""
    done: str = ""
    advice: str = ""


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row a finding, with the columns of :class:`Finding`; an empty frame has them too."""
    columns = [each.name for each in fields(Finding)]
    return pd.DataFrame([asdict(finding) for finding in findings], columns=columns, dtype="str")
