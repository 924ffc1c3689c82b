"""The same reading as on the page, from a terminal: ``python -m mhequity read FILE...``."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from mhequity.export.tables import to_csv
from mhequity.export.template import template
from mhequity.reading import Plan, Reading, from_json, read, to_json
from mhequity.reading.understanding import as_json, in_words, something_read, tidy_with_names
from mhequity.tables import names

READ, NOTHING_READ = 0, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when something was read or written, 2 when nothing could be."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets a question mark in its place, never an error.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except OSError as error:
        _say(f"{error.filename or 'A file'}: {error.strerror or error}")
        return NOTHING_READ


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m mhequity", description="Read people's own spreadsheets into tables of need, money, care and staff."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    reading = commands.add_parser("read", help="say what was understood of each file, and write its tables")
    _add_reading(reading)
    reading.add_argument("--json", action="store_true", help="print the understanding as JSON: one object for one file, a list for several")
    reading.add_argument("--tidy", metavar="DIR", type=Path, help="write each tidy table as CSV into this folder")
    reading.add_argument("--save-recipe", metavar="FILE", type=Path, help="write how the file was read, to read the same layout again")
    reading.set_defaults(command=_read)
    checking = commands.add_parser("check", help="list only what needs attention; 0 when nothing was left out")
    _add_reading(checking)
    checking.set_defaults(command=_check)
    filling = commands.add_parser("template", help="write the workbook to fill in")
    filling.add_argument("tables", nargs="*", metavar="TABLE", help=f"tables to have a sheet for, all without it: {', '.join(names())}")
    filling.add_argument("--out", metavar="FILE", type=Path, default=Path("mhequity template.xlsx"))
    filling.set_defaults(command=_template)
    return parser


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--sheet", metavar="NAME", action="append", help="read only this sheet, also a hidden one; may be given again")
    parser.add_argument(
        "--recipe", metavar="FILE", action="append", type=Path, default=[], help="a saved recipe: files of its layout are read by it"
    )
    parser.add_argument("--without-personal", action="store_true", help="go on without columns that hold details of people")


def _recipes(paths: Sequence[Path]) -> list[Plan] | None:
    found = []
    for path in paths:
        try:
            found.append(from_json(path.read_bytes()))
        except ValueError as error:
            _say(f"{path}: {error}")
            return None
    return found


def _readings(options: argparse.Namespace) -> list[Reading] | None:
    recipes = _recipes(options.recipe)
    if recipes is None:
        return None
    return [_one(file, options, recipes) for file in options.files]


def _one(file: str, options: argparse.Namespace, recipes: Sequence[Plan]) -> Reading:
    path = Path(file)
    if path.is_dir():
        raise IsADirectoryError(21, "This is a folder: name the files in it", file)
    return read(path, sheets=options.sheet, recipes=recipes, without_personal=options.without_personal)


def _read(options: argparse.Namespace) -> int:
    readings = _readings(options)
    if readings is None:
        return NOTHING_READ
    if options.json:
        told = [as_json(reading) for reading in readings]
        _print(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=2))
    else:
        _print("\n\n".join(map(in_words, readings)))
    if options.tidy:
        for path in _write_tidy(readings, options.tidy):
            _say(f"Written: {path}")
    if options.save_recipe:
        options.save_recipe.write_text(to_json(readings[0].plan), encoding="utf-8")
        _say(f"Written: {options.save_recipe}")
    return READ if any(map(something_read, readings)) else NOTHING_READ


def _write_tidy(readings: Sequence[Reading], folder: Path) -> list[Path]:
    """Each table as CSV; where several files are read, each file's name comes first."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for reading in readings:
        before = re.sub(r"[^-. ()&,+=\w]", "_", Path(reading.file).stem) + " - " if len(readings) > 1 else ""
        for ending, frames in (("", reading.tables), (" totals", reading.comparators)):
            for name, frame in frames.items():
                path = folder / f"{before}{name}{ending}.csv"
                path.write_bytes(to_csv(tidy_with_names(frame)))
                written.append(path)
    return written


def _check(options: argparse.Namespace) -> int:
    readings = _readings(options)
    if readings is None:
        return NOTHING_READ
    blocked = 0
    for reading in readings:
        found = [finding for finding in reading.findings if finding.severity == "blocked"]
        blocked += len(found)
        _print(f"{reading.file}: {sum(reading.rows.values()):,} facts read, {len(found):,} things left out")
        for finding in found:
            _print(f"  {' '.join(filter(None, (finding.sheet, finding.cell, finding.seen)))}: {finding.done} {finding.advice}".rstrip())
    return NOTHING_READ if blocked or not any(map(something_read, readings)) else READ


def _template(options: argparse.Namespace) -> int:
    unknown = [name for name in options.tables if name not in names()]
    if unknown:
        _say(f"No such table: {', '.join(unknown)}. There are: {', '.join(names())}.")
        return NOTHING_READ
    options.out.write_bytes(template(options.tables or None))
    _say(f"Written: {options.out}")
    return READ


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
