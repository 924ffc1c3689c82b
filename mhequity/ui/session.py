"""What one visitor has loaded. It lives in their session and nowhere else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from mhequity.reading import Reading, read
from mhequity.workspace import PUBLISHED, Upload, Workspace, example, with_uploads

_LOADED, _CURRENT = "_loaded", "_workspace"


@dataclass(frozen=True)
class Loaded:
    """A file that this visitor brought: what it does to the tables, and what reading it said."""

    upload: Upload
    reading: Reading
    file_id: str


def loaded() -> list[Loaded]:
    """The visitor's files, oldest first."""
    return list(st.session_state.get(_LOADED, []))


def add(name: str, data: bytes, file_id: str) -> Loaded:
    """Read a file and lay its tables over what is there."""
    reading = read(data, name)
    upload = Upload(name, datetime.now(), reading.tables, digest=hashlib.sha256(data).hexdigest()[:16])
    entry = Loaded(upload, reading, file_id)
    st.session_state[_LOADED] = [*loaded(), entry]
    return entry


def is_new(file_id: str) -> bool:
    """True for a file that was dropped just now, and not read or removed before."""
    return file_id not in st.session_state.setdefault("_seen_files", set())


def mark_seen(file_id: str) -> None:
    st.session_state.setdefault("_seen_files", set()).add(file_id)


def set_replaces(file_id: str, replaces: bool) -> None:
    """Choose whether a file's tables replace those loaded before, or join them."""
    st.session_state[_LOADED] = [
        replace(entry, upload=replace(entry.upload, replaces=replaces)) if entry.file_id == file_id else entry for entry in loaded()
    ]


def remove(file_id: str) -> None:
    st.session_state[_LOADED] = [entry for entry in loaded() if entry.file_id != file_id]


def reset() -> None:
    """Back to the example as it came."""
    st.session_state[_LOADED] = []


def workspace() -> Workspace:
    """The example in view with this visitor's files over it."""
    figures = st.session_state.get("figures") or PUBLISHED
    uploads = tuple(entry.upload for entry in loaded())
    key = (figures, tuple((upload.digest, upload.replaces, upload.at) for upload in uploads))
    kept = st.session_state.get(_CURRENT)
    if kept is None or kept[0] != key:
        base = example(figures)
        kept = (key, with_uploads(base, uploads) if uploads else base)
        st.session_state[_CURRENT] = kept
    return kept[1]
