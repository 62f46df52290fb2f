"""Keys in whatever people paste: bare links, whole mails, rewritten and broken addresses."""

from urllib.parse import quote

import pytest

from core.bookings import HoldKey
from portal import links

SITE = "https://stadt.example/termin.html"
KEY = HoldKey(123456, "ab12" * 16)
OTHER = HoldKey(654321, "cd34" * 16)
LINK = links.confirm_link(SITE, KEY)
MAIL = f"Guten Tag,\n\nbitte bestätigen Sie Ihren Termin:\nTermin bestätigen <{LINK}>\n\nMit freundlichen Grüßen"


@pytest.mark.parametrize(
    "text",
    [
        LINK,
        f"  {LINK}\n",
        MAIL,
        LINK.removeprefix("https://"),
        f"https://eur01.safelinks.example/?url={quote(LINK, safe='')}&data=05%7C02&reserved=0",
        f"https://mail.example/?q={quote(quote(LINK, safe=''), safe='')}",
        f"{LINK[:76]}\n{LINK[76:150]}\n{LINK[150:]}\nMit freundlichen Grüßen",
        links.appointment_link(SITE, KEY),
    ],
    ids=["bare", "spaces", "mail", "no scheme", "rewritten", "twice", "broken", "to change"],
)
def test_the_key_is_found(text: str) -> None:
    assert list(links.keys_in(text)) == [KEY]


def test_each_link_is_read() -> None:
    assert list(links.keys_in(f"{LINK} {links.confirm_link(SITE, OTHER)}")) == [KEY, OTHER]


@pytest.mark.parametrize("text", [LINK[:-40], f"{SITE}#/appointment/confirm/", f"{SITE}#/appointment/confirm/%%%"])
def test_what_is_cut_off_is_known_as_such(text: str) -> None:
    assert list(links.keys_in(text)) == [None]


@pytest.mark.parametrize("text", ["", "hello", "https://stadt.example/#/services/1063475", "appointment confirm 12"])
def test_other_words_are_left_alone(text: str) -> None:
    assert list(links.keys_in(text)) == []
