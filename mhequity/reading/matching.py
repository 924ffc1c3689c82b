"""Which column of the catalogue a heading's words mean: proposals with a confidence, never a decision.

What people call columns is data: ``data/headings/synonyms.csv`` has a row for each phrase, with its ``meaning`` (a label or a
figure of :mod:`mhequity.reading.plans`; empty for headings known to be none of them, such as ranks and variances) and, where the
phrase names what is counted or measured, the ``measure``. Phrases are compared whole, so that ``Cost per contact`` is neither a
cost nor a contact; case, punctuation, plurals and ``number of`` make no difference.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from mhequity.paths import DATA
from mhequity.reading.plans import FIGURES, LABELS
from mhequity.reading.wording import BETWEEN
from mhequity.tables import CATALOGUE

LEAST = 0.72
"""Below this confidence nothing is offered."""
_MOST = 5
_NAMED_MEASURE = 0.9
"""An indicator known by its name: sure of what it is, less sure that the user wants it as one."""

# One word for many figures: sure only beside a unit that fits.
_VAGUE = frozenset(
    ["actual", "amount", "budget", "price", "allocation", "figure", "result", "post", "activity", "volume", "position", "ward", "people"]
)
_RATE = re.compile(
    r"\b(?:per|rate|ratio|percent|percentage|proportion|share|average|mean|median|index|score|prevalence|wait|change|variance|target|plan)\b"
)
_COUNTED = re.compile(r"(?:\w+ ){1,3}(?:contact|referral|appointment|attendance|admission|discharge|assessment|bed day)")
_PREFIX = re.compile(r"^(?:(?:total|overall) )?(?:number|no|count|num|sum|total)(?: of)?(?: the)? (?=\w)")
_CENSUS = re.compile(r"^c(?:\d{4})? (age|sex|gender|eth)(?:\w*)(?: \d+\w?)? name$")
"""``C2021_AGE_6_NAME`` as Nomis names its columns."""
_NAME = re.compile(r"(\w+(?: \w+){0,2}) name")
_NAMED = 1.0
"""Only a phrase that is known for sure stays what it is with ``name`` after it."""
_SUFFIX = re.compile(r" (?:number|no|count|total)$")


@dataclass(frozen=True)
class Candidate:
    """One thing that a heading may mean."""

    meaning: str
    """One of :data:`~mhequity.reading.plans.LABELS` or :data:`~mhequity.reading.plans.FIGURES`."""
    confidence: float = 1.0
    """0 to 1; 1 for the catalogue's own name and for known phrases."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the heading says of each figure: ``{"measure": "Contacts"}``."""
    why: str = ""


@lru_cache(maxsize=20_000)
def candidates(text: str, unit: str = "") -> tuple[Candidate, ...]:
    """What a heading may mean, most likely first, at most five.

    Parameters
    ----------
    text
        The heading without unit, period and groups, as :func:`mhequity.reading.wording.understand` leaves it.
    unit
        Its unit as found there. A unit that fits raises the confidence; one that does not (``Spend``, in percent) halves it.

    Examples
    --------
    >>> candidates("No. of contacts")[0].meaning, candidates("No. of contacts")[0].labels
    ('activity.count', {'measure': 'Contacts'})
    >>> candidates("Variance", "GBP")
    ()
    """
    last = candidates(text.rsplit(BETWEEN, 1)[1]) if BETWEEN in text else ()
    found = [replace(each, confidence=each.confidence * 0.9, labels=_whole_measure(each, text)) for each in last] or list(_by_name(text))
    fitted = [_fitted(each, unit) for each in found]
    if max((each.confidence for each in fitted), default=0.0) < LEAST and not _is_none_of_them(text):
        fitted += _by_unit(text, unit)
    best: dict[str, Candidate] = {}
    for each in sorted(fitted, key=lambda candidate: -candidate.confidence):
        if each.confidence >= LEAST:
            best.setdefault(each.meaning, each)
    return tuple(best.values())[:_MOST]


def _is_none_of_them(text: str) -> bool:
    """Whether the synonyms know the heading as something that no column holds, such as a rank."""
    rows = [row for key in (_key(text), _key(text, False)) for row in _phrases().get(key, ())]
    return bool(rows) and not any(row["meaning"] for row in rows)


def _whole_measure(candidate: Candidate, text: str) -> Mapping[str, str]:
    """A measure under a wider heading keeps both names."""
    return {**candidate.labels, "measure": text} if candidate.meaning == "indicators.value" else candidate.labels


def _by_name(text: str) -> Iterator[Candidate]:
    """Candidates by the words alone: the catalogue's names, known phrases, then slips of the pen."""
    keys = dict.fromkeys(key for key in (_key(text, False), _key(text), _key(re.sub(r"[(\[].*?[)\]]", " ", text))) if key)
    for key in keys:
        if key in _catalogue():
            yield from (Candidate(meaning, 1.0, {}, "the heading's own name") for meaning in _catalogue()[key])
        for row in _phrases().get(key, ()):
            yield from _of_phrase(
                row, _NAMED_MEASURE if row["meaning"] == "indicators.value" and row["measure"] else _sure(key), "known as"
            )
        if key in _catalogue() or key in _phrases():
            return
    if labelled := _NAME.fullmatch(_key(text, False)):
        # "Gender name" names what "Gender" does, where that is what a row is about.
        yield from (found for found in _by_name(labelled[1]) if found.meaning in LABELS and found.confidence >= _NAMED)
    if key := _key(text):
        if _COUNTED.fullmatch(key) and not _RATE.search(key):
            yield Candidate("activity.count", 0.75, {"measure": text}, f"close to {key.split()[-1]}s")
        yield from _slips(key)


def _sure(key: str) -> float:
    return 0.8 if key in _VAGUE else 1.0


