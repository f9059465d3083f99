"""What runs in the middle of a select: it finds the select not begun, waiting, or over, and never in between."""

import pytest
from children import python

from gochan.runtime import COMPILED

needs_c = pytest.mark.skipif(not COMPILED, reason="a handler or finalizer may come in a step of the Python engine")

PRELUDE = """
    import gc, signal, sys, threading, weakref
    from functools import partial
    from gochan import *
    from gochan import runtime, time
    from tricks import *

    def handle(signum, act):
        signal.signal(signum, lambda signum, frame: act())
"""


def program(text: str) -> str:
    return PRELUDE + text


@needs_c
def test_a_finalizer_sends_while_the_timer_of_a_select_is_set() -> None:
    """The select returns what was sent, and its goroutine can wait again."""
    python(
        program("""
    def main():
        ch, sent, received = Chan(), 0, 0

        def act():
            nonlocal sent
            sent += select(send(ch, 1), default)[0] == 0

        gc.collect()
        gc.freeze()
        for n in range(20_000):
            # Another number of them each time, so that the collection comes at another object.
            for _ in range(n % 13):
                Garbage(act)
            gc.set_threshold(n % 31 + 1)
            received += select(recv(ch), timeout(1e-6))[0] == 0
        gc.set_threshold(0)
        assert sent == received > 0, (sent, received)
        go(ch.send, 2)
        assert ch.recv() == 2
        print("over")

    run(main)
    """)
    ).check("over\n")


@needs_c
def test_a_handler_sends_while_the_timer_of_a_select_is_set() -> None:
    python(
        program("""
    def main():
        ch, sent, received = Chan(), 0, 0

        def act():
            nonlocal sent
            sent += select(send(ch, 1), default)[0] == 0

        handle(signal.SIGUSR1, act)
        for _ in range(200):
            received += during(signal.SIGUSR1, partial(select, recv(ch), timeout(1e-5)))[0] == 0
        assert sent == received, (sent, received)
        go(ch.send, 2)
        assert ch.recv() == 2
        print("over")

    run(main)
    """)
    ).check("over\n")


ONE_SLOT = """
    def main():
        ch = Chan(1)
        ticker = time.new_ticker(1e-6)
        ours = theirs = received = 0

        def act():
            nonlocal theirs
            theirs += select(send(ch, 1), default)[0] == 0

        def drain():
            nonlocal received
            while select(recv(ch), default)[0] == 0:
                received += 1

        gc.collect()
        gc.freeze()
        {setup}
        for n in range({times}):
            {poll}
            drain()
        {end}
        drain()
        assert ours + theirs == received, f"sent {{ours}} + {{theirs}}, received {{received}}"
        assert ours and theirs, (ours, theirs)
        print("over")

    run(main)
"""


@needs_c
def test_a_handler_takes_the_slot_that_a_select_has_found() -> None:
    """A ticker is among the cases, and whether it is due has to be found out."""
    python(
        program(
            ONE_SLOT.format(
                times=2000,
                setup="handle(signal.SIGUSR1, act)",
                poll="ours += (during(signal.SIGUSR1, partial(select, send(ch, 0), recv(ticker.c)))[0] == 0)",
                end="pass",
            )
        )
    ).check("over\n")


@needs_c
def test_a_finalizer_takes_the_slot_that_a_select_has_found() -> None:
    poll = """
            for _ in range(n % 7):
                Garbage(act)
            gc.set_threshold(n % 17 + 1)
            ours += select(send(ch, 0), recv(ticker.c))[0] == 0
            gc.set_threshold(0)"""
    python(program(ONE_SLOT.format(times=20_000, setup="pass", poll=poll, end="pass"))).check("over\n")


