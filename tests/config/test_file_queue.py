"""The queue without a server: a message is lost by nobody, not even by a worker that is killed."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from kombu import Connection

from config.file_queue import Transport, file_queue_options, return_unfinished

ROOT = Path(__file__).resolve().parents[2]
A_WORKER = """
    import os, time
    from pathlib import Path
    from config.celery import app
    from config.file_queue import file_queue_options

    folder = Path(__file__).parent
    app.conf.broker_url = "files://"
    app.conf.broker_transport_options = file_queue_options(folder / "queue")
    app.conf.task_acks_late = True

    @app.task(name="write_down")
    def write_down(what):
        with (folder / "begun").open("a") as begun:
            begun.write(what + "\\n")
        if not (folder / "quickly").exists():
            time.sleep(60)
        with (folder / "done").open("a") as done:
            done.write(what + "\\n")
"""


@pytest.fixture
def queue(tmp_path):
    """A queue on a folder, and the folder."""
    folder = tmp_path / "queue"
    with Connection(transport=Transport, transport_options=file_queue_options(folder)) as connection:
        simple = connection.SimpleQueue("jobs")
        yield simple, folder
        simple.close()


def files(folder: Path, name: str) -> int:
    return len(list((folder / name).iterdir()))


def test_a_message_taken_stays_until_it_is_worked_off(queue):
    jobs, folder = queue
    jobs.put({"contract": "CS-0147"})
    message = jobs.get(timeout=1)
    assert message.payload == {"contract": "CS-0147"}
    assert (files(folder, "messages"), files(folder, "taken")) == (0, 1)
    message.ack()
    assert (files(folder, "messages"), files(folder, "taken")) == (0, 0)


def test_a_message_put_back_is_there_once(queue):
    jobs, folder = queue
    jobs.put({"contract": "CS-0147"})
    jobs.get(timeout=1).requeue()
    assert (files(folder, "messages"), files(folder, "taken")) == (1, 0)
    assert jobs.get(timeout=1).payload == {"contract": "CS-0147"}


def test_a_message_refused_is_gone(queue):
    jobs, folder = queue
    jobs.put({"contract": "CS-0147"})
    jobs.get(timeout=1).reject()
    assert (files(folder, "messages"), files(folder, "taken")) == (0, 0)


def test_messages_come_in_the_order_they_were_sent(queue):
    jobs, _ = queue
    for number in range(20):
        jobs.put(number)
    taken = [jobs.get(timeout=1) for _ in range(20)]
    assert [message.payload for message in taken] == list(range(20))


def test_a_message_half_written_is_not_seen(queue):
    jobs, folder = queue
    (folder / "messages" / "1_a.jobs.msg.part").write_text('{"half')
    with pytest.raises(jobs.Empty):
        jobs.get(timeout=0.2)


def worker(folder: Path) -> subprocess.Popen:
    command = ["-m", "celery", "-A", "jobs", "worker", "--concurrency=1", "--loglevel=ERROR"]
    return subprocess.Popen(
        [sys.executable, *command, "--without-gossip", "--without-mingle", "--without-heartbeat"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}:{ROOT}", "DEBUG": "true"},
        start_new_session=True,
    )


def wait_for(path: Path, text: str) -> None:
    end = time.monotonic() + 60
    while not path.exists() or path.read_text() != text:
        assert time.monotonic() < end, f"{path.name} never became {text!r}"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_job_outlives_the_worker_that_is_killed(tmp_path):
    (tmp_path / "jobs.py").write_text(textwrap.dedent(A_WORKER))
    first = worker(tmp_path)
    try:
        send = "import jobs; jobs.write_down.delay('CS-0147')"
        environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}", "DEBUG": "true"}
        subprocess.run([sys.executable, "-c", send], cwd=tmp_path, env=environment, check=True)
        wait_for(tmp_path / "begun", "CS-0147\n")
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert not (tmp_path / "done").exists()
    assert return_unfinished(tmp_path / "queue") == 1
    (tmp_path / "quickly").touch()
    second = worker(tmp_path)
    try:
        wait_for(tmp_path / "done", "CS-0147\n")
    finally:
        second.terminate()
        second.wait(timeout=30)
    assert (files(tmp_path / "queue", "messages"), files(tmp_path / "queue", "taken")) == (0, 0)
