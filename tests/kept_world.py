"""What tests begin with is built by the services once a process; every later test gets the same by one statement.

Building takes hundreds of statements. The rows that it wrote are kept and written again, history and grants included;
so are its files, and the objects that point at the rows are copied.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from tests.rows import Rows, may_put_triggers_to_sleep, row_counts

Built = TypeVar("Built")


@dataclass(frozen=True)
class Kept:
    objects: bytes
    rows: Rows
    files: dict[Path, bytes]


_kept: dict[Callable[[], Any], Kept] = {}


def again(build: Callable[[], Built]) -> Built:
    """What ``build`` gives, and all that it wrote, for this test alone.

    Built anew where the database may not write with its triggers asleep.
    """
    if build not in _kept:
        return _build_and_keep(build)
    kept = _kept[build]
    kept.rows.write()
    for name, content in kept.files.items():
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return pickle.loads(kept.objects)  # noqa: S301  (written by this process)


def _build_and_keep(build: Callable[[], Built]) -> Built:
    before, files_before = row_counts(), _files()
    built = build()
    if may_put_triggers_to_sleep():
        written = [table for table, count in row_counts().items() if count != before[table]]
        assert not any(before[table] for table in written), "what is kept is written into empty tables only"
        root = Path(settings.MEDIA_ROOT)
        files = {name: (root / name).read_bytes() for name in _files() - files_before}
        _kept[build] = Kept(pickle.dumps(built), Rows.of(written), files)
    return built


def _files() -> set[Path]:
    root = Path(settings.MEDIA_ROOT)
    return {path.relative_to(root) for path in root.rglob("*") if path.is_file()}
