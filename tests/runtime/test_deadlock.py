"""Deadlock: when it is raised, where, and its report."""

import re
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from gochan import Chan, Deadlock, defer, defers, explore, go, recv, run, select, send, synctest, timeout
from gochan import trace as gotrace
from gochan.runtime import gosched
from gochan.sync import Cond, Mutex, Once, RWMutex, WaitGroup

HERE = re.escape(__file__)


def report(main: Callable[[], object]) -> list[str]:
    """Run main into its deadlock; return the report, a piece for each goroutine."""
    with pytest.raises(Deadlock) as info:
        run(main)
    head, *stacks = str(info.value).split("\n\n")
    # One blank line after the head, none between stacks but the one that ends each.
    assert head == "all goroutines are asleep - deadlock!"
    assert stacks
    assert not any("gochan/runtime" in stack for stack in stacks)
    return stacks


WAITS: dict[str, tuple[str, Callable[[], object]]] = {
    "receive": ("chan receive", lambda: Chan[int]().recv()),
    "receive ok": ("chan receive", lambda: Chan[int]().recv_ok()),
    "range": ("chan receive", lambda: list(Chan[int]())),
    "send": ("chan send", lambda: Chan[int]().send(1)),
    "lshift": ("chan send", lambda: Chan[int]() << 1),
    "select": ("select", lambda: select(recv(Chan[int]()), send(Chan[int](), 1))),
    "select nil": ("select", lambda: select(recv(None))),
    "select one": ("select", lambda: select(recv(Chan[int]()))),
    "select none": ("select (no cases)", select),
    "wait group": ("sync.WaitGroup.Wait", lambda: (wg := WaitGroup(), wg.add(1), wg.wait())),
    "mutex": ("sync.Mutex.Lock", lambda: (mu := Mutex(), mu.lock(), mu.lock())),
    "read lock": ("sync.RWMutex.RLock", lambda: (rw := RWMutex(), rw.lock(), rw.rlock())),
    "write lock": ("sync.RWMutex.Lock", lambda: (rw := RWMutex(), rw.rlock(), rw.lock())),
    "cond": ("sync.Cond.Wait", lambda: (cond := Cond(Mutex()), cond.l.lock(), cond.wait())),
    "once": ("sync.Mutex.Lock", lambda: (once := Once(), once.do(partial(once.do, print)))),
}


@pytest.mark.parametrize("wait", WAITS)
def test_the_state_of_main(wait: str) -> None:
    state, f = WAITS[wait]
    (stack,) = report(f)
    assert stack.startswith(f"goroutine 1 [{state}]:\n  File \"{__file__}\"")


@pytest.mark.parametrize("wait", WAITS)
def test_the_state_of_another_goroutine(wait: str) -> None:
    state, f = WAITS[wait]

    def main() -> None:
        go(f)
        Chan[int]().recv()

    # select itself is a function of the engine, with no line of the user's.
    own = "" if f is select else rf'  File "{HERE}", line \d+, in <lambda>\n    "{wait}": .*\n'
    main_stack, stack = report(main)
    assert main_stack.startswith("goroutine 1 [chan receive]:\n")
    assert re.fullmatch(
        rf"""goroutine 2 \[{re.escape(state)}\]:
{own}created by goroutine 1 at
  File "{HERE}", line {main.__code__.co_firstlineno + 1}, in {re.escape(main.__qualname__)}
    go\(f\)""",
        stack,
    )


def test_each_stack_is_its_own() -> None:
    """Innermost first, and through the engine's frames."""
    ch = Chan[int]()

    def inner() -> None:
        ch.recv()

    @defers
    def middle(f: Callable[[], None]) -> None:
        f()

    def sender() -> None:
        defer(print, "never")
        middle(lambda: Chan[int]().send(1))

    def main() -> None:
        go(middle, inner)
        go(sender)
        inner()

    stacks = report(main)
    functions = [re.findall(r"in (?:.*\.)?(.+)$", stack, re.MULTILINE) for stack in stacks]
    assert functions[0][:2] == ["inner", "main"]
    assert functions[0][2] == "report"
    assert functions[1] == ["inner", "middle", "main"]
    assert functions[2] == ["<lambda>", "middle", "sender", "main"]


def test_goroutines_are_sorted_and_those_that_ended_are_left_out() -> None:
    def main() -> None:
        ch = Chan[int]()
        for i in range(12):
            go(ch.recv) if i % 2 else go(int)
        gosched()
        select()

    heads = [stack.split(":")[0] for stack in report(main)]
    assert heads == ["goroutine 1 [select (no cases)]"] + [
        f"goroutine {i} [chan receive]" for i in range(3, 14, 2)
    ]


def test_it_is_raised_where_main_waits() -> None:
    def main() -> None:
        go(int)
        Chan[int]().recv()

    with pytest.raises(Deadlock) as info:
        run(main)
    last = [f for f in traceback.extract_tb(info.tb) if f.filename == __file__][-1]
    assert last.lineno == main.__code__.co_firstlineno + 2
    # What follows is the engine's, of which main's own call may be part.
    assert isinstance(info.value, RuntimeError)
    assert type(info.value).__module__ == "gochan"


def test_main_can_go_on_after_a_deadlock() -> None:
    log: list[str] = []

    def main() -> str:
        ch = Chan[int]()
        other = Chan[int]()

        @go
        def _() -> None:
            log.append(f"got {ch.recv()}")

        for wait in (other.recv, lambda: other.send(1), lambda: select(recv(other), send(other, 2)), select):
            with pytest.raises(Deadlock):
                wait()
        # main is in no queue any more, and the goroutine still waits.
        assert select(recv(other), timeout(0))[0] == 1
        assert select(send(other, 3), timeout(0))[0] == 1
        ch.send(5)
        gosched()
        return "result"

    assert run(main) == "result"
    assert log == ["got 5"]


