"""Files as councils, trusts, systems and national bodies send them, each with what a person would take from it, by hand.

Layouts and headings are those of real files; every figure is made up. A file's builder returns an :class:`Exhibit`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.reading.messy import packed, saved

Row = Sequence[Any]

BARNET, BRENT, CAMDEN, EALING, HARROW = "E09000003", "E09000005", "E09000007", "E09000009", "E09000015"
ENFIELD, HARINGEY, ISLINGTON, WESTMINSTER, CITY = "E09000010", "E09000014", "E09000019", "E09000033", "E09000001"
NWL, NCL = "E54000027", "E54000028"
ANY = "activity or indicators"
"""A count that may be kept as activity or as an indicator."""


@dataclass(frozen=True)
class Fact:
    """One figure: exactly one row of the table has these labels, and holds it.

    ``value`` is a number, None for missing, or ``suppressed``. A ``measure`` matches by the words that it must hold.
    """

    column: str
    """``investment.amount_gbp``; ``activity or indicators`` for a count that may be in either."""
    value: float | str | None
    labels: Mapping[str, str]


def fact(column: str, value: float | str | None, **labels: str) -> Fact:
    return Fact(column, value, labels)


@dataclass(frozen=True)
class Exhibit:
    """One file and how it should be understood."""

    name: str
    data: bytes
    kinds: frozenset[str]
    """Tables that must be read, and no others but ``may``."""
    may: frozenset[str] = frozenset()
    headers: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Sheet and heading rows of each table, from 1; empty where it is a matter of taste."""
    facts: tuple[Fact, ...] = ()
    sums: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    """Of a column such as ``investment.amount_gbp``: how many figures, and their sum. Totals must not be in it."""
    comparators: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Texts that stand in the rows that were left out."""
    rejected_rows: tuple[int, ...] | None = None
    """Rows of the sheet that are left out; None where it is not stated."""
    said: tuple[tuple[str, ...], ...] = ()
    """For each entry one finding must hold all its words (commas and £ do not count)."""
    read_with: Mapping[str, Any] = field(default_factory=dict)


def kinds(*names: str) -> frozenset[str]:
    return frozenset(names)


def listed(headings: str) -> list[str]:
    return headings.split(",")


def book(*sheets: tuple[str, Sequence[Row]], merged: Mapping[str, Sequence[str]] | None = None, hidden: Sequence[str] = ()) -> bytes:
    """A workbook from sheets' rows; ``merged`` gives ranges by sheet."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet: Worksheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for span in (merged or {}).get(name, ()):
            sheet.merge_cells(span)
        if name in hidden:
            sheet.sheet_state = "hidden"
    return saved(made)


