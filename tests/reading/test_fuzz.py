"""Damaged, spliced and random files: reading never raises, and says in whole sentences what it found.

``MESSY_CASES=10000 pytest tests/reading/test_fuzz.py`` draws other cases each time, and that many.
"""

import logging
import os
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mhequity import areas, tables
from mhequity.reading import BLOCKED, FIXED, NOTE, Reading, read
from tests.reading import zoo
from tests.reading.messy import messy_files, packed, unpacked

CASES = int(os.environ.get("MESSY_CASES", "300"))
ANY_PACE = list(HealthCheck)
many = settings(max_examples=CASES, deadline=None, derandomize="MESSY_CASES" not in os.environ, suppress_health_check=ANY_PACE)
some = settings(many, max_examples=max(CASES // 3, 1))

EXHIBITS = [build() for build in zoo.EXHIBITS]
NAMES = st.sampled_from(("a.csv", "a.xlsx", "a.xls", "a.txt", "a.tsv", "a.zip", "a", "", "a.CSV", "../a.csv", "a.json", "ä\u202e.csv"))
FILES = st.one_of(st.sampled_from([each.data for each in EXHIBITS]), messy_files().map(lambda messy: messy.data))
WORKBOOKS = [each.data for each in EXHIBITS if each.name.endswith(".xlsx")]
TEXTS = [each.data for each in EXHIBITS if each.name.endswith((".csv", ".txt"))]

# What breaks a workbook's parts: lost and doubled pieces, cells far away, types and numbers that are not what they say.
XML_EDITS: tuple[tuple[bytes, bytes], ...] = (
    (rb' t="s"', b""),
    (rb' t="n"', b' t="s"'),
    (rb"<v>(\d+)</v>", rb"<v>99999999</v>"),
    (rb"<v>(\d+)</v>", rb"<v>-1</v>"),
    (rb"<v>([^<]*)</v>", rb"<v>1e999</v>"),
    (rb"<v>([^<]*)</v>", rb"<v></v>"),
    (rb'r="([A-Z]+)(\d+)"', rb'r="\1\1\1\2"'),
    (rb'r="([A-Z]+)(\d+)"', rb'r="\g<1>0"'),
    (rb'r="([A-Z]+)(\d+)"', rb'r=""'),
    (rb'<row r="(\d+)"', rb'<row r="\g<1>9999"'),
    (rb'mergeCell ref="([A-Z]+\d+):([A-Z]+\d+)"', rb'mergeCell ref="\2:\1"'),
    (rb'mergeCell ref="[^"]*"', rb'mergeCell ref="A1:XFD1048576"'),
    (rb'ref="([^"]*)"', rb'ref="nonsense"'),
    (rb"<f>[^<]*</f>", rb"<f/>"),
    (rb"</row>", b""),
    (rb"<sheetData>", b"<sheetData><sheetData>"),
    (rb"<sheetData>.*</sheetData>", b"<sheetData/>"),
    (rb'name="[^"]*"', b'name=""'),
    (rb'sheetId="\d+"', b'sheetId="7"'),
    (rb'r:id="[^"]*"', b'r:id="rId99"'),
    (rb'Target="[^"]*"', b'Target="../../../etc/passwd"'),
    (rb'encoding="[^"]*"', b'encoding="utf-16"'),
    (rb"<t[^>]*>", b"<t>&#0;"),
    (rb"<t[^>]*>", b"<t>\xff\xfe"),
    (rb"<t[^>]*>([^<]*)</t>", rb"<t>\1&undefined;</t>"),
)


def check(data: bytes, name: str) -> None:
    """What holds of any reading: no failure of ours, whether raised or only logged, and well-made findings and frames."""
    logged = Failures(logging.ERROR)
    logging.getLogger("mhequity").addHandler(logged)
    try:
        reading = read(data, name)
    finally:
        logging.getLogger("mhequity").removeHandler(logged)
    assert logged.messages == []
    check_findings(reading)
    check_frames(reading)


class Failures(logging.Handler):
    """Keeps what is logged as an error, with the exception's own words."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(logging.Formatter().format(record))


def check_findings(reading: Reading) -> None:
    for found in reading.findings:
        assert found.severity in (BLOCKED, FIXED, NOTE)
        assert found.done + found.seen, found
        assert all(text == "" or text[-1] in ".!?)\"'" for text in (found.done, found.advice)), found
        assert found.severity != BLOCKED or found.advice, found
        assert not re.search(r"Traceback|object at 0x|<class '|\bnan\b|[=:,(] ?None\b", found.done + found.advice), found
        assert found.cell == "" or re.fullmatch(r"[A-Z]+\d+|[A-Z]+|\d+", found.cell), found
    assert reading.findings, "nothing at all was said"


def check_frames(reading: Reading) -> None:
    for name, frame in reading.tables.items():
        assert name != "contacts"
        assert len(frame) > 0
        if "area" in frame:
            assert set(frame["area"]) <= set(areas.by_code()) | {""}
        for column in tables.kind(name).numbers:
            assert not frame[column].isin([float("inf"), float("-inf")]).any()
            assert frame.loc[tables.is_suppressed(frame, column), column].isna().all()
    assert list(reading.rejected.columns[:4]) == ["file", "sheet", "row", "reason"]


@many
@given(FILES, NAMES, st.data())
def test_flipped_bits_lost_ends_and_splices_never_raise(data: bytes, name: str, more: st.DataObject) -> None:
    check(mutated(data, more), name)


@some
@given(st.sampled_from(WORKBOOKS), st.data())
def test_workbooks_with_broken_parts_never_raise(data: bytes, more: st.DataObject) -> None:
    parts = unpacked(data)
    for _ in range(more.draw(st.integers(1, 3))):
        name = more.draw(st.sampled_from(sorted(parts)))
        way = more.draw(st.sampled_from(("edit", "edit", "edit", "mutate", "lose", "empty", "swap")))
        if way == "edit":
            pattern, new = more.draw(st.sampled_from(XML_EDITS))
            parts[name] = re.sub(pattern, new, parts[name], count=more.draw(st.integers(0, 2)), flags=re.DOTALL)
        elif way == "mutate":
            parts[name] = mutated(parts[name], more)
        elif way == "swap":
            parts[name] = parts[more.draw(st.sampled_from(sorted(parts)))]
        else:
            parts[name] = b""
            if way == "lose" and len(parts) > 1:
                del parts[name]
    check(packed(parts), "broken.xlsx")


@some
@given(st.sampled_from(TEXTS), st.data())
def test_text_files_with_cells_swapped_and_lost_never_raise(data: bytes, more: st.DataObject) -> None:
    pieces = re.split(rb"([,|\r\n\"]+)", data)
    for _ in range(more.draw(st.integers(1, 12))):
        at, other = more.draw(st.integers(0, len(pieces) - 1)), more.draw(st.integers(0, len(pieces) - 1))
        pieces[at] = more.draw(st.sampled_from((pieces[other], b"", b'"', b"\n", b",", b"\x00", b"\xff", b"=1+1", b"1e400", b"*")))
    check(b"".join(pieces), "edited.csv")


@some
@given(st.lists(st.lists(st.one_of(
    st.sampled_from(("Borough", "Service", "Period", "Contacts", "Spend (£000s)", "2023/24", "Brent", "Camden", "London", "Total", "*", "-", "")),
    st.text(max_size=12), st.integers(-10**20, 10**20).map(str), st.floats().map(str),
), max_size=8), max_size=12), st.sampled_from((",", ";", "\t", "|")), st.sampled_from(("utf-8", "utf-16", "utf-8-sig")))  # fmt: skip
def test_random_tables_of_text_never_raise(rows: list[list[str]], delimiter: str, encoding: str) -> None:
    text = "\n".join(delimiter.join(row) for row in rows)
    check(text.encode(encoding, "surrogatepass"), "random.csv")


@some
@given(st.binary(max_size=400), NAMES)
def test_random_bytes_never_raise(data: bytes, name: str) -> None:
    check(data, name)


def mutated(data: bytes, more: st.DataObject) -> bytes:
    """One to four things that happen to files: bits flip, ends are lost, pieces are lost, doubled or come from elsewhere."""
    made = bytearray(data)
    for _ in range(more.draw(st.integers(1, 4))):
        size = len(made)
        at = more.draw(st.integers(0, max(size - 1, 0)))
        length = more.draw(st.integers(0, 200))
        way = more.draw(st.sampled_from(("flip", "flip", "end", "lose", "double", "splice", "insert")))
        if way == "flip" and size:
            made[at] ^= 1 << more.draw(st.integers(0, 7))
        elif way == "end":
            del made[at:]
        elif way == "lose":
            del made[at : at + length]
        elif way == "double":
            made[at:at] = made[at : at + length]
        elif way == "splice":
            other = more.draw(st.sampled_from(EXHIBITS)).data
            made[at : at + length] = other[at % len(other) :][:length]
        else:
            made[at:at] = more.draw(st.binary(max_size=20))
    return bytes(made)
