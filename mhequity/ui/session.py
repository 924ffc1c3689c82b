"""What one visitor has brought: files waiting for review, files added, recipes. It lives in their session and nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import PurePath
from typing import Any

import streamlit as st

from mhequity.changes import Changes, effects
from mhequity.disclosure import POLICIES, UNDER_FIVE, Policy
from mhequity.reading import Book, Finding, Plan, Reading, TablePlan, carry_out, open_book, to_json, understand
from mhequity.workspace import PUBLISHED, USE_NEW, Upload, Workspace, example, with_uploads

_LOADED, _WORKSPACES, _RECIPES, _SAID = "_loaded", "_workspaces", "_recipes", "_said"
UPLOADER, POLICY = "uploader", "_policy"
MOST_KEPT = 20_000_000
"""Bytes of a file that are kept to give it back marked; of larger ones only the cells are."""
_MOST_WORKSPACES = 3


@dataclass(frozen=True, eq=False)
class Loaded:
    """A file that this visitor brought: how it is read, and whether it counts."""

    file_id: str
    file: str
    at: datetime
    digest: str
    """Fingerprint of its bytes."""
    reading: Reading
    first: Plan
    """The app's own understanding."""
    told: tuple[Finding, ...] = ()
    """What was found on the way to that understanding: recipes recognised, columns set aside."""
    data: bytes | None = field(default=None, repr=False)
    """Its bytes, where they are kept."""
    past: tuple[Plan, ...] = ()
    """Earlier plans, the last one last."""
    without_personal: bool = False
    mode: str = USE_NEW
    added: int = 0
    """Its place in the order of adding, from 1; 0 while it waits for review."""
    name: str = ""
    """What its recipe is called."""

    @cached_property
    def upload(self) -> Upload:
        """What it adds to the workspace."""
        read = hashlib.sha256(f"{self.digest}{self.without_personal}{to_json(self.reading.plan)}".encode("utf-8", "replace")).hexdigest()
        return Upload(self.file, self.at, self.reading.tables, self.mode, read[:16])

    @property
    def plan(self) -> Plan:
        return self.reading.plan

    @property
    def hidden(self) -> tuple[str, ...]:
        """Hidden sheets that were not read, as :func:`mhequity.reading.open_book` names them."""
        told = [each for each in self.reading.findings if each.kind == "hidden"]
        names = [f"{each.file.removeprefix(self.file + '/')}/{each.sheet}" if each.file != self.file else each.sheet for each in told]
        return tuple(name for name in names if name in self.reading.sheets_ignored)


# Files -------------------------------------------------------------------------------------------------------------------


def loaded() -> list[Loaded]:
    """The visitor's files, oldest first."""
    return list(st.session_state.get(_LOADED, []))


def entry(file_id: str) -> Loaded:
    return next(each for each in loaded() if each.file_id == file_id)


def keep(book: Book, data: bytes, file_id: str) -> Loaded:
    """Understand an opened file and keep it for review. Of a file with details of people only the columns' names are kept."""
    reading = understand(book, recipes())
    kept = data if len(data) <= MOST_KEPT and not reading.personal else None
    digest = hashlib.sha256(data).hexdigest()
    name = reading.plan.name or PurePath(book.file).stem
    new = Loaded(file_id, book.file, datetime.now(), digest, reading, reading.plan, reading.told, kept, name=name)
    st.session_state[_LOADED] = [*loaded(), new]
    return new


def is_new(file_id: str) -> bool:
    """True for a file that was dropped just now, and not read or removed before."""
    return file_id not in st.session_state.setdefault("_seen_files", set())


def mark_seen(file_id: str) -> None:
    st.session_state.setdefault("_seen_files", set()).add(file_id)


def remove(file_id: str) -> None:
    st.session_state[_LOADED] = [each for each in loaded() if each.file_id != file_id]


def reset() -> None:
    """Back to the example as it came."""
    st.session_state[_LOADED] = []


def _put(file_id: str, **new: Any) -> None:
    st.session_state[_LOADED] = [replace(each, **new) if each.file_id == file_id else each for each in loaded()]


def dropped(file_id: str) -> bytes | None:
    """The bytes of a file that still hangs in the uploader; None once the page was left."""
    return next((file.getvalue() for file in st.session_state.get(UPLOADER) or [] if file.file_id == file_id), None)


def go_on_without(file_id: str) -> None:
    """Read a file that was stopped, without the columns that hold details of people. Its bytes are not kept."""
    data, old = dropped(file_id), entry(file_id)
    if data is not None:
        reading = understand(open_book(data, old.file), recipes(), without_personal=True)
        _put(file_id, reading=reading, first=reading.plan, told=reading.told, without_personal=True, name=reading.plan.name or old.name)


def read_hidden(file_id: str, sheets: Sequence[str]) -> None:
    """Read sheets that are hidden, beside those that were read; what a person changed stays."""
    old = entry(file_id)
    data = old.data or dropped(file_id)
    if data is None or not sheets:
        return
    there = [f"{grid.file}/{grid.name}" if grid.file else grid.name for grid in old.reading.book.grids]
    reading = understand(open_book(data, old.file, sheets=[*there, *sheets]), recipes(), old.without_personal)
    if reading.personal:
        say(file_id, f"{', '.join(sheets)} not read: it holds details of people, in {'; '.join(reading.personal)}.")
        return
    known = {table.key: table for table in old.plan.tables}
    plan = replace(reading.plan, tables=tuple(known.get(table.key, table) for table in reading.plan.tables))
    told = (*old.told, *(each for each in reading.told if each not in old.told))
    _put(file_id, reading=carry_out(reading.book, plan, told), first=reading.plan, told=told, past=())


