"""Long chains of objects: what is freed, canceled or looked up link by link needs no stack for it."""

import sys

import pytest
from children import python

from gochan.runtime import COMPILED

CHAINS = {
    "a buffer": """
        for _ in range(N):
            ch = Chan(1)
            ch.send(last)
            last = ch""",
    "a case": """
        for _ in range(N):
            last = send(Chan(), last)""",
    "a case in a buffer": """
        for _ in range(N):
            ch = Chan(1)
            ch.send(recv(last))
            last = ch""",
    "a pointer": """
        for _ in range(N):
            last = sync.atomic.Pointer(last)""",
    "a timer's function": """
        for _ in range(N // 3):
            last = time.after_func(3600, partial(int, last))
            last.stop()""",
}


@pytest.mark.parametrize("how", CHAINS)
def test_a_chain_of_300_000_is_freed(how: str) -> None:
    """Each refers to the next: to free the first frees them all."""
    python(
        f"""
        import gc
        from functools import partial
        from gochan import *
        from gochan import sync, time

        N = 300_000
        last = Chan()
        gc.disable()
        {CHAINS[how]}
        ch = None
        last = None
        # In a cycle, the collector frees them.
        last = ring = Chan(1)
        {CHAINS[how]}
        ring.send(last)
        ch = last = ring = None
        gc.collect()
        print("freed")
        """,
        # Each case that is freed warns that no select got it.
        executable=(sys.executable, "-W", "ignore::RuntimeWarning"),
    ).check("freed\n")


@pytest.mark.parametrize(
    "how", ["their thread ends", "the program ends", "the program ends before they begin"]
)
def test_a_run_queue_of_a_million_goroutines_is_dropped(how: str) -> None:
    """They have not begun, and never will."""
    python(
        """
        import sys, threading
        from gochan import *
        from gochan.runtime import gosched, num_goroutine

        def start(n):
            for i in range(n):
                go(print, i, "should not run")

        def use():
            ch = Chan()
            go(ch.send, 5)
            return ch.recv()

        how, n = sys.argv[1], int(sys.argv[2])
        if how == "their thread ends":
            thread = threading.Thread(target=start, args=(n,))
            thread.start()
            thread.join()
        elif how == "the program ends":
            run(start, n)
        else:
            def main():
                start(n)
                1 // 0
            try:
                run(main)
            except ZeroDivisionError:
                pass
        assert run(use) == 5
        assert use() == 5
        assert num_goroutine() == 1
        print("dropped")
        """,
        how,
        "1000000" if COMPILED else "200000",
        patience=120,
    ).check("dropped\n")


def test_5_000_nested_contexts() -> None:
    """To cancel the first ends them all, by whatever they were made; the value of the first is found from the last."""
    python(
        """
        import sys
        from functools import partial
        from gochan import *
        from gochan import context, time
        from gochan.runtime import gosched, num_goroutine

        N = 5000
        background = context.background()
        key = object()

        def derived(make):
            line = [make(background)]
            for _ in range(N):
                line.append(make(line[-1]))
            return line

        def main():
            kinds = {
                "with_cancel": lambda ctx: context.with_cancel(ctx)[0],
                "with_cancel_cause": lambda ctx: context.with_cancel_cause(ctx)[0],
                "with_timeout": lambda ctx: context.with_timeout(ctx, 3600)[0],
                "with_value": lambda ctx: context.with_value(ctx, object(), 1),
                "without_cancel": lambda ctx: context.with_cancel(context.without_cancel(ctx))[0],
            }
            for name, make in kinds.items():
                root, cancel = context.with_cancel_cause(context.with_value(background, key, "found"))
                ctx, line = root, []
                for _ in range(N):
                    ctx = make(ctx)
                    line.append(ctx)
                assert ctx.value(key) == "found", name
                assert ctx.value("no such key") is None
                ended = Chan()
                waiter = ctx.done()
                ran = []
                stop = context.after_func(ctx, partial(ran.append, name))
                cancel(KeyError(name))
                follows = name != "without_cancel"
                assert sum(c.err() is not None for c in line) == (N if follows else 0), name
                if follows:
                    assert isinstance(context.cause(ctx), KeyError), name
                    assert waiter.recv_ok() == (None, False)
                    time.sleep(1e-3)
                    assert ran == [name]
                ctx.deadline()
                repr(ctx)
                del ctx, line, root, cancel, stop
            print("canceled")

        run(main)
        """
    ).check("canceled\n")


def test_a_context_is_canceled_from_a_deep_stack() -> None:
    """Where few frames are left, either all are canceled or the next try cancels them."""
    python(
        """
        import sys
        from gochan import *
        from gochan import context
        from tricks import *

        sys.setrecursionlimit(200)

        def main():
            raised = 0
            for left in range(60):
                root, cancel = context.with_cancel(context.background())
                line = [root]
                for _ in range(20):
                    line.append(context.with_cancel(line[-1])[0])
                try:
                    with_frames_left(left, cancel)
                except RecursionError:
                    raised += 1
                    cancel()
                assert all(ctx.err() is not None for ctx in line), left
            assert 0 < raised < 60
            print("canceled")

        run(main)
        """
    ).check("canceled\n")


def test_a_goroutine_goes_on_while_its_stack_is_read() -> None:
    """A finalizer that runs as a frame is looked up lets it return from there, to a depth that is less."""
    python(
        """
        import gc
        from gochan import *
        from gochan import runtime

        class Garbage:
            def __init__(self):
                self.me = self

            def __del__(self):
                gc.set_threshold(0)
                begin.send(None)
                runtime.gosched()

        def dive(depth):
            return dive(depth - 1) if depth else begin.recv()

        def fill(depth, a=1, b=2, c=3, d=4, e=5, f=6, g=7):
            return fill(depth - 1) if depth else None

        def diver():
            while True:
                dive(40)
                # What were frames is overwritten.
                fill(30)
                begin.recv()

        def main():
            go(diver)
            runtime.gosched()
            gc.collect()
            # The collection comes at each of the allocations in turn.
            for n in range(1, 120):
                Garbage()
                gc.set_threshold(n, 1000, 1000)
                runtime.stack(all=True)
                gc.set_threshold(0)
                gc.collect()
                if len(runtime.goroutines()[1].stack) < 40:
                    begin.send(None)
                    runtime.gosched()

        begin = Chan(1)
        run(main)
        print("done")
        """
    ).check("done\n")
