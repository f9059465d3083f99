"""run: main's result, what ends a program, and what becomes of the goroutines that are left."""

import gc
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from subprocess import Popen
from types import TracebackType
from typing import Any

import pytest

import gochan
from gochan import Chan, Deadlock, Panic, default, defer, defers, go, recv, run, select
from gochan._engine.run import end_implicit
from gochan._engine.traceback import line_of
from gochan.runtime import goexit, gosched, num_goroutine, stack

OURS = gochan.__file__.removesuffix("__init__.py")


def user_lines(tb: TracebackType | None) -> list[str]:
    """List the functions of a traceback, and the engine's as "-", several in a row as one."""
    names: list[str] = []
    for frame in traceback.extract_tb(tb):
        engine = frame.filename.startswith((OURS, "gochan/"))
        name = "-" if engine else frame.name
        if not engine or names[-1:] != ["-"]:
            names.append(name)
    return names


# --- main's result ----------------------------------------------------------------------------------------


def test_result_and_arguments() -> None:
    assert run(lambda: 5) == 5
    assert run(lambda *args, **kwargs: (args, kwargs), 1, 2, main=3) == ((1, 2), {"main": 3})
    assert run(int, "7") == 7


def test_several_runs() -> None:
    for i in range(3):
        ch = Chan[int]()

        def main(i: int = i, ch: Chan[int] = ch) -> int:
            go(ch.send, i)
            # Goroutines are numbered again, and nothing is left of the last run.
            assert num_goroutine() == 2
            return ch.recv()

        assert run(main) == i


def test_a_channel_outlives_its_program() -> None:
    ch = Chan[int](3)
    run(lambda: ch.send(1))
    run(lambda: ch.send(2))
    assert run(lambda: [ch.recv(), ch.recv()]) == [1, 2]


def test_a_goroutine_that_is_left_receives_nothing_in_the_next_program() -> None:
    ch = Chan[int]()

    def main() -> None:
        go(ch.recv)
        go(lambda: select(recv(ch)))
        gosched()

    run(main)
    assert select(gochan.send(ch, 1), default)[0] == 1


def test_run_in_a_running_program() -> None:
    def main() -> None:
        for f in (lambda: run(main), lambda: run(lambda: None)):
            with pytest.raises(RuntimeError, match=r"^run: a program runs already; start .* with go\(f\)$"):
                f()

    def outer() -> str:
        main()
        done = Chan[None]()

        @go
        def _() -> None:
            main()
            done.send(None)

        done.recv()
        return "unharmed"

    assert run(outer) == "unharmed"


def test_run_in_a_goroutine_of_a_program_without_run() -> None:
    ch = Chan[str]()

    @go
    def _() -> None:
        try:
            run(lambda: None)
        except RuntimeError as e:
            ch.send(str(e))

    assert ch.recv() == "run: called in a goroutine; start another with go(f)"


# --- without run ------------------------------------------------------------------------------------------


def test_without_run() -> None:
    ch = Chan[int]()
    log: list[str] = []

    @go
    def _() -> None:
        try:
            while True:
                log.append(f"got {ch.recv()}")
        finally:
            log.append("unwound")

    ch << 1
    ch << 2
    gosched()
    assert log == ["got 1", "got 2"]
    # A run makes this code's goroutines its own, and ends them.
    run(lambda: ch.send(3))
    assert log == ["got 1", "got 2", "unwound"]


def test_without_run_an_exception_comes_out_of_the_call_that_waits() -> None:
    log: list[str] = []

    def stay() -> None:
        try:
            Chan[None]().recv()
        finally:
            log.append("unwound")

    def fail() -> None:
        raise ValueError("no luck")

    for _ in range(2):
        go(stay)
        go(fail)
        with pytest.raises(ValueError, match="no luck") as info:
            Chan[int]().recv()
        assert info.value.__notes__[0].endswith("\n    go(fail)")
        # That program is over; the next call begins another.
        assert num_goroutine() == 1
        ch = Chan[int]()
        go(ch.send, 6)
        assert num_goroutine() == 2
        assert ch.recv() == 6
        go(fail)
        with pytest.raises(ValueError, match="no luck"):
            gosched()
    assert log == []


def test_without_run_goroutines_are_unwound_when_one_fails() -> None:
    log: list[str] = []

    @go
    def _() -> None:
        try:
            Chan[None]().recv()
        finally:
            log.append("unwound")

    gosched()
    go(int, "three")
    with pytest.raises(ValueError, match="three"):
        select(recv(Chan[int]()))
    assert log == ["unwound"]


