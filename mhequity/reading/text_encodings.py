"""The bytes of a text as UTF-8, whatever encoding they are in: it is found from the content."""

from __future__ import annotations

import codecs
import io
import re

import numpy as np
import pyarrow as pa

from mhequity.reading.grids import Refused

_BLOCK = 4_000_000
_CP1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", errors="replace") for byte in range(0x80, 0x100)}
"""Bytes that are no UTF-8, as Python marks them, to the character that Windows means by them."""


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """The text as UTF-8 and, where it was something else, the name of the encoding that fitted.

    What is UTF-8 already may hold zero bytes: :func:`refuse_binary` looks for them.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _transcoded(data[2:], "utf-16-le" if data[:1] == b"\xff" else "utf-16-be"), "UTF-16"
    if coding := _utf16_without_mark(data[:4000]):
        return _transcoded(data, coding), "UTF-16"
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    if _is_utf8(data):
        return data, ""
    refuse_binary(data)
    return _mended(data)


def refuse_binary(text: bytes) -> None:
    """No text holds a zero byte."""
    if b"\0" in text:
        raise Refused("This is not a spreadsheet or a CSV file.", "Save your table as .xlsx or .csv and upload that.")


def _is_utf8(data: bytes) -> bool:
    # Arrow checks without making a copy of the text.
    offsets = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _utf16_without_mark(start: bytes) -> str:
    """Latin text in UTF-16 has a zero in every second byte, always the same one of two."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > len(start) // 5 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > len(start) // 5 and not odd else ""


def _transcoded(data: bytes, coding: str) -> bytes:
    out = io.BytesIO()
    decoder = codecs.getincrementaldecoder(coding)(errors="replace")
    for at in range(0, len(data), _BLOCK):
        out.write(decoder.decode(data[at : at + _BLOCK], at + _BLOCK >= len(data)).encode("utf-8", errors="replace"))
    return out.getvalue()


def _mended(data: bytes) -> tuple[bytes, str]:
    """What is UTF-8 stays; bytes that are not are taken for Windows-1252, in which old programs write."""
    out, at, utf8 = io.BytesIO(), 0, False
    while at < len(data):
        # Some whole lines at a time, so that no character is cut through.
        end = data.find(b"\n", at + _BLOCK) + 1 or len(data)
        text = data[at:end].decode("utf-8", errors="surrogateescape")
        mixed = re.search("[^\x00-\x7f\udc80-\udcff]", text) is not None
        utf8 = utf8 or mixed
        text = text.translate(_CP1252) if mixed else data[at:end].decode("cp1252", errors="replace")
        out.write(text.encode("utf-8"))
        at = end
    return out.getvalue(), "a mixture of UTF-8 and Windows-1252" if utf8 else "Windows-1252"
