"""Structured logs: one JSON object a line, with a request id, and never with what people wrote.

Values of exceptions are left out too: a database error quotes the row, a validation error the input.
"""

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from gateway.settings import Settings

QUIET = ("httpx", "httpx2", "httpcore", "uvicorn.access")
"""Libraries whose lines would hold addresses with ids in them."""


def configure(settings: Settings) -> None:
    """Set up logging for this process, for our lines and for those of libraries."""
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_formatter(settings.log_format))
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_values,
    ]


def _formatter(log_format: str) -> logging.Formatter:
    renderer: Processor = structlog.dev.ConsoleRenderer() if log_format == "text" else structlog.processors.JSONRenderer()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(), processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    )


def without_values(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the places in the code that it came through."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)][-12:]
    return event