def text(rows: Sequence[Row], delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


# --- local finance and activity ---------------------------------------------------------------------------------------


def spend_plan_and_actual() -> Exhibit:
    """Plan is not spend: only what was spent is investment, and nothing adds the two."""
    rows = [
        ["Example ICB: mental health spend by borough and service (£000s)"],
        [],
        [None, None, "2023/24", None, "2024/25", None],
        ["Borough", "Service", "Plan", "Actual", "Plan", "Actual"],
        ["Brent", "Community mental health team", 1200, 1250.5, 1300, 1310],
        ["Brent", "Crisis team", 800, 790, 820, 835],
        ["Harrow", "Community mental health team", 900, 905, 930, 940],
        ["Harrow", "Crisis team", 500, 480, 510, 495],
        ["Total", None, 3400, 3425.5, 3560, 3580],
    ]
    return Exhibit(
        "spend M12.xlsx",
        book(("Spend", rows), merged={"Spend": ["C3:D3", "E3:F3"]}),
        kinds("investment"),
        may=kinds("indicators"),  # the plan, if it is kept under its own name
        headers=(("Spend", (3, 4)),),
        facts=(
            fact("investment.amount_gbp", 1_250_500, area=BRENT, service="Community mental health team", period="2023/24"),
            fact("investment.amount_gbp", 495_000, area=HARROW, service="Crisis team", period="2024/25"),
        ),
        sums={"investment.amount_gbp": (8, 7_005_500)},
    )


def months_across_with_ytd() -> Exhibit:
    months = listed("Apr-24,May-24,Jun-24,Jul-24,Aug-24,Sep-24,Oct-24,Nov-24,Dec-24,Jan-25,Feb-25,Mar-25")
    rows = [
        ["Contacts by borough and service"],
        [],
        ["Borough", "Service", *months, "YTD", "Total"],
        ["Camden", "Crisis team", *range(10, 22), 186, 186],
        ["Islington", "Crisis team", *range(20, 32), 306, 306],
    ]
    return Exhibit(
        "contacts.xlsx",
        book(("Sheet1", rows)),
        kinds("activity"),
        headers=(("Sheet1", (3,)),),
        facts=(
            fact("activity.count", 10, area=CAMDEN, service="Crisis team", period="Apr 2024", measure="Contacts"),
            fact("activity.count", 31, area=ISLINGTON, service="Crisis team", period="Mar 2025", measure="Contacts"),
        ),
        sums={"activity.count": (24, 492)},
    )


def contacts_by_team() -> Exhibit:
    rows = [
        ["Borough", "Service", "Team", "Month", "Contacts"],
        ["LB Brent", "Community mental health team", "Brent North", "Apr-24", "1,204"],
        ["LB Brent", "Community mental health team", "Brent South", "Apr-24", "*"],
        ["LB Harrow", "Community mental health team", "Harrow East", "Apr-24", "0"],
        ["LB Harrow", "Community mental health team", "Harrow West", "Apr-24", "-"],
    ]
    about = {"service": "Community mental health team", "period": "Apr 2024", "measure": "Contacts"}
    return Exhibit(
        "team contacts.csv",
        text(rows),
        kinds("activity"),
        headers=(("team contacts", (1,)),),
        facts=(
            fact("activity.count", 1204, area=BRENT, team="Brent North", **about),
            fact("activity.count", "suppressed", area=BRENT, team="Brent South", **about),
            fact("activity.count", 0, area=HARROW, team="Harrow East", **about),
        ),
        sums={"activity.count": (2, 1204)},
    )


def staff_by_team() -> Exhibit:
    rows = [
        ["Workforce return, 31 March 2025"],
        [],
        ["Borough", "Service", "Team", "Staff group", "Year", "Establishment (WTE)", "In post (WTE)"],
        ["Ealing", "Perinatal", "Ealing perinatal", "Nursing", "2024/25", 12.5, 10.2],
        ["Ealing", "Perinatal", "Ealing perinatal", "Medical", "2024/25", 3, 3],
        ["Ealing", "Perinatal", "Ealing perinatal", "Total", "2024/25", 15.5, 13.2],
    ]
    about = {"area": EALING, "service": "Perinatal", "team": "Ealing perinatal", "period": "2024/25"}
    return Exhibit(
        "workforce.xlsx",
        book(("WTE", rows)),
        kinds("workforce"),
        headers=(("WTE", (3,)),),
        facts=(
            fact("workforce.established_wte", 12.5, staff_group="Nursing", **about),
            fact("workforce.in_post_wte", 10.2, staff_group="Nursing", **about),
            fact("workforce.in_post_wte", 3, staff_group="Medical", **about),
        ),
        sums={"workforce.in_post_wte": (2, 13.2)},
    )


def waits_by_team() -> Exhibit:
    rows = [
        ["Area", "Service", "Team", "Quarter", "Seen", "Seen within 28 days", "Median wait (days)", "90th centile (days)", "Still waiting"],
        ["Barnet", "Talking therapies", "Barnet East", "Q1 2024/25", 210, 130, 33, 71, 95],
        ["Barnet", "Talking therapies", "Barnet West", "Q1 2024/25", 84, "<5", 41.5, 90, "*"],
    ]
    about = {"area": BARNET, "service": "Talking therapies", "period": "2024/25 Q1"}
    return Exhibit(
        "waits.xlsx",
        book(("Waits", rows)),
        kinds("waits"),
        headers=(("Waits", (1,)),),
        facts=(
            fact("waits.seen", 210, team="Barnet East", **about),
            fact("waits.within_target", 130, team="Barnet East", **about),
            fact("waits.within_target", "suppressed", team="Barnet West", **about),
            fact("waits.median_days", 41.5, team="Barnet West", **about),
            fact("waits.p90_days", 71, team="Barnet East", **about),
            fact("waits.waiting", "suppressed", team="Barnet West", **about),
        ),
    )


def everything_on_one_sheet() -> Exhibit:
    """One wide sheet gives four tables."""
    rows = [
        ["Adult community services, 2024/25"],
        ["Borough", "Service", "Spend (£000s)", "Contacts", "Establishment WTE", "In post WTE", "People seen", "Median wait (days)"],
        ["Camden", "Community mental health team", "3,200", 15000, 62.0, 55.5, 1900, 34],
        ["Enfield", "Community mental health team", "2,150", 11250, 48.5, 40.0, 1450, 52],
        ["London", "Community mental health team", "60,000", 300000, 1200, 1050, 40000, 40],
    ]
    about = {"area": CAMDEN, "service": "Community mental health team", "period": "2024/25"}
    return Exhibit(
        "community.xlsx",
        book(("Summary", rows)),
        kinds("investment", "activity", "workforce", "waits"),
        facts=(
            fact("investment.amount_gbp", 3_200_000, **about),
            fact("activity.count", 15_000, measure="Contacts", **about),
            fact("workforce.established_wte", 62, **about),
            fact("workforce.in_post_wte", 55.5, **about),
            fact("waits.median_days", 34, **about),
        ),
        sums={"investment.amount_gbp": (2, 5_350_000), "workforce.in_post_wte": (2, 95.5), "waits.median_days": (2, 86)},
        comparators=("London",),
    )


def section_headings() -> Exhibit:
    rows = [
        ["Referrals by borough, 2024/25"],
        [],
        ["Borough", "Referrals"],
        ["Crisis team"],
        ["Brent", 120],
        ["Harrow", 80],
        ["Subtotal", 200],
        ["Memory service"],
        ["Brent", 60],
        ["Harrow", 45],
        ["Subtotal", 105],
        ["Grand total", 305],
        ["Source: trust data team"],
    ]
    return Exhibit(
        "referrals.xlsx",
        book(("Referrals", rows)),
        kinds("activity"),
        headers=(("Referrals", (3,)),),
        facts=(
            fact("activity.count", 120, area=BRENT, service="Crisis team", period="2024/25", measure="Referrals"),
            fact("activity.count", 45, area=HARROW, service="Memory service", period="2024/25", measure="Referrals"),
        ),
        sums={"activity.count": (4, 305)},
        comparators=("Total",),
    )


def sheet_a_borough() -> Exhibit:
    def rows(*figures: int) -> list[Row]:
        return [
            ["Spend by service, £"],
            ["Service", "2023/24", "2024/25"],
            ["Crisis team", figures[0], figures[1]],
            ["Memory service", figures[2], figures[3]],
        ]

    sheets = [("Brent", rows(100_000, 110_000, 50_000, 55_000)), ("Harrow", rows(70_000, 75_000, 40_000, 42_000))]
    return Exhibit(
        "by borough.xlsx",
        book(*sheets),
        kinds("investment"),
        headers=(("Brent", (2,)), ("Harrow", (2,))),
        facts=(
            fact("investment.amount_gbp", 110_000, area=BRENT, service="Crisis team", period="2024/25"),
            fact("investment.amount_gbp", 40_000, area=HARROW, service="Memory service", period="2023/24"),
        ),
        sums={"investment.amount_gbp": (8, 542_000)},
    )


def sheet_a_month() -> Exhibit:
    heads = ["Borough", "Service", "Referrals", "Contacts"]
    sheets = [
        ("Apr 24", [heads, ["Brent", "Crisis team", 12, 140], ["Harrow", "Crisis team", 9, 95]]),
        ("May 24", [heads, ["Brent", "Crisis team", 15, 150], ["Harrow", "Crisis team", 7, 99]]),
        ("Jun 24", [heads, ["Brent", "Crisis team", 11, 137], ["Harrow", "Crisis team", 8, 101]]),
    ]
    return Exhibit(
        "crisis team.xlsx",
        book(*sheets),
        kinds("activity"),
        headers=(("Apr 24", (1,)), ("May 24", (1,)), ("Jun 24", (1,))),
        facts=(
            fact("activity.count", 15, area=BRENT, period="May 2024", measure="Referrals", service="Crisis team"),
            fact("activity.count", 101, area=HARROW, period="Jun 2024", measure="Contacts", service="Crisis team"),
        ),
        sums={"activity.count": (12, 784)},
    )


def side_by_side() -> Exhibit:
    rows = [
        ["Spend 2024/25", None, None, None, "Contacts 2024/25"],
        ["Borough", "Service", "Spend (£000s)", None, "Borough", "Service", "Contacts"],
        ["Brent", "Crisis team", 800, None, "Brent", "Crisis team", 4100],
        ["Harrow", "Crisis team", 500, None, "Harrow", "Crisis team", 2600],
        ["Total", None, 1300, None, "Ealing", "Crisis team", 3900],
        [None, None, None, None, "Total", None, 10600],
    ]
    return Exhibit(
        "two tables.xlsx",
        book(("Data", rows)),
        kinds("investment", "activity"),
        headers=(("Data", (2,)), ("Data", (2,))),
        facts=(
            fact("investment.amount_gbp", 500_000, area=HARROW, service="Crisis team", period="2024/25"),
            fact("activity.count", 3900, area=EALING, service="Crisis team", period="2024/25", measure="Contacts"),
        ),
        sums={"investment.amount_gbp": (2, 1_300_000), "activity.count": (3, 10_600)},
    )


def stacked() -> Exhibit:
    rows = [
        ["Table 1: contacts 2024/25"],
        ["Borough", "Service", "Contacts"],
        ["Brent", "Perinatal", 410],
        ["Harrow", "Perinatal", 260],
        [],
        ["Table 2: workforce 2024/25"],
        ["Borough", "Service", "Established WTE", "In post WTE"],
        ["Brent", "Perinatal", 11.5, 9.0],
        ["Harrow", "Perinatal", 8.0, 8.0],
    ]
    return Exhibit(
        "perinatal.xlsx",
        book(("Perinatal", rows)),
        kinds("activity", "workforce"),
        headers=(("Perinatal", (2,)), ("Perinatal", (7,))),
        facts=(
            fact("activity.count", 260, area=HARROW, service="Perinatal", period="2024/25", measure="Contacts"),
            fact("workforce.in_post_wte", 9, area=BRENT, service="Perinatal", period="2024/25"),
        ),
        sums={"activity.count": (2, 670), "workforce.established_wte": (2, 19.5)},
    )


def total_that_does_not_match() -> Exhibit:
    rows = [
        ["Borough", "Service", "Period", "Amount (£)"],
        ["Brent", "Crisis team", "2024/25", 700_000],
        ["Harrow", "Crisis team", "2024/25", 450_000],
        ["Total", None, None, 1_250_000],
    ]
    return Exhibit(
        "money.xlsx",
        book(("Money", rows)),
        kinds("investment"),
        sums={"investment.amount_gbp": (2, 1_150_000)},
        said=(("1150000", "1250000"),),
    )


def merged_areas() -> Exhibit:
    rows = [
        ["Borough", "Service", "Period", "Contacts"],
        ["Brent", "Crisis team", "2024/25", 410],
        [None, "Memory service", "2024/25", 260],
        ["Harrow", "Crisis team", "2024/25", 310],
        [None, "Memory service", "2024/25", 160],
    ]
    return Exhibit(
        "merged.xlsx",
        book(("Data", rows), merged={"Data": ["A2:A3", "A4:A5"]}),
        kinds("activity"),
        headers=(("Data", (1,)),),
        facts=(
            fact("activity.count", 260, area=BRENT, service="Memory service", period="2024/25", measure="Contacts"),
            fact("activity.count", 160, area=HARROW, service="Memory service", period="2024/25", measure="Contacts"),
        ),
        rejected_rows=(),
    )


def money_as_text() -> Exhibit:
    rows = [
        ["Area", "Service", "Financial year", "Spend"],
        ["Brent", "Crisis team", "2024-25", "£1.2m"],
        ["Harrow", "Crisis team", "2024-25", "£950k"],
        ["Ealing", "Crisis team", "2024-25", "(£12,500)"],
        ["Barnet", "Crisis team", "2024-25", "£ 63,620 "],
    ]
    about = {"service": "Crisis team", "period": "2024/25"}
    return Exhibit(
        "spend.csv",
        text(rows, encoding="cp1252"),
        kinds("investment"),
        facts=(
            fact("investment.amount_gbp", 1_200_000, area=BRENT, **about),
            fact("investment.amount_gbp", 950_000, area=HARROW, **about),
            fact("investment.amount_gbp", -12_500, area=EALING, **about),
            fact("investment.amount_gbp", 63_620, area=BARNET, **about),
        ),
    )


def quarters_under_their_year() -> Exhibit:
    rows = [
        [None, None, "2023/24", None, None, None, "2024/25", None, None, None],
        ["Borough", "Service", "Q1", "Q2", "Q3", "Q4", "Q1", "Q2", "Q3", "Q4"],
        ["Brent", "Crisis team", 1, 2, 3, 4, 5, 6, 7, 8],
        ["Harrow", "Crisis team", 11, 12, 13, 14, 15, 16, 17, 18],
    ]
    return Exhibit(
        "referrals.xlsx",
        book(("Referrals", rows), merged={"Referrals": ["C1:F1", "G1:J1"]}),
        kinds("activity"),
        headers=(("Referrals", (1, 2)),),
        facts=(
            fact("activity.count", 4, area=BRENT, service="Crisis team", period="2023/24 Q4"),
            fact("activity.count", 15, area=HARROW, service="Crisis team", period="2024/25 Q1"),
        ),
        sums={"activity.count": (16, 152)},
    )


# --- places that are not clear ----------------------------------------------------------------------------------------


def code_and_name_disagree() -> Exhibit:
    rows = [
        ["Area code", "Area name", "Period", "Population"],
        [BRENT, "Brent", "mid-2023", 340_000],
        [HARROW, "Camden", "mid-2023", 210_000],
        [BARNET, "LB Barnet", "mid-2023", 390_000],
    ]
    return Exhibit(
        "population.xlsx",
        book(("Population", rows)),
        kinds("population"),
        facts=(fact("population.persons", 390_000, area=BARNET, period="mid-2023"),),
        sums={"population.persons": (2, 730_000)},
        left_out=("210000",),
        rejected_rows=(3,),
        said=(("Camden",),),
    )


def misspelt_area() -> Exhibit:
    rows = [
        ["Borough", "Service", "Year", "Contacts"],
        ["Brent", "Crisis team", "2024/25", 40],
        ["Hammersmth & Fulham", "Crisis team", "2024/25", 30],
        ["K&C", "Crisis team", "2024/25", 20],
    ]
    return Exhibit(
        "contacts.xlsx",
        book(("Contacts", rows)),
        kinds("activity"),
        facts=(fact("activity.count", 20, area="E09000020", service="Crisis team", period="2024/25", measure="Contacts"),),
        sums={"activity.count": (2, 60)},
        left_out=("Hammersmth & Fulham",),
        rejected_rows=(3,),
        said=(("Hammersmth & Fulham", "Hammersmith and Fulham"),),
    )


def providers_among_areas() -> Exhibit:
    """A trust named after a place is not the place."""
    rows = [
        ["Area", "Service", "Period", "Spend (£)"],
        ["Barnet", "Crisis team", "2024/25", 500_000],
        ["Barnet, Enfield and Haringey Mental Health NHS Trust", "Crisis team", "2024/25", 900_000],
        ["Enfield", "Crisis team", "2024/25", 400_000],
    ]
    return Exhibit(
        "spend.csv",
        text(rows),
        kinds("investment"),
        facts=(fact("investment.amount_gbp", 500_000, area=BARNET, service="Crisis team", period="2024/25"),),
        sums={"investment.amount_gbp": (2, 900_000)},
        left_out=("Barnet, Enfield and Haringey Mental Health NHS Trust",),
        rejected_rows=(3,),
        said=(("Barnet, Enfield and Haringey Mental Health NHS Trust",),),
    )


def areas_elsewhere() -> Exhibit:
    rows = [["District", "Year", "Suicide rate (per 100,000)"]]
    rows += [[name, 2021, rate] for name, rate in (("Adur", 10.1), ("Arun", 11.2), ("Chichester", 9.8), ("Crawley", 12.0))]
    return Exhibit("sussex.csv", text(rows), kinds(), left_out=("Adur", "Crawley"), rejected_rows=(2, 3, 4, 5))


def wider_places() -> Exhibit:
    rows = [
        ["Area", "Year", "Emergency admissions for self-harm (per 100,000)"],
        ["Brent", "2023/24", 88.1],
        ["North West London", "2023/24", 91.5],
        ["London", "2023/24", 93.0],
        ["England", "2023/24", 117.0],
    ]
    about = {"period": "2023/24", "measure": "Emergency admissions for self-harm"}
    return Exhibit(
        "self-harm.csv",
        text(rows),
        kinds("indicators"),
        facts=(fact("indicators.value", 88.1, area=BRENT, **about), fact("indicators.value", 91.5, area=NWL, **about)),
        sums={"indicators.value": (2, 179.6)},
        comparators=("London", "England"),
    )


# --- files that are odd as files --------------------------------------------------------------------------------------


_PEOPLE: list[Row] = [
    ["NHS number", "Patient name", "Borough", "Service", "Period", "Contacts"],
    ["999 000 0018", "Made Up One", "Brent", "Crisis team", "2024/25", 3],
    ["999 000 0026", "Made Up Two", "Harrow", "Crisis team", "2024/25", 5],
]


def personal_data() -> Exhibit:
    rows = [[row[0], *row[2:]] for row in _PEOPLE]
    return Exhibit("caseload.xlsx", book(("Caseload", rows)), kinds(), said=(("NHS number",),))


def personal_data_set_aside() -> Exhibit:
    """With names beside the numbers, when the person says to read on without those columns."""
    return Exhibit(
        "caseload.xlsx",
        book(("Caseload", _PEOPLE)),
        kinds("activity"),
        facts=(fact("activity.count", 5, area=HARROW, service="Crisis team", period="2024/25", measure="Contacts"),),
        sums={"activity.count": (2, 8)},
        read_with={"without_personal": True},
    )


def text_with_pipes() -> Exhibit:
    rows = [
        ["Borough", "Service", "Period", "Referrals"],
        ["Brent", "Memory service", "2024/25", "1,020"],
        ["Camden", "Memory service", "2024/25", "870"],
    ]
    return Exhibit(
        "extract.txt",
        text(rows, "|", "utf-8"),
        kinds("activity"),
        headers=(("extract", (1,)),),
        sums={"activity.count": (2, 1890)},
    )


def zip_of_two() -> Exhibit:
    heads = ["Borough", "Service", "Period"]
    contacts = text([[*heads, "Contacts"], ["Brent", "Crisis team", "2024/25", 40]])
    spend = text([[*heads, "Spend (£)"], ["Brent", "Crisis team", "2024/25", 9000]])
    return Exhibit(
        "both.zip",
        packed({"contacts.csv": contacts, "spend.csv": spend}),
        kinds("activity", "investment"),
        facts=(
            fact("activity.count", 40, area=BRENT, service="Crisis team", period="2024/25", measure="Contacts"),
            fact("investment.amount_gbp", 9000, area=BRENT, service="Crisis team", period="2024/25"),
        ),
    )


def hidden_sheet() -> Exhibit:
    """An older version of the same figures on a hidden sheet is neither mixed in nor passed over in silence."""
    heads = ["Borough", "Service", "Period", "Contacts"]
    new = [heads, ["Brent", "Crisis team", "2024/25", 40], ["Harrow", "Crisis team", "2024/25", 30]]
    old = [heads, ["Brent", "Crisis team", "2024/25", 39], ["Harrow", "Crisis team", "2024/25", 28]]
    return Exhibit(
        "contacts.xlsx",
        book(("Contacts", new), ("Old version", old), hidden=["Old version"]),
        kinds("activity"),
        sums={"activity.count": (2, 70)},
        said=(("Old version", "hidden"),),
    )


def formulas_without_values() -> Exhibit:
    rows = [
        ["Borough", "Service", "Period", "Contacts", "Referrals"],
        ["Brent", "Crisis team", "2024/25", 40, 10],
        ["Harrow", "Crisis team", "2024/25", "=D2+E2", 12],
    ]
    return Exhibit(
        "formulas.xlsx",
        book(("Data", rows)),
        kinds("activity"),
        facts=(fact("activity.count", 40, area=BRENT, service="Crisis team", period="2024/25", measure="Contacts"),),
        sums={"activity.count": (3, 62)},
        said=(("formula",),),
    )


def broken_references() -> Exhibit:
    rows = [
        ["Borough", "Service", "Period", "Contacts"],
        ["Brent", "Crisis team", "2024/25", 40],
        ["Harrow", "Crisis team", "2024/25", "#REF!"],
        ["Ealing", "Crisis team", "2024/25", 55],
    ]
    return Exhibit("broken.xlsx", book(("Data", rows)), kinds("activity"), sums={"activity.count": (2, 95)}, said=(("#REF!",),))


def formula_like_text() -> Exhibit:
    rows = [
        ["Borough", "Service", "Period", "Contacts"],
        ["Brent", '=HYPERLINK("x")', "2024/25", 40],
        ["Harrow", "@Home team", "2024/25", 30],
    ]
    return Exhibit(
        "injected.csv",
        text(rows),
        kinds("activity"),
        facts=(
            fact("activity.count", 40, area=BRENT, service='=HYPERLINK("x")', period="2024/25"),
            fact("activity.count", 30, area=HARROW, service="@Home team", period="2024/25"),
        ),
    )


# --- dates and shares -------------------------------------------------------------------------------------------------


def _dated(*rows: tuple[str, Any, int]) -> list[Row]:
    return [["Borough", "Service", "Date", "Contacts"], *([area, "Crisis team", when, count] for area, when, count in rows)]


def dates_that_may_be_either() -> Exhibit:
    """Nothing in the file tells day from month: read day first, as in this country, and said."""
    return Exhibit(
        "daily.csv",
        text(_dated(("Brent", "03/04/2024", 4), ("Brent", "05/04/2024", 6))),
        kinds("activity"),
        facts=(
            fact("activity.count", 4, area=BRENT, service="Crisis team", period="3 Apr 2024"),
            fact("activity.count", 6, area=BRENT, service="Crisis team", period="5 Apr 2024"),
        ),
        said=(("day",),),
    )


def dates_month_first() -> Exhibit:
    """One date cannot be day first, so that the column is month first; and said."""
    return Exhibit(
        "export.csv",
        text(_dated(("Brent", "04/03/2024", 4), ("Brent", "04/13/2024", 6), ("Brent", "04/30/2024", 5))),
        kinds("activity"),
        facts=(
            fact("activity.count", 4, area=BRENT, service="Crisis team", period="3 Apr 2024"),
            fact("activity.count", 6, area=BRENT, service="Crisis team", period="13 Apr 2024"),
        ),
        sums={"activity.count": (3, 15)},
        said=(("month",),),
    )


def serial_dates() -> Exhibit:
    """Dates that lost their format: 45383 is 1 April 2024."""
    rows = [["Borough", "Service", "Month", "Contacts"], ["Brent", "Crisis team", 45383, 40], ["Brent", "Crisis team", 45413, 45]]
    return Exhibit(
        "serial.xlsx",
        book(("Data", rows)),
        kinds("activity"),
        facts=(
            fact("activity.count", 40, area=BRENT, service="Crisis team", period="Apr 2024"),
            fact("activity.count", 45, area=BRENT, service="Crisis team", period="May 2024"),
        ),
    )


def true_dates_as_months() -> Exhibit:
    rows = [["Borough", "Service", date(2024, 4, 1), date(2024, 5, 1)], ["Brent", "Crisis team", 40, 45], ["Harrow", "Crisis team", 31, 33]]
    return Exhibit(
        "contacts by month.xlsx",
        book(("Contacts", rows)),
        kinds("activity"),
        facts=(fact("activity.count", 45, area=BRENT, service="Crisis team", period="May 2024"),),
        sums={"activity.count": (4, 149)},
    )


def months_without_a_year() -> Exhibit:
    months = listed("Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Jan,Feb,Mar")
    rows = [
        ["Crisis team contacts 2024/25"],
        ["Borough", "Service", *months],
        ["Brent", "Crisis team", *range(1, 13)],
        ["Harrow", "Crisis team", *range(21, 33)],
    ]
    return Exhibit(
        "year.xlsx",
        book(("Contacts", rows)),
        kinds("activity"),
        headers=(("Contacts", (2,)),),
        facts=(
            fact("activity.count", 1, area=BRENT, service="Crisis team", period="Apr 2024"),
            fact("activity.count", 10, area=BRENT, service="Crisis team", period="Jan 2025"),
            fact("activity.count", 32, area=HARROW, service="Crisis team", period="Mar 2025"),
        ),
        sums={"activity.count": (24, 396)},
    )


def shares_three_ways() -> Exhibit:
    rows = [
        ["Borough", "Year", "Followed up within 72 hours (%)", "In employment (%)", "In settled accommodation"],
        ["Brent", "2024/25", 81.5, 0.12, "67%"],
        ["Harrow", "2024/25", 77.0, 0.095, "71.5%"],
        ["Ealing", "2024/25", 90.2, 0.1, "[c]"],
    ]
    about = {"area": BRENT, "period": "2024/25", "unit": "share"}
    return Exhibit(
        "outcomes.xlsx",
        book(("Outcomes", rows)),
        kinds("indicators"),
        facts=(
            fact("indicators.value", 0.815, measure="Followed up within 72 hours", **about),
            fact("indicators.value", 0.12, measure="In employment", **about),
            fact("indicators.value", 0.67, measure="In settled accommodation", **about),
            fact("indicators.value", "suppressed", area="E09000009", measure="In settled accommodation", period="2024/25"),
        ),
    )


# --- what national and regional bodies publish ------------------------------------------------------------------------


def gla_profile() -> Exhibit:
    """As the London borough profiles: cp1252, underscores, years in the headings, text columns, ``.`` for missing."""
    heads = listed(
        "Code,Area_name,Inner/_Outer_London,Inland_Area_(Hectares),Population_density_(per_hectare)_2017,Average_Age_2017,"
        "Net_internal_migration_(2015),Largest_migrant_population_by_country_of_birth_(2011),Employment_rate_(%)_(2015),"
        "Unemployment_rate_(%)_(2015),Gross_Annual_Pay_(£)_(2016),Median_House_Price_(£)_2015,Happiness_score_(2011-14),"
        "Anxiety_score_(2011-14),Number_of_cars_(2011),Childhood_Obesity_Prevalence_(%)_(2015/16),Rates_of_Children_Looked_After_(2016),"
        "Teenage_conception_rate_(2014),Life_satisfaction_score_(2011-14),Crime_rates_per_thousand_population_(2014/15)"
    )
    rows = [
        heads,
        [CITY, "City of London", "Inner London", 290, 30.3, 43.2, -7, "United States", 64.6, ".", ".", 799999, 6.0, 5.6, 1692, ".", 101, ".", 6.6, "."],
        [BRENT, "Brent", "Outer London", 4323, 76.8, 35.6, "-7,427", "India", 69.5, 7.5, "£29,805 ", "£424,995 ", 7.2, 2.9, 87802, 24.3, 46, 17.5, 7.3, 78.8],
        [CAMDEN, "Camden", "Inner London", 2179, 111.3, 36.4, -3902, "Bangladesh", 69.2, 4.0, "£39,796 ", "£699,999 ", 7.1, 3.6, 46601, 21.3, 45, 18.7, 7.1, 123.5],
        ["E13000001", "Inner London", "Inner London", 31929, 108.0, 34.8, -50000, "x", 71.2, 6.3, "£36,000 ", "£450,000 ", 7.2, 3.5, 800000, 23.9, 60, 21.2, 7.2, 100.1],
        ["E12000007", "London", ".", 157215, 56.4, 36.0, -77500, "India", 72.9, 6.1, "£33,776 ", "£400,000 ", 7.3, 3.3, 2664414, 23.2, 51, 21.5, 7.3, 83.9],
        ["E92000001", "England", ".", 13303728, 4.2, 39.9, ".", "India", 73.9, 5.1, "£27,869 ", "£229,000 ", 7.3, 3.1, ".", 19.8, 60, 22.8, 7.5, ".",],
    ]  # fmt: skip
    return Exhibit(
        "borough-profiles.csv",
        text(rows, encoding="cp1252"),
        kinds("indicators"),
        headers=(("borough-profiles", (1,)),),
        facts=(
            fact("indicators.value", 76.8, area=BRENT, measure="population density", period="2017"),
            fact("indicators.value", -7427, area=BRENT, measure="net internal migration", period="2015"),
            fact("indicators.value", 0.692, area=CAMDEN, measure="employment rate", period="2015", unit="share"),
            fact("indicators.value", 0.243, area=BRENT, measure="childhood obesity prevalence", period="2015/16", unit="share"),
            fact("indicators.value", 29_805, area=BRENT, measure="gross annual pay", period="2016"),
        ),
        comparators=("Inner London", "London", "England"),
    )


FINGERTIPS = listed(
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,Time period,Value,"
    "Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,"
    "Compared to England value or percentiles,Compared to percentiles,Time period Sortable,New data,Compared to goal,Time period range"
)


def fingertips() -> Exhibit:
    def line(area: tuple[str, str, str], sex: str, value: Any, count: Any, note: str = "", category: tuple[str, str] = ("", "")) -> Row:
        code, name, level = area
        parent = ("", "") if level == "England" else ("E92000001", "England")
        measure = "Suicide rate (Persons, 10+ yrs)"
        return [41001, measure, *parent, code, name, level, sex, "10+ yrs", *category, "2020 - 22", value, "", "", "", "", count, "",
                note, "Cannot be calculated", "Similar", "Not compared", 20200000, "", "", "3y"]  # fmt: skip

    england, region = ("E92000001", "England", "England"), ("E12000007", "London region (statistical)", "Regions (statistical)")
    brent, city = (BRENT, "Brent", "Counties & UAs (from Apr 2023)"), (CITY, "City of London", "Counties & UAs (from Apr 2023)")
    rows = [
        FINGERTIPS,
        line(england, "Persons", 10.3, 15_800),
        line(england, "Persons", 14.1, 2100, category=("County & UA deprivation deciles in England", "Most deprived decile")),
        line(region, "Persons", 6.9, 1600),
        line(brent, "Persons", 6.4, 62),
        line(brent, "Male", 9.7, 47),
        line(city, "Persons", "", "", "Value suppressed for disclosure control due to small count"),
    ]
    return Exhibit(
        "indicators-CountiesUAs.data.csv",
        text(rows),
        kinds("indicators"),
        facts=(
            fact("indicators.value", 6.4, area=BRENT, measure="Suicide rate", sex=""),
            fact("indicators.value", 9.7, area=BRENT, measure="Suicide rate", sex="male"),
            fact("indicators.numerator", 62, area=BRENT, measure="Suicide rate", sex=""),
            fact("indicators.value", "suppressed", area=CITY, measure="Suicide rate", sex=""),
        ),
        sums={"indicators.value": (2, 16.1)},
        comparators=("England", "London"),
    )


def talking_therapies() -> Exhibit:
    """The monthly file: one row a measure of England, a sub-ICB, a provider, or a provider in a sub-ICB."""
    heads = listed(
        "REPORTING_PERIOD_START,REPORTING_PERIOD_END,GROUP_TYPE,ORG_CODE1,ORG_NAME1,ORG_CODE2,ORG_NAME2,MEASURE_ID,MEASURE_NAME,"
        "MEASURE_VALUE_SUPPRESSED"
    )

    def line(group: str, one: tuple[str, str], two: tuple[str, str], measure: tuple[str, str], value: str) -> Row:
        return ["01/04/2024", "30/04/2024", group, *one, *two, *measure, value]

    referrals, first = ("M001", "Count_ReferralsReceived"), ("M053", "Count_FirstTreatment_LongWait")
    ncl, trust, none = (
        ("93C", "NHS NORTH CENTRAL LONDON ICB - 93C"),
        ("RV9", "EXAMPLE MENTAL HEALTH NHS FOUNDATION TRUST"),
        ("NULL", "NULL"),
    )
    rows = [
        heads,
        line("England", ("England", "England"), none, referrals, "150000"),
        line("SubICB", ncl, none, referrals, "4150"),
        line("SubICB", ncl, none, first, "*"),
        line("SubICB", ("00L", "NHS NORTH EAST AND NORTH CUMBRIA ICB - 00L"), none, referrals, "900"),
        line("Provider", trust, none, referrals, "4260"),
        line("SubICB/Provider", ncl, trust, referrals, "4090"),
    ]
    about = {"area": NCL, "period": "Apr 2024", "provider": ""}
    return Exhibit(
        "tt_monthly_apr_2024.csv",
        text(rows),
        kinds(),
        may=kinds("activity", "indicators"),
        facts=(
            fact(ANY, 4150, measure="Referrals Received", **about),
            fact(ANY, "suppressed", measure="First Treatment Long Wait", **about),
        ),
        comparators=("England",),
        left_out=("00L",),
    )


def mhsds() -> Exhibit:
    heads = listed(
        "REPORTING_PERIOD_START,REPORTING_PERIOD_END,STATUS,BREAKDOWN,PRIMARY_LEVEL,PRIMARY_LEVEL_DESCRIPTION,SECONDARY_LEVEL,"
        "SECONDARY_LEVEL_DESCRIPTION,MEASURE_ID,MEASURE_NAME,MEASURE_VALUE"
    )

    def line(breakdown: str, code: str, name: str, measure: str, title: str, value: Any) -> Row:
        return ["01/07/2024", "30/09/2024", "Performance", breakdown, code, name, "NONE", "NONE", measure, title, value]

    spells, share = (
        "Number of CMH referral-spells receiving a full clock stop in the RP",
        "Proportion of CMH referral-spells in less than 4 weeks",
    )
    rows = [
        heads,
        line("England", "England", "England", "MRS01", spells, 13706),
        line("ICB", "QRV", "NHS NORTH WEST LONDON INTEGRATED CARE BOARD", "MRS01", spells, 610),
        line("ICB", "QMJ", "NHS NORTH CENTRAL LONDON INTEGRATED CARE BOARD", "MRS01", spells, "*"),
        line("ICB", "QRV", "NHS NORTH WEST LONDON INTEGRATED CARE BOARD", "MRS01b", share, 12.5),
        line("Provider", "RV9", "EXAMPLE MENTAL HEALTH NHS FOUNDATION TRUST", "MRS01", spells, 300),
    ]
    return Exhibit(
        "MHSDS Data_4WW_SepPerf_2024.csv",
        text(rows),
        kinds(),
        may=kinds("activity", "indicators"),
        facts=(
            fact(ANY, 610, area=NWL, period="2024/25 Q2", measure="full clock stop", provider=""),
            fact(ANY, "suppressed", area=NCL, period="2024/25 Q2", measure="full clock stop", provider=""),
        ),
        comparators=("England",),
    )


def oaps() -> Exhibit:
    """Clinical commissioning groups by code; the borough's was 07P. Bed types are not places."""
    question = "OAPs active at period end"
    rows = [
        ["Question", "Breakdown1", "Breakdown1Code", "Breakdown2", "Breakdown2Code", "value"],
        [question, "England", "", "", "", "528"],
        [question, "BedType", "10", "", "", "358"],
        [question, "Ccg", "England", "", "", "528"],
        [question, "Ccg", "07P", "", "", "15"],
        [question, "Ccg", "07R", "", "", "*"],
        [question, "Ccg", "00C", "", "", "5"],
    ]
    return Exhibit(
        "oaps-open-data-nov-2016.csv",
        text(rows),
        kinds(),
        may=kinds("activity", "indicators"),
        facts=(fact(ANY, 15, area=BRENT, measure=question), fact(ANY, "suppressed", area=CAMDEN, measure=question)),
        comparators=("England",),
        left_out=("00C",),
    )


def deprivation() -> Exhibit:
    """Domain and statistic together say what a figure is."""
    heads = ["lad19cd", "lad19nm", "index_domain", "average_rank", "rank_average_rank", "average_score", "proportion_bottom_decile", "year"]
    rows = [
        heads,
        ["E06000001", "Hartlepool", "Index of Multiple Deprivation", 22581.98, 25, "35.036999999999999", 0.3621, 2019],
        [BRENT, "Brent", "Index of Multiple Deprivation", 20600.5, 49, "25.558", 0.0578, 2019],
        [CAMDEN, "Camden", "Index of Multiple Deprivation", 17100.25, 132, "20.126999999999999", "1.4999999999999999E-2", 2019],
        ["E06000001", "Hartlepool", "Income", 23000.1, 15, "0.22800000000000001", 0.3, 2019],
        [BRENT, "Brent", "Income", 20100.75, 55, "0.14699999999999999", 0.02, 2019],
        [CAMDEN, "Camden", "Income", 17900.5, 110, "0.13100000000000001", 0.01, 2019],
    ]
    return Exhibit(
        "IoD2019.csv",
        text(rows),
        kinds("indicators"),
        headers=(("IoD2019", (1,)),),
        facts=(
            fact("indicators.value", 25.558, area=BRENT, period="2019", measure="Multiple Deprivation average score"),
            fact("indicators.value", 0.147, area=BRENT, period="2019", measure="Income average score"),
            fact("indicators.value", 0.015, area=CAMDEN, period="2019", measure="Multiple Deprivation proportion decile"),
        ),
        left_out=("Hartlepool",),
    )


def qof_by_sub_icb() -> Exhibit:
    rows = [
        ["Mental health prevalence 2023/24 (Quality and Outcomes Framework)"],
        [],
        ["Sub ICB location code", "Sub ICB location name", "List size", "Register", "Prevalence (%)"],
        ["W2U3Z", "NHS North West London ICB - W2U3Z", 2_890_000, 33_235, 1.15],
        ["93C", "NHS North Central London ICB - 93C", 1_810_000, 27_150, 1.5],
        ["00L", "NHS North East and North Cumbria ICB - 00L", 330_000, 3_300, 1.0],
        ["ENG", "England", 63_000_000, 630_000, 1.0],
    ]
    return Exhibit(
        "qof mental health.xlsx",
        book(("MH", rows)),
        kinds("indicators"),
        may=kinds("population"),
        headers=(("MH", (3,)),),
        facts=(
            fact("indicators.value", 0.0115, area=NWL, measure="Prevalence", unit="share"),
            fact("indicators.value", 0.015, area=NCL, measure="Prevalence", unit="share"),
        ),
        comparators=("England",),
        left_out=("00L",),
    )


def qof_by_practice() -> Exhibit:
    """Practices are not areas: no practice's figure may pass for its system's."""
    rows = [
        ["Practice code", "Practice name", "Sub ICB location", "List size", "Register", "Prevalence (%)"],
        ["E84001", "Example Road Surgery", "NHS North West London ICB - W2U3Z", 9100, 110, 1.21],
        ["E84002", "Sample Lane Medical Centre", "NHS North West London ICB - W2U3Z", 12050, 130, 1.08],
        ["F83001", "Specimen Street Practice", "NHS North Central London ICB - 93C", 7400, 140, 1.89],
    ]
    return Exhibit("qof practices.csv", text(rows), kinds(), may=kinds("indicators", "population"))


def nomis() -> Exhibit:
    """Boroughs across, ages down, the year and sex in lines above."""
    rows = [
        ["Population estimates - local authority based by single year of age"],
        ["ONS Crown Copyright Reserved [from Nomis on 22 November 2021]"],
        [],
        ["date", 2020],
        ["gender", "Total"],
        [],
        ["Age", "Barnet", "Brent", "Camden"],
        ["All Ages", 399_007, 327_753, 279_516],
        ["Age 0", 5111, 4402, 2790],
        ["Age 1", 5060, 4450, 2705],
        ["Aged 90+", 3051, 1504, 1211],
        [],
        ["Estimates are rounded."],
    ]
    return Exhibit(
        "nomis_2021.xlsx",
        book(("Data", rows)),
        kinds("population"),
        headers=(("Data", (7,)),),
        facts=(fact("population.persons", 327_753, area=BRENT, age_band="", sex=""),),
        sums={"population.persons": (12, 1_036_560)},
    )


def population_by_age() -> Exhibit:
    rows = [
        ["Borough", "Year", "0-17", "18-64", "65+", "All ages"],
        ["Brent", "mid-2023", 76_000, 222_000, 42_000, 340_000],
        ["Harrow", "mid-2023", 59_000, 160_000, 42_500, 261_500],
    ]
    return Exhibit(
        "resident population.xlsx",
        book(("Population", rows)),
        kinds("population"),
        headers=(("Population", (1,)),),
        facts=(
            fact("population.persons", 76_000, area=BRENT, period="mid-2023", age_band="0-17"),
            fact("population.persons", 340_000, area=BRENT, period="mid-2023", age_band=""),
        ),
    )


def council_needs_assessment() -> Exhibit:
    """Ages over answers, a sheet a sex, a second table of formulas below, and a sheet about the data."""

    def rows(scale: int) -> list[Row]:
        return [
            [None, "16+", None, None, "16-24", None, None],
            ["Area", "Very good health", "Good health", "Bad health", "Very good health", "Good health", "Bad health"],
            ["Barnet", 17796 * scale, 20381 * scale, 2704 * scale, 3604 * scale, 1773 * scale, 52 * scale],
            ["Brent", 49381 * scale, 45809 * scale, 6510 * scale, 8649 * scale, 4372 * scale, 103 * scale],
            ["London", 900000 * scale, 800000 * scale, 90000 * scale, 99000 * scale, 88000 * scale, 700 * scale],
            [],
            [None, "16+", "16-24"],
            [None, "Very good to good", "Very good to good"],
            ["Barnet", "=B3+C3", "=E3+F3"],
            ["Brent", "=B4+C4", "=E4+F4"],
        ]

    about = [
        ["Example Council needs assessment: core data"],
        ["Data Type", "Quality of life"],
        ["Description", "Census data on self-assessed health by age, 2011"],
        ["Time Period Covered", "Snapshot census day 2011"],
    ]
    return Exhibit(
        "general_health_census_2011.xlsx",
        book(
            ("Persons", rows(2)), ("Male", rows(1)), ("Metadata", about), merged={"Persons": ["B1:D1", "E1:G1"], "Male": ["B1:D1", "E1:G1"]}
        ),
        kinds("indicators"),
        facts=(
            fact("indicators.value", 17_298, area=BRENT, measure="very good health", age_band="16-24", sex=""),
            fact("indicators.value", 8649, area=BRENT, measure="very good health", age_band="16-24", sex="male"),
            fact("indicators.value", 2704, area=BARNET, measure="bad health", age_band="16+", sex="male"),
        ),
        sums={"indicators.value": (24, 3 * 161_134)},
        comparators=("London",),
        said=(("formula",),),
    )


EXHIBITS: tuple[Callable[[], Exhibit], ...] = (
    spend_plan_and_actual, months_across_with_ytd, contacts_by_team, staff_by_team, waits_by_team, everything_on_one_sheet,
    section_headings, sheet_a_borough, sheet_a_month, side_by_side, stacked, total_that_does_not_match, merged_areas, money_as_text,
    quarters_under_their_year, code_and_name_disagree, misspelt_area, providers_among_areas, areas_elsewhere, wider_places,
    personal_data, personal_data_set_aside, text_with_pipes, zip_of_two, hidden_sheet, formulas_without_values, broken_references,
    formula_like_text, dates_that_may_be_either, dates_month_first, serial_dates, true_dates_as_months, months_without_a_year,
    shares_three_ways, gla_profile, fingertips, talking_therapies, mhsds, oaps, deprivation, qof_by_sub_icb, qof_by_practice, nomis,
    population_by_age, council_needs_assessment,
)  # fmt: skip
