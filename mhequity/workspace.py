"""What is loaded right now: tables, and where each row of them came from.

A workspace is a value: adding to it makes a new one. It starts from one of two examples that never meet in one table of money,
care or staff: published figures, or made-up service figures beside the published need and residents. Residents are made up only
where they are of one group of people, for which none are published; those of everyone never are.
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

import numpy as np
import pandas as pd

from mhequity import areas, periods, tables
from mhequity.disclosure import UNDER_FIVE, Policy
from mhequity.paths import DATA

Result = TypeVar("Result")
_MOST_RESULTS = 500
_NOT_YET = object()

PUBLISHED, MADE_UP = "Published figures", "Made-up example"
EXAMPLES = (PUBLISHED, MADE_UP)

_FACTS = ("population", "indicators", "investment", "activity")
_STRATEGY = ("ambitions", "targets")
_EXAMPLE = ("investment", "activity", "workforce", "waits", "indicators", "core_offer", "sites", "actions", "population")
_BESIDE = ("indicators", "population")
"""Tables of the made-up example that hold published rows too."""
_SET_AGAINST = {"population": ("population", "activity", "waits")}
"""A table whose made-up rows give way to uploads of other tables too, since care that is a person's own would be set against them."""
COUNTS = ("population", "indicators", "activity", "waits")
"""Tables that count people, or may."""
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


USE_NEW, KEEP_OLD, REPLACE, KEEP_BOTH = "use new", "keep old", "replace", "keep both"
"""What becomes of a row that states a fact which is there already: it takes the old one's place; it gives way; the whole table
gives way to the file's; or it stands beside the old one, under a name that shows its file."""
_NAMES = ("measure", "service", "ambition", "action", "place", "site")
"""Columns that may carry the file's name where both are kept, the first that a table's key has."""


