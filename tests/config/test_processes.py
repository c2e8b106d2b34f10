"""Whose process it is: a number that another program bears by now is left alone."""

import os
import subprocess
import time

import psutil
import pytest

from scripts.processes import SAME_START, Ledger, Started, end, is_alive

# A child of its own that outlives it, as a server's workers would.
FAMILY = ["sh", "-c", "sleep 60 & sleep 60"]


@pytest.fixture
def family():
    process = subprocess.Popen(FAMILY, start_new_session=True)
    while len(psutil.Process(process.pid).children()) < 2:
        time.sleep(0.01)
    children = psutil.Process(process.pid).children()
    yield process, children
    for left in [process, *children]:
        try:
            left.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()


def living(processes):
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_process_ends_with_all_that_it_started(family):
    process, children = family
    first = psutil.Process(process.pid)
    end(Started.now(process.pid), patience=5)
    assert living([first, *children]) == []


def test_what_a_killed_process_left_behind_is_found(family):
    process, children = family
    started = Started.now(process.pid)
    process.kill()
    process.wait()
    assert len(living(children)) == 2
    end(started, patience=5)
    assert living(children) == []


def test_a_number_that_came_round_again_is_left_alone(family):
    process, children = family
    earlier = Started(process.pid, Started.now(process.pid).at - SAME_START - 1)
    assert not is_alive(earlier)
    end(earlier, patience=1)
    assert process.poll() is None
    assert len(living(children)) == 2


def test_a_process_that_does_not_listen_is_killed():
    command = ["sh", "-c", "trap '' TERM; echo deaf; sleep 60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout.readline() == b"deaf\n"
        deaf = psutil.Process(process.pid)
        end(Started.now(process.pid), patience=0.2)
        assert living([deaf]) == []


def test_a_later_run_ends_the_processes_of_an_earlier_one(tmp_path, family):
    process, children = family
    earlier = Ledger(tmp_path / "demo.json")
    earlier.open(starter=os.getpid(), postgres=4711, postgres_is_ours=True)
    earlier.entry.processes["web server"] = Started.now(process.pid)
    earlier._write()
    later = Ledger(tmp_path / "demo.json")
    later.end_leftovers()
    process.wait()
    assert living(children) == []
    assert later.left_behind == 4711
    assert list(tmp_path.iterdir()) == []


def test_two_runs_cannot_begin_at_once(tmp_path):
    Ledger(tmp_path / "demo.json").open(starter=os.getpid(), postgres=None, postgres_is_ours=False)
    with pytest.raises(FileExistsError):
        Ledger(tmp_path / "demo.json").open(starter=os.getpid(), postgres=None, postgres_is_ours=False)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"supervisor": {"pid": 1}}'])
def test_a_file_half_written_names_nobody(tmp_path, text):
    (tmp_path / "demo.json").write_text(text)
    ledger = Ledger(tmp_path / "demo.json")
    assert ledger.others_entry() is None
    ledger.end_leftovers()
    assert list(tmp_path.iterdir()) == []
