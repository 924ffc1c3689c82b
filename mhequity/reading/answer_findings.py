"""What is said about columns of answers: each word that was seen, and the status that it was taken for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mhequity.reading.applied import Applied
from mhequity.reading.cells import BLOCKED as REFUSED
from mhequity.reading.cells import Understood
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding
from mhequity.reading.statuses import status_of
from mhequity.reading.teller import SHOWN, Teller


@dataclass
class _Word:
    text: str
    meaning: Understood
    cell: str
    """The first one."""
    count: int = 0


def about_answers(teller: Teller) -> list[Finding]:
    """Every word and what it was taken for in one sentence, the doubtful ones each, then the words that are not known."""
    words = _words(teller.applied)
    known = [word for word in words if word.meaning.state != REFUSED]
    found = []
    if any(word.text.casefold() != word.meaning.value for word in known):
        told = ", ".join(f"{word.text or 'blank'} as {word.meaning.value} ({word.count:,})" for word in known)
        seen = ", ".join(word.text or "blank cells" for word in known)[:200]
        done, advice = f"Words were read as a status: {told}.", "Change a word in the file if it was taken wrongly."
        found.append(teller.finding("statuses", FIXED, known[0].cell, seen, done, advice))
    return [*found, *_doubts(teller, known), *_not_known(teller, [word for word in words if word.meaning.state == REFUSED])]


def _words(applied: Applied) -> list[_Word]:
    held: dict[str, _Word] = {}
    for column in (words for slot in applied.slots if not slot.unknown_area for words in slot.words):
        for code, meaning in enumerate(column.meanings):
            rows = np.flatnonzero((column.codes == code) & applied.meant)
            if len(rows):
                text = column.texts[code]
                word = held.setdefault(text, _Word(text, meaning, applied.cell(int(rows[0]), column.letters)))
                word.count += len(rows)
    return list(held.values())


def _doubts(teller: Teller, words: Sequence[_Word]) -> Iterator[Finding]:
    """One finding for all words that could mean something else for the same reason."""
    doubts: dict[str, list[_Word]] = {}
    for word in words:
        found = status_of(word.text)
        if found is not None and found.doubt:
            doubts.setdefault(found.doubt, []).append(word)
    for doubt, doubtful in doubts.items():
        told = ", ".join(f"{word.text} as {word.meaning.value}" for word in doubtful)
        seen, done = ", ".join(word.text for word in doubtful), f"Read {told}, but {doubt}."
        yield teller.finding("statuses", NOTE, doubtful[0].cell, seen, done, "Check that this is what is meant.")


def _not_known(teller: Teller, words: Sequence[_Word]) -> Iterator[Finding]:
    for word in words[:SHOWN]:
        done = f"{word.meaning.done} {word.count:,} cell{'' if word.count == 1 else 's'} left out."
        yield teller.finding(word.meaning.kind, BLOCKED, word.cell, word.text[:100], done, word.meaning.advice)
    if rest := words[SHOWN:]:
        seen, done = f"{len(rest):,} more such words", f"{sum(word.count for word in rest):,} cells left out."
        yield teller.finding(rest[0].meaning.kind, BLOCKED, rest[0].cell, seen, done, "Download the rows left out to see each.")
