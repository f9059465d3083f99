"""What type checkers know of functions that are called later: their arguments are checked, as in a call.

Checked as select_narrowing.py is.
"""

import subprocess
import time as python_time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, assert_type

from gochan import Chan, context, defer, defers, errgroup, go, run, sync, thread

wg = sync.WaitGroup()
group = errgroup.Group()
executor = ThreadPoolExecutor(1)


def job(n: int, name: str = "") -> str:
    return name * n


def arguments_that_fit(ch: Chan[int], words: list[str]) -> None:
    go(job, 3)
    go(job, 3, "x")
    go(job, 3, name="x")
    go(job, n=3)
    go(ch.send, 42)
    go(words.append, "x")
    go(print, "a", "b", sep="")  # overloaded
    go(sorted, [3, 1])
    go(int, "7")
    go(partial(job, 3), name="x")
    go(lambda: ch << 3)
    wg.go(job, 3, name="x")
    group.go(job, 3, name="x")
    assert_type(group.try_go(job, 3, name="x"), bool)
    defer(job, 3, name="x")
    defer(ch.close)


def arguments_that_do_not_fit(ch: Chan[int]) -> None:
    go(job)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    go(job, "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    go(job, 3, "x", 4)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    go(job, 3, nmae="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    go(job(3))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]
    go(ch.send, "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wg.go(job)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    wg.go(job, "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    group.go(job)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    group.go(job, 3, nmae="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    group.try_go(job, "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    defer(job)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    defer(job, 3, 4)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    run(job, "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def calls_in_threads() -> None:
    assert_type(thread.call(job, 3), str)
    assert_type(thread.call(job, 3, name="x"), str)
    assert_type(thread.call(python_time.sleep, 0.1), None)
    assert_type(thread.call(pow, 2, 10), int)
    with open("notes.txt") as file:
        assert_type(thread.call(file.read), str)
    # The overload of subprocess.run is the one of these arguments.
    assert_type(thread.call(subprocess.run, ["ls"], text=True), "subprocess.CompletedProcess[str]")
    assert_type(thread.call(subprocess.run, ["ls"], check=True), "subprocess.CompletedProcess[bytes]")
    # With ctx or executor the arguments are not checked; the result is.
    with context.with_timeout(context.background(), 1) as ctx:
        assert_type(thread.call(job, 3, ctx=ctx), str)
        assert_type(thread.call(job, 3, name="x", executor=executor, ctx=ctx), str)
    assert_type(thread.call(job, 3, executor=executor), str)
    assert_type(thread.call(job, 3, executor=None, ctx=None), str)


def calls_in_threads_that_do_not_fit() -> None:
    thread.call(job)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    thread.call(job, "3")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    thread.call(job, 3, nmae="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    thread.call(job, 3, ctx=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def goroutines_from_threads() -> None:
    assert_type(thread.submit(job, 3, name="x"), Future[str])
    thread.submit(job)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    thread.submit(job, "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@defers
def several_without_a_name(ch: Chan[int]) -> None:
    @defer
    def _() -> None:
        ch.close()

    @go
    def _() -> None:
        ch << 1

    @go
    def _() -> None:
        ch << 2

    @wg.go
    def _() -> None:
        ch << 3

    @group.go
    def _() -> None:
        ch << 4

    for _ in range(3):
        ch.recv()
    _, n = ch.recv(), 3
    assert_type([n for _ in range(n)], list[int])


def in_a_loop(ch: Chan[int]) -> None:
    for _ in range(3):

        @go
        def _() -> None:
            ch << 1

        @go
        def _() -> None:
            ch << 2

    for i in range(3):

        @go
        def _(i: int = i) -> None:
            ch << i


def a_decorated_function_takes_no_arguments() -> None:
    @go  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    def _(n: int) -> None:
        print(n)


def any_result_is_dropped() -> None:
    """`go` returns None; to type checkers Any, so that `_` can be anything else in the same function."""
    assert_type(go(job, 3), Any)
    nothing: None = go(job, 3)
    assert nothing is None


def after_a_loop_at_the_same_level(ch: Chan[int]) -> None:
    """mypy alone refuses this one: the page "Differences from Go" says what to write instead."""
    for _ in range(3):
        ch.recv()

    @go  # type: ignore[no-redef]
    def _() -> None:
        ch << 1

    for i in range(3):
        ch << i

    @go
    def sender() -> None:
        ch << 1

    assert_type(sender, Any)
