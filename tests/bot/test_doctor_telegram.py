"""mta doctor and the bot: what Telegram says of it, and never the token."""

from pathlib import Path

import pytest

from config import settings
from config.settings import Settings
from console import checks
from console.checks import Level
from rehearsal.telegram.faults import flood
from rehearsal.telegram.judging import Refusal
from tests.telegram.server import Telegram

HOOK = "https://bot.example.org/telegram/0123456789"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MTA_DATA_DIR", str(tmp_path))
    return tmp_path


def chosen(telegram: Telegram, **changes: str) -> Settings:
    return settings.load(**{"telegram_token": telegram.token, "telegram_api": telegram.url, **changes})


def by_webhook(telegram: Telegram) -> Settings:
    return chosen(telegram, telegram_webhook=HOOK, telegram_webhook_secret="s3cret")


async def test_a_bot_that_is_well_is_named(telegram: Telegram) -> None:
    finding = await checks.telegram(chosen(telegram))

    assert finding.level is Level.OK
    assert finding.found == "Termin (@mta_test_bot), by polling, updates that wait: 0"
    assert {one.method for one in telegram.calls()} == {"getMe", "getWebhookInfo"}, "nothing is changed there"


async def test_without_a_token_all_is_well(telegram: Telegram) -> None:
    finding = await checks.telegram(chosen(telegram, telegram_token=""))

    assert (finding.level, finding.found) == (Level.OK, "no token, so no bot")
    assert telegram.calls() == []


async def test_a_token_that_telegram_does_not_know_is_named_by_its_setting(telegram: Telegram) -> None:
    wrong = "987654321:AAnotTheRightTokenAtAll_0123456789abc"

    finding = await checks.telegram(chosen(telegram, telegram_token=wrong))

    assert finding.level is Level.FAIL
    assert "MTA_TELEGRAM_TOKEN" in finding.found
    assert wrong.partition(":")[2] not in str(finding)


async def test_a_webhook_without_its_secret_is_a_sentence(telegram: Telegram) -> None:
    finding = await checks.telegram(chosen(telegram, telegram_webhook=HOOK))

    assert finding.level is Level.FAIL
    assert "MTA_TELEGRAM_WEBHOOK_SECRET" in finding.found


async def test_a_silent_telegram_is_told_apart_from_a_wrong_token(telegram: Telegram) -> None:
    async with telegram.outage():
        finding = await checks.telegram(chosen(telegram))

    assert finding.level is Level.FAIL
    assert "Telegram does not answer" in finding.found
    assert "MTA_TELEGRAM_API" in finding.mend
    assert telegram.token.partition(":")[2] not in str(finding)


@pytest.mark.parametrize("refusal", [flood(9), Refusal("Bad Gateway", code=502)], ids=["flood", "gateway"])
async def test_any_other_refusal_is_no_crash(telegram: Telegram, refusal: Refusal) -> None:
    telegram.plan("getMe", refusal)

    assert (await checks.telegram(chosen(telegram))).level is Level.FAIL


async def test_a_webhook_where_we_poll_is_a_warning_and_its_path_is_not_shown(telegram: Telegram) -> None:
    telegram.store.settled["webhook"] = {"url": HOOK}

    finding = await checks.telegram(chosen(telegram))

    assert finding.level is Level.WARN
    assert "Telegram has a webhook at bot.example.org" in finding.found
    assert "0123456789" not in finding.found


async def test_no_webhook_where_we_wait_for_it_is_a_warning(telegram: Telegram) -> None:
    finding = await checks.telegram(by_webhook(telegram))

    assert (finding.level, "by webhook" in finding.found) == (Level.WARN, True)
    assert "Telegram has no webhook" in finding.found


async def test_what_telegram_met_at_the_webhook_is_told(telegram: Telegram) -> None:
    telegram.store.settled["webhook"] = {"url": HOOK}
    telegram.behind["https://bot.example.org"] = "http://127.0.0.1:9"
    await telegram.user("Anna").send("hello")
    assert await telegram.store.until(lambda: "webhook_trouble" in telegram.store.settled, within=10)

    finding = await checks.telegram(by_webhook(telegram))

    assert finding.level is Level.WARN
    assert finding.found.endswith("updates that wait: 1; lately, at the webhook: Connection refused")


async def test_updates_that_nobody_takes_are_a_warning(telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    for number in range(checks.MANY_WAIT):
        await anna.send(str(number))

    finding = await checks.telegram(chosen(telegram))

    assert finding.level is Level.WARN
    assert "updates that wait: 20, and nobody takes them" in finding.found