def test_without_run_a_deadlock_can_be_survived() -> None:
    ch = Chan[int]()
    with pytest.raises(Deadlock):
        ch.recv()
    go(ch.send, 4)
    assert ch.recv() == 4
    with pytest.raises(Deadlock):
        ch.send(1)
    # The value that was not sent is gone, and no goroutine waits any more.
    assert select(recv(ch), default) == (1, None, False)


def test_a_script_without_run_unwinds_at_its_end(python: Callable[[str], Popen[str]]) -> None:
    program = """
        from gochan import Chan, go
        from gochan.runtime import gosched

        @go
        def _():
            try:
                Chan().recv()
            finally:
                print("unwound")

        gosched()
        print("end")
    """
    out, err = python(program).communicate(timeout=100)
    assert (out, err) == ("end\nunwound\n", "")


def test_the_end_of_the_process_unwinds() -> None:
    """What that script's end calls; in a program, or in none, it does nothing."""
    log: list[str] = []

    @go
    def _() -> None:
        try:
            end_implicit()
            Chan[int]().recv()
        finally:
            log.append("unwound")

    gosched()
    assert log == []
    end_implicit()
    assert log == ["unwound"]
    end_implicit()
    run(end_implicit)


# --- exceptions -------------------------------------------------------------------------------------------


def test_an_exception_in_main() -> None:
    def inner() -> None:
        raise KeyError("k")

    def main() -> None:
        inner()

    with pytest.raises(KeyError) as info:
        run(main)
    assert user_lines(info.tb) in (
        ["test_an_exception_in_main", "-", "main", "inner"],
        ["test_an_exception_in_main", "main", "inner"],
    )
    assert not hasattr(info.value, "__notes__")


def test_an_exception_in_a_goroutine() -> None:
    def inner() -> None:
        raise KeyError("k")

    def worker() -> None:
        inner()

    def main() -> None:
        go(worker)
        Chan[int]().recv()

    with pytest.raises(KeyError) as info:
        run(main)
    assert user_lines(info.tb) in (
        ["test_an_exception_in_a_goroutine", "-", "worker", "inner"],
        ["test_an_exception_in_a_goroutine", "worker", "inner"],
    )
    where = f'"{__file__}", line {main.__code__.co_firstlineno + 1}, in {main.__qualname__}'
    assert info.value.__notes__ == [
        f"in goroutine 2, created by goroutine 1 at\n  File {where}\n    go(worker)"
    ]


def test_a_fault_of_the_engine_shows_the_users_lines_only() -> None:
    def worker() -> None:
        ch = Chan[int]()
        ch.close()
        ch.close()

    def main() -> None:
        go(worker)
        gosched()

    with pytest.raises(Panic) as info:
        run(main)
    names = user_lines(info.tb)
    assert names[-1] == "worker"
    assert names.count("-") <= 1


def test_engine_frames_in_the_middle_are_left_out() -> None:
    @defers
    def middle(f: Callable[[], None]) -> None:
        f()

    def inner() -> None:
        raise KeyError("k")

    def main() -> None:
        middle(inner)

    with pytest.raises(KeyError) as info:
        run(main)
    assert [name for name in user_lines(info.tb) if name != "-"][-3:] == ["main", "middle", "inner"]
    assert user_lines(info.tb)[-3:] == ["main", "middle", "inner"]


def test_the_goroutine_of_a_goroutine() -> None:
    def child() -> None:
        raise ValueError("child")

    def parent() -> None:
        go(child)

    def main() -> None:
        go(print, end="")
        go(parent)
        Chan[int]().recv()

    with pytest.raises(ValueError, match="child") as info:
        run(main)
    (note,) = info.value.__notes__
    assert note.startswith("in goroutine 4, created by goroutine 3 at\n")
    assert note.endswith("parent\n    go(child)")


def test_a_note_without_a_place() -> None:
    """go called by C has no line to show."""

    def main() -> None:
        go(go, int, "three")
        gosched()
        gosched()

    with pytest.raises(ValueError, match="three") as info:
        run(main)
    assert info.value.__notes__ == ["in goroutine 3, created by goroutine 2"]


def test_an_exception_that_takes_no_notes() -> None:
    """It is raised anyway."""
    e = ValueError("no luck")
    e.__notes__ = "not a list"

    def fail() -> None:
        raise e

    def main() -> None:
        go(fail)
        gosched()

    with pytest.raises(ValueError) as info:
        run(main)
    assert info.value is e


def test_a_place_without_a_line() -> None:
    """The first line of the function has to do."""
    code = user_lines.__code__
    assert line_of(code, 10**6) == code.co_firstlineno


