"""Periods, sexes, ages and percentages as publishers write them, read from whole files; what one text alone cannot tell, its sisters do."""

from __future__ import annotations

import pytest

from mhequity.reading import Reading, read

BRENT, CAMDEN = "E09000005", "E09000007"


def held(text: str, name: str = "figures.csv") -> Reading:
    return read("\n".join(line.strip() for line in text.strip().splitlines()).encode(), name)


def column(reading: Reading, table: str, name: str) -> list[str]:
    return [str(value) for value in reading.tables[table][name]]


def said(reading: Reading) -> str:
    return " ".join(f"{finding.seen} {finding.done} {finding.advice}" for finding in reading.findings)


# Periods of several years


def test_headings_of_three_years_are_no_months() -> None:
    reading = held("Area,2009-11,2010-12,2011-13\nBrent,70,71,72\nCamden,73,74,75")
    assert sorted(set(column(reading, "indicators", "period"))) == ["2009 to 2011", "2010 to 2012", "2011 to 2013"]
    assert "2009-11 Read as 2009 to 2011, years and not a month, as the headings beside it tell." in said(reading)


def test_three_years_are_told_where_every_heading_could_be_a_month() -> None:
    reading = held("Area,Rate 2008-10,Rate 2009-11\nBrent,70,71\nCamden,72,73")
    assert sorted(set(column(reading, "indicators", "period"))) == ["2008 to 2010", "2009 to 2011"]
    assert set(column(reading, "indicators", "measure")) == {"Rate"}


def test_three_years_down_a_column() -> None:
    reading = held("Area,Period,Suicide rate\nBrent,2009-11,7\nBrent,2010-12,8\nBrent,2011-13,9")
    assert column(reading, "indicators", "period") == ["2009 to 2011", "2010 to 2012", "2011 to 2013"]
    assert "years and not a month, as the column tells" in said(reading)


def test_months_down_a_column_stay_months() -> None:
    reading = held("Area,Period,Suicides\nBrent,2009-10,7\nBrent,2009-11,8\nBrent,2009-12,9")
    assert column(reading, "indicators", "period") == ["Oct 2009", "Nov 2009", "Dec 2009"]


def test_months_across_stay_months() -> None:
    reading = held("Area,2009-10,2009-11,2009-12,2010-01\nBrent,7,8,9,1\nCamden,7,8,9,1")
    assert column(reading, "indicators", "period")[::2] == ["Oct 2009", "Nov 2009", "Dec 2009", "Jan 2010"]


def test_a_lone_text_that_may_be_years_stays_a_month_and_is_said_to_be_in_doubt() -> None:
    reading = held("Area,Period,Suicide rate\nBrent,2010-12,7\nCamden,2010-12,8")
    assert set(column(reading, "indicators", "period")) == {"Dec 2010"}
    assert "It may as well be 2010 to 2012" in said(reading)


def test_a_lone_heading_that_may_be_years_is_said_to_be_in_doubt() -> None:
    reading = held("Area,2010-12\nBrent,7\nCamden,8")
    assert set(column(reading, "indicators", "period")) == {"Dec 2010"}
    assert "It may as well be 2010 to 2012" in said(reading)


def test_years_in_words_before_or_after_a_heading_s_name_are_its_period() -> None:
    reading = held("Area,2021 to 2023 Rate,Rate 2020-22\nBrent,7.1,7.2\nCamden,8.1,8.2")
    assert column(reading, "indicators", "period") == ["2021 to 2023", "2021 to 2023", "2020 to 2022", "2020 to 2022"]
    assert set(column(reading, "indicators", "measure")) == {"Rate"}


def test_a_change_between_two_years_keeps_them_in_its_name() -> None:
    reading = held("Area,Population change 2011 to 2021\nBrent,7.1\nCamden,8.1")
    assert set(column(reading, "indicators", "measure")) == {"Population change 2011 to 2021"}


# Six digits


def test_six_digits_are_academic_years_where_no_month_has_their_numbers() -> None:
    reading = held(
        """time_period,time_identifier,new_la_code,la_name,sen_support
        202223,Academic year,E09000005,Brent,100
        202324,Academic year,E09000005,Brent,101"""
    )
    assert column(reading, "indicators", "period") == ["2022/23", "2023/24"]
    assert column(reading, "indicators", "measure") == ["Sen support", "Sen support"]
    assert "Academic years are kept under the name of the financial year" in said(reading)


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [("Financial year", "2010/11", "2011/12"), ("Month", "Nov 2010", "Dec 2011"), ("time_period", "2010/11", "2011/12")],
)
def test_six_digits_that_may_be_months_are_told_by_heading_and_sisters(heading: str, first: str, second: str) -> None:
    reading = held(f"Area,{heading},Pupils\nBrent,201011,7\nBrent,201112,8")
    assert column(reading, "indicators", "period") == [first, second]


def test_a_kind_of_period_beside_one_text_tells_what_it_is() -> None:
    reading = held("Area,time_period,time_identifier,Pupils\nBrent,201011,Academic year,7\nCamden,201011,Academic year,8")
    assert set(column(reading, "indicators", "period")) == {"2010/11"}


def test_six_digits_alone_stay_a_month_in_doubt() -> None:
    reading = held("Area,time_period,Pupils\nBrent,201011,7\nCamden,201011,8")
    assert set(column(reading, "indicators", "period")) == {"Nov 2010"}
    assert "It may as well be 2010/11" in said(reading)


def test_six_digits_of_a_year_and_a_month_are_months() -> None:
    reading = held("Area,Month,Contacts\nBrent,202404,5\nBrent,202405,6")
    assert column(reading, "activity", "period") == ["Apr 2024", "May 2024"]


