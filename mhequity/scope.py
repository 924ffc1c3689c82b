"""What a person is looking at: a system, perhaps some of its boroughs, a year and a service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from mhequity import areas

ALL_SERVICES = "All services"


@dataclass(frozen=True)
class Scope:
    """The view that every page shares.

    ``boroughs`` are GSS codes; empty means every borough of the system. ``year`` is a financial year such as ``2019/20``.
    """

    system: str = areas.LONDON
    boroughs: tuple[str, ...] = ()
    year: str = ""
    service: str = ALL_SERVICES

    @property
    def system_codes(self) -> tuple[str, ...]:
        """Codes of every borough of the system: what figures are compared with."""
        return tuple(area.code for area in areas.boroughs(self.system))

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the boroughs that are looked at."""
        return self.boroughs or self.system_codes

    @property
    def whole(self) -> Scope:
        """The same view of the whole system: what is worked out once, whichever boroughs are looked at."""
        return replace(self, boroughs=())

    def every_borough(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with a row for each borough of the system: what is known of none is missing, never left out."""
        whole = frame.set_index("area").reindex(self.system_codes).rename_axis("area").reset_index()
        return whole.assign(**{name: whole[name].fillna("") for name in whole.columns if name.startswith("source")})

    def mark(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with ``in_scope``: True for the boroughs that are looked at."""
        return frame.assign(in_scope=frame["area"].isin(self.codes))

    @property
    def system_name(self) -> str:
        return areas.system_name(self.system)

    @property
    def place(self) -> str:
        """The boroughs in words: ``London``, ``Brent``, ``Brent and Ealing``, ``4 boroughs of North West London``."""
        if not self.boroughs:
            return self.system_name
        if len(self.boroughs) > 3:
            return f"{len(self.boroughs)} boroughs of {self.system_name}"
        return in_words(areas.name_of(code) for code in self.boroughs)

    def of_service(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of the service in view; all of them where every service is."""
        return frame if self.service == ALL_SERVICES else frame[frame["service"] == self.service]


def in_words(names: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}" if listed else ""