@pytest.mark.parametrize("exc", [SystemExit(3), KeyboardInterrupt(), MemoryError(), StopIteration(1)])
@pytest.mark.parametrize("place", ["main", "goroutine"])
def test_any_exception_ends_the_program(exc: BaseException, place: str) -> None:
    def fail() -> None:
        raise exc

    def main() -> None:
        if place == "main":
            fail()
        go(fail)
        gosched()

    with pytest.raises(type(exc)) as info:
        run(main)
    assert info.value is exc


def test_main_is_unwound_when_a_goroutine_fails() -> None:
    log: list[str] = []

    def fail() -> None:
        raise ValueError("no luck")

    def main() -> None:
        defer(log.append, "deferred")
        go(fail)
        try:
            Chan[int]().recv()
        except Exception:
            log.append("an Exception")
        finally:
            log.append("finally")

    with pytest.raises(ValueError, match="no luck"):
        run(main)
    # main's deferred calls don't run: in Go, the program is gone.
    assert log == ["finally"]


def test_main_cannot_hold_up_the_end() -> None:
    """Waiting again while it is unwound raises again, and what main makes of that changes nothing."""
    log: list[str] = []

    def fail() -> None:
        raise ValueError("no luck")

    def main() -> int:
        go(fail)
        for _ in range(3):
            try:
                Chan[int]().recv()
            except BaseException as e:
                log.append(type(e).__name__)
        go(log.append, "never")
        return 5

    with pytest.raises(ValueError, match="no luck"):
        run(main)
    assert log == ["Unwind"] * 3
    assert run(num_goroutine) == 1


def test_the_first_exception_counts() -> None:
    def fail(i: int) -> None:
        raise ValueError(i)

    def main() -> None:
        for i in range(3):
            go(fail, i)
        gosched()

    with pytest.raises(ValueError, match=r"^2\n"):
        run(main)


def test_an_exception_of_main_while_another_ends_the_program() -> None:
    """What main raises while it is unwound does not hide why it was."""

    def fail() -> None:
        raise ValueError("the reason")

    def main() -> None:
        go(fail)
        try:
            gosched()
        finally:
            raise KeyError("while unwound")

    with pytest.raises(ValueError, match="the reason"):
        run(main)


def test_exit_status_and_report_of_a_script(python: Callable[[str], Popen[str]]) -> None:
    program = """
        from gochan import Chan, go, run

        def worker():
            raise ValueError("no luck")

        def main():
            go(worker)
            Chan().recv()

        run(main)
    """
    process = python(program)
    out, err = process.communicate(timeout=100)
    assert process.returncode == 1
    assert out == ""
    assert "ValueError: no luck\nin goroutine 2, created by goroutine 1 at\n" in err
    assert err.endswith(", in main\n    go(worker)\n")


# --- the goroutines that are left -------------------------------------------------------------------------


@contextmanager
def logged(log: list[str], name: str) -> Any:
    try:
        yield
    finally:
        log.append(name)


def test_goroutines_that_are_left_are_unwound() -> None:
    log: list[str] = []

    def main() -> str:
        ch = Chan[int]()

        def receiver() -> None:
            with logged(log, "receiver"):
                ch.recv()

        def selecting() -> None:
            try:
                select(recv(ch), recv(None))
            finally:
                log.append("selecting")

        @defers
        def deferring() -> None:
            defer(log.append, "deferred in a function")
            with logged(log, "deferring"):
                ch.recv()

        def in_entry() -> None:
            defer(log.append, "deferred in the entry")
            with logged(log, "in_entry"):
                deferring()

        def yielding() -> None:
            with logged(log, "yielding"):
                while True:
                    gosched()

        def ended() -> None:
            with logged(log, "ended"):
                pass

        for f in (receiver, selecting, in_entry, yielding, ended):
            go(f)
        gosched()
        go(log.append, "never started")
        log.append("main")
        return "result"

    assert run(main) == "result"
    assert log[:2] == ["ended", "main"]
    assert sorted(log[2:]) == ["deferring", "in_entry", "receiver", "selecting", "yielding"]
    gc.collect()
    assert len(log) == 7


def test_an_unwinding_goroutine_that_waits_again_is_ended() -> None:
    log: list[str] = []

    def main() -> None:
        ch = Chan[int]()

        @go
        def _() -> None:
            try:
                ch.recv()
            finally:
                log.append("first")
                try:
                    gosched()
                finally:
                    log.append("second")
                    select(recv(ch))
                    log.append("never")

        gosched()

    run(main)
    assert log == ["first", "second"]