def test_a_thread_takes_the_slot_that_a_select_has_found() -> None:
    setup = """
        sys.setswitchinterval(1e-6)
        over = False

        def work():
            while not over:
                act()

        thread = threading.Thread(target=work)
        thread.start()"""
    poll = "ours += select(send(ch, 0), recv(ticker.c))[0] == 0"
    end = """
        over = True
        thread.join()"""
    times = 20_000 if COMPILED else 2000
    python(program(ONE_SLOT.format(times=times, setup=setup, poll=poll, end=end))).check("over\n")


@needs_c
@pytest.mark.parametrize("other", ["timeout(5)", "recv(time.new_ticker(5).c)"], ids=["timeout", "ticker"])
def test_a_handler_that_waits_while_a_select_leaves_its_queues(other: str) -> None:
    """It may wait, or is refused with the RuntimeError that says why; the select has what it received."""
    python(
        program(f"""
    refused = waited = 0

    def act():
        global refused, waited
        try:
            select(recv(Chan()), timeout(1e-3))
            waited += 1
        except RuntimeError as e:
            assert "a blocking call in a finalizer or callback" in str(e), e
            refused += 1

    def main():
        handle(signal.SIGUSR1, act)
        for n in range(50):
            ch, told = Chan(), Chan(1)
            go(lambda: told.send(select(recv(ch), {other})))
            runtime.gosched()
            ch.send(n)
            # The receiver runs next, with the signal pending.
            during(signal.SIGUSR1, runtime.gosched)
            assert told.recv() == (0, n, True)
        assert runtime.num_goroutine() == 1, runtime.stack(all=True)
        assert refused + waited == 50, (refused, waited)
        print("over")

    run(main)
    """)
    ).check("over\n")


@needs_c
@pytest.mark.parametrize("other", ["timeout(5)", "recv(time.new_ticker(5).c)"], ids=["timeout", "ticker"])
def test_a_handler_that_raises_while_a_select_leaves_its_queues(other: str) -> None:
    """The value is received, or in the channel again; nobody else refers to it."""
    python(
        program(f"""
    class Value:
        pass

    def main():
        refs = []
        for n in range(50):
            ch, told = Chan(), Chan(2)

            def receiver():
                results = []
                try:
                    results.extend(map(select, [recv(ch)], [{other}]))
                except Alarm:
                    pass
                told.send(results)

            go(receiver)
            runtime.gosched()
            value = Value()
            refs.append(weakref.ref(value))
            ch.send(value)
            del value
            try:
                during(signal.SIGALRM, runtime.gosched)
            except Alarm:
                pass
            results = in_spite_of(Alarm, told.recv)
            if results:
                assert type(results[0][1]) is Value
            else:
                index, value, _ = select(recv(ch), default)
                assert index == 0, "the value was lost"
                del value
            del results, ch, told, receiver
        gc.collect()
        assert runtime.num_goroutine() == 1, runtime.stack(all=True)
        assert not any(ref() for ref in refs), sum(ref() is not None for ref in refs)
        print("over")

    run(main)
    """)
    ).check("over\n")


def test_a_canceled_receive_of_a_task_leaves_nothing() -> None:
    python(
        program("""
    import asyncio
    from collections import Counter
    from gochan import aio

    async def cancel(n):
        ch = Chan()
        for i in range(n):
            # One that waits; one that was chosen; one that has not begun.
            task = asyncio.ensure_future(aio.recv(ch))
            await asyncio.sleep(0)
            if i % 2:
                assert select(send(ch, 1), default)[0] == 0
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                pass
            if i % 2:
                assert await aio.recv(ch) == 1
        # Those that were chosen have had their turn.
        for _ in range(3):
            await asyncio.sleep(0.002)

    def count():
        gc.collect()
        return len(gc.get_objects())

    def main():
        aio.await_(cancel(100))
        before = count()
        aio.await_(cancel(1000))
        more = count() - before
        assert more < 50, (more, Counter(type(o).__name__ for o in gc.get_objects()).most_common(5))
        assert runtime.num_goroutine() == 1
        print("over")

    run(main)
    """)
    ).check("over\n")