# What a person changes ---------------------------------------------------------------------------------------------------


def change(file_id: str, plan: Plan) -> None:
    """Read a file by another plan; the one before can be brought back."""
    old = entry(file_id)
    if plan != old.plan:
        _put(file_id, reading=carry_out(old.reading.book, plan, old.told), past=(*old.past, old.plan))


def change_table(file_id: str, at: int, **new: Any) -> None:
    plan = entry(file_id).plan
    put_table(file_id, at, replace(plan.tables[at], **new))


def put_table(file_id: str, at: int, table: TablePlan) -> None:
    plan = entry(file_id).plan
    change(file_id, replace(plan, tables=tuple(table if place == at else each for place, each in enumerate(plan.tables))))


def change_column(file_id: str, at: int, letters: str, **new: Any) -> None:
    table = entry(file_id).plan.tables[at]
    columns = tuple(replace(each, **{"confidence": 1.0, "why": "", **new}) if each.column == letters else each for each in table.columns)
    put_table(file_id, at, replace(table, columns=columns))


def undo(file_id: str) -> None:
    """Take back the last change."""
    old = entry(file_id)
    if old.past:
        _put(file_id, reading=carry_out(old.reading.book, old.past[-1], old.told), past=old.past[:-1])


def start_again(file_id: str) -> None:
    """Back to the app's own understanding; that can be taken back too."""
    change(file_id, entry(file_id).first)


def set_mode(file_id: str, mode: str) -> None:
    """What becomes of facts that are there already."""
    _put(file_id, mode=mode)


def set_name(file_id: str, name: str) -> None:
    """What the file's recipe is called."""
    _put(file_id, name=name.strip()[:100] or PurePath(entry(file_id).file).stem)


def say(place: str, sentence: str) -> None:
    """Leave a sentence to be shown once, at a place of the page."""
    st.session_state.setdefault(_SAID, {})[place] = sentence


def said(place: str) -> str:
    """The sentence left for a place; it is gone once it was read."""
    return str(st.session_state.get(_SAID, {}).pop(place, ""))


# Recipes -----------------------------------------------------------------------------------------------------------------


def recipes() -> list[Plan]:
    """Recipes of this session, the newest first."""
    return list(st.session_state.get(_RECIPES, []))


def remember(recipe: Plan) -> None:
    """Read files of a recipe's layout by it from now on: those that wait for review and were not changed too."""
    st.session_state[_RECIPES] = [recipe, *(each for each in recipes() if each.name != recipe.name)]


def forget(name: str) -> None:
    st.session_state[_RECIPES] = [each for each in recipes() if each.name != name]


def read_again_by_recipes() -> None:
    """Files that wait for review and were not changed by hand are understood anew, by the recipes that are there now."""
    for each in loaded():
        if not each.added and not each.past and each.reading.book.grids:
            reading = understand(each.reading.book, recipes())
            kept = tuple(finding for finding in each.told if finding.kind == "personal")
            _put(each.file_id, reading=reading, first=reading.plan, told=(*kept, *reading.told), name=reading.plan.name or each.name)


# The workspace -----------------------------------------------------------------------------------------------------------


def add(file_id: str) -> None:
    """Let a file's tables count on every page, and remember how it was read."""
    each = entry(file_id)
    _put(file_id, added=1 + max(other.added for other in loaded()))
    if not all(table.exact for table in each.plan.tables):
        remember(replace(each.plan, name=each.name))


def disclosure_policy() -> Policy:
    """Which counts of people this visitor hides on every page; small ones unless they choose otherwise."""
    chosen = st.session_state.get(POLICY)
    return next((policy for policy in POLICIES if policy.name == chosen), UNDER_FIVE)


def set_policy(name: str) -> None:
    st.session_state[POLICY] = name


def workspace() -> Workspace:
    """The example in view with this visitor's added files over it."""
    return _built([each for each in loaded() if each.added])


def effects_of(each: Loaded) -> dict[str, Changes]:
    """What a file does to the tables that are there before it: those of the example and of files added earlier."""
    before = [other for other in loaded() if other.added and (not each.added or other.added < each.added)]
    return _built(before).once(effects, each.upload)


def _built(files: Sequence[Loaded]) -> Workspace:
    """The workspace that these files make of the example in view; the last few are kept."""
    figures, policy = st.session_state.get("figures") or PUBLISHED, disclosure_policy()
    base = example(figures, policy)
    if not files:
        return base
    uploads = [each.upload for each in sorted(files, key=lambda each: each.added)]
    key = (figures, policy, *((upload.digest, upload.mode, upload.at) for upload in uploads))
    kept: dict[Any, Workspace] = st.session_state.setdefault(_WORKSPACES, {})
    if key not in kept:
        if len(kept) >= _MOST_WORKSPACES:
            del kept[next(iter(kept))]
        kept[key] = with_uploads(base, uploads)
    return kept[key]
