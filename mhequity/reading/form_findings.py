"""What is said about texts that could be two things, and were read as one: months or years, and the numbers of sexes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from mhequity.reading import period_forms
from mhequity.reading.findings import NOTE, Finding
from mhequity.reading.period_forms import YEARS
from mhequity.reading.plans import ColumnPlan
from mhequity.reading.teller import Teller

_OF_SEX = "Numbers were read as the NHS and the ONS give them to sexes: 1 is male, 2 is female, 9 is not known."
_ACADEMIC = re.compile(r"\bacademic\b|\bschool year", re.IGNORECASE)


def about_forms(teller: Teller) -> list[Finding]:
    """Why ``2010-12`` was taken for years or for a month, in headings and in columns, and which number was taken for which sex."""
    found = list(_in_headings(teller))
    for each in teller.plan.columns:
        if each.meaning == "period":
            found += _down_a_column(teller, each)
        elif each.meaning == "sex":
            found += _numbered_sexes(teller, each)
    return found


def _texts(teller: Teller, column: ColumnPlan, most: int) -> list[str]:
    """The first distinct texts of a column's rows."""
    strip = teller.strip(column)
    return [str(strip.values[int(code)].as_py()) for code in np.flatnonzero(strip.held)[:most]]


def _in_headings(teller: Teller) -> Iterator[Finding]:
    columns = teller.plan.columns
    written = period_forms.of_headings(columns)
    for at, text in written.items():
        taken, years = columns[at].labels["period"], period_forms.otherwise(text)
        if taken == years and period_forms.may_be_month(text):
            yield _as_years(teller, columns[at], text, "the headings beside it tell")
            return
        if taken != years and set(written.values()) == {text} and period_forms.decide([text]).in_doubt:
            done, advice = f"Read as {taken}. It may as well be {years}, and no heading beside it tells.", "If that is meant, write it so."
            yield teller.finding("dates", NOTE, teller.heading_cell(columns[at]), text, done, advice)
            return


def _down_a_column(teller: Teller, column: ColumnPlan) -> Iterator[Finding]:
    around = period_forms.around(column, teller.plan.columns, teller.strip)
    held = _texts(teller, column, 2000)
    forms = period_forms.decide(held, around)
    read_as_years = [text for text in held if period_forms.form_of(text, forms) == YEARS and period_forms.may_be_month(text)]
    if read_as_years:
        yield _as_years(teller, column, read_as_years[0], "the column tells")
    if forms.joined == YEARS and _ACADEMIC.search(around.replace("_", " ")):
        done = "Academic years are kept under the name of the financial year: the one from September 2022 is 2022/23."
        yield teller.finding("dates", NOTE, teller.heading_cell(column), column.heading, done)


def _as_years(teller: Teller, column: ColumnPlan, text: str, why: str) -> Finding:
    done = f"Read as {period_forms.otherwise(text)}, years and not a month, as {why}."
    return teller.finding("dates", NOTE, teller.heading_cell(column), text, done, "Write months as Dec 2010 if they are meant.")


def _numbered_sexes(teller: Teller, column: ColumnPlan) -> Iterator[Finding]:
    if numbered := [text for text in _texts(teller, column, 50) if text.isdecimal()]:
        seen, advice = ", ".join(numbered), "Write male and female if the numbers mean something else here."
        yield teller.finding("spellings", NOTE, teller.heading_cell(column), seen, _OF_SEX, advice)
