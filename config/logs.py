"""Logging of a process: structlog over the standard library, redacted, to standard error or a rotating file."""

import logging
import logging.handlers
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import Processor

# httpx writes URLs, and Telegram's hold the token; telegram and imapclient at their loudest write what people wrote
LOUD = ("telegram", "httpx", "httpcore", "asyncio", "alembic", "uvicorn.access", "imapclient")
MUTE = ("telegram.ext.AIORateLimiter",)  # writes a traceback for each wait that Telegram asks for, which we obey
FILE_BYTES = 10_000_000
FILES_KEPT = 5
_SECRET_NAMES = re.compile(r"mail|name$|phone|auth_?key|token|secret|password|link|contact", re.IGNORECASE)
_SECRET_VALUES = re.compile(
    r"[^\s@\"'<>]+@[^\s@\"'<>]+\.\w{2,}"  # a mail address
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+"  # a JSON web token
    r"|\b[0-9a-f]{64}\b"  # the City's authKey
    r"|#/appointment/\S+"  # a link that opens an appointment
    r"|(?<!\d)\d{6,12}:[\w-]{30,}"  # a Telegram bot token, also where “bot” stands before it in an address
)
_ALLOWED_NAMES = frozenset({"logger_name", "job_name", "queue_name", "service_name", "office_name", "event"})
MASK = "…"


def set_up(*, level: str, style: str, file: Path | None = None) -> None:
    """Route everything through one formatter. `style` is json or console."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    handler = _handler(file)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, _renderer(style)],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what could tell who a person is or open their appointment, by field name and by shape."""
    for name, value in event.items():
        if name.startswith("_"):
            continue
        if name not in _ALLOWED_NAMES and _SECRET_NAMES.search(name):
            event[name] = MASK
        elif isinstance(value, str):
            event[name] = _SECRET_VALUES.sub(MASK, value)
    return event


def _handler(file: Path | None) -> logging.Handler:
    if file is None:
        return logging.StreamHandler(sys.stderr)
    file.parent.mkdir(parents=True, exist_ok=True)
    return logging.handlers.RotatingFileHandler(file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")


def _renderer(style: str) -> structlog.typing.Processor:
    if style == "console":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return structlog.processors.JSONRenderer(ensure_ascii=False)
