"""What reading files costs, beside the bare libraries on the same bytes, and what the worst files cost.

    python tests/benchmarks/reading.py [--rounds 7] [--without-worst]

Prints, for a table with one column of figures and for one with two, the median seconds of the whole reading of an upload (opened,
understood, applied, checked) and of its opening alone: a workbook of 100,000 rows as ratios to fastexcel (all cells as text) and to
pandas with openpyxl; a text file of 1,000,000 rows as a ratio to Arrow's own reading of CSV; and the most memory that reading the
text file takes, as a multiple of its size. All files have 8 columns and no fact twice. Then the seconds and the most memory that
opening each of the worst files takes, each in a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import random
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import fastexcel
import pandas as pd
import pyarrow.csv as pacsv
from openpyxl import Workbook

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mhequity import areas
from mhequity.reading import read
from mhequity.reading.grids import Refused
from mhequity.reading.opening import open_file

ONE, TWO = "one column of figures", "two columns of figures"
HEADINGS = {
    ONE: ["Month", "Borough", "Service", "Provider", "Team", "Sex", "Measure", "Count"],
    TWO: ["Month", "Borough", "Service", "Provider", "Team", "Staff group", "Established WTE", "In post WTE"],
}
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def rows(number: int, figures: str) -> Iterator[list[object]]:
    """Facts of boroughs by service, team and month, each stated once; some of the figures are suppressed."""
    chance, boroughs = random.Random(1), [area.name for area in areas.boroughs()]
    for at in range(number):
        place, borough = divmod(at, 33)
        place, service = divmod(place, 20)
        place, team = divmod(place, 5)
        month, kind = divmod(place, 4)
        labels = [
            f"{2000 + month // 12}-{month % 12 + 1:02d}",
            boroughs[borough],
            f"Service {service}",
            "Example NHS Trust",
            f"Team {team}",
        ]
        if figures == ONE:
            yield [
                *labels,
                ("Female", "Male")[kind % 2],
                ("Contacts", "People seen")[kind // 2],
                chance.randrange(5000) if at % 17 else "*",
            ]
        else:
            post = round(chance.uniform(1, 40), 1)
            yield [*labels, ("Nurses", "Doctors", "Psychologists", "Support workers")[kind], post, round(post * chance.uniform(0.7, 1), 1)]


def text_file(number: int, figures: str = ONE) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADINGS[figures], *rows(number, figures)])
    return out.getvalue().encode()


def workbook(number: int, figures: str = ONE) -> bytes:
    """A workbook with its texts shared, as Excel saves it."""
    texts: dict[str, int] = {}
    lines = []
    for at, row in enumerate([HEADINGS[figures], *rows(number, figures)], start=1):
        cells = "".join(
            f'<c r="{chr(65 + place)}{at}" t="s"><v>{texts.setdefault(cell, len(texts))}</v></c>'
            if isinstance(cell, str)
            else f'<c r="{chr(65 + place)}{at}"><v>{cell!r}</v></c>'
            for place, cell in enumerate(row)
        )
        lines.append(row_of(at, cells))
    return with_sheet(small(), "".join(lines), "".join(f"<si><t>{text}</t></si>" for text in texts))


def with_sheet(data: bytes, cells: str, texts: str = "") -> bytes:
    """A workbook with other cells and with a part of shared texts."""
    out = io.BytesIO()
    link = f'<Relationship Id="texts" Target="sharedStrings.xml" Type="{OFFICE}/relationships/sharedStrings"/></Relationships>'
    kind = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>'
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = f"<worksheet {SPACE} {SPACE.replace('xmlns', 'xmlns:x')}><sheetData>{cells}</sheetData></worksheet>".encode()
            content = content.replace(b"</Relationships>", link.encode()) if name.endswith("workbook.xml.rels") else content
            new.writestr(name, content.replace(b"</Types>", kind.encode()))
        new.writestr("xl/sharedStrings.xml", f"<sst {SPACE}>{texts}</sst>")
    return out.getvalue()


def small() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def opendocument(row: str) -> bytes:
    out = io.BytesIO()
    names = "".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" ' for name in ("office", "table", "text"))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "content.xml", f'<office:document-content {names}><table:table table:name="S">{row}</table:table></office:document-content>'
        )
    return out.getvalue()


def row_of(at: int, cells: str) -> str:
    return f'<row r="{at}">{cells}</row>'


def zip_of(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def columns_of(number: int) -> list[str]:
    from mhequity.reading.grids import letters

    return [letters(at) for at in range(1, number + 1)]


WORST: dict[str, Callable[[], bytes]] = {
    "a cell at A1 and one at A1048576": lambda: with_sheet(
        small(), row_of(1, '<c r="A1"><v>1</v></c>') + row_of(1048576, '<c r="A1048576"><v>1</v></c>')
    ),
    "a cell at A1 and one at XFD1048576": lambda: with_sheet(
        small(), row_of(1, '<c r="A1"><v>1</v></c>') + row_of(1048576, '<c r="XFD1048576"><v>1</v></c>')
    ),
    "16,384 columns by 200 rows": lambda: with_sheet(
        small(), "".join(row_of(at, "".join(f'<c r="{name}{at}"><v>{at}</v></c>' for name in columns_of(16_384))) for at in range(1, 201))
    ),
    "2,400 rows with a cell in A and one in XFD": lambda: with_sheet(
        small(), "".join(row_of(at, f'<c r="A{at}"><v>1</v></c><c r="XFD{at}"><v>1</v></c>') for at in range(1, 2401))
    ),
    "1,048,576 rows by 8 columns, every number different": lambda: with_sheet(
        small(), "".join(row_of(at, "".join(f'<c r="{name}{at}"><v>{at}.{place}</v></c>' for place, name in enumerate("ABCDEFGH"))) for at in range(1, 1048577))
    ),
    "1,000,000 rows and columns beyond what can be laid out": lambda: with_sheet(
        small(), "".join(row_of(at, f'<c r="A{at}"><v>1</v></c><c r="XFD{at}"><v>1</v></c>') for at in range(1, 1_000_001))
    ),
    "100,000 cells that share a text of 32,000 characters": lambda: with_sheet(
        small(), "".join(row_of(at, f'<c r="A{at}" t="s"><v>0</v></c>') for at in range(1, 100_001)), f"<si><t>{'x' * 32_000}</t></si>"
    ),
    "10,000 texts of 32,000 characters, all different": lambda: with_sheet(
        small(), "".join(row_of(at, f'<c r="A{at}" t="s"><v>{at - 1}</v></c>') for at in range(1, 10_001)),
        "".join(f"<si><t>{random.Random(at).randbytes(16_000).hex()}</t></si>" for at in range(10_000)),
    ),
    "100,000 rows written with prefixes": lambda: with_sheet(
        small(), "".join(f'<x:row r="{at}">' + "".join(f'<x:c r="{name}{at}"><x:v>{at}</x:v></x:c>' for name in "ABCDEFGH") + "</x:row>" for at in range(1, 100_001))
    ),
    "200,000 formulas, half of them without a value": lambda: with_sheet(
        small(), "".join(row_of(at, f'<c r="A{at}"><f>B{at}*2</f><v>{at}</v></c><c r="B{at}"><f>C{at}</f><v></v></c><c r="C{at}" t="e"><v>#N/A</v></c>') for at in range(1, 100_001))
    ),
    "200 MB of blanks in a part of a workbook": lambda: zip_of({"[Content_Types].xml": b"", "xl/workbook.xml": b" " * 200_000_000}),
    "the same within a zip file": lambda: zip_of({"a.xlsx": zip_of({"xl/workbook.xml": b" " * 200_000_000}), "b.csv": b"a,b\n1,2\n"}),
    "a text file of 900 MB in a zip file": lambda: zip_of({"a.csv": b"a,b\n" * 225_000_000}),
    "an OpenDocument cell repeated 17,000,000,000 times": lambda: opendocument(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    ),
    "an OpenDocument cell repeated 19,000,000 times": lambda: opendocument(
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="19" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    ),
    "text: 1,000,000 rows of different lengths": lambda: "".join(f"{at},{'x,' * (at % 5)}\n" for at in range(1_000_000)).encode(),
    "text: 1,000,000 rows by 8 columns in Windows-1252": lambda: text_file(1_000_000).replace(b"Example", b"Caf\xe9"),
    "text: 1,000,000 rows by 8 columns, titles and notes": lambda: b"Title\n\n" + text_file(1_000_000) + b"Source: us\n",
    "text: 16,384 columns by 1,000 rows": lambda: b"\n".join([b",".join(b"%d" % (at % 977) for at in range(16_384))] * 1000),
    "text: 100,000 cells of 1,000 characters, all different": lambda: b"\n".join(b"%d," % at + random.Random(at).randbytes(500).hex().encode() for at in range(100_000)),
    "text: 200 MB in one line of commas": lambda: b"," * 200_000_000,
    "text: 100 MB within an open quotation mark": lambda: b'a,b\n1,"' + b"x,y\n" * 25_000_000,
}  # fmt: skip


def restart_peak() -> None:
    """The most memory is measured from here on; Linux only."""
    with suppress(OSError), open("/proc/self/clear_refs", "w") as memory:
        memory.write("5")


def measure(name: str, told: Any) -> None:
    data = WORST[name]()
    restart_peak()
    before = status("VmRSS")
    started = time.perf_counter()
    try:
        opened = open_file(data, "file")
        said = "; ".join(f"{each.height:,} x {each.width:,}" for each in opened.grids) + " ".join(each.seen for each in opened.findings)
    except Refused as refused:
        said = refused.seen
    told.put((len(data) / 1e6, time.perf_counter() - started, status("VmHWM") - before, said))


def measure_reading(path: str, told: Any) -> None:
    data = Path(path).read_bytes()
    restart_peak()
    before = status("VmRSS")
    started = time.perf_counter()
    read(data, "a.csv")
    told.put((time.perf_counter() - started, status("VmHWM") - before))


def alone(work: Callable[..., None], *given: object) -> Any:
    """What the work tells, done in a process of its own."""
    told: multiprocessing.Queue[Any] = multiprocessing.Queue()
    process = multiprocessing.Process(target=work, args=(*given, told))
    process.start()
    result = told.get()
    process.join()
    return result


def status(name: str) -> float:
    """A figure of this process's memory in MB; Linux only."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def medians(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Median seconds of each, taken by turns."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, taken, strict=True):
            started = time.perf_counter()
            work()
            times.append(time.perf_counter() - started)
    return [statistics.median(times) for times in taken]


