"""python -m gochan explore."""

from __future__ import annotations

import io
import os
import re
import sys
import threading
from pathlib import Path

import pytest
from children import Child, environment, finish, start

from gochan import explore as explored
from gochan.explore import cli

from .conftest import PROGRAMS

FINE = """
from gochan import Chan, go, run

def main():
    ch = Chan[int](1)
    go(ch.send, 1)
    ch.recv()
    print("done")

if __name__ == "__main__":
    run(main)
"""
HELPED = """
from gochan import run
from helper import start

run(start)
"""
HELPER = """
from gochan import sync

total = 0

def start():
    wg = sync.WaitGroup()
    wg.go(add)
    wg.go(add)
    wg.wait()

def add():
    global total
    total += 1
"""
TESTS = """
from gochan import Chan, go

def test_fine():
    ch = Chan[int](1)
    go(ch.send, 1)
    ch.recv()

class TestMore:
    def test_leak(self):
        go(Chan[int]().recv)
"""


def explore(*arguments: object, cwd: Path | None = None) -> Child:
    return finish(start(sys.executable, "-m", "gochan", "explore", *arguments, cwd=cwd, env=environment()))


def test_nothing_found(tmp_path: Path) -> None:
    (tmp_path / "fine.py").write_text(FINE)
    done = explore("fine.py", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("fine.py: all ")
    assert "schedules explored: nothing found" in done.out
    assert "done" not in done.out.splitlines()


def test_found_and_repeated() -> None:
    target = f"{PROGRAMS / 'asserts.py'}::check_then_act"
    done = explore(target)
    assert done.status == 1
    assert "an assertion failed: AssertionError: [-100]" in done.out
    command = done.out.splitlines()[-1]
    assert command.startswith(f"to repeat it: python -m gochan explore {target} --replay g1-")
    token = command.rpartition(" ")[2]
    again = explore(target, "--replay", token)
    assert again.status == 1
    steps = done.out.partition("the steps:")[2].partition("\n\n")[0]
    assert again.out.partition("the steps:")[2].strip() == steps.strip()


def test_modules_beside_the_program_are_rewritten(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(HELPED)
    (tmp_path / "helper.py").write_text(HELPER)
    done = explore("main.py", cwd=tmp_path)
    assert done.status == 1
    assert "a race on total" in done.out


ACCOUNT = """
from __future__ import annotations

from dataclasses import dataclass

from gochan import go, run, sync

@dataclass(slots=True)
class Account:
    balance: int
    mu: sync.Mutex

def main():
    account = Account(1, sync.Mutex())

    @go
    def _():
        account.balance += 1

    account.balance += 1

def test_it():
    run(main)

if __name__ == "__main__":
    test_it()
"""


@pytest.mark.parametrize("target", ["account.py", "account.py::test_it", "account.py::main"])
def test_races_may_be_no_failure(tmp_path: Path, target: str) -> None:
    (tmp_path / "account.py").write_text(ACCOUNT)
    done = explore(target, cwd=tmp_path)
    assert (done.status, done.err) == (1, "")
    assert "a race on Account.balance" in done.out
    done = explore(target, "--no-races", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert "schedules explored: nothing found" in done.out


def test_the_command_that_repeats_has_the_options(tmp_path: Path) -> None:
    (tmp_path / "fails.py").write_text(ACCOUNT + "\ndef fails():\n    main()\n    assert False\n")
    done = explore("fails.py::fails", "--no-races", cwd=tmp_path)
    assert done.status == 1
    command = done.out.splitlines()[-1].partition("python -m gochan explore ")[2].split()
    assert command[-1] == "--no-races"
    again = explore(*command, cwd=tmp_path)
    assert again.status == 1
    assert "an assertion failed" in again.out


IN_A_FOLDER = """
import sys
import tempfile
from pathlib import Path
from gochan import Chan, go, run

def main(folder):
    ch = Chan[str](1)
    go(ch.send, (folder / "it").read_text())
    return ch.recv()

with tempfile.TemporaryDirectory() as folder:
    assert Path(__file__).is_absolute()
    (Path(folder) / "it").write_text("text")
    assert run(main, Path(folder)) == "text"
sys.exit(3)
"""
NOT_REPEATABLE = """
from gochan import Chan, go, run

runs = []

def main():
    from builtins import runs
    runs.append(1)
    ch = Chan[int](3)
    for i in range(1 + len(runs) % 3):
        go(ch.send, i)
    ch.recv()

import builtins
builtins.runs = getattr(builtins, "runs", [])
run(main)
"""


def test_the_file_goes_on_after_run(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(IN_A_FOLDER)
    done = explore("it.py", cwd=tmp_path)
    assert done.status == 0, str(done)
    assert "nothing found" in done.out


def test_what_does_not_repeat_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(NOT_REPEATABLE)
    done = explore("it.py", "--no-leaks", "--runs", "50", cwd=tmp_path)
    assert done.status == 0, str(done)
    assert "warning: runs with the same decisions differ" in done.out
    assert "nothing found in 50 runs" in done.out


def test_a_file_of_tests(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    done = explore("test_it.py", cwd=tmp_path)
    assert done.status == 1
    assert "test_it.py::test_fine: all" in done.out
    assert "test_it.py::TestMore.test_leak: found in run 1: a leak" in done.out


CASES = """
import unittest
from gochan import sync

class TestMethods:
    @classmethod
    def setup_class(cls):
        cls.first = 1

    def setup_method(self, method):
        self.items = []
        self.mu = sync.Mutex()

    def teardown_method(self):
        assert len(self.items) == 2

    def test_it(self):
        wg = sync.WaitGroup()
        wg.go(self.add, self.first)
        wg.go(self.add, 2)
        wg.wait()

    def add(self, n):
        LOCKED
            self.items.append(n)

class BoxTest(unittest.TestCase):
    def setUp(self):
        self.items = {}
        self.mu = sync.Mutex()
        self.addCleanup(self.check)

    def tearDown(self):
        self.items = sorted(self.items)

    def check(self):
        self.assertEqual(self.items, ["a", "b"])

    def test_it(self):
        wg = sync.WaitGroup()
        wg.go(self.add, "a")
        wg.go(self.add, "b")
        wg.wait()

    def add(self, name):
        LOCKED
            self.items[name] = 1

def setup_function():
    global ready
    ready = True

def test_after_setup():
    assert ready

def test_with_a_fixture(tmp_path):
    pass

if __name__ == "__main__":
    unittest.main()
"""


def test_tests_are_set_up_in_each_run(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(CASES.replace("LOCKED", "with self.mu:"))
    done = explore("test_it.py", cwd=tmp_path)
    assert done.out.count(" explored: nothing found") == 3
    assert "test_it.py: test_with_a_fixture takes tmp_path;" in done.err
    assert done.status == 2


def test_races_of_tests_that_are_set_up(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(CASES.replace("LOCKED", "if True:"))
    done = explore("test_it.py", cwd=tmp_path)
    assert (
        "test_it.py::TestMethods.test_it: found in run 1: a data race: DataRace: a race on list" in done.out
    )
    assert "test_it.py::BoxTest.test_it: found in run 1: a data race: DataRace: a race on dict" in done.out
    assert done.status == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.py"], "gochan explore: missing.py: No such file or directory"),
        (["broken.py"], "gochan explore: broken.py:1: invalid syntax"),
        (["nothing.py"], "nothing.py: it does not call run(main); name a function: nothing.py::test_it"),
        (["nothing.py::f"], "nothing.py: there is no f; it has g"),
        (["nothing.py::g"], "nothing.py: g takes x; give a function without arguments"),
        (["nothing.py::x"], "nothing.py: x is 1, which is not a function"),
        (["nothing.py", "--runs", "0"], "--runs 0: give 1 or more"),
        (["nothing.py", "--seed", "-1"], "--seed -1: give 0 or more"),
        (["nothing.py", "--replay", "abc"], "--replay: 'abc' is not a replay token"),
        (["nothing.py", "--strategy", "fast"], "invalid choice: 'fast'"),
        ([], "the following arguments are required"),
    ],
)
def test_bad_input(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "broken.py").write_text("def (:\n")
    (tmp_path / "nothing.py").write_text("x = 1\ndef g(x): pass\n")
    done = explore(*arguments, cwd=tmp_path)
    assert done.status == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_a_token_of_another_program(tmp_path: Path) -> None:
    (tmp_path / "fine.py").write_text(FINE)
    done = explore("fine.py", "--replay", "g1-0-0.z", cwd=tmp_path)
    assert done.status == 2
    assert "the token does not fit" in done.err
    done = explore("fine.py", "--replay", "g1-0", cwd=tmp_path)
    done.check("done\nfine.py: this run does not fail\n", "")


def test_the_timeline_of_the_failing_run(tmp_path: Path) -> None:
    target = f"{PROGRAMS / 'deadlocks.py'}::opposite_locks"
    page = tmp_path / "run.html"
    done = explore(target, "--timeline", page)
    assert done.status == 1
    assert f"the timeline: {page}" in done.out
    assert "<title>run · gochan trace</title>" in page.read_text()
    page.unlink()
    token = done.out.splitlines()[-1].rpartition("--replay ")[2]
    again = explore(target, "--replay", token, "--timeline", page)
    assert again.status == 1
    assert page.exists()


def test_a_timeline_that_cannot_be_written(tmp_path: Path) -> None:
    target = f"{PROGRAMS / 'deadlocks.py'}::opposite_locks"
    done = explore(target, "--timeline", tmp_path / "no" / "run.html")
    assert done.status == 1
    assert "run.html: No such file or directory" in done.err
    assert "--replay g1-" in done.out


RUN_AT_ONCE = """
from gochan import Chan, go, run, sync

def main():
    wg = sync.WaitGroup()
    wg.go(print, "in main")
    wg.wait()

def leaks():
    run(main)
    go(Chan[int]().recv)

def generates():
    yield 1

async def waits():
    pass

run(main)
"""


def test_a_function_of_a_file_that_calls_run(tmp_path: Path) -> None:
    """The call of run was done without run, and ended the explorer."""
    (tmp_path / "main.py").write_text(RUN_AT_ONCE)
    fine, leaks = explore("main.py::main", cwd=tmp_path), explore("main.py::leaks", cwd=tmp_path)
    assert (fine.status, fine.err) == (0, "")
    assert fine.out.startswith("main.py::main: the only schedule explored: nothing found")
    assert (leaks.status, leaks.err) == (1, "")
    assert "a leak: " in leaks.out


@pytest.mark.parametrize("function", ["generates", "waits"])
def test_a_function_whose_call_runs_nothing(function: str, tmp_path: Path) -> None:
    """It was explored, and nothing found."""
    (tmp_path / "main.py").write_text(RUN_AT_ONCE)
    done = explore(f"main.py::{function}", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert f"{function} is a coroutine or generator function; give a plain one" in done.err
    (tmp_path / "main.py").write_text(RUN_AT_ONCE.replace("\nrun(main)\n", f"\nrun({function})\n"))
    done = explore("main.py", cwd=tmp_path)
    assert done.status == 1
    assert f"TypeError: run: {function} is a " in done.out


def test_processes_share_the_runs() -> None:
    target = f"{PROGRAMS / 'deadlocks.py'}::opposite_locks"
    found = explore(target, "-n", "2", "--strategy", "random")
    assert found.status == 1
    assert found.out.count("found in run") == 1
    again = explore(target, "--replay", found.out.splitlines()[-1].rpartition("--replay ")[2])
    assert again.status == 1
    none = explore(f"{target}_mended", "-n", "3", "--runs", "20", "--strategy", "pos")
    assert none.status == 0
    said = re.compile(
        re.escape(f"{target}_mended: nothing found in 20 runs in 3 processes, at least ")
        + r"[1-7] different schedules, [\d,]+ runs a second"
    )
    assert [line for line in none.out.splitlines() if not said.fullmatch(line)] == none.out.splitlines()[:-1]
    assert len(set(none.out.splitlines())) == len(none.out.splitlines())
    every = explore(f"{target}_mended", "-n", "2")
    assert every.status == 0
    assert "schedules explored: nothing found" in every.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-n", "0"], "--processes 0: give 1 or more"),
        (["-n", "2", "--strategy", "exhaustive"], "it is one search, for one process"),
    ],
)
def test_processes_that_do_not_work(arguments: list[str], message: str) -> None:
    done = explore(f"{PROGRAMS / 'deadlocks.py'}::opposite_locks", *arguments)
    assert done.status == 2
    assert message in done.err


STATEFUL = """
from gochan import run, sync
import state

def forward():
    with state.a, state.b:
        state.entered += 1

def back():
    with state.b, state.a:
        state.entered += 1

def main():
    assert state.entered == 0
    wg = sync.WaitGroup()
    wg.go(forward)
    wg.go(back)
    wg.wait()
    print(state.entered)

run(main)
"""
STATE = """
from gochan import sync

a, b = sync.Mutex(), sync.Mutex()
entered = 0
"""


def test_the_modules_of_a_program_are_fresh_in_each_run(tmp_path: Path) -> None:
    """The locks that a deadlock leaves locked are not those of the next run."""
    (tmp_path / "main.py").write_text(STATEFUL)
    (tmp_path / "state.py").write_text(STATE)
    done = explore("main.py", cwd=tmp_path)
    assert done.status == 1
    assert "a deadlock" in done.out
    token = done.out.split()[-1]
    again = explore("main.py", "--replay", token, cwd=tmp_path)
    assert again.status == 1
    assert "a deadlock" in again.out


SAME_NAMES = """
from gochan import run, sync
import other

count = 0
mu = sync.Mutex()

def add():
    global count
    with mu:
        count += 1

def main():
    wg = sync.WaitGroup()
    wg.go(add)
    wg.go(other.add)
    wg.wait()

run(main)
"""
OTHER = """
from gochan import sync

count = 0
mu = sync.Mutex()

def add():
    global count
    with mu:
        count += 1
"""


def test_globals_of_the_same_name_are_not_the_same(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(SAME_NAMES)
    (tmp_path / "other.py").write_text(OTHER)
    assert explore("main.py", cwd=tmp_path).status == 0


def test_a_program_that_exits(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(
        "import sys\nfrom gochan import run\n\ndef main():\n    sys.exit(3)\n\nrun(main)\n1 / 0\n"
    )
    done = explore("main.py", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert "the only schedule explored: nothing found" in done.out


def test_a_file_that_cannot_be_imported(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import gochan\n1 / 0\n")
    done = explore("main.py", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "gochan explore: main.py: it cannot be imported:\n"
        "  main.py:2: in <module>\n"
        "  ZeroDivisionError: division by zero\n"
    )


def test_what_comes_after_run_is_part_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(
        "from gochan import Chan, go, run\n\n"
        "def main():\n"
        "    ch = Chan[int](2)\n"
        "    go(ch.send, 1)\n"
        "    go(ch.send, 2)\n"
        "    return ch.recv()\n\n"
        "assert run(main) == 2\n"
    )
    done = explore("main.py", cwd=tmp_path)
    assert done.status == 1
    assert "an assertion failed" in done.out
    assert explore("main.py", "--replay", done.out.split()[-1], cwd=tmp_path).status == 1


def test_what_a_program_prints_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(
        "import logging, sys\nfrom gochan import run\n\n"
        "def main():\n"
        "    print('out')\n"
        "    print('err', file=sys.stderr)\n"
        "    logging.warning('logged')\n\n"
        "run(main)\n"
    )
    done = explore("main.py", cwd=tmp_path)
    assert (done.status, done.err, len(done.out.splitlines())) == (0, "", 1)


def test_sets_have_the_same_order_in_every_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    (tmp_path / "main.py").write_text(
        "from gochan import run\n\n"
        "def main():\n"
        "    assert not 'x', ' '.join({'alpha', 'beta', 'gamma', 'delta', 'epsilon'})\n\n"
        "run(main)\n"
    )
    texts = {explore("main.py", cwd=tmp_path).out for _ in range(3)}
    assert len(texts) == 1
    assert "an assertion failed" in texts.pop()


def test_what_the_decisions_do_not_repeat_is_no_proof(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(
        "from gochan import Chan, go, run\n"
        "import helper\n\n"
        "def main():\n"
        "    ch = Chan[int](3)\n"
        "    for i in range(next(helper.counts)):\n"
        "        go(ch.send, i)\n"
        "    go(ch.send, 1)\n"
        "    ch.recv()\n\n"
        "run(main)\n"
    )
    # The module of an installed package, which is not fresh in each run.
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "helper.py").write_text("import itertools\ncounts = itertools.cycle([0, 2, 1])\n")
    done = finish(
        start(
            sys.executable, "-m", "gochan", "explore", "main.py", cwd=tmp_path,
            env={**environment(), "PYTHONPATH": f"{folder}{os.pathsep}{PROGRAMS.parents[2]}"},
        )
    )  # fmt: skip
    assert done.status == 0
    assert "runs with the same decisions differ" in done.out
    assert "all " not in done.out.splitlines()[-1]


def test_a_goroutine_that_does_not_get_to_an_operation_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Lock()
    ended.acquire()

    class Said(io.StringIO):
        def write(self, text: str) -> int:
            n = super().write(text)
            if text.endswith("\n"):
                ended.release()
            return n

    said = Said()
    monkeypatch.setattr(sys, "stderr", said)

    def main() -> None:
        ended.acquire(timeout=10)

    with cli._Watch("main.py", 0.01):
        explored.check(main, runs=1)
    assert re.fullmatch(
        r"gochan explore: main\.py: at test_cli\.py:\d+ a goroutine has run for 0\.01 seconds without an "
        r"operation of gochan, and no other goroutine can run\n",
        said.getvalue(),
    )
