"""go: what it starts, with what arguments, and where."""

import functools
from collections.abc import Iterator
from itertools import count

import greenlet
import pytest

from gochan import Chan, defer, go, run
from gochan.runtime import gosched, num_goroutine, stack
from gochan.sync import WaitGroup


class Counter:
    def __init__(self) -> None:
        self.seen: list[object] = []

    def add(self, *args: object, **kwargs: object) -> None:
        self.seen.append((args, kwargs))

    def __call__(self, *args: object) -> None:
        self.seen.append(("called", args))


def test_arguments() -> None:
    counter = Counter()

    def main() -> None:
        go(counter.add)
        go(counter.add, 1, 2)
        go(counter.add, 3, key="word", fn=4)
        go(functools.partial(counter.add, 5, a=6), 7, b=8)
        go(counter, 9)
        go(lambda x, y: counter.seen.append(x + y), 4, y=6)
        go(counter.seen.append, 11)
        go(staticmethod(counter.add), 12)
        gosched()

    run(main)
    assert counter.seen == [
        ((12,), {}),
        ((), {}),
        ((1, 2), {}),
        ((3,), {"key": "word", "fn": 4}),
        ((5, 7), {"a": 6, "b": 8}),
        ("called", (9,)),
        10,
        11,
    ]


def test_keywords_that_the_engine_has_a_use_for_itself() -> None:
    """A parameter of the user's function may have any name."""
    names = ("fn", "main", "args", "kwargs", "self", "gp", "f")

    def take(**kwargs: int) -> None:
        taken.append(sorted(kwargs))

    def main(**kwargs: int) -> None:
        group = WaitGroup()
        defer(take, **kwargs)
        go(take, **kwargs)
        group.go(take, **kwargs)
        group.wait()
        gosched()
        taken.append(sorted(kwargs))

    taken: list[list[str]] = []
    run(main, **dict.fromkeys(names, 1))
    assert taken == [sorted(names)] * 4


@pytest.mark.gochan
def test_it_returns_none() -> None:
    result = go(lambda: 1)  # type: ignore[func-returns-value]
    assert result is None


def test_as_a_decorator() -> None:
    def main() -> list[int]:
        ch = Chan[int](2)

        @go
        def worker() -> None:
            ch.send(1)

        assert worker is None
        gosched()
        return [ch.recv()]

    assert run(main) == [1]


def test_the_order_is_last_started_first_then_in_line() -> None:
    """Go's run-next slot."""
    ran: list[int] = []

    def main() -> None:
        for i in range(5):
            go(ran.append, i)
        assert ran == []
        gosched()

    run(main)
    assert ran == [4, 0, 1, 2, 3]


def test_go_of_go() -> None:
    ran: list[int] = []

    def main() -> None:
        go(go, go, ran.append, 1)
        for _ in range(3):
            gosched()

    run(main)
    assert ran == [1]


def test_a_result_is_dropped() -> None:
    def main() -> str:
        go(lambda: "unseen")
        gosched()
        return "seen"

    assert run(main) == "seen"


def test_main_does_not_wait() -> None:
    ran: list[int] = []
    run(lambda: go(ran.append, 1))
    assert ran == []


def test_each_generation_starts_the_next() -> None:
    """A chain of any length can be alive at once."""

    def main() -> int:
        done = Chan[int]()

        def generation(n: int) -> None:
            if n == 3000:
                done.send(n)
                return
            below = Chan[None]()
            go(generation, n + 1)
            below.recv()

        go(generation, 0)
        return done.recv()

    assert run(main) == 3000


def test_each_generation_has_a_whole_stack() -> None:
    """The depth of the one that starts a goroutine is no part of that goroutine's."""

    def deepest(n: int) -> int:
        try:
            return deepest(n + 1)
        except RecursionError:
            return n

    def main() -> list[int]:
        depths = Chan[int]()

        def measure() -> None:
            depths.send(deepest(0))

        def start(depth: int) -> None:
            if depth:
                start(depth - 1)
            else:
                go(measure)
                # This one's greenlet is taken, so that measure gets a fresh one.
                measured.append(depths.recv())

        measured: list[int] = []
        for depth in (0, 200):
            go(start, depth)
            gosched()
            gosched()
        return measured

    shallow, deep = run(main)
    assert abs(shallow - deep) < 20
    assert shallow > 800


def test_greenlets_are_reused() -> None:
    used: set[greenlet.greenlet] = set()

    def main() -> None:
        for _ in range(100):
            go(lambda: used.add(greenlet.getcurrent()))
            gosched()

    run(main)
    assert 1 <= len(used) <= 2


