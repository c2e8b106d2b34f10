"""One log line a happening: words for people in DEBUG, JSON with the request's id for the log store outside it."""

import logging.config
from typing import Any

import structlog


def without_request(logger: Any, method: str, line: dict[str, Any]) -> dict[str, Any]:
    """Django hangs the request itself on its lines, whose words hold all that a person searched for."""
    if not isinstance(line.get("request", ""), str):
        del line["request"]
    return line


def refusal_in_one_line(logger: Any, method: str, line: dict[str, Any]) -> dict[str, Any]:
    """A page refused is no fault of the program: its line needs no trace."""
    if line.get("level") == "warning":
        line.pop("exc_info", None)
    return line


BOTH: list[Any] = [
    structlog.contextvars.merge_contextvars,  # request_id, user_id, task_id: bound by django_structlog
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
    without_request,
    refusal_in_one_line,
    structlog.processors.StackInfoRenderer(),
]


def logging_config(*, debug: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING; lines of libraries that know nothing of structlog come out in the same form."""
    last = (
        [structlog.dev.ConsoleRenderer()]
        if debug
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": BOTH,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        # Django gives this one a handler of its own in DEBUG: one line each is enough.
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }


def configure_structlog() -> None:
    """Send structlog's own loggers through the standard library, so that one handler writes all."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *BOTH,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def configure(config: dict[str, Any]) -> None:
    """Both at once: for the worker, which Celery would otherwise give a form of its own."""
    configure_structlog()
    logging.config.dictConfig(config)
