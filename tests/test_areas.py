"""Areas: every way a borough's name is written, and nothing guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhequity import areas

# Spellings met in published files.
SPELLINGS = [
    ("E09000013", "Hammersmith & Fulham"),
    ("E09000013", "HAMMERSMITH & FULHAM"),
    ("E09000013", "HAMMERSMITH AND FULHAM"),
    ("E09000013", "Hammersmith_and_Fulham"),
    ("E09000020", "Kensington & Chelsea"),
    ("E09000020", "KENSINGTON AND CHELSEA"),
    ("E09000020", "Kensington_and_Chelsea"),
    ("E09000020", "Royal Borough of Kensington and Chelsea"),
    ("E09000020", "ROYAL BOROUGH OF KENSINGTON AND CHELSEA"),
    ("E09000020", "rbkc"),
    ("E09000021", "Kingston Upon Thames"),
    ("E09000021", "Kingston-upon-Thames"),
    ("E09000021", "Royal Borough of Kingston upon Thames"),
    ("E09000027", "Richmond Upon Thames"),
    ("E09000033", "city of westminster"),
    ("E09000001", "City_of_London"),
    ("E09000001", "City of London Corporation"),
    ("E09000003", "LONDON BOROUGH OF BARNET"),
    ("E09000002", "Barking_and_Dagenham"),
    ("E09000013", "H&F"),
    ("E09000013", "LBHF"),
    ("E09000020", "K&C"),
    ("E09000033", "Westminster (City of)"),
    ("E09000005", "LB Brent"),
    ("E09000005", "E09000005"),
    ("E54000027", "NHS NORTH WEST LONDON INTEGRATED CARE BOARD"),
    ("E54000027", "QRV"),
    ("E54000028", "NCL"),
    ("E54000027", "NHS NORTH WEST LONDON INTEGRATED CARE BOARD - W2U3Z"),
    ("E54000027", "QRV: NHS North West London ICB"),
    ("E54000027", "E38000256"),
    ("E09000005", "NHS BRENT CCG"),
    ("E09000005", "07P"),
    ("E09000005", "E38000020"),
    ("E09000005", "LB of Brent"),
    ("E09000005", "Brent LB"),
    ("E09000005", "Brent (LB)"),
    ("E09000005", "E09000005 Brent"),
    ("E09000009", "07w"),
    ("E09000013", "Hammersmith and Fulham LBC"),
    ("E09000013", "Hamm & Fulham"),
    ("E09000020", "Kensington & Chelsea RB"),
    ("E09000020", "NHS West London (K&C & QPP) CCG"),
    ("E09000033", "Westminster City Council"),
    ("E09000033", "NHS Central London (Westminster) CCG"),
    ("E09000012", "NHS City and Hackney CCG"),
]


@pytest.mark.parametrize(("code", "spelling"), SPELLINGS)
def test_spelling_met_in_real_files_is_understood(code: str, spelling: str) -> None:
    found = areas.match(spelling)
    assert found.area is not None
    assert found.area.code == code


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("London", "London"),
        ("ENGLAND", "England"),
        ("Total", "Total"),
        ("Inner London", "Inner London"),
        ("Grand total", "Total"),
        ("Sub-total", "Total"),
        ("Overall", "Total"),
        ("NWL total", "North West London"),
        ("Total NW London", "North West London"),
        ("Brent total", "Brent total"),
        ("London boroughs", "London"),
        ("All London", "London"),
        ("London average", "London"),
        ("Nat. average", "England"),
        ("National total", "England"),
        ("England & Wales", "England and Wales"),
        ("Statistical neighbours", "Statistical neighbours"),
        ("Mean", "Average"),
        ("E12000007", "London"),
    ],
)
def test_total_or_wider_place_is_a_comparator_and_not_an_area(text: str, comparator: str) -> None:
    found = areas.match(text)
    assert found.comparator == comparator
    assert found.area is None


@pytest.mark.parametrize("text", ["Unknown", "Not known", "Other", "Out of area", "(blank)"])
def test_row_of_no_known_place_is_kept_apart(text: str) -> None:
    assert areas.match(text).comparator == areas.NOT_KNOWN


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Surrey", "Surrey"),
        ("Adur", "Adur"),
        ("Brentwood", "Brentwood"),
        ("Brentwood Borough Council", "Brentwood"),
        ("Barnsley", "Barnsley"),
        ("City of Bradford Metropolitan District Council", "Bradford"),
        ("Kingston upon Hull, City of", "Kingston upon Hull"),
        ("Richmondshire", "Richmondshire"),
        ("South East", "South East"),
        ("NHS SURREY HEARTLANDS INTEGRATED CARE BOARD", "Surrey Heartlands"),
        ("QOP", "Greater Manchester"),
        ("00C", "Darlington"),
        ("E54000008", "Cheshire and Merseyside"),
        ("E06000066", "Somerset"),
        ("E07000999", "E07000999"),
        ("W06000001", "Wales"),
        ("S12000033", "Scotland"),
        ("N09000001", "Northern Ireland"),
    ],
)
def test_place_outside_london_is_named_and_is_no_area(text: str, name: str) -> None:
    found = areas.match(text)
    assert found.elsewhere == name
    assert found.area is None
    assert found.proposals == ()


@pytest.mark.parametrize("code", ["E01000001", "E02000001", "E05000100", "E09000034"])
def test_code_that_does_not_say_which_place_it_lies_in_is_nothing(code: str) -> None:
    assert areas.match(code) == areas.Match(code)


def test_no_place_elsewhere_has_the_name_of_one_of_londons() -> None:
    for area in areas.all_areas():
        assert areas.match(area.name).area == area
        assert areas.match(area.code).elsewhere == ""


@pytest.mark.parametrize("text", ["Croydon University Hospital", "Hillingdon Hospital", "CNWL", "Camden and Islington NHS FT"])
def test_organisation_called_after_a_place_is_a_provider(text: str) -> None:
    assert areas.match(text) == areas.Match(text, provider=True)


def test_provider_with_a_boroughs_name_is_not_that_borough() -> None:
    found = areas.match("Barnet, Enfield and Haringey Mental Health NHS Trust")
    assert found.provider
    assert found.area is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hammersmth", ["Hammersmith and Fulham"]),
        ("Eailing", ["Ealing"]),
        ("Kensignton", ["Kensington and Chelsea"]),
        ("Westminister", ["Westminster"]),
        ("Harringey", ["Haringey"]),
        ("Waltham Forrest", ["Waltham Forest"]),
        ("Chelsea", ["Kensington and Chelsea"]),
        ("Brent place", ["Brent"]),
        ("Brent and Harrow", ["Brent", "Harrow"]),
    ],
)
def test_misspelt_or_partly_named_borough_is_proposed_and_not_applied(text: str, names: list[str]) -> None:
    found = areas.match(text)
    assert found.area is None
    assert [area.name for area in found.proposals] == names


@pytest.mark.parametrize(
    "text", ["Barnsly", "Newhaven", "Epping", "Community team", "All ages", "Total contacts", "White", "x", "y" * 5000]
)
def test_unrelated_words_propose_nothing(text: str) -> None:
    found = areas.match(text)
    assert found.area is None
    assert found.proposals == ()


def test_there_are_33_boroughs_each_in_one_of_five_systems() -> None:
    assert len(areas.boroughs()) == 33
    assert [len(areas.boroughs(system)) for system in areas.SYSTEMS] == [8, 5, 8, 6, 6]


DECORATIONS = [
    str.upper,
    str.lower,
    str.title,
    lambda name: name.replace(" and ", " & "),
    lambda name: name.replace(" ", "_"),
    lambda name: name.replace(" ", "-"),
    lambda name: f"  {name} ",
    lambda name: name.replace(" ", "  "),
]
WRAPPINGS = [lambda name: name, lambda name: f"LB {name}", lambda name: f"London Borough of {name}", lambda name: f"{name} Council"]


@given(st.sampled_from(areas.boroughs()), st.sampled_from(WRAPPINGS), st.lists(st.sampled_from(DECORATIONS), max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_decoration_of_a_boroughs_name_is_that_borough(area, wrapping, decorations) -> None:
    # "London Borough of City of London" is nobody's name for it: the City is no borough.
    text = area.name if area.name == "City of London" else wrapping(area.name)
    for decorate in decorations:
        text = decorate(text)
    assert areas.match(text).area == area


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_arbitrary_text_is_at_most_one_of_area_comparator_and_proposal(text: str) -> None:
    found = areas.match(text)
    assert sum([found.area is not None, bool(found.comparator), bool(found.proposals), bool(found.elsewhere), found.provider]) <= 1
    assert (found.how == "") == (found.area is None)


@given(st.sampled_from(areas.boroughs()), st.integers(0, 30), st.sampled_from("qxzj"))
@settings(max_examples=150, deadline=None)
def test_a_name_with_a_strange_letter_in_it_is_never_applied(area, at, letter) -> None:
    at = at % (len(area.name) + 1)
    found = areas.match(area.name[:at] + letter + area.name[at:])
    assert found.area is None
