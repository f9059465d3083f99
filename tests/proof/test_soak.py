"""Soak: what goes in comes out, each once, and nothing grows, however long it runs."""

import gc

from graph import Graph
from memory import MB, resident
from sizes import Sizes

from gochan import Chan, context, go, run, sync, time
from gochan._engine.impl import sched
from gochan.context import _Cancel
from gochan.runtime import gosched, num_goroutine

# What memory may do after the first minute: the allocator's fragments come and go.
SLACK = 8 * MB


def test_messages_through_a_changing_graph(size: Sizes) -> None:
    """Producers, relays, fan-out, fan-in, selects; nodes leave and others join, all the time."""
    graph = Graph(size.messages, size.seconds, seed=6)
    first = last = most = 0

    def watch() -> None:
        nonlocal first, last, most
        last = resident()
        if graph.elapsed() >= min(60, size.seconds / 10):
            first = first or last
            most = max(most, last)

    graph.run(watch)
    seconds = graph.elapsed()
    print(
        f"\n{graph.sent:,} messages in, {graph.received:,} out, each once, in {seconds:.0f} s; "
        f"{graph.producers:,} producers and {graph.nodes:,} nodes came and left; resident memory "
        f"{first / MB:.1f} MB after the first minute, {most / MB:.1f} MB at most from then on, "
        f"{last / MB:.1f} MB at the end"
    )
    assert graph.received >= size.messages
    assert seconds >= size.seconds
    assert most - first < SLACK


def test_goroutines_that_come_and_go(size: Sizes) -> None:
    """In waves of very different size, through every way to end quietly."""
    waves = 0
    ended = 0

    def one(ch: Chan[int], how: int) -> None:
        nonlocal ended
        if how == 1:
            gosched()
        elif how == 2:
            ch.recv()
        ended += 1

    def wave(n: int) -> None:
        ch = Chan[int]()
        for i in range(n):
            go(one, ch, i % 3)
        gosched()
        ch.close()
        while num_goroutine() > 1:
            gosched()

    def main() -> None:
        nonlocal waves
        started = 0
        marks: list[int] = []
        while started < size.spawned:
            n = (1, 10, 300, 3000)[waves % 4]
            wave(n)
            started += n
            waves += 1
            if waves % 20 == 0:
                marks.append(resident())
        assert ended == started
        # The first tenth is for the pools to fill.
        warm = marks[len(marks) // 10]
        print(
            f"\n{started:,} goroutines in {waves:,} waves; resident memory {warm / MB:.1f} MB after a tenth, "
            f"{max(marks) / MB:.1f} MB at most, {marks[-1] / MB:.1f} MB at the end"
        )
        assert max(marks[len(marks) // 10 :]) - warm < SLACK

    run(main)


def test_contexts_timers_and_tickers_that_are_dropped(size: Sizes) -> None:
    """Nothing stays in the timer heap or with the parent, whether it is stopped, fires, or is let go of."""
    rounds = size.dropped // 10

    def main() -> None:
        root, cancel_root = context.with_cancel(context.background())
        assert isinstance(root, _Cancel)
        wg = sync.WaitGroup()

        def once(i: int) -> None:
            child, cancel = context.with_cancel(root)
            late, cancel_late = context.with_timeout(child, 3600)
            context.with_value(late, "key", i)
            stop = context.after_func(root, gosched)
            assert len(root._children) == 2
            timer, ticker = time.new_timer(3600), time.new_ticker(3600)
            func = time.after_func(3600, gosched)
            time.after(3600)  # let go of
            with context.with_timeout(root, 0) as ended:
                assert ended.err() is not None
            if i % 2:
                # One that waits while it is cancelled, and one on a timer that is stopped.
                wg.go(late.done().recv)  # type: ignore[union-attr]
                gosched()
            cancel()
            cancel_late()
            wg.wait()
            assert stop()
            timer.stop()
            ticker.stop()
            func.stop()
            time.new_timer(0).c.recv()  # type: ignore[union-attr]
            assert not root._children
            assert sched.timeout() == -1

        for i in range(rounds // 10):
            once(i)
        gc.collect()
        objects, before = len(gc.get_objects()), resident()
        for i in range(rounds):
            once(i)
        gc.collect()
        after = resident()
        assert len(gc.get_objects()) - objects < 50
        print(
            f"\n{10 * rounds:,} contexts, timers and tickers; heap and children empty; resident memory "
            f"{before / MB:.1f} MB after a tenth, {after / MB:.1f} MB at the end"
        )
        assert after - before < SLACK
        cancel_root()

    run(main)
