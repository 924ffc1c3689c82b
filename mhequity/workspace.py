"""What is loaded right now: tables, and where each row of them came from.

A workspace is a value: adding to it makes a new one. It starts from one of two examples that never meet in one table of money,
care or staff: published figures, or made-up service figures beside the published need and population.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd

from mhequity import areas, periods, tables
from mhequity.paths import DATA

Result = TypeVar("Result")
_MOST_RESULTS = 500
_NOT_YET = object()

PUBLISHED, MADE_UP = "Published figures", "Made-up example"
EXAMPLES = (PUBLISHED, MADE_UP)

_FACTS = ("population", "indicators", "investment", "activity")
_STRATEGY = ("ambitions", "targets")
_EXAMPLE = ("investment", "activity", "workforce", "waits", "indicators", "core_offer", "sites", "actions")
_YEARLY = ("investment", "activity", "workforce", "waits")


@dataclass(frozen=True)
class Source:
    """Where figures came from, as it is shown beside them."""

    key: str
    title: str
    publisher: str = ""
    period: str = ""
    licence: str = ""
    caveat: str = ""
    made_up: bool = False
    uploaded_at: datetime | None = None


@dataclass(frozen=True)
class Upload:
    """The tables that one file gave, and what they do to the tables that are there."""

    file: str
    at: datetime
    tables: Mapping[str, pd.DataFrame]
    replaces: bool = False
    """True: its tables stand instead of those loaded before. False: its rows join them, a row that states the same fact
    taking the old one's place."""
    digest: str = ""
    """Fingerprint of the file's bytes."""

    @property
    def rows(self) -> int:
        return sum(len(frame) for frame in self.tables.values())


@dataclass(frozen=True)
class Workspace:
    """Tidy frames by table name, and the sources their ``source`` columns name.

    ``version`` is different whenever the content is: caches key on it, never on a frame.
    """

    tables: Mapping[str, pd.DataFrame]
    sources: Mapping[str, Source]
    version: str
    uploads: tuple[Upload, ...] = field(default=(), repr=False)
    _results: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    _one_at_a_time: RLock = field(default_factory=RLock, repr=False, compare=False)

    def once(self, function: Callable[..., Result], *options: Any) -> Result:
        """``function(self, *options)``, worked out once and kept as long as this workspace lives, and no longer.

        Options must be hashable; what comes back is shared, so it is read and never changed. Where a whole room asks the same
        at once, one works it out and the others wait.
        """
        key = (function, options)
        found = self._results.get(key, _NOT_YET)
        if found is not _NOT_YET:
            return found
        with self._one_at_a_time:
            if key not in self._results:
                worked_out = function(self, *options)
                if len(self._results) >= _MOST_RESULTS:
                    self._results.clear()
                self._results[key] = worked_out
            return self._results[key]

    def table(self, name: str) -> pd.DataFrame:
        """The tidy frame of that name; without rows where nothing is loaded."""
        frame = self.tables.get(name)
        return tables.empty(name) if frame is None else frame

    def sources_of(self, frame: pd.DataFrame) -> tuple[Source, ...]:
        """The sources of a frame's rows, in order of first appearance."""
        keys = frame[tables.SOURCE].unique() if tables.SOURCE in frame else []
        return self.named(keys)

    def named(self, keys: Iterable[str]) -> tuple[Source, ...]:
        """The sources with these keys; keys that are not known are passed over."""
        return tuple(self.sources[key] for key in dict.fromkeys(keys) if key in self.sources)

    def is_made_up(self, name: str) -> bool:
        """True where a table holds made-up rows."""
        return any(source.made_up for source in self.sources_of(self.table(name)))


def read_sources(path: Path) -> dict[str, Source]:
    """Read a ``sources.csv`` (columns key, title, publisher, period, licence, caveat, made_up)."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["key"]: Source(**{**row, "made_up": row["made_up"] == "yes"}) for row in rows}  # type: ignore[arg-type]


def _read_folder(folder: str, names: Iterable[str]) -> dict[str, pd.DataFrame]:
    return {name: tables.read_tidy(DATA / folder / f"{name}.csv", name) for name in names}


@lru_cache
def reviews() -> pd.DataFrame:
    """What published reviews and strategies reported, a line each: ``group``, ``order``, ``text``, ``source``."""
    return pd.read_csv(DATA / "strategy" / "steps.csv")


@lru_cache
def published() -> Workspace:
    """The published figures for London's boroughs and systems, and the North West London strategy."""
    loaded = _read_folder("facts", _FACTS) | _read_folder("strategy", _STRATEGY)
    sources = read_sources(DATA / "facts" / "sources.csv") | (read_sources(DATA / "strategy" / "sources.csv"))
    return Workspace(MappingProxyType(loaded), MappingProxyType(sources), "published")


