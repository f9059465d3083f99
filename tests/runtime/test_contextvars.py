"""contextvars: each goroutine runs in a copy of its spawner's context."""

import contextvars
import decimal
import gc
import weakref

import pytest

from gochan import Chan, defer, go, run
from gochan.runtime import gosched, num_goroutine

var: contextvars.ContextVar[str] = contextvars.ContextVar("var", default="unset")


def test_a_goroutine_sees_what_its_spawner_saw() -> None:
    def main() -> list[str]:
        seen = Chan[str](3)
        var.set("first")
        go(lambda: seen.send(var.get()))
        var.set("second")
        go(lambda: seen.send(var.get()))
        gosched()
        return sorted([seen.recv(), seen.recv()])

    assert contextvars.copy_context().run(run, main) == ["first", "second"]


def test_what_a_goroutine_sets_is_its_own() -> None:
    def main() -> list[str]:
        log: list[str] = []

        def worker(name: str) -> None:
            log.append(f"{name} starts with {var.get()}")
            var.set(name)
            gosched()
            log.append(f"{name} still has {var.get()}")
            go(lambda: log.append(f"child of {name} has {var.get()}"))

        var.set("main")
        go(worker, "a")
        go(worker, "b")
        for _ in range(4):
            gosched()
        log.append(f"main has {var.get()}")
        return log

    assert sorted(contextvars.copy_context().run(run, main)) == [
        "a starts with main",
        "a still has a",
        "b starts with main",
        "b still has b",
        "child of a has a",
        "child of b has b",
        "main has main",
    ]


def test_nothing_is_handed_on_to_the_next_goroutine_of_a_greenlet() -> None:
    def main() -> list[str]:
        seen: list[str] = []

        def setting() -> None:
            var.set("left behind")

        for _ in range(3):
            go(setting)
            gosched()
            go(lambda: seen.append(var.get()))
            gosched()
        return seen

    # In a context of its own, and in whatever state the thread's context is.
    assert contextvars.Context().run(run, main) == ["unset"] * 3
    assert run(main) == ["unset"] * 3


def test_main_keeps_its_context() -> None:
    def main() -> None:
        var.set("set in main")
        go(var.set, "set in a goroutine")
        gosched()

    context = contextvars.copy_context()
    context.run(run, main)
    assert context[var] == "set in main"
    assert var.get() == "unset"


def test_deferred_calls_run_in_the_goroutines_context() -> None:
    def main() -> list[str]:
        seen = Chan[str](1)

        @go
        def _() -> None:
            defer(lambda: seen.send(var.get()))
            var.set("mine")

        return [seen.recv()]

    assert run(main) == ["mine"]


def test_unwinding_happens_in_the_goroutines_context() -> None:
    seen: list[str] = []

    def main() -> None:
        @go
        def _() -> None:
            var.set("mine")
            try:
                Chan[int]().recv()
            finally:
                seen.append(var.get())

        gosched()

    run(main)
    assert seen == ["mine"]
    assert var.get() == "unset"


def test_a_token_is_reset_in_the_goroutine_that_got_it() -> None:
    def main() -> list[str]:
        seen: list[str] = []

        @go
        def _() -> None:
            token = var.set("inner")
            gosched()
            var.reset(token)
            seen.append(var.get())

        gosched()
        gosched()
        return seen

    assert run(main) == ["unset"]


def test_decimal_contexts_are_apart() -> None:
    def main() -> list[int]:
        precisions = Chan[int](2)

        def worker(digits: int) -> None:
            with decimal.localcontext(prec=digits):
                gosched()
                precisions.send(len(str(decimal.Decimal(1) / 3)) - 2)

        go(worker, 5)
        go(worker, 10)
        return sorted([precisions.recv(), precisions.recv()])

    assert run(main) == [5, 10]


class Value:
    pass


@pytest.mark.gochan
def test_a_context_ends_with_its_goroutine() -> None:
    """Neither the greenlet that waits for the next goroutine nor anything else holds on to it."""
    holder: contextvars.ContextVar[Value | None] = contextvars.ContextVar("holder", default=None)
    refs: list[weakref.ref[Value]] = []

    def worker() -> None:
        value = Value()
        refs.append(weakref.ref(value))
        holder.set(value)

    for _ in range(3):
        go(worker)
    gosched()
    gosched()
    gc.collect()
    assert [ref() for ref in refs] == [None] * 3


def test_a_finalizer_of_a_goroutine_that_has_ended_cannot_wait() -> None:
    """What a context refers to is dropped with it, when the goroutine is over."""
    value: contextvars.ContextVar[object] = contextvars.ContextVar("value")
    errors: list[str] = []

    class Waits:
        def __del__(self) -> None:
            for wait in (Chan[int]().recv, gosched):
                try:
                    wait()
                except BaseException as exc:
                    errors.append(str(exc))

    def main() -> int:
        for _ in range(2):
            go(lambda: value.set(Waits()) and None)
        for _ in range(3):
            gosched()
        return num_goroutine()

    assert run(main) == 1
    assert errors == ["a blocking call in a finalizer or callback that interrupted the scheduler"] * 4
