"""What gochan's own code must not do with the engine is refused, and leaves the program as it was."""

from collections.abc import Callable
from typing import Any

import pytest

from gochan import Chan, Panic, go, run, runtime
from gochan._engine.impl import COMPILED, Bubble, bind, block, sched, select_async, spawn


def never_entered(method: str, *args: Any) -> Callable[[], object]:
    return lambda: getattr(Bubble(1), method)(*args)


def in_the_bubble_of_another() -> None:
    bubble = Bubble(1)
    bubble.enter()
    try:
        done = Chan[object](1)

        def other() -> None:
            try:
                bubble.leave()
            except RuntimeError as refusal:
                done.send(str(refusal))

        go(other)
        assert "Bubble.leave" in str(done.recv())
    finally:
        bubble.leave()


MISUSES: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "bind again": (lambda: bind(enter=print), RuntimeError),
    "a bubble's start": (never_entered("start", print), RuntimeError),
    "a bubble's start of no function": (never_entered("start", 5), (RuntimeError, TypeError)),  # type: ignore[dict-item]
    "a bubble's run": (never_entered("run"), RuntimeError),
    "a bubble's unwind": (never_entered("unwind"), RuntimeError),
    "a bubble's leave": (never_entered("leave"), RuntimeError),
    "a bubble's wait": (never_entered("wait"), Panic),
    "spawn no function": (lambda: spawn(5), TypeError),  # type: ignore[arg-type]
    "block for no reason": (lambda: block(5), TypeError),  # type: ignore[arg-type]
    "select_async without a function": (lambda: select_async((), 5), TypeError),  # type: ignore[arg-type]
    "post no function": (lambda: sched.post(5), TypeError),  # type: ignore[arg-type]
    "a seed out of range": (lambda: setattr(sched, "random", 0), ValueError),
    "a flag that is no bool": (lambda: setattr(sched, "hub_asleep", 5), TypeError),
    "throw_into_main of a non-exception": (lambda: sched.throw_into_main(5), TypeError),  # type: ignore[arg-type]
    "a text that is none": (lambda: sched.fail_waits(5), TypeError),  # type: ignore[arg-type]
    "a number of processors": (lambda: runtime.gomaxprocs("4"), TypeError),  # type: ignore[arg-type]
}


# What the C checks since it would crash; in Python it goes wrong where it is used.
C_ALONE = {
    "a bubble's leave",
    "spawn no function",
    "block for no reason",
    "select_async without a function",
    "a seed out of range",
    "a flag that is no bool",
    "a text that is none",
}


@pytest.mark.parametrize("misuse", MISUSES)
def test_misuse_is_refused(misuse: str) -> None:
    if misuse in C_ALONE and not COMPILED:
        pytest.skip("the Python implementation does not check it")
    call, refusal = MISUSES[misuse]

    def main() -> int:
        with pytest.raises(refusal):
            call()
        answer = Chan[int]()
        go(answer.send, 42)
        return answer.recv()

    assert run(main) == 42


@pytest.mark.skipif(not COMPILED, reason="the Python implementation does not check it")
def test_another_goroutine_cannot_leave_a_bubble_for_its_root() -> None:
    run(in_the_bubble_of_another)


def test_processors() -> None:
    assert runtime.num_cpu() >= 1
    assert runtime.gomaxprocs(4) == 1
