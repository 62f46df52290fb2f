"""A file of wishes: read row by row, whatever is broken named by row and column."""

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from console import batch_file
from console.batch_file import BrokenRow, Row, Unreadable
from console.wishing import Wish
from core.contact import Contact
from core.wishes import Mode

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HEAD = "service,first_name,last_name,mail,mandated"
GOOD = "1063475,Erika,Muster,erika@example.org,yes"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "wishes.csv"


def rows_of(file: Path, text: str, *, suffix: str = ".csv") -> list[Row]:
    path = file.with_suffix(suffix)
    path.write_text(dedent(text), "utf-8")
    return batch_file.read(path)


def wish_of(row: Row) -> Wish:
    return batch_file.wish_of(row, mandated=False, now=NOW)


EVERYTHING = {
    "service": "1063475=2 1063453",
    "office": "54261,102522",
    "from": "2026-12-01|14.12.2026",
    "to": "2026-12-04|18.12.2026",
    "exclude": "2026-12-02|2026-12-03",
    "hours": "mon-tue 8-12|fri 14-18",
    "first_name": "Erika",
    "last_name": "Muster",
    "mail": "erika@example.org",
    "phone": "089 1234567",
    "remarks": "a",
    "remarks2": "b",
    "language": "en",
    "notice": "24h",
    "latest": "2026-12-18",
    "mode": "notify",
    "until": "2026-12-17",
    "mandated": "ja",
}


def test_every_column_of_a_csv_file_reaches_the_wish(file: Path) -> None:
    assert tuple(sorted(EVERYTHING)) == tuple(sorted(batch_file.COLUMNS))
    (row,) = rows_of(file, f"{';'.join(EVERYTHING)}\n{';'.join(EVERYTHING.values())}\n")

    wish = wish_of(row)

    assert [str(one) for one in wish.services] == ["1063475=2", "1063453"]
    assert wish.office_ids == (54261, 102522)
    assert [str(one.last) for one in wish.rules.ranges] == ["2026-12-04", "2026-12-18"]
    assert len(wish.rules.excluded) == 2
    assert [one.weekday for one in wish.rules.hours] == [0, 1, 4]
    assert (wish.language, wish.mode, wish.rules.minimum_notice.days, str(wish.rules.latest)) == (
        *("en", Mode.NOTIFY, 1),
        "2026-12-18",
    )
    assert wish.deadline == datetime(2026, 12, 17, 23, tzinfo=UTC)
    assert wish.contact == Contact("Erika", "Muster", "erika@example.org", "0891234567", "a", "b")


def test_yaml_says_the_same_as_csv(file: Path) -> None:
    (from_csv,) = rows_of(
        file,
        """\
        service,office,from,to,hours,first_name,last_name,mail,phone,mandated
        1063475=2 1063453,54261,2026-12-01,2026-12-04,mon-fri 8-12,Erika,Muster,erika@example.org,0891234567,yes
        """,
    )
    (from_yaml,) = rows_of(
        file,
        """\
        - Service: [1063475=2, 1063453]
          office: 54261
          from: 2026-12-01
          to: 2026-12-04
          hours: [mon-fri 8-12]
          first_name: Erika
          last_name: Muster
          mail: erika@example.org
          phone: "0891234567"
          mandated: yes
        """,
        suffix=".yaml",
    )

    one, other = wish_of(from_csv), wish_of(from_yaml)

    assert (one.services, one.office_ids, one.rules) == (other.services, other.office_ids, other.rules)
    assert one.contact == other.contact


def test_rows_are_numbered_as_a_spreadsheet_shows_them_and_empty_ones_skipped(file: Path) -> None:
    rows = rows_of(file, f"{HEAD}\n{GOOD}\n,,,,\n{GOOD}\n")

    assert [row.number for row in rows] == [2, 4]


def test_a_file_as_excel_writes_it_is_read(file: Path) -> None:
    file.write_bytes(f"{HEAD}\r\n{GOOD}\r\n".replace(",", ";").encode("utf-8-sig"))

    (row,) = batch_file.read(file)

    assert wish_of(row).contact.mail == "erika@example.org"


