"""Calls made at the same moment, each on a connection of its own."""

import threading

from django.core.exceptions import ValidationError
from django.db import connection

from commissioning.services.conflict import Conflict


def at_once(*calls):
    """Each call in a thread and a connection of its own, let go together; what each gave or raised."""
    gate, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            gate.wait(timeout=10)
            outcomes[number] = call()
        except (Conflict, ValidationError) as refused:
            outcomes[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes
