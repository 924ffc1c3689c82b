"""The same reading as on the page, from a terminal: ``python -m mhequity read FILE...``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from mhequity.reading import BLOCKED, Plan, Reading, from_json, read, to_json
from mhequity.reading.books import nothing_read
from mhequity.reading.understanding import as_json, in_words, something_read, tidy_with_names
from mhequity.tables import names

READ, LEFT_OUT, NOTHING_READ = 0, 1, 2
_STOPPED_BY_HAND = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when something was read or written, 2 when nothing could be. ``check`` has 1 for what was left out."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character gets a question mark in its place, never an error.
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        with _without_logs():
            code = int(options.command(options))
            if sys.stdout:
                sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read the output, such as ``head``, has seen enough: by now all files are written.
        _close_output()
        return READ
    except OSError as error:
        if error.filename is None:
            _close_output()
        _say(f"{error.filename or 'The output could not be written'}: {error.strerror or error}.")
        return NOTHING_READ
    except KeyboardInterrupt:
        _say("Stopped.")
        return _STOPPED_BY_HAND
    except Exception as error:
        _say(f"Something went wrong that should not have ({type(error).__name__}): nothing more was read or written.")
        return NOTHING_READ


@contextmanager
def _without_logs() -> Iterator[None]:
    """Details of what failed are for the log of a server; here a finding says it in a sentence."""
    log, silent = logging.getLogger("mhequity"), logging.NullHandler()
    log.addHandler(silent)
    try:
        yield
    finally:
        log.removeHandler(silent)


def _close_output() -> None:
    """What could not be written is dropped, or Python would try it again at its end and complain."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, AttributeError, ValueError):
        return


# What can be asked -------------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m mhequity", description="Read people's own spreadsheets into tables of need, money, care and staff."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", help="one of these; COMMAND --help says more")
    reading = commands.add_parser("read", help="say what was understood of each file, and write its tables")
    _add_reading(reading)
    reading.add_argument("--json", action="store_true", help="print the understanding as JSON: one object for one file, a list for several")
    reading.add_argument("--tidy", metavar="DIR", type=Path, help="write each tidy table as CSV into this folder")
    reading.add_argument("--save-recipe", metavar="FILE", type=Path, help="write how the file was read, to read the same layout again")
    reading.set_defaults(command=_read)
    checking = commands.add_parser("check", help="list only what needs attention: exit code 0 for nothing, 1 for something")
    _add_reading(checking)
    checking.set_defaults(command=_check)
    filling = commands.add_parser("template", help="write the workbook to fill in")
    filling.add_argument("tables", nargs="*", metavar="TABLE", help=f"tables to have a sheet for, all without it: {', '.join(names())}")
    filling.add_argument("--out", metavar="FILE", type=Path, default=Path("mhequity template.xlsx"))
    filling.set_defaults(command=_template)
    return parser


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a workbook, a text file, or a zip of them")
    parser.add_argument("--sheet", metavar="NAME", action="append", help="read only this sheet, also a hidden one; may be given again")
    parser.add_argument(
        "--recipe", metavar="FILE", action="append", type=Path, default=[], help="a saved recipe: files of its layout are read by it"
    )
    parser.add_argument("--without-personal", action="store_true", help="go on without columns that hold details of people")


# Reading -----------------------------------------------------------------------------------------------------------------


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
    """One reading a file, in order; a file that cannot be opened has one too and does not keep the others from being read."""
    recipes = _recipes(options.recipe)
    if recipes is None:
        return None
    return [_one(Path(file), options, recipes) for file in options.files]


def _one(path: Path, options: argparse.Namespace, recipes: Sequence[Plan]) -> Reading:
    name = _shown(path.name or str(path))
    if path.is_dir():
        return _unopened(name, "This is a folder.", "Name the files in it.")
    try:
        with path.open("rb") as file:
            return read(file, name, sheets=options.sheet, recipes=recipes, without_personal=options.without_personal)
    except FileNotFoundError:
        return _unopened(name, "There is no such file.", f"Check how it is spelled: {_shown(str(path))}")
    except PermissionError:
        return _unopened(name, "You may not read this file.", "Ask its owner, or copy it to a folder of your own.")
    except (OSError, ValueError) as error:
        return _unopened(name, f"The file could not be opened: {getattr(error, 'strerror', None) or error}.", "Check where it is stored.")


def _shown(text: str) -> str:
    """A file's name without what no terminal and no JSON reader can show."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def _unopened(file: str, seen: str, advice: str) -> Reading:
    return Reading(file, findings=(nothing_read(file, seen, advice),))


def _read(options: argparse.Namespace) -> int:
    if options.save_recipe and len(options.files) > 1:
        _say("A recipe is saved from one file: name one file with --save-recipe.")
        return NOTHING_READ
    readings = _readings(options)
    if readings is None:
        return NOTHING_READ
    # Files come first: whoever reads the output may leave before its end.
    written = _write_tidy(readings, options) if options.tidy else []
    written += _save_recipe(readings[0], options) if options.save_recipe else []
    if options.json:
        told = [as_json(reading) for reading in readings]
        # Plain ASCII means the same in every encoding that a terminal or a pipe may have.
        _print(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=not _is_utf8(), indent=2))
    else:
        _print("\n\n".join(map(in_words, readings)))
    for path in written:
        _say(f"Written: {path}")
    for reading in readings:
        _explain(reading, options.json)
    return READ if any(map(something_read, readings)) else NOTHING_READ


def _is_utf8() -> bool:
    return "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()


def _explain(reading: Reading, apart: bool) -> None:
    """What a person at the terminal can do about a file of which nothing was read."""
    if reading.personal:
        _say(f"{reading.file}: stopped, it holds details of people: {'; '.join(reading.personal)}. --without-personal reads the rest.")
    elif apart and not something_read(reading):
        blocked = [finding for finding in reading.findings if finding.severity == BLOCKED]
        # What was seen in a cell may be long, and says little without the rest.
        why = next(
            (f"{each.sheet} {each.cell}: {each.done}" if each.cell else each.seen for each in blocked), "No table that the app knows"
        )
        _say(f"{reading.file}: nothing was read. {why}")


def _write_tidy(readings: Sequence[Reading], options: argparse.Namespace) -> list[Path]:
    """Each table as CSV; where several files are read, each file's name comes first. No file that is read is written over."""
    # Loaded here, as it takes longer than reading a small file.
    from mhequity.export.tables import to_csv

    written: list[Path] = []
    taken = _inputs(options)
    for reading in filter(something_read, readings):
        options.tidy.mkdir(parents=True, exist_ok=True)
        before = re.sub(r"[^-. ()&,+=\w]", "_", Path(reading.file).stem)[:100] + " - " if len(readings) > 1 else ""
        for ending, frames in (("", reading.tables), (" totals", reading.comparators)):
            for name, frame in frames.items():
                path = _free(options.tidy, f"{before}{name}{ending}", taken)
                path.write_bytes(to_csv(tidy_with_names(frame)))
                taken.add(path.resolve())
                written.append(path)
    return written


def _inputs(options: argparse.Namespace) -> set[Path]:
    return {Path(file).resolve() for file in options.files}


def _free(folder: Path, stem: str, taken: set[Path]) -> Path:
    """A file of that name which is not taken yet: with a number where it is."""
    path, number = folder / f"{stem}.csv", 2
    while path.resolve() in taken:
        path = folder / f"{stem} ({number}).csv"
        number += 1
    return path


def _save_recipe(reading: Reading, options: argparse.Namespace) -> list[Path]:
    """The plan under its file's name, which is what the next reading says that it recognised."""
    path = options.save_recipe
    if not reading.plan.tables:
        _say(f"{path}: not written, as nothing was understood of {reading.file}.")
        return []
    if path.resolve() in _inputs(options):
        raise FileExistsError(17, "This is the file to read; name another one for the recipe", str(path))
    path.write_text(to_json(replace(reading.plan, name=_shown(path.stem))), encoding="utf-8")
    return [path]


# What needs attention, and the template ----------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    readings = _readings(options)
    if readings is None:
        return NOTHING_READ
    left_out = 0
    for reading in readings:
        found = [finding for finding in reading.findings if finding.severity == BLOCKED]
        left_out += len(found)
        facts = sum(reading.rows.values())
        _print(f"{reading.file}: {facts:,} fact{'s' if facts != 1 else ''} read, {len(found):,} to put right")
        for finding in found:
            member = finding.file.removeprefix(reading.file).lstrip("/")  # a file within a zip file
            where = " ".join(filter(None, (member, finding.sheet, finding.cell)))
            seen = f"“{finding.seen}” " if finding.seen else ""
            _print(f"  {where + ': ' if where else ''}{seen}{finding.done} {finding.advice}".rstrip())
        _explain(reading, apart=False)
    if not any(map(something_read, readings)):
        return NOTHING_READ
    return LEFT_OUT if left_out else READ


def _template(options: argparse.Namespace) -> int:
    # Loaded here, as it takes longer than reading a small file.
    from mhequity.export.template import template

    unknown = [name for name in options.tables if name not in names()]
    if unknown:
        _say(f"No such table: {', '.join(map(_shown, unknown))}. There are: {', '.join(names())}.")
        return NOTHING_READ
    try:
        with options.out.open("xb") as file:
            file.write(template(list(dict.fromkeys(options.tables)) or None))
    except FileExistsError:
        _say(f"{options.out}: is there already, and may be filled in. Name another file with --out.")
        return NOTHING_READ
    _say(f"Written: {options.out}")
    return READ


def _print(text: str) -> None:
    if sys.stdout:
        sys.stdout.write(text + "\n")


def _say(text: str) -> None:
    """A sentence beside the output; where no one can read it any more, nothing."""
    if sys.stderr:
        with suppress(OSError):
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