def test_a_population_of_six_digits_is_no_period() -> None:
    reading = held("Area,Population\nBrent,202404\nCamden,202405")
    assert column(reading, "population", "persons") == ["202404.0", "202405.0"]


# Sexes


def test_letters_of_sexes() -> None:
    reading = held("Borough,Sex,Population\nCamden,M,100\nCamden,F,110\nCamden,P,210")
    assert column(reading, "population", "sex") == ["male", "female", ""]
    assert "M as male, F as female" in said(reading)


def test_numbers_of_sexes_are_read_and_said() -> None:
    reading = held("Borough,Gender,Age,Population\nCamden,1,0,100\nCamden,2,0,110\nCamden,9,0,3")
    assert column(reading, "population", "sex") == ["male", "female", "not known"]
    assert "1 is male, 2 is female" in said(reading)


def test_zero_is_everyone_where_it_is_the_sum_of_the_sexes() -> None:
    reading = held("Borough,Sex,Persons\nBrent,0,30\nBrent,1,10\nBrent,2,20\nCamden,0,70\nCamden,1,30\nCamden,2,40")
    assert column(reading, "population", "sex") == ["", "male", "female", "", "male", "female"]


def test_zero_is_not_known_where_it_is_no_sum() -> None:
    reading = held("Borough,Sex,Persons\nBrent,0,3\nBrent,1,10\nBrent,2,20")
    assert column(reading, "population", "sex") == ["not known", "male", "female"]


def test_the_census_s_own_numbers_of_sexes_are_not_taken_for_the_nhs_s() -> None:
    reading = held("Area,Sex (2 categories) Code,Observation\nBrent,1,30\nBrent,2,10")
    assert set(column(reading, "indicators", "sex")) == {""}


def test_letters_under_another_heading_are_no_sexes() -> None:
    reading = held("Area,Rating,Population\nBrent,M,30\nCamden,F,10")
    assert set(column(reading, "population", "sex")) == {""}


# Ages


def test_ages_in_the_words_of_the_census_across() -> None:
    reading = held(
        """Borough,Aged under 1 year,Aged 4 years and under,Aged 5 to 9 years,Age 16 and over,Aged 85 years and over
        Brent,1,10,20,30,40
        Camden,2,11,21,31,41"""
    )
    assert column(reading, "indicators", "age_band")[::2] == ["0", "0-4", "5-9", "16+", "85+"]


def test_ages_in_the_words_of_the_census_down() -> None:
    reading = held("Borough,Age,Persons\nBrent,Aged 15 years and under,10\nBrent,Aged 16 to 24 years,11\nBrent,Aged 65 years and over,12")
    assert column(reading, "population", "age_band") == ["0-15", "16-24", "65+"]


# Percentages


@pytest.mark.parametrize("unit", ["%", "Percent", "Per cent", "Percentage"])
def test_a_unit_beside_the_figures_that_says_percent_makes_them_shares(unit: str) -> None:
    reading = held(f"Area,Period,Indicator,Unit,Value\nBrent,2022/23,Depression,{unit},7.1\nCamden,2022/23,Depression,{unit},8.6")
    assert column(reading, "indicators", "value") == ["0.071", "0.086"]
    assert set(column(reading, "indicators", "unit")) == {"share"}
    assert "12.5 in such a row is 12.5%" in said(reading)


def test_rows_of_other_units_stay_as_they_are() -> None:
    reading = held(
        """Area,Period,Indicator,Unit,Value
        Brent,2022,Obesity,%,12.5
        Brent,2022,Waiting,days,12.5
        Brent,2022,Change,%,-130
        Brent,2022,Smoking,%,12.5%
        Camden,2022,Obesity,%,*"""
    )
    assert column(reading, "indicators", "value") == ["0.125", "12.5", "-1.3", "0.125", "nan"]
    assert column(reading, "indicators", "unit") == ["share", "days", "share", "share", "share"]
    assert column(reading, "indicators", "suppressed") == ["", "", "", "", "value"]


def test_shares_that_are_shares_already_stay_and_it_is_said() -> None:
    reading = held("Area,Period,Indicator,Unit,Value\nBrent,2022/23,Depression,%,0.071\nCamden,2022/23,Depression,%,0.086")
    assert column(reading, "indicators", "value") == ["0.071", "0.086"]
    assert "no figure of these rows is above 1" in said(reading)


def test_figures_under_a_heading_that_says_percent_are_not_divided_twice() -> None:
    reading = held("Area,Period,Indicator,Unit,Value (%)\nBrent,2022/23,Depression,%,7.1\nCamden,2022/23,Depression,%,8.6")
    assert column(reading, "indicators", "value") == ["0.071", "0.086"]


def test_measures_that_say_percent_are_shares_each_decided_by_itself() -> None:
    rows = (("Percentage_Recovery", 48.3), ("Count_Referrals", 900), ("Proportion seen in 28 days", 0.7), ("Percentage point change", 1.2),
            ("Beds occupied (%)", 112))  # fmt: skip
    text = "Borough,Year,Measure,Value\n" + "\n".join(f"Brent,2024/25,{measure},{value}" for measure, value in rows)
    frame = read(text.encode(), "long.csv").tables["indicators"]
    assert list(zip(frame["measure"], frame["value"], frame["unit"], strict=True)) == [
        ("Percentage recovery", 0.483, "share"), ("Count referrals", 900, ""), ("Proportion seen in 28 days", 0.7, "share"),
        ("Percentage point change", 1.2, ""), ("Beds occupied (%)", 1.12, "share"),
    ]  # fmt: skip
