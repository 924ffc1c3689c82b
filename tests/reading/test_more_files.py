"""More layouts that trusts, councils, providers and publishers send, each with the sums a person would take from it by hand.

Headings and layouts are those of real files; every figure is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from mhequity.reading import BLOCKED, Reading, read
from tests.reading.messy import saved
from tests.reading.zoo import BARNET, BRENT, CAMDEN, EALING, ENFIELD, HARROW, NWL, book


@dataclass(frozen=True)
class Sent:
    """A file, and per column how many figures it holds and their sum: no figure lost, no total counted."""

    name: str
    data: bytes
    sums: Mapping[str, tuple[int, float]]
    comparators: frozenset[str] = field(default_factory=frozenset)
    """Labels of the totals that stand apart."""
    left_out: tuple[str, ...] = ()
    """Texts of the first column in the rows that were left out, totals aside."""


def apart(*names: str) -> frozenset[str]:
    return frozenset(names)


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


STACKED = [
    ["Referrals received 2024/25"], ["Borough", "Q1", "Q2"], ["Brent", 1, 2], ["Harrow", 3, 4], ["Total", 4, 6], [],
    ["Contacts delivered 2024/25"], ["Borough", "Q1", "Q2"], ["Brent", 10, 20], ["Harrow", 30, 40], ["Total", 40, 60], [],
    ["Waiting at end of quarter 2024/25"], ["Borough", "Q1", "Q2"], ["Brent", 5, 6], ["Harrow", 7, "<5"], ["Total", 12, "*"],
]  # fmt: skip
SHARED_BOROUGHS = [
    [None, "Referrals 2024/25", None, None, "Contacts 2024/25", None],
    ["Borough", "Q1", "Q2", None, "Q1", "Q2"],
    ["Brent", 1, 2, None, 10, 20],
    ["Harrow", 3, 4, None, 30, 40],
]
OWN_BOROUGHS = [
    ["Referrals", None, None, None, "Contacts", None, None],
    ["Borough", "Apr-24", "May-24", None, "Borough", "Apr-24", "May-24"],
    ["Brent", 1, 2, None, "Brent", 10, 20],
    ["Harrow", 3, 4, None, "Harrow", 30, 40],
]
YEARS_OVER_BOROUGHS = [
    ["Contacts"],
    ["", "2022/23", "", "2023/24", ""],
    ["Service", "Brent", "Harrow", "Brent", "Harrow"],
    ["Crisis", 1, 2, 3, 4],
    ["CMHT", 5, 6, 7, 8],
    ["Total", 6, 8, 10, 12],
]
YEARS_OVER_QUARTERS = [
    ["Referrals by borough"],
    [None, "2023/24", None, None, None, "2024/25", None],
    ["Borough", "Q1", "Q2", "Q3", "Q4", "Q1", "Q2"],
    ["Brent", 1, 2, 3, 4, 5, 6],
    ["Harrow", 7, 8, 9, 10, 11, 12],
]
DASHBOARD = [
    [], [None, "North West London ICB"], [None, "Mental Health Dashboard"], [None, "Period: M09 2024/25"], [],
    [None, "Source: patient system"], [], [],
    [None, "Locality", "Team", "Caseload", "Headcount", "WTE in post"],
    [None, "Brent", "North CMHT", 400, 22, 20.5],
    [None, "Brent", "South CMHT", 300, 15, 12],
    [None, "Harrow", "East CMHT", 250, 12, 10],
    [None, "Total", None, 950, 49, 42.5],
]  # fmt: skip
TEAMS_WITH_SUBTOTALS = [
    ["Team activity 2024/25"],
    ["Borough", "Team", "Referrals", "Contacts", "RAG"],
    ["Brent", "North CMHT", 10, 100, "G"],
    ["Brent", "South CMHT", 20, 200, "A"],
    ["Brent Total", None, 30, 300, "G"],
    ["Harrow", "East CMHT", 5, 50, "R"],
    ["Harrow Total", None, 5, 50, "R"],
    ["Grand Total", None, 35, 350, "A"],
]
MERGED_BOROUGHS = [
    ["Contacts 2024/25"],
    ["Borough", "Service", "Contacts"],
    ["Brent", "CMHT", 10], [None, "Crisis", 5], [None, "Total", 15],
    ["Harrow", "CMHT", 20], [None, "Crisis", 6], [None, "Total", 26],
    ["Total", None, 41],
]  # fmt: skip
HEADINGS_AGAIN = [
    ["Contacts 2024/25"],
    ["Borough", "Team", "Contacts"],
    ["Brent", "A", 1], ["Brent", "B", 2],
    ["Borough", "Team", "Contacts"],
    ["Harrow", "C", 3], ["Harrow", "D", 4],
]  # fmt: skip
AGES = [
    ["Population mid-2023 by age"],
    ["Area code", "Area", "0-17", "18-64", "65+"],
    ["E09000005", "Brent", 70_000, 230_000, 40_000],
    ["E09000015", "Harrow", 60_000, 160_000, 42_000],
]
SEXES = [
    ["Suicides registered 2021-23"],
    [None, "Male", None, "Female", None],
    ["Borough", "Number", "Rate", "Number", "Rate"],
    ["Brent", 40, 12.5, 12, 4.1],
    ["Harrow", 20, 9.1, "<5", "*"],
]
ETHNIC_GROUPS = [
    ["People in contact with services, 2023/24"],
    ["Ethnic group", "Brent", "Harrow", "Ealing"],
    ["White", 100, 90, 80], ["Asian or Asian British", 50, 60, "<5"], ["Mixed", 10, "*", 5], ["Not known", 3, 2, 1],
]  # fmt: skip
POSTS = [
    ["Workforce March 2025"],
    ["Borough", "Service", "Establishment WTE", "In post WTE", "Turnover %"],
    ["Brent", "CMHT", 24.5, 21.2, 12.5],
    ["Harrow", "CMHT", 20, 18, 9.1],
]
WAITING_LIST = [
    ["Waiting list snapshot as at 31/03/2025"],
    ["Borough", "Service", "Total waiting", "Longest wait (weeks)"],
    ["Brent", "ADHD", 350, 120],
    ["Harrow", "ADHD", 270, 110],
]
POWER_BI = [
    ["Applied filters:\nFinancial Year is 2024/25"],
    [],
    ["Borough", "Month", "Sum of Contacts"],
    ["Brent", "April 2024", 100],
    ["Harrow", "April 2024", 200],
    ["Total", None, 300],
]
THOUSANDS_AND_MILLIONS = [
    ["Mental health investment 2024/25"],
    ["Borough", "Service", "Budget £k", "Actual £k", "Variance £k", "Forecast outturn £m"],
    ["Brent", "Crisis", "1,200", "1,250", "(50)", "1.3"],
    ["Harrow", "Crisis", "900\u00a0", "880 ", "20", 0.9],
]
DATA_SET = lines(
    "REPORTING_PERIOD_START,REPORTING_PERIOD_END,STATUS,BREAKDOWN,PRIMARY_LEVEL,PRIMARY_LEVEL_DESCRIPTION,SECONDARY_LEVEL,"
    "SECONDARY_LEVEL_DESCRIPTION,MEASURE_ID,MEASURE_NAME,MEASURE_VALUE",
    "01/04/2024,30/04/2024,Final,England,England,England,NONE,NONE,MHS01,People in contact,1500000",
    "01/04/2024,30/04/2024,Final,LAD/UTA,E09000005,Brent,NONE,NONE,MHS01,People in contact,5005",
    "01/04/2024,30/04/2024,Final,LAD/UTA,E09000015,Harrow,NONE,NONE,MHS01,People in contact,*",
    "01/04/2024,30/04/2024,Final,LAD/UTA,E08000003,Manchester,NONE,NONE,MHS01,People in contact,15000",
    "01/04/2024,30/04/2024,Final,ICB - GP Practice or Residence; Ethnicity,QRV,NHS NORTH WEST LONDON INTEGRATED CARE BOARD,A,British,"
    "MHS01,People in contact,10005",
    "01/04/2024,30/04/2024,Final,Provider,RV3,CENTRAL AND NORTH WEST LONDON NHS FOUNDATION TRUST,NONE,NONE,MHS01,People in contact,40005",
)
SPELLINGS = lines(
    "Local authority,Year,Contacts", "Brent (E09000005),2024/25,1", "E09000015 Harrow,2024/25,2", "E09000009 - Ealing,2024/25,3",
    "Barnet LBC,2024/25,4", "Camden Council,2024/25,5", "London Borough of Enfield,2024/25,6",
)  # fmt: skip
TOTALS = [
    "Overall",
    "Sum",
    "Average",
    "Mean",
    "London average",
    "England average",
    "All boroughs",
    "NCL Total",
    "Rest of London",
    "National",
]

SENT = [
    Sent("three tables on a sheet.xlsx", book(("Perf", STACKED)), {"activity.count": (8, 110), "waits.waiting": (3, 18)}, apart("Total")),
    Sent("measures side by side.xlsx", book(("S", SHARED_BOROUGHS)), {"activity.count": (8, 110)}),
    Sent("tables side by side.xlsx", book(("S", OWN_BOROUGHS)), {"activity.count": (8, 110)}),
    Sent("years over boroughs.xlsx", book(("Data", YEARS_OVER_BOROUGHS), merged={"Data": ["B2:C2", "D2:E2"]}),
         {"activity.count": (8, 36)}),
    Sent("years over quarters.xlsx", book(("S", YEARS_OVER_QUARTERS)), {"activity.count": (12, 78)}),
    Sent("dashboard.xlsx", book(("Data", DASHBOARD)),
         {"activity.count": (3, 950), "indicators.value": (3, 49), "workforce.in_post_wte": (3, 42.5)}, apart("Total")),
    Sent("teams with subtotals.xlsx", book(("S", TEAMS_WITH_SUBTOTALS)), {"activity.count": (6, 385)},
         apart("Brent total", "Harrow total", "Total")),
    Sent("merged boroughs.xlsx", book(("S", MERGED_BOROUGHS), merged={"S": ["A3:A5", "A6:A8"]}), {"activity.count": (4, 41)},
         apart("Total")),
    Sent("headings again.xlsx", book(("S", HEADINGS_AGAIN)), {"activity.count": (4, 10)}),
    Sent("population by age.xlsx", book(("S", AGES)), {"population.persons": (6, 602_000)}),
    Sent("suicides by sex.xlsx", book(("S", SEXES), merged={"S": ["B2:C2", "D2:E2"]}), {"indicators.value": (6, 97.7)}),
    Sent("ethnic groups down.xlsx", book(("S", ETHNIC_GROUPS)), {"activity.count": (10, 401)}),
    Sent("posts.xlsx", book(("S", POSTS)),
         {"workforce.established_wte": (2, 44.5), "workforce.in_post_wte": (2, 39.2), "indicators.value": (2, 0.216)}),
    Sent("waiting list.xlsx", book(("S", WAITING_LIST)), {"waits.waiting": (2, 620), "indicators.value": (2, 230)}),
    Sent("power bi.xlsx", book(("Export", POWER_BI)), {"activity.count": (2, 300)}, apart("Total")),
    Sent("thousands and millions.xlsx", book(("Sheet1", THOUSANDS_AND_MILLIONS)),
         {"investment.amount_gbp": (2, 2_130_000), "indicators.value": (6, 4_270_000)}),
    Sent("MHSDS Data_AprPrf_2024.csv", DATA_SET, {"indicators.value": (2, 15_010)}, apart("England"), ("15000", "40005")),
    Sent("spellings.csv", SPELLINGS, {"activity.count": (6, 21)}),
    Sent("totals of every name.csv", lines("Borough,Year,Contacts", "Brent,2024/25,1", "Harrow,2024/25,2",
                                           *(f"{name},2024/25,900" for name in TOTALS)),
         {"activity.count": (2, 3)}, apart("Total", "Average", "London", "England")),
    Sent("footer.csv", lines("Report: Contacts by borough", "Run on 05/04/2025", "", "Borough,Financial year,Contacts",
                             "Brent,2024/25,100", "Harrow,2024/25,200", "", "Total rows: 2", "End of report"),
         {"activity.count": (2, 300)}),
    Sent("unicode.txt", "Borough\tYear\tContacts\nBrent\t2024/25\t1,234\nHarrow\t2024/25\t2,345\n".encode("utf-16"),
         {"activity.count": (2, 3_579)}),
    Sent("below zero.csv", lines("Borough,Year,Contacts", "Brent,2024/25,-5", "Harrow,2024/25,10"), {"activity.count": (1, 10)},
         left_out=("-5",)),
    Sent("weeks.csv", lines("Borough,Week commencing,Referrals", "Brent,01/04/2024,5", "Brent,08/04/2024,6", "Harrow,01/04/2024,7"),
         {"activity.count": (3, 18)}),
    Sent("suppressed first.csv", lines("Borough,Apr-24,May-24,Jun-24", "Brent,*,*,*", "Harrow,1,2,3", "Ealing,4,5,6"),
         {"indicators.value": (6, 21)}),
    Sent("thousands twice.csv", lines("Borough,Service,Year,Spend (£000)", "Brent,CMHT,2024/25,1250", "Harrow,CMHT,2024/25,£880k"),
         {"investment.amount_gbp": (2, 2_130_000)}),
    Sent("percentages.csv", lines("Borough,Year,DNA %", "Brent,2023/24,12%", "Harrow,2023/24,9", "Ealing,2023/24,0.5"),
         {"indicators.value": (3, 0.215)}),
    Sent("voluntary sector.csv", lines("Provider,Borough,Year,Contacts", "Brent Mind,Harrow,2024/25,100", "Mind in Camden,Barnet,2024/25,70"),
         {"activity.count": (2, 170)}),
]  # fmt: skip
every = pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)


def reading_of(name: str) -> Reading:
    sent = next(each for each in SENT if each.name == name)
    return read(sent.data, sent.name)


def labels(reading: Reading, table: str, *columns: str) -> set[tuple[str, ...]]:
    return {tuple(row) for row in reading.tables[table][list(columns)].itertuples(index=False)}


@every
def test_every_figure_is_taken_once_and_no_total(sent: Sent) -> None:
    held = read(sent.data, sent.name).tables
    numbers = {f"{name}.{column}": frame[column].dropna() for name, frame in held.items() for column in frame.select_dtypes("number")}
    assert {name: (len(values), round(float(values.sum()), 6)) for name, values in numbers.items() if len(values)} == dict(sent.sums)


@pytest.mark.parametrize("sent", [each for each in SENT if each.comparators], ids=lambda sent: sent.name)
def test_totals_stand_apart(sent: Sent) -> None:
    assert sent.comparators <= {area for frame in read(sent.data, sent.name).comparators.values() for area in frame["area"]}


@pytest.mark.parametrize("sent", [each for each in SENT if each.left_out], ids=lambda sent: sent.name)
def test_figures_that_are_left_out_are_listed(sent: Sent) -> None:
    listed = read(sent.data, sent.name).rejected.to_numpy().ravel().tolist()
    assert set(sent.left_out) <= set(listed)


def test_tables_below_each_other_keep_their_own_measure() -> None:
    reading = reading_of("three tables on a sheet.xlsx")
    assert labels(reading, "activity", "measure", "period") == {
        ("Referrals", "2024/25 Q1"), ("Referrals", "2024/25 Q2"), ("Contacts", "2024/25 Q1"), ("Contacts", "2024/25 Q2"),
    }  # fmt: skip
    assert labels(reading, "waits", "area", "period", "suppressed") >= {(HARROW, "2024/25 Q2", "waiting")}


def test_measures_beside_each_other_share_their_boroughs() -> None:
    assert labels(reading_of("measures side by side.xlsx"), "activity", "measure", "area") == {
        ("Referrals", BRENT), ("Referrals", HARROW), ("Contacts", BRENT), ("Contacts", HARROW),
    }  # fmt: skip


def test_year_stands_over_its_quarters() -> None:
    assert labels(reading_of("years over quarters.xlsx"), "activity", "period") == {
        ("2023/24 Q1",), ("2023/24 Q2",), ("2023/24 Q3",), ("2023/24 Q4",), ("2024/25 Q1",), ("2024/25 Q2",),
    }  # fmt: skip


def test_month_of_the_financial_year_is_read_from_the_lines_above() -> None:
    assert labels(reading_of("dashboard.xlsx"), "workforce", "team", "period") == {
        ("North CMHT", "Dec 2024"), ("South CMHT", "Dec 2024"), ("East CMHT", "Dec 2024"),
    }  # fmt: skip


def test_suppressed_figures_of_one_sex_stay_suppressed() -> None:
    frame = reading_of("suicides by sex.xlsx").tables["indicators"]
    held = frame[frame["suppressed"] == "value"]
    assert held[["area", "sex"]].drop_duplicates().to_numpy().tolist() == [[HARROW, "female"]]
    assert held["value"].isna().all()


def test_first_row_of_marks_is_a_row_not_a_heading() -> None:
    frame = reading_of("suppressed first.csv").tables["indicators"]
    assert frame.loc[frame["suppressed"] == "value", ["area", "period"]].to_numpy().tolist() == [
        [BRENT, "Apr 2024"], [BRENT, "May 2024"], [BRENT, "Jun 2024"],
    ]  # fmt: skip


def test_names_with_codes_and_councils_are_boroughs() -> None:
    frame = reading_of("spellings.csv").tables["activity"]
    assert frame["area"].tolist() == [BRENT, HARROW, EALING, BARNET, CAMDEN, ENFIELD]


def test_provider_named_after_a_borough_is_not_that_borough() -> None:
    assert labels(reading_of("voluntary sector.csv"), "activity", "provider", "area") == {
        ("Brent Mind", HARROW), ("Mind in Camden", BARNET),
    }  # fmt: skip


def test_breakdown_of_a_system_is_a_group_and_its_providers_stay_out() -> None:
    assert labels(reading_of("MHSDS Data_AprPrf_2024.csv"), "indicators", "area", "ethnic_group", "suppressed") == {
        (BRENT, "", ""), (HARROW, "", "value"), (NWL, "British", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("FY24/25 M1", "Apr 2024"),
        ("2024-25 M12", "Mar 2025"),
        ("FY24/25 Q1", "2024/25 Q1"),
        ("2024-04", "Apr 2024"),
        ("Jul 24", "Jul 2024"),
    ],
)
def test_period_is_read_as_finance_teams_write_it(written: str, period: str) -> None:
    frame = read(lines("Borough,Service,Period,Referrals", f"Brent,CMHT,{written},10"), "referrals.csv").tables["activity"]
    assert frame["period"].tolist() == [period]


@pytest.mark.parametrize(
    ("written", "value"), [("\u221250", -50), ("(5)", -5), ("1 234", 1_234), ("1.2m", 1_200_000), ("1e3", 1_000), ("5.", 5)]
)
def test_number_is_read_as_people_write_it(written: str, value: float) -> None:
    frame = read(lines("Borough,Period,Measure,Value", "Brent,2023/24,A,7", f"Ealing,2023/24,A,{written}"), "a.csv").tables["indicators"]
    assert frame["value"].tolist() == [7, value]


@pytest.mark.parametrize("written", ["~50", "10-15", ">100", "c.20", "12 (5)", "1,23", "0.1.2", "12 days", "TBC", "01:30", "TRUE"])
def test_what_is_no_plain_number_is_listed_never_guessed(written: str) -> None:
    rows = ["Brent,2023/24,A,7", "Harrow,2023/24,A,8", f'Ealing,2023/24,A,"{written}"', "Barnet,2023/24,A,9"]
    reading = read(lines("Borough,Period,Measure,Value", *rows), "a.csv")
    assert reading.tables["indicators"]["value"].tolist() == [7, 8, 9]
    assert reading.rejected["Value"].tolist() == [written]


def test_sheet_for_all_boroughs_is_not_added_to_the_sheets_of_each() -> None:
    one = [["Contacts 2024/25"], ["Service", "Contacts"], ["CMHT", 1], ["Crisis", 2]]
    all_of_them = [["Contacts 2024/25"], ["Service", "Contacts"], ["CMHT", 2], ["Crisis", 4]]
    reading = read(book(("Brent", one), ("Harrow", one), ("All boroughs", all_of_them)), "sheets.xlsx")
    assert reading.tables["activity"]["count"].tolist() == [1, 2, 1, 2]
    assert [found.sheet for found in reading.findings if found.severity == BLOCKED] == ["All boroughs"]


def test_filtered_rows_and_coloured_empty_columns_change_nothing() -> None:
    made = Workbook()
    sheet = made.active
    for row in [["Borough", "Service", "Contacts 2024/25"], ["Brent", "CMHT", 10], ["Harrow", "CMHT", 20], ["Ealing", "CMHT", 30]]:
        sheet.append(row)
    sheet.auto_filter.ref = "A1:C4"
    sheet.row_dimensions[3].hidden = True
    for column in range(4, 20):
        sheet.cell(1, column).fill = PatternFill("solid", fgColor="FFFF00")
    assert read(saved(made), "filtered.xlsx").tables["activity"]["count"].tolist() == [10, 20, 30]


@pytest.mark.parametrize(
    ("data", "seen"),
    [(b"<html><body><table><tr><td>Brent</td></tr></table></body></html>", "This is a web page."),
     (b'<?xml version="1.0"?><Workbook><Worksheet/></Workbook>', "This is an XML file.")],
)  # fmt: skip
def test_other_files_named_like_a_workbook_say_what_they_are(data: bytes, seen: str) -> None:
    assert [found.seen for found in read(data, "report.xls").findings] == [seen]
