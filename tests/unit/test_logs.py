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


def test_the_http_client_that_writes_urls_is_silenced() -> None:
    logs.set_up(level="info", style="json")
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
