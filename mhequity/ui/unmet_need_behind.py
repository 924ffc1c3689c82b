"""The answer, the table behind the picture and the method of the page on unmet need."""

from __future__ import annotations

import pandas as pd

from mhequity.analysis import age_bands, care_kinds, sentences, unit_costs, unmet_sentences
from mhequity.analysis.unit_costs import UnitCost
from mhequity.scope import ALL_SERVICES, Scope
from mhequity.ui import figures, words
from mhequity.ui.figures import Shown
from mhequity.ui.unmet_need_options import Options
from mhequity.workspace import Source, Workspace


def answer(workspace: Workspace, scope: Scope, chosen: Options, frame: pd.DataFrame) -> str:
    """What stands at the top: who goes short, what that is in money, and where the pockets are."""
    cost = workspace.once(unit_costs.unit_cost, scope.whole, chosen.care)
    if chosen.equal_access:
        parts = [sentences.equal_access(frame, scope, chosen.care), unmet_sentences.in_money(frame, scope, cost, chosen.care)]
        pocket = unmet_sentences.pockets_of(frame, scope, chosen.measure)
        return (
            f"{' '.join(part for part in parts if part)}\n\n{pocket}"
            if frame.ratio[frame.in_scope].notna().any() and frame.ratio.notna().sum() > 1
            else parts[0]
        )
    parts = [
        sentences.treatment_gap(frame, scope, chosen.condition, chosen.care),
        unmet_sentences.gap_in_money(frame, scope, cost, chosen.care),
    ]
    return " ".join(part for part in parts if part)


def columns(chosen: Options, cost: UnitCost) -> dict[str, Shown]:
    """Columns of the table, which are those of the downloads."""
    if not chosen.equal_access:
        return _gap_columns(chosen, cost)
    money = {"unmet_gbp": Shown(f"Unmet as money (£, {_priced(cost, chosen)})", _pounds, "state")} if cost.known else {}
    return {
        "name": Shown("Borough"),
        "in_view": Shown("In view"),
        "need_index": Shown(f"Need index ({chosen.measure.reference} = 1)", lambda v: words.number(v, 2)),
        "weighted": Shown("Need-weighted population", words.number),
        "observed": Shown("Care given", words.number, "state"),
        "expected": Shown("Expected from need", words.number, "state"),
        "unmet": Shown("Unmet (expected − given)", words.number, "state"),
        "unmet_per_1000": Shown("Unmet per 1,000 weighted people", lambda v: words.number(v, 2), "state"),
        **money,
        "ratio": Shown("Given for each 1 expected", sentences.ratio, "state"),
        "lower": Shown("95% interval, low", sentences.ratio, "state"),
        "upper": Shown("95% interval, high", sentences.ratio, "state"),
        "verdict": Shown("Compared with need"),
        "spend_per_weighted": Shown("Spend per weighted person (£)", words.number, "spend_state"),
        "pocket_said": Shown("Pocket of unmet need"),
    }


def gap_columns() -> dict[str, Shown]:
    """People with a condition: estimated, seen, and the difference with its range."""
    return {
        "estimated": Shown("Estimated with the condition", words.number, "state"),
        "seen": Shown("Counted as seen", words.number, "state"),
        "gap": Shown("Not seen", words.number, "state"),
        "gap_lower": Shown("Plausible range, low", words.number, "state"),
        "gap_upper": Shown("Plausible range, high", words.number, "state"),
        "gap_share": Shown("Not seen, share of estimate", words.share, "state"),
    }


def _gap_columns(chosen: Options, cost: UnitCost) -> dict[str, Shown]:
    priced = cost.known and care_kinds.counts_people(chosen.care)
    money = {"unmet_gbp": Shown(f"Not seen, as money (£, {_priced(cost, chosen)})", _pounds, "state")} if priced else {}
    return {
        "name": Shown("Borough"),
        "in_view": Shown("In view"),
        "persons": Shown(f"Residents aged {chosen.age_band or 'any'}", words.number, "state"),
        **gap_columns(),
        **money,
    }


def _pounds(value: float) -> str:
    """An estimate in money, as roughly as it is known."""
    return words.NO_VALUE if pd.isna(value) else f"{'−' * (value < 0)}{unmet_sentences.pounds(value)}"


def _priced(cost: UnitCost, chosen: Options) -> str:
    return f"at {unmet_sentences.each(cost, chosen.care)}"