def test_no_deadlock_while_a_timer_is_pending() -> None:
    def main() -> int:
        ch = Chan[int]()

        @go
        def _() -> None:
            select(timeout(0.002))
            ch.send(1)

        return ch.recv()

    assert run(main) == 1


def test_a_deadlock_after_the_last_timer() -> None:
    def main() -> None:
        go(select, timeout(0.002))
        select()

    (stack,) = report(main)
    assert stack.startswith("goroutine 1 [select (no cases)]")


def test_main_has_left() -> None:
    """Go's words for it; main is not among the goroutines any more."""
    from gochan.runtime import goexit

    def main() -> None:
        go(Chan[int]().recv)
        goexit()

    with pytest.raises(Deadlock) as info:
        run(main)
    head, stack = str(info.value).split("\n\n")
    assert head == "no goroutines (main called runtime.Goexit) - deadlock!"
    assert stack.startswith("goroutine 2 [chan receive]:\n")


def test_goroutines_are_unwound_after_a_deadlock() -> None:
    log: list[str] = []

    def main() -> None:
        @go
        def _() -> None:
            try:
                Chan[int]().recv()
            finally:
                log.append("unwound")

        select()

    with pytest.raises(Deadlock):
        run(main)
    assert log == ["unwound"]


def test_what_a_script_prints(python: Callable[[str], Popen[str]]) -> None:
    program = """
        from gochan import Chan, go, run

        def worker(jobs):
            for job in jobs:
                print(job)

        def main():
            jobs = Chan[int]()
            go(worker, jobs)
            jobs << 1
            jobs.recv()

        run(main)
    """
    process = python(program)
    out, err = process.communicate(timeout=100)
    assert process.returncode == 1
    assert out == "1\n"
    path = re.search(r'"(.*?program0\.py)"', err)
    assert path is not None
    report = err[err.index("gochan.Deadlock:") :].replace(path[1], "program.py")
    assert report == """\
gochan.Deadlock: all goroutines are asleep - deadlock!

goroutine 1 [chan receive]:
  File "program.py", line 12, in main
    jobs.recv()
  File "program.py", line 14, in <module>
    run(main)

goroutine 2 [chan receive]:
  File "program.py", line 5, in worker
    for job in jobs:
created by goroutine 1 at
  File "program.py", line 10, in main
    go(worker, jobs)

For a picture of what led to the deadlock: python -m gochan trace run PROG.py
"""


def test_a_picture_is_offered_beside_the_text(tmp_path: Path) -> None:
    """Not in the text, which is Go's, nor if there is one already, nor of an order that is only explored."""

    def main() -> None:
        Chan[int]().recv()

    def notes(kind: type[BaseException], f: Callable[..., object], *args: Any, **kwargs: Any) -> list[str]:
        with pytest.raises(kind) as info:
            f(*args, **kwargs)
        assert "For a picture" not in str(info.value)
        return getattr(info.value, "__notes__", [])

    offer = ["\nFor a picture of what led to the deadlock: python -m gochan trace run PROG.py"]
    assert notes(Deadlock, run, main) == offer
    assert notes(Deadlock, run, synctest.test, main) == offer
    assert notes(explore.Found, explore.check, main) == []
    with gotrace.record(tmp_path / "run.json"):
        assert notes(Deadlock, run, main) == []


def test_a_goroutine_without_a_source_line(python: Callable[[str], Popen[str]]) -> None:
    """Code typed at a prompt has no file: its lines are reported anyway."""
    program = """
        import gochan

        code = "def f():\\n    gochan.Chan().recv()\\ngochan.go(f)\\ngochan.select()"
        exec(compile(code, "<prompt>", "exec"))
    """
    process = python(program)
    _, err = process.communicate(timeout=100)
    assert (
        'goroutine 2 [chan receive]:\n  File "<prompt>", line 2, in f\n'
        'created by goroutine 1 at\n  File "<prompt>", line 3, in <module>\n'
    ) in err


def test_a_channel_from_outside_a_bubble() -> None:
    """It is named: a wait for it keeps the bubble's clock from moving on."""
    outside, other, inside = Chan[int](), Chan[str](1), Chan[int]()
    other.send("full")

    def bubble() -> None:
        nonlocal inside
        inside = Chan[int]()
        go(inside.recv)
        go(lambda: other.send("one too many"))
        go(lambda: select(recv(inside), recv(outside), timeout(1)))
        outside.recv()

    with pytest.raises(Deadlock) as caught:
        run(synctest.test, bubble)
    head, named, *_ = str(caught.value).split("\n\n")
    assert head == "all goroutines are asleep - deadlock!"
    assert named.splitlines() == [
        f"goroutine 2 waits for {outside!r}, which was made outside the bubble",
        f"goroutine 4 waits for {other!r}, which was made outside the bubble",
        f"goroutine 5 waits for {outside!r}, which was made outside the bubble",
    ]


def test_a_lock_from_outside_a_bubble_is_not_a_channel() -> None:
    mu, rw, wg, cond = Mutex(), RWMutex(), WaitGroup(), Cond(Mutex())
    wg.add(1)

    def bubble() -> None:
        mu.lock()
        rw.lock()
        cond.l.lock()
        for wait in (mu.lock, rw.lock, rw.rlock, wg.wait, cond.wait, Chan[int]().recv):
            go(wait)
        select()

    with pytest.raises(Deadlock) as caught:
        run(synctest.test, bubble)
    assert "made outside" not in str(caught.value)
