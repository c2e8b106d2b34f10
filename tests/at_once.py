"""Calls made at the same moment, or one while another is under way, each on a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from commissioning.services.conflict import Conflict

Call = Callable[[], Any]


def at_once(*calls: Call) -> list[Any]:
    """Each call in a thread of its own, let go together; what each gave, or with what it was refused."""
    gate = threading.Barrier(len(calls))

    def let_go(call: Call) -> Any:
        gate.wait(timeout=60)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(lambda call: _outcome(lambda: let_go(call)), calls))


def while_under_way(first: Call, then: Call) -> tuple[Any, Any]:
    """What both gave, or with what ``then`` was refused: it begins once ``first`` is done but not yet written down.

    Only when the database says that it waits for ``first`` does that end its transaction.
    """
    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            given = first()
            waiting = thread.submit(_outcome, then)
            while not _somebody_waits_for_us():
                assert not waiting.done(), f"it did not wait: {_said(waiting)}"
        return given, waiting.result()


def _outcome(call: Call) -> Any:
    try:
        return call()
    except (Conflict, ValidationError) as refused:
        return refused
    finally:
        connection.close()


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def _said(done: Future[Any]) -> str:
    return repr(done.exception() or done.result())