@dataclass(frozen=True, eq=False)
class Upload:
    """The tables that one file gave, and what they do to the tables that are there."""

    file: str
    at: datetime
    tables: Mapping[str, pd.DataFrame]
    mode: str = USE_NEW
    """:data:`USE_NEW`, :data:`KEEP_OLD`, :data:`REPLACE` or :data:`KEEP_BOTH`."""
    digest: str = ""
    """Fingerprint of the file's bytes and of how they were read."""

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
    policy: Policy = UNDER_FIVE
    """Which counts of people are hidden. It speaks of what people bring and of made-up figures: published ones are public."""
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

    def is_published(self, keys: pd.Series) -> pd.Series:
        """True for each row whose source (a key) is a publication."""
        public = [key for key, source in self.sources.items() if not source.made_up and source.uploaded_at is None]
        return keys.isin(public)

    def to_give_away(self, name: str) -> pd.DataFrame:
        """The table's rows as they may leave the app one by one: without a person's own counts, where small ones are hidden."""
        frame = self.table(name)
        if name not in COUNTS or not self.policy.hidden_to:
            return frame
        own = [key for key, source in self.sources.items() if source.uploaded_at is not None]
        return frame[~frame[tables.SOURCE].isin(own)]

    def mixes(self, keys: Iterable[str]) -> bool:
        """True where some of these sources are made up and others are a person's own: figures that never meet."""
        held = self.named(keys)
        return any(source.made_up for source in held) and any(source.uploaded_at for source in held)

    def is_made_up(self, name: str) -> bool:
        """True where a table holds made-up rows."""
        return any(source.made_up for source in self.sources_of(self.table(name)))

    def real(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table that are not made up."""
        return _real(frame, self.sources)


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
    """Made-up service figures for NWL and NCL, beside the published need, residents and strategy.

    Money, activity, staff and waits are the made-up ones alone, so that no figure adds the two. Indicators hold both: each
    measure comes from one or the other. Population holds both: residents of everyone are published, those by group are made up.
    """
    base, example = published(), _read_folder("example", _EXAMPLE)
    both = {name: pd.concat([base.table(name), example[name]], ignore_index=True) for name in _BESIDE}
    loaded = {**base.tables, **example, **both}
    sources = {**base.sources, **read_sources(DATA / "example" / "sources.csv")}
    return Workspace(MappingProxyType(loaded), MappingProxyType(sources), "made up")


@lru_cache
def example(name: str, policy: Policy = UNDER_FIVE) -> Workspace:
    """The example of that name, one of :data:`EXAMPLES`, under a policy of disclosure control."""
    base = made_up() if name == MADE_UP else published()
    if policy == base.policy:
        return base
    return Workspace(base.tables, base.sources, f"{base.version}|{policy.name}", policy=policy)


def with_uploads(base: Workspace, uploads: Iterable[Upload]) -> Workspace:
    """The workspace that uploads make of ``base``, in the order they came.

    Made-up rows give way to any upload of the same table, however it is added: a person's figures are never mixed with
    invented ones. Made-up residents by group give way to an upload of care as well, which would be divided by them.
    """
    loaded, sources, version = dict(base.tables), dict(base.sources), base.version
    uploads = tuple(uploads)
    brought = {name for upload in uploads for name in upload.tables}
    for name, others in _SET_AGAINST.items():
        if name in loaded and brought.intersection(others):
            loaded[name] = _real(loaded[name], sources)
    for number, upload in enumerate(uploads, start=1):
        key = f"upload-{number}"
        sources[key] = Source(key, upload.file, "your upload", upload.at.strftime("%d %b %Y, %H:%M"), uploaded_at=upload.at)
        for name, frame in upload.tables.items():
            new = tables.conform(frame, name).assign(**{tables.SOURCE: key})
            loaded[name] = join(_real(loaded.get(name, tables.empty(name)), sources), new, name, upload.mode, upload.file)
        version += f"|{upload.digest} {upload.mode}"
    digest = hashlib.sha256(version.encode()).hexdigest()[:16] if uploads else version
    return Workspace(MappingProxyType(loaded), MappingProxyType(sources), digest, uploads, base.policy)


def _real(frame: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """The rows that are not made up."""
    made_up = [key for key, source in sources.items() if source.made_up]
    return frame[~frame[tables.SOURCE].isin(made_up)]


def join(old: pd.DataFrame, new: pd.DataFrame, table: str, mode: str = USE_NEW, file: str = "") -> pd.DataFrame:
    """``old`` and ``new`` together as the mode says where both state the same fact (same key columns).

    A table that has no name to tell two rows apart by, such as population, cannot keep both: there the new row stands.
    """
    if mode == REPLACE:
        return new.reset_index(drop=True)
    if mode == KEEP_BOTH:
        new = _named_after(file, old, new, table)
    both = pd.concat([old, new], ignore_index=True)
    repeated = pd.Series(tables.fact_numbers(both, table)).duplicated(keep="first" if mode == KEEP_OLD else "last")
    return both[~repeated.to_numpy()].reset_index(drop=True)


def names_its_file(table: str) -> str:
    """The column that carries the file's name where both rows are kept; empty where a table has none."""
    key = tables.kind(table).key
    return next((name for name in _NAMES if name in key), "")


def _named_after(file: str, old: pd.DataFrame, new: pd.DataFrame, table: str) -> pd.DataFrame:
    """``new`` with the file's name behind the name of each row that states a fact of ``old``."""
    column = names_its_file(table)
    if not column:
        return new
    numbers = tables.fact_numbers(pd.concat([old, new], ignore_index=True), table)
    known = np.isin(numbers[len(old) :], numbers[: len(old)])
    return new.assign(**{column: new[column].where(~known, new[column] + f" ({file})")})


def years(workspace: Workspace, codes: tuple[str, ...] | None = None) -> dict[str, int]:
    """Financial years of money, activity, staff and waits, earliest first, with how many borough series cover each.

    A person's uploads, where there are any, are the only ones counted, so that their years come first; their indicators count too.
    """
    wanted = {area.code for area in areas.boroughs()} if codes is None else set(codes)
    frames = [_series(workspace, name) for name in (*_YEARLY, "indicators")]
    facts = pd.concat(frames, ignore_index=True)
    facts = facts[facts.area.isin(wanted)]
    own = facts[tables.SOURCE].str.startswith("upload-")
    facts = facts[own] if own.any() else facts[facts.table != "indicators"]
    label = facts.period.map({period: _part_of(period) for period in facts.period.unique()})
    whole = facts.assign(year=label)[["area", "series", "year"]].drop_duplicates()
    counts = whole.groupby("year").size()
    return {year: int(counts[year]) for year in periods.sort(counts.index) if year}


def _part_of(label: str) -> str:
    """The financial year that a period is, or is a quarter or month of; empty for any other, which makes up no year."""
    period = periods.parse(label)
    return periods.containing_year(label) if period and period.kind in ("year", "quarter", "month") else ""


def _series(workspace: Workspace, name: str) -> pd.DataFrame:
    """Areas and periods of a table, with the series that each row is of."""
    frame = workspace.table(name)
    measure = frame["measure"] if name in ("activity", "indicators") else ""
    return frame[["area", "period", tables.SOURCE]].assign(table=name, series=name + measure)


def best_covered_year(workspace: Workspace, codes: tuple[str, ...] | None = None) -> str:
    """The financial year with the most borough series, the latest of equals; empty where nothing has a year."""
    counts = workspace.once(years, codes)
    return max(counts, key=lambda year: (counts[year], periods.order(year)), default="")
