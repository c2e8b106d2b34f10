"""How much a download makes a process grow, in one of its own.

``python -m bench.memory EMAIL SMALL LARGE`` opens the small address first, so that all that is loaded once is there,
and prints how far the large one's highest moment lies above what the process then held, in MB of resident memory.
It asks Linux.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bench.worlds import World

_MB: Final = 1 << 20


def growth(world: "World", email: str, *, small: str, large: str) -> float:
    from bench.worlds import PROJECT

    surroundings = os.environ | {"DATABASE_URL": world.url, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = [sys.executable, "-m", "bench.memory", email, small, large]
    run = subprocess.run(command, cwd=PROJECT, env=surroundings, check=True, capture_output=True, text=True)  # noqa: S603
    return float(run.stdout.splitlines()[-1])


def main(email: str, small: str, large: str) -> None:
    import django
    import psutil

    django.setup()
    from bench.queries import client_of

    client = client_of(email)
    for _ in range(2):
        _read_through(client, small)
    before = psutil.Process().memory_info().rss
    _read_through(client, large)
    print((_highest() - before) / _MB)


def _read_through(client: object, address: str) -> None:
    """Piece by piece, as a web server sends it on."""
    answer = client.get(address)  # type: ignore[attr-defined]
    if answer.status_code != 200:
        raise LookupError(f"{address} answered {answer.status_code}")
    for _ in answer.streaming_content:
        pass
    answer.close()


def _highest() -> int:
    """Bytes that this program held at most. What getrusage says would count the program that started it, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