def units(scope: Scope, chosen: Options) -> tuple[str, str, str]:
    """Unit, base and period of the figures."""
    if chosen.equal_access:
        return (
            f"“{chosen.care}”, given for each 1 expected if the system's care followed need, with 95% interval",
            f"{chosen.measure.name} of {scope.system_name}'s boroughs that report; {chosen.measure.base} people",
            f"care {scope.year}; need {chosen.measure.period or 'as published'}",
        )
    base = f"residents {age_bands.in_words(chosen.age_band)}"
    if chosen.survey is not None and chosen.asked_others:
        base += f" (the share is of people {age_bands.in_words(chosen.survey.age_band)})"
    return "share of people estimated to have the condition who were not seen, with plausible range", base, scope.year


def method(chosen: Options, cost: UnitCost, scope: Scope, sources: tuple[Source, ...]) -> None:
    """How it was worked out, and what to mind."""
    if chosen.equal_access:
        figures.how(
            "**Expected** care is the system's total, shared out by need-weighted population: total × WPᵢ ÷ ΣWP, over the boroughs that "
            "report. **Unmet** is expected minus given; minus means more than expected. The interval of given ÷ expected is Byar's from 10 "
            "events and exact Poisson below. A borough is called lower or higher only where the interval leaves 1 out. This asks whether "
            "care is shared fairly, not whether there is enough of it. No need measure is neutral: change it and see who moves.\n\n"
            f"A **pocket of unmet need** is a borough where need per head is above {chosen.measure.reference}'s, care is lower than need calls for "
            f"(as above), and spend on the services in view per need-weighted person is below that of {scope.system_name}'s boroughs that "
            "report money, together. One that fails any of the three is none, whatever else is missing.",
            sources, (_in_money(cost, chosen), *_notes(chosen, scope)),
        )  # fmt: skip
        return
    central, low, high = (f"{100 * value:.1f}%" for value in chosen.prevalence)
    figures.how(
        f"**Estimated** people are residents × {central}. **Not seen** is estimated minus seen. The range takes prevalence from {low} to "
        f"{high} and the 95% interval of the count (Byar's). {chosen.survey.said if chosen.survey else 'The share is your own.'} In the Adult "
        "Psychiatric Morbidity Survey of 2023/4, 47.7% of people with symptoms of a common mental health condition were in treatment "
        "(2014: 39.4%).",
        sources,
        (
            *_ages(chosen),
            "One prevalence for every borough hides that need differs between them.",
            "A GP register counts diagnosed people, treated or not, and for depression those aged 18 and over.",
            _in_money(cost, chosen),
            *_notes(chosen, scope),
        ),
    )


def _in_money(cost: UnitCost, chosen: Options) -> str:
    """The convention and base of what is told in money, or why nothing is."""
    if not chosen.equal_access and not care_kinds.counts_people(chosen.care):
        return "Not told in money: what is counted is not people, so that one person not seen has no cost."
    if not cost.known:
        return f"Not told in money: {words.plain(cost.why)}."
    number = len(cost.areas)
    where = "the 1 borough that reports" if number == 1 else f"the {number} boroughs that report"
    return (
        f"**As money**: × {unmet_sentences.each(cost, chosen.care)}, the system's average: {words.money(cost.spend)} of the services that report "
        f"this care ÷ {words.number(cost.care)} counted, over {where} both for the same services and year. What one more would cost "
        "can be more or less, and money alone does not make care: this gives a size, not a bid."
    )


def _ages(chosen: Options) -> tuple[str, ...]:
    """What to mind where the survey asked people of other ages than the residents that are counted."""
    if chosen.survey is None or not chosen.asked_others:
        return ()
    asked, counted = age_bands.in_words(chosen.survey.age_band), age_bands.in_words(chosen.age_band)
    off = "likely too high" if age_bands.holds(chosen.age_band, chosen.survey.age_band) else "off by what differs between them"
    return (
        f"The share is of people {asked}, and the residents counted are {counted}. Those whom it does not speak of are taken to have the "
        f"condition as often, so the estimate is {off}.",
    )


def _notes(chosen: Options, scope: Scope) -> tuple[str, ...]:
    """What to mind of counts."""
    twice = "Services are added up: a person seen by two of them is counted twice, which makes care look like more than it is."
    hidden = "A count that its publisher suppressed stays suppressed, and so does a total that holds one."
    if care_kinds.counts_people(chosen.care):
        return (hidden, twice) if scope.service == ALL_SERVICES else (hidden,)
    return (
        hidden,
        "The interval takes events to be independent. Contacts, bed days, admissions and other events of the same people repeat, so chance "
        "moves them more than that, and the interval is too narrow: “beyond chance” is said too easily. A count of people does not have this fault.",
    )
