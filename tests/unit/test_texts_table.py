"""The table of texts in the documents is the one of the bot."""

from bot import texts
from tests.texts_table import TABLE, table


def test_the_documents_have_every_text_as_it_is() -> None:
    assert TABLE.read_text("utf-8") == table(), "make it anew: python -m tests.texts_table"


def test_a_row_has_the_key_and_both_languages() -> None:
    rows = [line for line in table().splitlines() if line.startswith("| `")]

    agree = next(row for row in rows if row.startswith("| `start.agree`"))
    assert agree == f"| `start.agree` | {texts.words('de')['start']['agree']} | {texts.words('en')['start']['agree']} |"
    assert all(row.replace("\\|", "").count("|") == 4 for row in rows)
    assert len(rows) > 150
