"""The pictures of conversations: each script still plays, and the manual shows what the bot says by now."""

from pathlib import Path

import pytest

from bot.texts import LANGUAGES
from rehearsal.telegram.client import NotSeen
from rehearsal.telegram.entities import parse
from tests.pictures import painting
from tests.pictures.__main__ import PICTURES
from tests.pictures.page import marked, page
from tests.pictures.playing import play
from tests.pictures.script import Says, Script, Taps
from tests.pictures.scripts import EVERY

MOST = 90 * 1024  # bytes of a picture
BY_NAME = {one.name: one for one in EVERY}
PAINTED = [(one.name, language) for one in EVERY for language in one.languages]


@pytest.mark.parametrize(("name", "language"), PAINTED)
async def test_the_manual_shows_the_conversation_as_it_is(
    name: str, language: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    script, picture = BY_NAME[name], PICTURES / f"{name}-{language}.png"

    frames = await play(script, language, folder=tmp_path, redis_url=fresh_redis_url)

    shown = painting.digest(page(frames, language, newest=script.newest))
    assert painting.digest_of(picture) == shown, "paint it anew: python -m tests.pictures"
    assert picture.stat().st_size <= MOST


def test_no_picture_is_left_of_a_script_that_is_gone() -> None:
    wanted = {f"{name}-{language}.png" for name, language in PAINTED}

    assert {path.name for path in PICTURES.iterdir()} == wanted


@pytest.mark.parametrize(("language", "manual"), [("de", "benutzerhandbuch.md"), ("en", "user-manual.md")])
def test_every_picture_is_in_the_manual_of_its_language(language: str, manual: str) -> None:
    text = (PICTURES.parent / manual).read_text("utf-8")

    people = [one.name for one in EVERY if not one.for_operators]
    assert [name for name in people if f"](pictures/{name}-{language}.png)" not in text] == []
    assert not any(f"-{other}.png" in text for other in LANGUAGES if other != language)


def test_the_operators_pictures_are_where_operators_read() -> None:
    text = (PICTURES.parent / "telegram.md").read_text("utf-8")

    theirs = [one.name for one in EVERY if one.for_operators]
    assert [name for name in theirs if f"](pictures/{name}-en.png)" not in text] == []


async def test_a_button_that_is_not_there_stops_the_script(fresh_redis_url: str, tmp_path: Path) -> None:
    lost = Script("lost", (Says("/language"), Taps("start.agree")))

    with pytest.raises(NotSeen, match="Ja, einverstanden"):
        await play(lost, "de", folder=tmp_path, redis_url=fresh_redis_url)


@pytest.mark.parametrize(
    "html",
    ["plain", "<b>Für Ben &amp; Eva:</b> 3 &lt; 4", "😀 <i>a<b>b</b></i> c", "<b>a</b><code>b</code>"],
)
def test_what_was_marked_is_marked_in_the_picture(html: str) -> None:
    assert marked(*parse(html)) == html


async def test_the_same_page_makes_the_same_picture() -> None:
    sheet = page([], "de", newest=1).replace("</main>", "<p>Grüß Gott</p></main>")

    async with painting.easel() as browser:
        first, again = [await painting.paint(browser, sheet) for _ in range(2)]

    assert first == again
    assert len(first) < MOST
