"""Greenlets used directly beside goroutines: the scheduler's greenlets are its own, and it says so."""

import pytest
from children import python

PRELUDE = """
    from greenlet import GreenletExit, getcurrent, greenlet, settrace
    from gochan import *
    from gochan import runtime, time

    def works():
        ch = Chan()
        for n in range(5):
            go(ch.send, n)
        assert sorted(ch.recv() for n in range(5)) == list(range(5))
"""


def in_program(text: str) -> str:
    return PRELUDE + text.rstrip() + "\n    assert run(lambda: 7) == 7\n"


REFUSED = "RuntimeError: greenlet.switch to the greenlet of a goroutine: only the scheduler may"
# Who switches, to whom.
SWITCHES = {
    "main, to one that waits": """
        go(wait)
        runtime.gosched()
        switch()
    """,
    "main, to one that has ended": """
        go(lambda: greenlets.append(getcurrent()))
        runtime.gosched()
        switch()
        switch()
        works()
        go(wait)
        runtime.gosched()
    """,
    "a goroutine, to another": """
        go(wait)
        runtime.gosched()
        go(switch)
        runtime.gosched()
    """,
    "a goroutine, to main": """
        greenlets.append(getcurrent())
        go(switch)
        runtime.gosched()
        go(wait)
        runtime.gosched()
    """,
    "a greenlet of its own, to one that waits": """
        go(wait)
        runtime.gosched()
        try:
            greenlet(lambda: greenlets[0].switch(7)).switch()
        except RuntimeError as error:
            print("RuntimeError:", error)
    """,
}


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_to_a_goroutine(name: str) -> None:
    """It raises where it is called, and the goroutine goes on waiting."""
    child = python(
        in_program(f"""
    def main():
        ch, greenlets, got = Chan(), [], []

        def wait():
            greenlets.append(getcurrent())
            got.append(ch.recv())

        def switch():
            try:
                greenlets[0].switch(7)
            except RuntimeError as error:
                print("RuntimeError:", error)
        {SWITCHES[name]}
        assert got == [], got
        ch.send(1)
        runtime.gosched()
        assert got == [1], got
        works()

    run(main)
        """)
    )
    child.check()
    assert child.out.startswith(REFUSED), str(child)


@pytest.mark.parametrize("by", ["main", "a goroutine"])
def test_a_throw_into_a_goroutine_that_waits(by: str) -> None:
    """Its wait ends with the exception, it runs at once, and the one that threw goes on after that."""
    throw = {"main": "throw()", "a goroutine": "go(throw)"}[by]
    python(
        in_program(f"""
    def main():
        ch, greenlets, log = Chan(), [], []

        def victim():
            greenlets.append(getcurrent())
            try:
                ch.recv()
            except ValueError:
                log.append("thrown")
            log.append(ch.recv())

        def throw():
            greenlets[0].throw(ValueError)
            log.append("goes on")

        go(victim)
        runtime.gosched()
        {throw}
        for _ in range(3):
            runtime.gosched()
        ch.send(7)
        runtime.gosched()
        assert log == ["thrown", "goes on", 7], log
        works()

    run(main)
        """)
    ).check()


def test_a_throw_into_a_greenlet_whose_goroutine_has_ended() -> None:
    """No goroutine is given to it any more."""
    python(
        in_program("""
    def main():
        for exc in (GreenletExit, ValueError("raised here")):
            greenlets = []
            go(lambda: greenlets.append(getcurrent()))
            runtime.gosched()
            try:
                greenlets[0].throw(exc)
            except ValueError as error:
                print(error)
            works()

    run(main)
        """)
    ).check("raised here\n")


@pytest.mark.parametrize("call", ["switch", "throw"])
@pytest.mark.parametrize("where", ["use()", "run(use)"])
def test_a_greenlet_that_is_kept_for_the_next_program(where: str, call: str) -> None:
    """A switch to it is refused, a throw ends it; the next programs run in others."""
    child = python(
        in_program(f"""
    from gochan._engine.impl import sched
    greenlets = []

    def main():
        go(lambda: greenlets.append(getcurrent()))
        runtime.gosched()
        works()

    def use():
        try:
            greenlets[0].{call}()
        except RuntimeError as error:
            print("RuntimeError:", error)

    sched.keep_workers(True)
    try:
        run(main)
        {where}
        for _ in range(3):
            run(main)
    finally:
        sched.keep_workers(False)
        """)
    )
    child.check()
    assert child.out.startswith(REFUSED if call == "switch" else ""), str(child)


def test_what_was_picked_and_could_not_begin_is_still_the_next() -> None:
    """Also if another goroutine was made ready since; that one comes second."""
    python(
        in_program("""
    def main():
        order = []
        for name in "abc":
            go(order.append, name)

        def trace(event, args):
            settrace(None)
            go(order.append, "d")
            raise ValueError

        settrace(trace)
        try:
            Chan().recv()
        except ValueError:
            order.append("main")
        for _ in range(3):
            runtime.gosched()
        assert order == ["main", "c", "d", "a", "b"], order

    run(main)
        """)
    ).check()


def test_a_trace_function_of_greenlets_that_raises() -> None:
    """At any switch: the goroutine that it switches to gets the exception, and no other is lost."""
    python(
        in_program("""
    def main(n):
        ch, events, errors = Chan(), 0, 0

        def trace(event, args):
            nonlocal events
            events += 1
            if events == n:
                raise ValueError

        def send_all():
            nonlocal errors
            try:
                for i in range(20):
                    ch.send(i)
            except ValueError:
                # The value may have been sent.
                errors += 1
                for j in range(i + 1, 20):
                    ch.send(j)
            ch.close()

        def others():
            nonlocal errors
            try:
                runtime.gosched()
            except ValueError:
                errors += 1

        go(send_all)
        for _ in range(3):
            go(others)
        settrace(trace)
        got = []
        while True:
            try:
                v, ok = ch.recv_ok()
            except ValueError:
                errors += 1
                continue
            if not ok:
                break
            got.append(v)
        settrace(None)
        for _ in range(3):
            runtime.gosched()
        assert errors <= 1 and got == sorted(set(got)) and len(got) >= 20 - errors, (n, errors, got)
        assert runtime.num_goroutine() == 1, (n, runtime.num_goroutine())
        return errors

    def trial(n):
        try:
            return run(main, n)
        except ValueError:
            # In a goroutine that had not begun, or had ended.
            return 1
        finally:
            settrace(None)

    assert sum(map(trial, range(1, 30))) > 20
        """)
    ).check()