def test_a_cell_in_quotes_may_hold_the_delimiter_and_a_line_break(file: Path) -> None:
    first, second = rows_of(file, f'service,first_name,last_name,mail,mandated,remarks\n{GOOD},"a, b\nc"\n{GOOD},"d"\n')

    assert wish_of(first).contact.remarks == "a, b\nc"
    assert (first.number, second.number) == (2, 3)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("abc,Erika,Muster,erika@example.org,yes", "service"),
        (",Erika,Muster,erika@example.org,yes", "service"),
        ("1063475,,Muster,erika@example.org,yes", "first_name"),
        ("1063475,Erika,,erika@example.org,yes", "last_name"),
        ("1063475,Erika,Muster,erika+x@example.org,yes", "mail"),
        ("1063475,Erika,Muster,erika@example.org,no", "mandated"),
        ("1063475,Erika,Muster,erika@example.org,", "mandated"),
        ("1063475,Erika,Muster,erika@example.org,yes,and more", "beyond the last heading"),
        ("1063475", "mandated"),
    ],
)
def test_a_broken_row_names_itself_and_its_column_and_the_next_is_read(file: Path, row: str, column: str) -> None:
    broken, good = rows_of(file, f"{HEAD}\n{row}\n{GOOD}\n")

    with pytest.raises(BrokenRow) as refused:
        wish_of(broken)

    assert (refused.value.number, refused.value.field) == (2, column)
    assert str(refused.value).startswith(f"Row 2, column {column}: ")
    assert wish_of(good).contact.first_name == "Erika"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("from", "2026-12-01"),
        ("to", "2026-12-01"),
        ("exclude", "some day"),
        ("hours", "never"),
        ("notice", "soon"),
        ("latest", "2026-11-01"),
        ("mode", "book"),
        ("until", "2026-11-01"),
        ("language", "bavarian"),
        ("office", "54x"),
        ("phone", "12"),
        ("remarks2", "x" * 251),
    ],
)
def test_each_column_is_named_when_its_cell_is_wrong(file: Path, column: str, value: str) -> None:
    (row,) = rows_of(file, f"{HEAD},{column}\n{GOOD},{value}\n")

    with pytest.raises(BrokenRow) as refused:
        wish_of(row)

    lacking = {"from": "to", "to": "from"}  # each needs the other
    assert refused.value.field == lacking.get(column, column)


def test_days_in_the_past_are_put_down_to_the_last_day(file: Path) -> None:
    (row,) = rows_of(file, f"{HEAD},from,to\n{GOOD},2026-11-01,2026-11-23\n")

    with pytest.raises(BrokenRow, match="lie in the past") as refused:
        wish_of(row)

    assert refused.value.field == "to"


def test_a_mandate_for_the_whole_file_needs_no_column(file: Path) -> None:
    (row,) = rows_of(file, "service,first_name,last_name,mail\n1063475,Erika,Muster,erika@example.org\n")

    assert batch_file.wish_of(row, mandated=True, now=NOW).language == "de"


@pytest.mark.parametrize(
    ("text", "suffix", "said"),
    [
        ("", ".csv", "is empty"),
        (HEAD, ".csv", "holds no wishes"),
        ("[]", ".yaml", "holds no wishes"),
        ("service,first_name,last_name\n1,2,3", ".csv", "lacks the column mail"),
        (f"{HEAD},oficce\n{GOOD},1", ".csv", "unknown column “oficce”. Did you mean office?"),
        (f"{HEAD},mail\n{GOOD},1", ".csv", "has the column mail twice"),
        (f'{HEAD}\n1,"2,3', ".csv", "line 2: "),
        ("- service: [", ".yml", "is not YAML: line 1, column 13"),
        ("service: 1063475", ".yaml", "is not a list of wishes"),
        ("- oficce: 1", ".yaml", "unknown column “oficce”"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(file: Path, text: str, suffix: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        rows_of(file, text, suffix=suffix)

    assert said in str(refused.value)


def test_a_file_in_another_encoding_says_how_to_save_it(file: Path) -> None:
    file.write_bytes(f"{HEAD}\n{GOOD}".replace("Muster", "Müller").encode("latin-1"))

    with pytest.raises(Unreadable, match="CSV UTF-8"):
        batch_file.read(file)


def test_a_missing_file_is_named(file: Path) -> None:
    with pytest.raises(Unreadable, match=r"wishes\.csv cannot be read: No such file"):
        batch_file.read(file)


def test_a_row_does_not_show_its_person() -> None:
    row = Row(2, {"first_name": ("Erika",)})

    assert "Erika" not in repr(row)