@pytest.mark.parametrize("number", [1023, 1500])
def test_many_goroutines_at_once_and_again(number: int) -> None:
    """More greenlets than are kept for the next goroutines: the others end, and the rest go on."""

    def main() -> list[int]:
        sums = []
        for _ in range(2):
            begin, results = Chan[None](), Chan[int](number)

            def worker(i: int, begin: Chan[None] = begin, results: Chan[int] = results) -> None:
                begin.recv()
                results.send(i)

            for i in range(number):
                go(worker, i)
            gosched()
            assert num_goroutine() == number + 1
            begin.close()
            sums.append(sum(results.recv() for _ in range(number)))
        gosched()
        assert num_goroutine() == 1
        return sums

    assert run(main) == [number * (number - 1) // 2] * 2


@pytest.mark.gochan
def test_num_goroutine() -> None:
    assert num_goroutine() == 1
    assert num_goroutine() == 1
    ch = Chan[None]()
    for i in range(5):
        go(ch.recv)
        assert num_goroutine() == i + 2
    gosched()
    assert num_goroutine() == 6
    for i in range(5):
        ch.send(None)
        gosched()
        assert num_goroutine() == 5 - i


def test_arguments_that_do_not_fit() -> None:
    """The TypeError ends the program as any exception does; its note points at the line of the go."""

    def needs_two(a: int, b: int) -> None: ...

    def main() -> None:
        go(needs_two, 1)
        gosched()

    with pytest.raises(TypeError, match="missing 1 required positional argument: 'b'") as info:
        run(main)
    (note,) = info.value.__notes__
    assert note.startswith("in goroutine 2, created by goroutine 1 at\n")
    assert note.endswith("main\n    go(needs_two, 1)")


async def coroutine_function() -> None: ...


def generator_function() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("fn", "kind"), [(coroutine_function, "coroutine"), (generator_function, "generator")]
)
def test_what_runs_nothing_when_it_is_called(fn: object, kind: str) -> None:
    def main() -> None:
        go(fn)
        gosched()

    with pytest.raises(TypeError, match=f"^go: {kind}_function is a {kind} function") as info:
        run(main)
    assert "go(fn)" in info.value.__notes__[0]


def test_a_run_of_what_runs_nothing() -> None:
    with pytest.raises(TypeError, match="coroutine_function is a coroutine function"):
        run(coroutine_function)
    with pytest.raises(TypeError, match="is a generator function"):
        run(functools.partial(generator_function))


def test_without_run() -> None:
    """The first call makes this code the main goroutine."""
    ch = Chan[int]()
    go(ch.send, 5)
    assert ch.recv() == 5
    assert stack().startswith("goroutine 1 [running]:\n")


def test_stack() -> None:
    def inner() -> str:
        return stack()

    def main() -> str:
        ch = Chan[str]()
        go(lambda: ch.send(inner()))
        return ch.recv()

    lines = run(main).splitlines()
    line = inner.__code__.co_firstlineno
    assert lines[0] == "goroutine 2 [running]:"
    assert lines[1] == f'  File "{__file__}", line {line + 1}, in {inner.__qualname__}'
    assert lines[2] == "    return stack()"
    assert lines[4] == "    go(lambda: ch.send(inner()))"
    assert lines[5] == "created by goroutine 1 at"
    assert lines[6] == f'  File "{__file__}", line {line + 5}, in {main.__qualname__}'
    assert lines[7] == "    go(lambda: ch.send(inner()))"
    assert len(lines) == 8


def test_stack_of_all() -> None:
    def main() -> str:
        ch = Chan[int]()
        for _ in range(2):
            go(ch.recv)
        gosched()
        go(print, "never")
        ch.send(1)  # makes one of them ready
        return stack(all=True)

    text = run(main)
    heads = [line for line in text.splitlines() if line.startswith("goroutine ")]
    assert heads == [
        "goroutine 1 [running]:",
        "goroutine 2 [chan receive]:",
        "goroutine 3 [runnable]:",
        "goroutine 4 [runnable]:",
    ]
    assert "  print, not started yet\n" in text
    assert "gochan/runtime" not in text


def test_goroutines_of_a_comprehension_and_a_class_body() -> None:
    ids = count()

    def main() -> list[int]:
        ch = Chan[int](10)
        [go(ch.send, next(ids)) for _ in range(3)]  # type: ignore[func-returns-value]

        class Body:
            go(ch.send, 10)

        gosched()
        ch.close()
        return sorted(ch)

    assert run(main) == [0, 1, 2, 10]
