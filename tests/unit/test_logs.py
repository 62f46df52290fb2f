import json
import logging
from pathlib import Path

import structlog

from config import logs

KEY = "0123456789abcdef" * 4


def test_personal_and_secret_values_never_reach_the_log(tmp_path: Path) -> None:
    file = tmp_path / "logs" / "worker.log"
    logs.set_up(level="info", style="json", file=file)
    structlog.get_logger().info(
        "booking.held", mail="anna@example.org", note=f"wrote to anna@example.org with {KEY}", office_id=10489,
        link="https://example.org/#/appointment/confirm/abc",
    )  # fmt: skip
    logging.getLogger("foreign").warning(
        "opened https://example.org/#/appointment/eyJpZCI6MX0= for %s", "anna@example.org"
    )
    logging.shutdown()

    written = file.read_text()
    assert "anna" not in written
    assert KEY not in written
    assert "eyJpZCI6MX0" not in written
    first = json.loads(written.splitlines()[0])
    assert (first["event"], first["office_id"], first["mail"]) == ("booking.held", 10489, logs.MASK)


def test_libraries_that_write_addresses_and_messages_are_silenced() -> None:
    logs.set_up(level="debug", style="json")
    for name in ("httpx", "httpcore.connection", "telegram.ext.ExtBot", "telegram.Bot"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_a_bots_token_is_hidden_alone_and_in_an_address(tmp_path: Path) -> None:
    file = tmp_path / "bot.log"
    logs.set_up(level="info", style="json", file=file)
    token = "123456789:AAFakeTokenThatOnlyTestsUse_0123456789"
    try:
        int(f"https://api.telegram.org/bot{token}/getMe")  # an error that quotes it
    except ValueError:
        structlog.get_logger().exception("telegram.failed", said=f"token {token}")
        logging.getLogger("foreign").exception("at https://api.telegram.org/file/bot%s/x", token)
    logging.shutdown()

    assert "getMe" in file.read_text()
    assert token not in file.read_text()
