"""`make bench`, or `python -m bench --sizes S,M --only pages --rounds 15`: build, serve, measure, print one table."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR"}


def main() -> int:
    import django

    django.setup()
    from bench.running import PARTS, run
    from config import embedded_postgres

    chosen = _arguments(list(PARTS)).parse_args()
    begun = time.monotonic()
    try:
        complaints = run(
            sizes=chosen.sizes.split(","),
            rounds=chosen.rounds,
            only=chosen.only.split(","),
            write=chosen.write,
            plans_to=chosen.plans,
            migrated=chosen.migrated,
        )
    finally:
        if embedded_postgres.started_here:
            embedded_postgres.stop_unless_used()
    print(f"\nMeasured in {time.monotonic() - begun:.0f} seconds.")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def _arguments(parts: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", default="S,M,L", help="which worlds, smallest first: S,M,L")
    parser.add_argument("--rounds", type=int, default=21, help="how often everything takes its turn")
    parser.add_argument("--only", default=",".join(parts), help=f"which parts: {','.join(parts)}")
    parser.add_argument("--write", type=Path, help="the page of the notes whose tables are written anew")
    parser.add_argument("--plans", type=Path, help="the folder that the plans of the hot statements are written to")
    parser.add_argument("--migrated", help="a migrated database to copy, instead of running the migrations")
    return parser


if __name__ == "__main__":
    sys.exit(main())
