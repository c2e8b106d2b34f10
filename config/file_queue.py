"""The job queue of one machine without a server: a folder of files.

Kombu's own file transport drops a message as soon as a worker takes it, so a worker that is killed
loses the job. Here a message taken lies in a second folder until the job is done, and
`return_unfinished` puts it back before the next worker starts. A message appears whole or not at
all. Installations with more than one machine set REDIS_URL instead.
"""

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads


def file_queue_options(folder: Path) -> dict[str, Any]:
    """Celery's broker_transport_options; makes the folders, since no server is there to make them."""
    for name in ("messages", "taken", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "processed_folder": str(folder / "taken"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.05,  # seconds
    }


def return_unfinished(folder: Path) -> int:
    """Put back what a killed worker had taken; only for a time when no worker runs. Returns how many."""
    unfinished = sorted((folder / "taken").glob("*.msg"))
    for message in unfinished:
        message.rename(folder / "messages" / message.name)
    return len(unfinished)


class QoS(virtual.QoS):
    def ack(self, delivery_tag: str) -> None:
        super().ack(delivery_tag)
        self.channel.done_with(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        super().reject(delivery_tag, requeue=requeue)
        self.channel.done_with(delivery_tag)


class Channel(filesystem.Channel):
    QoS = QoS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken: dict[str, Path] = {}

    def done_with(self, delivery_tag: str) -> None:
        """Forget a message that was worked off, refused or put back."""
        if message := self.taken.pop(delivery_tag, None):
            message.unlink(missing_ok=True)

    def _put(self, queue: str, payload: dict, **kwargs: Any) -> None:  # type: ignore[override]  # Kombu names it two ways
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        unseen = Path(self.data_folder_out) / f"{name}.part"
        unseen.write_text(dumps(payload))
        unseen.rename(unseen.with_name(name))

    def _get(self, queue: str, timeout: float | None = None) -> dict:
        for message in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            if message.name.partition(".")[2] != f"{queue}.msg":
                continue
            try:
                taken = message.rename(Path(self.processed_folder) / message.name)
            except FileNotFoundError:  # another worker was faster
                continue
            payload = loads(taken.read_text())
            self.taken[payload["properties"]["delivery_tag"]] = taken
            return payload
        raise Empty()

    def _restore(self, message: Any) -> None:
        super()._restore(message)
        self.done_with(message.delivery_tag)


class Transport(filesystem.Transport):
    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        # Kombu's own remembers bindings for the whole process, of whatever folder: a message to a
        # folder that it does not know then goes nowhere, without an error.
        self.state = virtual.BrokerState()
