"""What a count of care counts: people, each once, or events, which the same people come to again."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PEOPLE = re.compile(r"\b(people|persons?|patients?|clients|service users|adults|children|residents|caseload|unique individuals)\b", re.I)
_EVENTS = (
    ("a contact", re.compile(r"\bcontacts?\b", re.I)),
    ("a bed day", re.compile(r"\bbed[ -]?days?\b", re.I)),
    ("an appointment", re.compile(r"\bappointments?\b", re.I)),
    ("an attendance", re.compile(r"\battendances?\b", re.I)),
    ("an admission", re.compile(r"\badmissions?\b", re.I)),
    ("a referral", re.compile(r"\breferrals?\b", re.I)),
    ("a placement", re.compile(r"\bplacements?\b", re.I)),
    ("a visit", re.compile(r"\bvisits?\b", re.I)),
    ("a call", re.compile(r"\bcalls?\b", re.I)),
)


def counts_people(measure: str) -> bool:
    """True where the measure's name says that people are counted: the first of its words that tells."""
    person = _PEOPLE.search(measure)
    events = [found.start() for _, pattern in _EVENTS if (found := pattern.search(measure))]
    return bool(person) and all(person.start() < start for start in events)  # type: ignore[union-attr]


def counts_events(measure: str) -> bool:
    """True where the measure's name says that events are counted, not people."""
    return not counts_people(measure) and any(pattern.search(measure) for _, pattern in _EVENTS)


def one(measure: str) -> str:
    """One of what is counted, with its article: ``a contact``, ``a person``; ``one counted`` where the name does not tell.

    Examples
    --------
    >>> one("Contacts attended"), one("People seen"), one("Output")
    ('a contact', 'a person', 'one counted')
    """
    if counts_people(measure):
        return "a person"
    return next((word for word, pattern in _EVENTS if pattern.search(measure)), "one counted")


def of_people(measures: Iterable[str]) -> list[str]:
    """The measures that count people."""
    return [measure for measure in measures if counts_people(measure)]
