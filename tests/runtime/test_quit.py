"""SIGQUIT: every goroutine's stack, and status 2, as Go's runtime does."""

import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from time import sleep

import pytest

from gochan import run
from gochan._engine.interrupt import on_quit

Python = Callable[[str], "Popen[str]"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")


def sleeps(process: "Popen[str]") -> bool:
    """Ask the kernel whether all threads sleep; where it does not say, they do after a moment."""
    try:
        stats = [stat.read_text() for stat in Path(f"/proc/{process.pid}/task").glob("*/stat")]
    except OSError:
        # One has just ended.
        return False
    return all(stat.rpartition(")")[2].split()[0] == "S" for stat in stats)


def quit_(process: "Popen[str]", asleep: bool = False) -> tuple[str, str]:
    """Send SIGQUIT after the line "ready", and when it sleeps; return the rest of the output."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    # Not only for as long as one of its threads waits for another to start.
    looks = 0
    while asleep and looks < 10:
        sleep(0.005)
        looks = looks + 1 if sleeps(process) else 0
    process.send_signal(signal.SIGQUIT)
    return process.communicate(timeout=100)


PROGRAM = """
    import asyncio
    import time
    from gochan import *
    from gochan import aio, thread
    from gochan.runtime import gosched

    def receiving():
        try:
            Chan[int]().recv()
        finally:
            print("unwound")

    def main():
        go(receiving)
        gosched()
        go(select, timeout(3600))
        print("ready")
        {wait}

    run(main)
"""

# What main does; the state that it is shown in, and whether the process sleeps then.
WAITS = {
    "all asleep": ("Chan[int]().recv()", "chan receive", True),
    "computing": ("while True: pass", "running", False),
    "in a blocking call": ("time.sleep(3600)", "running", True),
    "switching": ("while True: gosched()", None, False),
    "in an event loop": ("aio.await_(asyncio.sleep(3600))", "await", True),
    "in a thread": ("thread.call(time.sleep, 3600)", "thread call", True),
    "printing": ("while True: print('x' * 5000)", "running", False),
}


@pytest.mark.parametrize("where", WAITS)
def test_every_goroutine_is_shown(python: Python, where: str) -> None:
    wait, state, asleep = WAITS[where]
    process = python(PROGRAM.format(wait=wait))
    out, err = quit_(process, asleep)
    assert process.returncode == 2
    # Nothing is unwound: the process is over.
    assert "unwound" not in out
    assert err.startswith("SIGQUIT: quit\n\n")
    stacks = dict(re.findall(r"^goroutine (\d+) \[(.*)\]:$", err, re.MULTILINE))
    assert set(stacks) == {"1", "2", "3"}
    assert stacks["2"] == "chan receive"
    assert state in (stacks["1"], None)
    if asleep:
        assert f"in main\n    {wait}\n" in err
    assert "in receiving\n    Chan[int]().recv()\ncreated by goroutine 1 at\n" in err
    assert "/gochan/runtime/" not in err


def test_what_was_printed_comes_first(python: Python) -> None:
    """It is not lost in a buffer."""
    program = """
        import sys
        from gochan import Chan, go, run, select, timeout

        def main():
            print("ready", flush=True)
            sys.stdout.write("not flushed")
            select(timeout(3600))

        sys.stdout.reconfigure(line_buffering=False, write_through=False)
        run(main)
    """
    process = python(program)
    out, err = quit_(process, asleep=True)
    assert out == "not flushed"
    assert "goroutine 1 [select]:" in err


def test_outside_run_it_has_the_systems_effect(python: Python) -> None:
    program = """
        import resource
        import time
        from gochan import Chan, run

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        run(lambda: None)
        Chan[int](1).send(1)
        print("ready")
        time.sleep(3600)
    """
    process = python(program)
    assert quit_(process) == ("", "")
    assert process.returncode == -signal.SIGQUIT


def test_the_users_own_handler_stays() -> None:
    calls: list[int] = []

    def mine(signum: int, frame: object) -> None:
        calls.append(signum)

    was = signal.signal(signal.SIGQUIT, mine)
    try:
        run(signal.raise_signal, signal.SIGQUIT)
        assert signal.getsignal(signal.SIGQUIT) is mine
    finally:
        signal.signal(signal.SIGQUIT, was)
    assert calls == [signal.SIGQUIT]


def test_the_handler_goes_with_the_program() -> None:
    was = signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    try:
        assert run(lambda: signal.getsignal(signal.SIGQUIT)) is on_quit
        assert signal.getsignal(signal.SIGQUIT) is signal.SIG_DFL
        with pytest.raises(ZeroDivisionError):
            run(lambda: 1 // 0)
        assert signal.getsignal(signal.SIGQUIT) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGQUIT, was)


def test_a_program_in_another_thread(python: Python) -> None:
    """Its goroutines are shown anyway, by what handles SIGQUIT in the main thread."""
    program = """
        import signal, threading, time
        from gochan import Chan, run, select, timeout
        from gochan._engine.interrupt import on_quit

        started = threading.Event()

        def main():
            started.set()
            select(timeout(3600))

        signal.signal(signal.SIGQUIT, on_quit)
        threading.Thread(target=run, args=(main,), daemon=True).start()
        started.wait()
        time.sleep(0.01)
        print("ready")
        time.sleep(3600)
    """
    process = python(program)
    _, err = quit_(process)
    assert process.returncode == 2
    assert "goroutine 1 [select]:" in err