@lru_cache
def made_up() -> Workspace:
    """Made-up service figures for NWL and NCL, beside the published population, need and strategy.

    Money, activity, staff and waits are the made-up ones alone, so that no figure adds the two. Indicators hold both: each
    measure comes from one or the other.
    """
    base, example = published(), _read_folder("example", _EXAMPLE)
    indicators = pd.concat([base.table("indicators"), example["indicators"]], ignore_index=True)
    loaded = {**base.tables, **example, "indicators": indicators}
    sources = {**base.sources, **read_sources(DATA / "example" / "sources.csv")}
    return Workspace(MappingProxyType(loaded), MappingProxyType(sources), "made up")


def example(name: str) -> Workspace:
    """The example of that name, one of :data:`EXAMPLES`."""
    return made_up() if name == MADE_UP else published()


def with_uploads(base: Workspace, uploads: Iterable[Upload]) -> Workspace:
    """The workspace that uploads make of ``base``, in the order they came.

    Made-up rows give way to any upload of the same table, whether it replaces or adds: a person's figures are never mixed
    with invented ones.
    """
    loaded, sources, version = dict(base.tables), dict(base.sources), base.version
    uploads = tuple(uploads)
    for number, upload in enumerate(uploads, start=1):
        key = f"upload-{number}"
        sources[key] = Source(key, upload.file, "your upload", upload.at.strftime("%d %b %Y, %H:%M"), uploaded_at=upload.at)
        for name, frame in upload.tables.items():
            new = frame.assign(**{tables.SOURCE: key})
            old = loaded.get(name, tables.empty(name))
            real = old[~old[tables.SOURCE].map(lambda source: sources[source].made_up if source in sources else False).astype(bool)]
            loaded[name] = new if upload.replaces else join(real, new, name)
        version += f"|{upload.digest}{'=' if upload.replaces else '+'}"
    digest = hashlib.sha256(version.encode()).hexdigest()[:16] if uploads else version
    return Workspace(MappingProxyType(loaded), MappingProxyType(sources), digest, uploads)


def join(old: pd.DataFrame, new: pd.DataFrame, table: str) -> pd.DataFrame:
    """``old`` and ``new`` together; where both state the same fact (same key columns), the new row stands."""
    both = pd.concat([old, new], ignore_index=True)
    return both[~_facts(both, table).duplicated(keep="last")].reset_index(drop=True)


def _facts(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """The columns that say which fact a row states. An empty base means residents (the catalogue's words)."""
    keys = frame[tables.kind(table).key]
    return keys.assign(base=keys["base"].replace("", "resident")) if "base" in keys else keys


def changes(old: pd.DataFrame, new: pd.DataFrame, table: str) -> dict[str, int]:
    """How many rows of ``new`` are new facts and how many take the place of a row of ``old``."""
    known = set(_facts(old, table).itertuples(index=False, name=None))
    taken = sum(row in known for row in _facts(new, table).itertuples(index=False, name=None))
    return {"new": len(new) - taken, "updated": taken}


def years(workspace: Workspace, codes: tuple[str, ...] | None = None) -> dict[str, int]:
    """Financial years of money, activity, staff and waits, earliest first, with how many borough series cover each.

    A person's uploads, where there are any, are the only ones counted, so that their years come first.
    """
    wanted = {area.code for area in areas.boroughs()} if codes is None else set(codes)
    frames = [workspace.table(name)[["area", "period", tables.SOURCE]].assign(series=name + _measure(workspace, name)) for name in _YEARLY]
    facts = pd.concat(frames, ignore_index=True)
    facts = facts[facts.area.isin(wanted)]
    own = facts[tables.SOURCE].str.startswith("upload-")
    if own.any():
        facts = facts[own]
    label = facts.period.map({period: _part_of(period) for period in facts.period.unique()})
    whole = facts.assign(year=label)[["area", "series", "year"]].drop_duplicates()
    counts = whole.groupby("year").size()
    return {year: int(counts[year]) for year in periods.sort(counts.index) if year}


def _part_of(label: str) -> str:
    """The financial year that a period is, or is a quarter or month of; empty for any other, which makes up no year."""
    period = periods.parse(label)
    return periods.containing_year(label) if period and period.kind in ("year", "quarter", "month") else ""


def _measure(workspace: Workspace, name: str) -> pd.Series | str:
    return workspace.table(name)["measure"] if name == "activity" else ""


def best_covered_year(workspace: Workspace, codes: tuple[str, ...] | None = None) -> str:
    """The financial year with the most borough series, the latest of equals; empty where nothing has a year."""
    counts = workspace.once(years, codes)
    return max(counts, key=lambda year: (counts[year], periods.order(year)), default="")
