"""What is said about targets, about parts of other columns and the like that stand beside the figures and are not used."""

from __future__ import annotations

from collections.abc import Iterator

from mhequity.reading.contact_records import ABSENCES
from mhequity.reading.findings import NOTE, Finding, count_rows
from mhequity.reading.parts import PART
from mhequity.reading.plans import ACTUALS
from mhequity.reading.targets import TARGET
from mhequity.reading.teller import Teller

TOLD = {
    TARGET: "Targets beside the figures that they are for: not used, for a target is no figure of its measure.",
    ABSENCES: "Says who did not come, where the app asks who came: not used, so that no yes is taken for its opposite.",
    PART: "Parts of a column before them, which counts them already: not used, so that nothing counts twice.",
}
"""Why columns are set aside, and the sentence about them."""


def about_set_aside(teller: Teller) -> Iterator[Finding]:
    """A sentence for all columns set aside for the same reason, and one for rows of targets."""
    for why, done in TOLD.items():
        columns = [each for each in teller.plan.columns if not each.meaning and each.why == why]
        if columns:
            seen = ", ".join(each.heading for each in columns)[:300]
            advice = (
                "Write yes under “attended” for who came."
                if why == ABSENCES
                else "Say what a column means here if it is a figure of its own."
            )
            yield teller.finding("unused columns", NOTE, teller.heading_cell(columns[0]), seen, done, advice)
    if teller.applied.not_actual:
        column = next(each for each in teller.plan.columns if each.meaning == ACTUALS)
        rows, words = sum(teller.applied.not_actual.values()), ", ".join(teller.applied.not_actual)
        done = f"Rows marked as targets, plans and the like were kept apart: {count_rows(rows)}. Only the actual figures are used."
        yield teller.finding(
            "unused columns", NOTE, teller.heading_cell(column), words[:200], done, "Say here that the column is not used if that is wrong."
        )