def _of_phrase(row: Mapping[str, str], confidence: float, why: str) -> Iterator[Candidate]:
    if row["meaning"]:
        yield Candidate(row["meaning"], confidence, {"measure": row["measure"]} if row["measure"] else {}, f"{why} {row['phrase']}")


def _slips(key: str) -> Iterator[Candidate]:
    """Phrases that differ from the heading by a slip in a word or two, each word against its own."""
    known = [*_catalogue(), *_phrases()]
    for name, score, _ in process.extract(key, known, scorer=fuzz.token_sort_ratio, score_cutoff=100 * LEAST, limit=8):
        if not _same_words(key, name):
            continue
        confidence = 0.95 * score / 100
        for row in _phrases().get(name, ()):
            yield from _of_phrase(row, confidence, "close to")
        yield from (Candidate(meaning, confidence, {}, f"close to {name}") for meaning in _catalogue().get(name, ()))


def _same_words(one: str, other: str) -> bool:
    """Whether two phrases have the same words but for a slip: one letter in a word of four to seven, two in a longer one."""
    left, right = sorted(one.split()), sorted(other.split())
    if len(left) != len(right):
        return one.replace(" ", "") == other.replace(" ", "")
    return all(a == b or (min(len(a), len(b)) > 3 and a not in _words() and OSA.distance(a, b) <= (1 if len(a) < 8 else 2))
               for a, b in zip(left, right, strict=True))  # fmt: skip


def _fitted(candidate: Candidate, unit: str) -> Candidate:
    """The candidate with its confidence raised by a unit that fits, and halved by one that does not."""
    if not unit:
        return candidate
    wanted = _units()[candidate.meaning]
    if unit in wanted:
        return replace(candidate, confidence=max(candidate.confidence, min(1.0, candidate.confidence + 0.2)))
    return candidate if "*" in wanted else replace(candidate, confidence=candidate.confidence / 2)


@lru_cache
def _units() -> dict[str, frozenset[str]]:
    """The units that fit each meaning; ``*`` where any does."""
    fits = {
        name: frozenset({"years", "months", "weeks", "count", "score", "*"} if name in ("age_band", "period", "date") else {"count"})
        for name in LABELS
    }
    for kind in CATALOGUE:
        for column in kind.columns:
            if column.is_number:
                fits[f"{kind.name}.{column.name}"] = frozenset({column.unit} | ({"count"} if column.unit in ("people", "") else set()))
    counts = frozenset({"people", "count", "days", "hours", "minutes", ""})
    anything = dict.fromkeys(
        ("indicators.value", "targets.target", "targets.baseline", "contacts.outcome_first", "contacts.outcome_last"), "*"
    )
    return fits | {name: frozenset(mark) for name, mark in anything.items()} | {"activity.count": counts} | {
        "indicators.numerator": counts, "indicators.denominator": counts, "actions.done_percent": frozenset({"share", "%"}),
    }  # fmt: skip


def _by_unit(text: str, unit: str) -> list[Candidate]:
    """Candidates by the unit, where the words say nothing or do not fit it."""
    measure = {"measure": text.strip()} if text.strip() else {}
    if unit == "GBP" and not _RATE.search(_key(text)):
        return [Candidate("investment.amount_gbp", 0.78, {}, "its unit is pounds")]
    if unit == "WTE" and not _RATE.search(_key(text)):
        return [
            Candidate("workforce.in_post_wte", 0.74, {}, "its unit is WTE"),
            Candidate("workforce.established_wte", 0.73, {}, "its unit is WTE"),
        ]
    if (
        unit
        and measure
        and (unit.startswith("per ") or unit in ("share", "GBP", "WTE", "score", "days", "weeks", "months", "minutes", "hours"))
    ):
        return [Candidate("indicators.value", 0.78, measure, f"a figure in its own right, unit {unit}")]
    return []


def _key(text: str, without_prefix: bool = True) -> str:
    """A heading for comparing: lower case words without plurals, ``%`` as a word, without ``number of``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text[:200])
    spaced = re.sub(r"([a-z])\d\d([a-z]{2,3})$", r"\1 \2", spaced.strip().casefold())  # lad19nm
    spaced = spaced.replace("%", " percent ").replace("per cent", "percent").replace("£", " gbp ").replace("&", " and ").replace("'", "")
    words = re.sub(r"[\W_]+", " ", spaced).strip()
    words = _CENSUS.sub(r"\1", words)
    if without_prefix:
        words = _SUFFIX.sub("", _PREFIX.sub("", words))
    return " ".join(_singular(word) for word in words.split())


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache
def _catalogue() -> dict[str, tuple[str, ...]]:
    """The catalogue's own names, as keys; figures also with their table's name before them."""
    named: dict[str, tuple[str, ...]] = {}
    for meaning in (*LABELS, *FIGURES):
        for name in {meaning, meaning.split(".")[-1]}:
            key = _key(name.replace(".", " ").replace("_", " "), False)
            named[key] = tuple(dict.fromkeys((*named.get(key, ()), meaning)))
    return named


@lru_cache
def _phrases() -> dict[str, tuple[dict[str, str], ...]]:
    """Rows of the synonyms by key."""
    rows: dict[str, tuple[dict[str, str], ...]] = {}
    with open(DATA / "headings" / "synonyms.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for key in {_key(row["phrase"]), _key(row["phrase"], False)}:
                if row not in rows.get(key, ()):
                    rows[key] = (*rows.get(key, ()), row)
    return rows


@lru_cache
def _words() -> frozenset[str]:
    """All words of known phrases: a heading's word that is one of them is no slip for another."""
    return frozenset(word for phrase in (*_catalogue(), *_phrases()) for word in phrase.split())
