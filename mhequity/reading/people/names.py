"""Names of people: by the heading, or by their shape together with common forenames."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from mhequity.areas import all_areas
from mhequity.reading.people.columns import PLACES, TEXT_TABLES, Column

_PERSON = (
    r"(?:patient|client|service user|person|child|resident|su|pt|yp|young person|carer|next of kin|nok|staff|staff member"
    r"|employee|clinician|practitioner|key ?worker|care co ?ordinator|psychiatrist|consultant)s?"
)
_NAME_HEADING = re.compile(
    rf"\b(?:surnames?|forenames?|(?:first|last|given|family|middle|maiden|christian|preferred|full) ?names?"
    rf"|{_PERSON} (?:full )?names?|names? of (?:the )?{_PERSON})\b"
)
_SURELY_NAME_HEADING = re.compile(
    r"\b(?:surnames?|forenames?|(?:first|last|given|family|middle|maiden|christian) ?names?|(?:patient|service user"
    r"|young person|yp)s? (?:full )?names?)\b"
)
_PERSON_HEADING = re.compile(r"(?:the )?(?:patient|client|service user|person|child|resident|su|yp|young person)s?")
_ROLE_HEADING = re.compile(
    r"\b(?:owners?|leads?|responsib\w*|accountab\w*|managers?|directors?|contact|authors?|publishers?|sources?|sro|chair"
    r"|commissioners?|officers?|assigned|holder"
    r"|sites?|wards?|teams?|services?(?! users?\b)|providers?|places?|areas?|boroughs?|practices?|hospitals?|trusts?"
    r"|organi[sz]ations?|localit\w*|neighbourhoods?|town|district|region"
    r"|county|country|pcn|ccg|icb|lsoa|msoa|lad|measures?|indicators?|group|ethnic\w*|gp|school|council|building|street|address)\b"
)  # fmt: skip
_WORD = r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’]*(?:-[A-Za-zÀ-ÿ'’]+)*\.?"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?"
_FULL_NAME = (
    rf"^(?:{_TITLE} )?(?:{_WORD}, ?(?:{_TITLE} )?{_WORD}(?: {_WORD})?|{_WORD}(?: (?:{_WORD}|de|van|von|der|bin|al|el|la|du|dos)){{1,3}})$"
)
_IS_FULL_NAME = re.compile(_FULL_NAME)
_IS_NAME = re.compile(rf"(?:{_TITLE} )?[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.,-]*(?: [A-Za-zÀ-ÿ'’.,-]+){{0,3}}")
_SAID_PERSON = re.compile(r"^(?:Mr|Mrs|Ms|Miss)\.? ")
_NOT_PEOPLE_TEXT = """
    nhs trust foundation icb icbs ccg pcn council borough city county london england wales scotland britain uk community communities
    hospital hospitals centre center clinic clinics surgery practice practices medical health healthcare mental care team teams service
    services unit units ward wards hub hubs house lodge court hall college school church university institute academy road street avenue
    lane way close hill park green wood forest common gate cross bridge town village valley vale heath field fields market square gardens
    garden place point row mews terrace station north south east west northern southern eastern western central inner outer upper lower
    greater great little new old the and of for in at to st saint district area areas region locality neighbourhood network partnership
    partners partner group groups alliance federation association society charity limited ltd plc cic llp company provider providers
    organisation support project programme crisis cafe acute inpatient outpatient adult adults older young people person children child
    adolescent camhs iapt talking therapies therapy psychology psychiatry psychiatric nursing nurse nurses doctor doctors social worker
    workers manager director head lead officer chief white black asian british african caribbean indian chinese bangladeshi pakistani
    mixed other any background unknown not known stated total male female men women all none yes no na primary secondary early
    intervention liaison home treatment rehabilitation recovery perinatal eating disorders learning disability autism adhd dementia memory
    depression anxiety psychosis bipolar disorder self harm low high medium very good poor amber red started progress january february
    march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday spend budget
    rate number count percentage emergency admissions index score rank population staff band bands level tier phase stage type category
