"""A hundred people at once, doing whatever comes to their minds, and whether anybody would notice what goes wrong."""

from pathlib import Path

from bot.context import Talk
from bot.conversation import Command, Conversation
from bot.markup import Html
from tests.conversations import cast, talker


async def test_nothing_that_people_do_breaks_the_bot(fresh_redis_url: str, tmp_path: Path) -> None:
    async with talker.stage(fresh_redis_url, tmp_path) as bot:
        summary = await talker.talk(bot, people=100, moves=15, seed=20261124)

    assert not summary.wrong, str(summary)
    assert summary.moves >= 100 * 15 * 0.9
    assert summary.taps > 500


async def _fails(_: Talk) -> None:
    raise ZeroDivisionError


async def _gossips(talk: Talk) -> None:
    await talk.remark(Html(f"Have you heard of {cast.name(300_000)}?"))


async def _is_silent(_: Talk) -> None:
    return


async def test_what_goes_wrong_is_noticed(fresh_redis_url: str, tmp_path: Path) -> None:
    commands = (Command("fails", _fails), Command("gossips", _gossips), Command("silent", _is_silent))
    async with talker.stage(fresh_redis_url, tmp_path) as bot:
        bot.more = (Conversation(commands=commands),)
        await bot.restart()

        summary = await talker.talk(
            bot, people=6, moves=60, seed=1, commands=("fails", "gossips", "silent"), patience=2
        )

    found = "\n".join(summary.wrong)
    for fault in ("ZeroDivisionError", "names of others", "no answer to '/silent'"):
        assert fault in found
