"""An operator, and what there is for them to see."""

from dataclasses import replace

from core.catalog import Catalog, Office, Service
from core.looks import Dialect
from core.slots import utc_now
from models import catalogs
from models.database import Session
from rehearsal.telegram.client import User
from tests.bot.conftest import SITE, RunningBot
from tests.models_cast import LICENCE, PASSPORT, RUPPERT

CATALOG = Catalog(
    offices=(Office(id=RUPPERT, name="Bürgerbüro Ruppertstraße"),),
    services=(
        Service(id=PASSPORT.service_id, name="Reisepass"),
        Service(id=LICENCE.service_id, name="Führerschein abholen"),
        Service(id=4711, name="Reisepass, vorläufiger"),
    ),
    relations=(),
)
OPERATOR_COMMANDS = ("/status", "/pause", "/resume", "/broadcast", "/invite", "/block")


async def operator(bot: RunningBot, *, language_code: str = "de") -> User:
    """Named by the settings, and in already; the bot is started anew for it."""
    boss = await bot.member("Boss", language_code=language_code)
    await bot.act(know_the_city)
    named = bot.parts.settings.operators | {boss.id}
    await bot.restart(settings=replace(bot.parts.settings, operators=named))
    return boss


def know_the_city(session: Session) -> None:
    catalogs.keep(session, SITE, Dialect.AUG, CATALOG, now=utc_now())
