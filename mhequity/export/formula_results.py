"""Last results of a workbook's formulas, kept while the workbook is opened and saved by a library that drops them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

_RESULT = re.compile(rb"<c\b([^>]*)>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*<v\b[^>]*>([^<]+)</v>")
_WITHOUT_RESULT = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f\b[^>]*?(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)</c>')

Results = dict[bytes, tuple[bytes, bytes]]
"""By cell: the type and the last result of its formula, as the file holds them."""


def results_of(sheet: bytes) -> Results:
    """Last results of a sheet's formulas by cell.

    The library writes formulas without them, and until someone opens the workbook in a spreadsheet program, a reader would find those
    cells empty.
    """
    if b"<f" not in sheet:
        return {}
    found = {}
    for attributes, value in _RESULT.findall(sheet):
        cell, kind = re.search(rb'\br="([A-Z]+[0-9]+)"', attributes), re.search(rb'\bt="(\w+)"', attributes)
        if cell:
            found[cell[1]] = (kind[1] if kind else b"", value)
    return found


def with_results(data: bytes, results: Mapping[str, Results]) -> bytes:
    """The saved workbook with the formulas' last results put back; ``results`` goes by the names of the sheets' files inside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as saved, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in saved.infolist():
            content, known = saved.read(member), results.get(member.filename)
            target.writestr(member, _filled(content, known) if known else content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _filled(sheet: bytes, results: Results) -> bytes:
    def fill(found: re.Match[bytes]) -> bytes:
        kind, value = results.get(found[1], (b"", b""))
        if not value:
            return found[0]
        attributes = re.sub(rb'\s*\bt="\w+"', b"", found[2]) + (b' t="' + kind + b'"' if kind else b"")
        return b'<c r="' + found[1] + b'"' + attributes + b">" + found[3] + b"<v>" + value + b"</v></c>"

    return _WITHOUT_RESULT.sub(fill, sheet)