def bare_fastexcel(data: bytes) -> object:
    return fastexcel.read_excel(data).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_arrow()


def compare_workbook(figures: str, rounds: int) -> None:
    data = workbook(100_000, figures)
    facts = sum(read(data, "a.xlsx").rows.values())
    ours, opening, fast = medians(rounds, lambda: read(data, "a.xlsx"), lambda: open_file(data, "a.xlsx"), lambda: bare_fastexcel(data))
    (slow,) = medians(min(rounds, 3), lambda: pd.read_excel(io.BytesIO(data), engine="openpyxl"))
    print(f"workbook, 100,000 rows, {figures}, {len(data) / 1e6:.1f} MB: {facts:,} facts in {ours:.3f} s (opening {opening:.3f} s): "
          f"{ours / fast:.2f} times fastexcel's {fast:.3f} s, {slow / ours:.1f} times as fast as pandas with openpyxl, {slow:.2f} s")  # fmt: skip


def compare_text(figures: str, rounds: int) -> None:
    data = text_file(1_000_000, figures)
    facts = sum(read(data, "a.csv").rows.values())
    ours, opening, bare = medians(
        rounds, lambda: read(data, "a.csv"), lambda: open_file(data, "a.csv"), lambda: pacsv.read_csv(io.BytesIO(data))
    )
    with tempfile.TemporaryDirectory() as folder:
        (path := Path(folder) / "a.csv").write_bytes(data)
        first, memory = alone(measure_reading, str(path))
    print(f"text, 1,000,000 rows, {figures}, {len(data) / 1e6:.0f} MB: {facts:,} facts in {ours:.3f} s (opening {opening:.3f} s, "
          f"the first in a process {first:.3f} s): {ours / bare:.2f} times Arrow's {bare:.3f} s; at most {memory:,.0f} MB more memory, {memory * 1e6 / len(data):.1f} times its size")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--without-worst", action="store_true", help="leave out the worst files")
    options = parser.parse_args()
    for figures in HEADINGS:
        compare_workbook(figures, options.rounds)
        compare_text(figures, options.rounds)
    for name in () if options.without_worst else WORST:
        size, seconds, memory, said = alone(measure, name)
        print(f"{name} ({size:.1f} MB): {seconds:.2f} s, {memory:,.0f} MB more memory: {said[:110]}")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
