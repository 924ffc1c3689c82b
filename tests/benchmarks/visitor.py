"""A visitor without a browser: speaks Streamlit's protocol to a server, to measure what a rerun costs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

AGE = 2
"""Runs after which a browser forgets a message that was not used again."""


@dataclass
class Visitor:
    """One session. As a browser does, it keeps messages that may be sent again by their fingerprint alone."""

    port: int
    page: str = ""
    widgets: dict[str, str] = field(default_factory=dict)
    """Label to id of the widgets met so far."""
    errors: list[str] = field(default_factory=list)

    async def open(self) -> dict[str, float]:
        """Connect and wait for the first complete page."""
        self._kept: dict[str, int] = {}
        self._runs = 0
        self._states: dict[str, WidgetState] = {}
        self._hash = ""
        address = f"ws://localhost:{self.port}/_stcore/stream"
        self._socket = await websockets.connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None, proxy=None)
        return await self.rerun(self.page)

    async def close(self) -> None:
        await self._socket.close()

    async def rerun(self, page: str = "") -> dict[str, float]:
        """Ask for a run and read to its end: ``wall_ms`` and ``bytes`` received."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self._hash
        message.rerun_script.page_name = page
        self._runs += 1
        self._kept = {known: run for known, run in self._kept.items() if self._runs - run <= AGE}
        message.rerun_script.cached_message_hashes.extend(self._kept)
        for state in self._states.values():
            message.rerun_script.widget_states.widgets.add().CopyFrom(state)
        start, received = time.perf_counter(), 0
        await self._socket.send(message.SerializeToString())
        while True:
            data = await asyncio.wait_for(self._socket.recv(), 120)
            received += len(data)
            if self._note(data):
                return {"wall_ms": (time.perf_counter() - start) * 1000, "bytes": received}

    def _note(self, data: bytes) -> bool:
        """Take in one message; True at the end of a run."""
        message = ForwardMsg()
        message.ParseFromString(data)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            self._kept[message.ref_hash] = self._runs
        elif kind == "new_session":
            self._hash = message.new_session.page_script_hash or self._hash
        elif kind == "navigation":
            self._hash = message.navigation.page_script_hash or self._hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            if message.metadata.cacheable and message.hash:
                self._kept[message.hash] = self._runs
            element = message.delta.new_element
            name = element.WhichOneof("type")
            widget = getattr(element, name)
            if name == "exception":
                self.errors.append(f"{widget.type}: {widget.message}")
            if getattr(widget, "label", "") and getattr(widget, "id", ""):
                self.widgets[widget.label] = widget.id
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    async def choose(self, label: str, values: list[str]) -> dict[str, float]:
        """Set a multiselect and rerun."""
        state = WidgetState(id=self.widgets[label])
        state.string_array_value.data.extend(values)
        self._states[state.id] = state
        return await self.rerun()
