"""What is typed on a command line or into a batch file, and what it means."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import arguments, nearest, wishing
from console.arguments import Written, WrittenRules
from core.catalog import Catalog, Office, Service
from core.contact import Contact
from core.errors import BadInput
from core.wishes import DayRange, HourRange, Mode, WishRules

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ERIKA = Written(services=("1063475",), contact=Contact("Erika", "Muster", "erika@example.org"))
CATALOG = Catalog(
    services=(Service(id=1063475, name="Wohnsitzanmeldung"), Service(id=1063453, name="Reisepass")),
    offices=(
        Office(id=54261, name="Bürgerbüro Pasing"),
        Office(id=102522, name="Bürgerbüro Orleansplatz"),
    ),
    relations=(),
)


@pytest.mark.parametrize(
    "written", ["2026-12-01", "2026-12-1", "01.12.2026", "1.12.2026", "1. 12. 2026", " 1.12.2026 "]
)
def test_days_are_read_as_the_world_and_as_germany_write_them(written: str) -> None:
    assert arguments.day(written, field="from") == date(2026, 12, 1)


@pytest.mark.parametrize(
    "written", ["", "tomorrow", "2026-13-01", "31.11.2026", "12/01/2026", "1.12.26", "2026-12-01T10"]
)
def test_what_is_no_day_is_refused_with_its_field(written: str) -> None:
    with pytest.raises(BadInput) as refused:
        arguments.day(written, field="latest")
    assert refused.value.field == "latest"


@given(st.dates())
def test_every_day_is_read_back_from_both_ways_to_write_it(day: date) -> None:
    german = f"{day.day}.{day.month}.{day.year:04}"

    assert arguments.day(f"{day.year:04}-{day.month:02}-{day.day:02}", field="from") == day
    assert arguments.day(german, field="from") == day


def test_several_ranges_of_days_are_paired_in_order() -> None:
    ranges = arguments.day_ranges(["2026-12-01", "2026-12-14"], ["2026-12-04", "18.12.2026"])

    assert ranges == (
        DayRange(first=date(2026, 12, 1), last=date(2026, 12, 4)),
        DayRange(first=date(2026, 12, 14), last=date(2026, 12, 18)),
    )


@pytest.mark.parametrize(
    ("firsts", "lasts", "field"),
    [(["2026-12-01"], [], "to"), ([], ["2026-12-01"], "from"), (["2026-12-02"], ["2026-12-01"], "to")],
)
def test_a_range_without_its_other_end_or_turned_round_names_the_end(
    firsts: list[str], lasts: list[str], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        arguments.day_ranges(firsts, lasts)
    assert refused.value.field == field


@pytest.mark.parametrize("written", ["08:00-12:00", "8-12", "8:00–12", " 08:00-12:00 "])
def test_hours_without_weekdays_are_those_of_every_day(written: str) -> None:
    assert arguments.hours(written) == (HourRange(start=time(8), end=time(12)),)


@pytest.mark.parametrize(
    ("written", "weekdays"),
    [
        ("mon-fri 8-12", [0, 1, 2, 3, 4]),
        ("mo,mi 8-12", [0, 2]),
        ("Mo-Mi, fri 8-12", [0, 1, 2, 4]),
        ("so 8-12", [6]),
        ("mon,mon-tue 8-12", [0, 1]),
    ],
)
def test_hours_on_weekdays_are_one_range_for_each(written: str, weekdays: list[int]) -> None:
    ranges = arguments.hours(written)

    assert [one.weekday for one in ranges] == weekdays
    assert {(one.start, one.end) for one in ranges} == {(time(8), time(12))}


def test_midnight_at_the_end_of_a_day_may_be_written_as_24() -> None:
    (evening,) = arguments.hours("18-24")

    assert evening.holds(datetime(2026, 12, 1, 23, 59))  # noqa: DTZ001 - hours know no zone


@pytest.mark.parametrize(
    "written",
    ["", "8", "8-", "8-25", "8:61-9", "12-8", "8-8", "xyz 8-12", "fri-mon 8-12", "mon- 8-12-14", "mon,,tue 8-9"],
)
def test_what_are_no_hours_is_refused(written: str) -> None:
    with pytest.raises(BadInput) as refused:
        arguments.hours(written)
    assert refused.value.field == "hours"


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("90m", timedelta(minutes=90)),
        ("24h", timedelta(days=1)),
        ("2 d", timedelta(days=2)),
        ("1W", timedelta(weeks=1)),
    ],
)
def test_spans_of_time_are_read(written: str, span: timedelta) -> None:
    assert arguments.span(written, field="notice") == span


@pytest.mark.parametrize("written", ["", "2", "h", "-2h", "2 years", "1.5h", "9999999d"])
def test_what_is_no_span_is_refused(written: str) -> None:
    with pytest.raises(BadInput, match="is not a span of time"):
        arguments.span(written, field="notice")


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-12-01", datetime(2026, 12, 1, 23, tzinfo=UTC)),
        ("2027-03-27", datetime(2027, 3, 27, 23, tzinfo=UTC)),
        ("2027-03-28", datetime(2027, 3, 28, 22, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_the_end_of_its_day_in_munich(day: str, end: datetime) -> None:
    assert arguments.end_of(day, field="until") == end


@pytest.mark.parametrize("written", ["", "automatic", "AUTO"])
def test_an_unknown_mode_is_refused_with_those_there_are(written: str) -> None:
    with pytest.raises(BadInput, match="There are: notify"):
        arguments.mode(written)


def test_offices_keep_the_order_of_preference_and_count_once() -> None:
    assert arguments.office_ids(["54261", "102522", "54261"]) == (54261, 102522)


@pytest.mark.parametrize("written", ["pasing", "", "-1", "54261.0", "٥٤٢٦١"])
def test_what_is_no_number_of_an_office_is_refused(written: str) -> None:
    with pytest.raises(BadInput) as refused:
        arguments.office_ids([written])
    assert refused.value.field == "office"


def test_a_wish_is_read_as_a_whole() -> None:
    wish = wishing.read(
        Written(
            services=("1063475=2", "1063453"),
            offices=("54261",),
            contact=Contact(" Erika ", "Muster", "erika@example.org", phone="089 123-4567"),
            rules=WrittenRules(
                from_=("2026-12-01",),
                to=("2026-12-18",),
                exclude=("2026-12-08",),
                hours=("mon-tue 8-12",),
                notice="24h",
                latest="2026-12-17",
            ),
            mode="notify",
            until="2026-12-16",
        ),
        now=NOW,
    )

    assert [str(one) for one in wish.services] == ["1063475=2", "1063453"]
    assert (wish.office_ids, wish.mode, wish.contact.phone) == ((54261,), Mode.NOTIFY, "0891234567")
    assert wish.deadline == datetime(2026, 12, 16, 23, tzinfo=UTC)
    assert wishing.in_words(wish.rules) == {
        "days": "2026-12-01 to 2026-12-18",
        "excluded": "2026-12-08",
        "hours": "mon 08:00-12:00, tue 08:00-12:00",
        "notice": "24h",
        "latest": "2026-12-17",
    }


@pytest.mark.parametrize("written", ["8:00-12:00", "mon 08:00-24:00"])
def test_hours_told_back_can_be_typed_again(written: str) -> None:
    rules = WishRules(hours=arguments.hours(written))

    assert arguments.hours(wishing.in_words(rules)["hours"]) == rules.hours


def test_a_wish_that_limits_nothing_tells_no_rules() -> None:
    assert wishing.in_words(wishing.read(ERIKA, now=NOW).rules) == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"services": ()}, "service"),
        ({"services": ("1063475=0",)}, "service"),
        ({"contact": replace(ERIKA.contact, first_name=" ")}, "first name"),
        ({"contact": replace(ERIKA.contact, mail="erika+x@example.org")}, "mail"),
        ({"language": "fr"}, "language"),
        ({"rules": WrittenRules(latest="2026-11-23")}, "latest"),
        ({"rules": WrittenRules(from_=("2026-11-01",), to=("2026-11-23",))}, "days"),
        ({"until": "2026-11-23"}, "until"),
        ({"until": "9999-12-31"}, "until"),
    ],
)
def test_what_cannot_be_wished_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        wishing.read(replace(ERIKA, **changes), now=NOW)
    assert refused.value.field == field


def test_today_is_not_yet_the_past() -> None:
    typed = WrittenRules(latest="24.11.2026")

    assert wishing.read(replace(ERIKA, rules=typed), now=NOW).rules.latest == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("services", "offices", "field", "hint"),
    [
        (["wonsitz"], [], "service", "Nearest: Wohnsitzanmeldung (1063475)."),
        (["1063475"], ["54261", "orleans"], "office", "Bürgerbüro Orleansplatz (102522)"),
        (["qqqq"], [], "service", "Nothing is called like it."),
    ],
)
def test_a_name_instead_of_a_number_is_answered_with_the_nearest(
    services: list[str], offices: list[str], field: str, hint: str
) -> None:
    with pytest.raises(BadInput) as refused:
        nearest.refuse_names(CATALOG, services=services, offices=offices)
    assert refused.value.field == field
    assert hint in str(refused.value)


def test_numbers_are_no_names() -> None:
    nearest.refuse_names(CATALOG, services=["1063475=2"], offices=["54261"])
