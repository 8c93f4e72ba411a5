"""Logging of the web server, the indexer and the commands, configured in this one place."""

import logging
import re
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from biobank.settings import Settings

_HANDLER_NAME = "biobank"
#: Control characters and separators of lines but the line feed.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
#: Applied to each line, also to those of libraries, which use `logging`.
_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to the standard error of the moment, which a test or a runner may replace."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.name = _HANDLER_NAME

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def configure(settings: Settings) -> None:
    """Write lines of Biobank from `log_level` on, and warnings of libraries, to standard error."""
    handler = _StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=_renderers(settings))
    )
    root = logging.getLogger()
    root.handlers = [*(other for other in root.handlers if other.name != _HANDLER_NAME), handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("biobank").setLevel(settings.log_level.upper())


def _renderers(settings: Settings) -> list[Processor]:
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if settings.log_format == "json":
        return [
            remove_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
            _escape_controls,
        ]
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0, pad_level=False
    )
    return [remove_meta, plain, _escape_controls]


def _escape_controls(_logger: Any, _method: str, line: Any) -> str:
    """Return the text of a line such that what a message contains cannot look like another line.

    Further lines, as of a traceback, are indented; other control characters are escaped.
    """
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", line).replace("\n", "\n    ")