"""
_NOT_PEOPLE = frozenset(_NOT_PEOPLE_TEXT.split())
_FORENAMES_TEXT = """
    aaron abdul abdullah abigail adam adebayo ade adrian agnes ahmed aisha alan albert alex alexander alexandra ali alice alison amanda
    amara amelia amina amir amit amy ana anastasia andrea andrew angela anita ann anna anne annette anthony antonio anwar arjun arthur
    asha ashley ayesha barbara beatrice ben benjamin bernard beth betty beverley bilal blessing brenda brian bridget carl carlos carol
    caroline catherine charles charlie charlotte chidi chinedu chloe chris christine christopher claire clare colin craig cynthia daniel
    danielle david dawn debbie deborah denise dennis derek diana diane dipak donald donna dorothy douglas duncan edward eileen elaine
    eleanor elena elizabeth ella ellen emily emma emmanuel eric esther ethan eva evelyn farah fatima fatou fiona frances francis frank
    fred freya gareth gary gavin gemma geoffrey george georgia gerald gillian giulia glenn gloria gordon grace graham greta hannah
    harpreet harry hassan hazel heather helen henry hilary holly howard hugh hussain ian ibrahim imran ines irene isaac isabella isla
    ismail ivan jack jackie jacob jacqueline jade jake james jamie jan jane janet janice jasmine jason javier jayesh jean jeffrey jenna
    jennifer jeremy jessica jill jim joan joanna joanne joe joel john johnson jonathan jordan jose joseph joshua joy joyce juan judith
    julia julian julie june justin kamal karen karl kate katherine kathleen katie kayleigh keith kelly kenneth kerry kevin khadija kim
    kimberley kofi krishna kumar kwame lakshmi lara laura lauren lawrence leah lee leila leo leon leonard lesley lewis liam lily linda
    lisa louis louise lucy luis luke lydia lynn lynne maggie malcolm marcus margaret maria marian marie marilyn mark martha martin mary
    maryam matthew maureen max megan mehmet melanie melissa michael michelle mike mohamed mohammad mohammed molly monica muhammad mustafa
    nadia nancy naomi natalie natasha nathan neil ngozi nicholas nicola nigel nina noah noor norma olga oliver olivia olu oluwaseun omar
    oscar pamela patel patricia patrick paul paula pauline peter philip philippa phoebe phyllis piotr priya rachel rahul rajesh ralph ravi
    ray raymond rebecca richard rita robert robin roger ronald rosa rose rosemary ross roy russell ruth ryan saeed sally sam samantha
    samira samuel sandra sanjay sara sarah scott sean shabnam shannon sharon sheila shirley simon sofia sonia sophia sophie stacey stanley
    stefan stella stephanie stephen steve steven stuart sunil sunita susan suzanne sylvia tahir tamara tanya tariq teresa terence thomas
    tim timothy tina toby tom tomasz tony tracey tracy trevor tunde tyler ursula usman valerie vanessa vera veronica victor victoria vijay
    vikram vincent violet wayne wendy william winston xin yasmin yusuf yvonne zahra zainab zara zoe zofia
"""
_FORENAMES = frozenset(_FORENAMES_TEXT.split())


@lru_cache(maxsize=1)
def _area_words() -> frozenset[str]:
    """Words of the names of boroughs and ICBs."""
    return frozenset(word for area in all_areas() for word in re.findall(r"[a-z]{3,}", area.name.casefold()))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-zà-ÿ]+", text.casefold())


def _of_no_person(text: str) -> bool:
    """True for a text with a word of services, organisations, areas or groups."""
    words = _words(text)
    return any(word in _NOT_PEOPLE or word in _area_words() for word in words) or "&" in text


def find(column: Column, kind: str) -> np.ndarray | None:
    """Distinct texts that are names of people, if the column holds them."""
    if not column.letters or not column.sample:
        return None
    if _NAME_HEADING.search(column.heading):
        sure = _SURELY_NAME_HEADING.search(column.heading) is not None  # even White, Green or Hill
        if column.share(lambda text: _IS_NAME.fullmatch(text) and (sure or not _of_no_person(text))) < 0.5:
            return None
        return column.like(r"^[^0-9]*\pL[^0-9]*$") & column.used
    if kind in (*TEXT_TABLES, *PLACES) or not _full_names(column):
        return None
    return column.like(_FULL_NAME) & column.used


def _full_names(column: Column) -> bool:
    """True where the contents look like ``Jane Smith``; the less the heading says of people, the more the forenames must."""
    if _ROLE_HEADING.search(column.heading):
        return False
    size = len(column.sample)
    shaped = [text for text in column.sample if _IS_FULL_NAME.fullmatch(text)]
    clean = [text for text in shaped if not _of_no_person(text)]
    of_people = _PERSON_HEADING.fullmatch(column.heading) is not None
    known = sum(1 for text in (shaped if of_people else clean) if _has_forename(text)) / size
    if of_people:
        return len(clean) >= 0.6 * size or known >= 0.3
    if column.heading in ("name", "names", "individual", "individuals"):
        return (len(clean) >= 0.5 * size and known >= 0.3) or len(clean) >= max(3, 0.8 * size)
    return len(clean) >= max(3, 0.7 * size) and known >= (0.3 if column.heading == "" else 0.5)


def _has_forename(text: str) -> bool:
    return _SAID_PERSON.match(text) is not None or any(word in _FORENAMES for word in _words(text))