def test_what_an_unwinding_goroutine_may_still_do() -> None:
    """Only what does not block: send into a buffer, close, defer; a goroutine that it starts never runs."""
    log: list[object] = []

    @defers
    def deferring() -> None:
        defer(log.append, "never, too")
        log.append("in a function")

    buffered = Chan[int](1)
    closed = Chan[int]()

    def main() -> None:
        @go
        def _() -> None:
            try:
                Chan[int]().recv()
            finally:
                buffered.send(1)
                closed.close()
                go(log.append, "never")
                log.append(select(recv(Chan[int]()), default))
                log.append(stack().splitlines()[0])
                deferring()

        go(lambda: log.append(closed.recv_ok()))
        gosched()

    run(main)
    assert log == [(1, None, False), "goroutine 2 [running]:", "in a function"]
    assert buffered.recv() == 1
    assert closed.recv_ok() == (0, False)


def test_a_goroutine_that_catches_its_unwinding() -> None:
    """It ends anyway: its deferred calls don't run, and no goroutine runs after it."""
    log: list[str] = []

    def main() -> int:
        ch = Chan[int](1)

        @defers
        def catching() -> str:
            defer(log.append, "deferred in a function")
            try:
                Chan[int]().recv()
            except BaseException as e:
                log.append(type(e).__name__)
            return "caught"

        def first() -> None:
            defer(log.append, "deferred in the entry")
            log.append(catching())
            ch.send(1)  # makes the second ready

        def second() -> None:
            try:
                ch.recv()
                log.append("a turn")
            finally:
                log.append("second")

        go(first)
        gosched()
        go(second)
        gosched()
        return 42

    assert run(main) == 42
    assert log == ["Unwind", "caught", "second"]


def test_an_exception_while_unwound() -> None:
    """It is raised, not swallowed; the others are unwound anyway; the first one counts."""
    log: list[str] = []

    def stay(name: str, exc: Exception | None) -> None:
        try:
            Chan[int]().recv()
        finally:
            log.append(name)
            if exc is not None:
                raise exc

    def main() -> int:
        for name, exc in (("a", None), ("b", ValueError("b")), ("c", KeyError("c")), ("d", None)):
            go(stay, name, exc)
            gosched()
        return 42

    with pytest.raises(ValueError, match="b") as info:
        run(main)
    assert log == ["a", "b", "c", "d"]
    assert info.value.__notes__[0].startswith("in goroutine 3, created by goroutine 1 at\n")
    assert run(lambda: 1) == 1


def test_goexit_while_unwound() -> None:
    log: list[str] = []

    def main() -> int:
        @go
        def _() -> None:
            try:
                Chan[int]().recv()
            finally:
                log.append("finally")
                goexit()

        gosched()
        return 42

    assert run(main) == 42
    assert log == ["finally"]


def test_a_stubborn_goroutine_is_abandoned() -> None:
    """One that catches all it is thrown and waits again, forever, does not hold up the end."""
    caught = [0]

    def main() -> int:
        @go
        def _() -> None:
            while True:
                try:
                    Chan[int]().recv()
                except BaseException:
                    caught[0] += 1

        gosched()
        return 42

    assert run(main) == 42
    tries = caught[0]
    assert 1 < tries < 1000
    gc.collect()
    assert run(lambda: 1) == 1
    assert caught[0] == tries


def test_a_script_with_a_stubborn_goroutine_ends(python: Callable[[str], Popen[str]]) -> None:
    program = """
        from gochan import Chan, go, run
        from gochan.runtime import gosched

        def stubborn():
            while True:
                try:
                    Chan().recv()
                except BaseException:
                    pass

        def main():
            go(stubborn)
            gosched()

        run(main)
        go(stubborn)
        gosched()
        print("end")
    """
    process = python(program)
    out, err = process.communicate(timeout=100)
    assert (out, err, process.returncode) == ("end\n", "", 0)


def test_unwinding_a_thousand_goroutines() -> None:
    ended: list[int] = []

    def stay(i: int) -> None:
        try:
            Chan[int]().recv()
        finally:
            ended.append(i)

    def main() -> None:
        for i in range(1000):
            go(stay, i)
        gosched()

    run(main)
    assert sorted(ended) == list(range(1000))


def test_main_may_end_in_the_middle_of_its_own_goexit() -> None:
    """After main's Goexit the others go on; when the last one ends, that is a deadlock, in Go's words."""
    log: list[str] = []

    def main() -> None:
        defer(log.append, "deferred")

        @go
        def _() -> None:
            gosched()
            assert num_goroutine() == 1
            log.append("goroutine")

        goexit()

    with pytest.raises(Deadlock) as info:
        run(main)
    assert str(info.value) == "no goroutines (main called runtime.Goexit) - deadlock!"
    assert log == ["deferred", "goroutine"]


def test_an_exception_after_mains_goexit() -> None:
    def fail() -> None:
        raise ValueError("no luck")

    def main() -> None:
        go(fail)
        goexit()

    with pytest.raises(ValueError, match="no luck"):
        run(main)
