"""explore.check and explore.replay: what they refuse, report and leave behind."""

from __future__ import annotations

import gc
import importlib
import random
import re
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gochan import Chan, Deadlock, defer, errgroup, explore, go, run, select, sync, time
from gochan import recv as receive
from gochan._engine.impl import gosched, sched
from gochan.explore import classes
from gochan.explore.clocks import Clocks
from gochan.explore.token import decode, encode

# The decisions of a run that goes round until it has made too many, and its token.
LOOP = [0, 1, 0, 0, 2] * 40_000
LONG_TOKEN = encode(0, LOOP)


def fine() -> None:
    ch = Chan[int](1)
    go(ch.send, 1)
    ch.recv()


def lost_update() -> None:
    counter = [0]
    wg = sync.WaitGroup()

    def increment() -> None:
        counter[0] += 1

    wg.go(increment)
    wg.go(increment)
    wg.wait()


def deadlock() -> None:
    mu = sync.Mutex()
    cond = sync.Cond(mu)

    def signal() -> None:
        with mu:
            cond.signal()

    go(signal)
    with mu:
        cond.wait()


def test_nothing_found() -> None:
    result = explore.check(fine)
    assert result.exhausted
    assert (result.runs, result.warnings) == (result.schedules, [])
    assert repr(result) == f"<Result runs={result.runs} schedules={result.schedules} (all)>"


def test_a_race() -> None:
    with pytest.raises(explore.Found) as found:
        explore.check(lost_update)
    assert (found.value.kind, found.value.runs) == ("race", 1)
    assert isinstance(found.value.__cause__, explore.DataRace)
    text = str(found.value)
    assert (
        len(re.findall(r"goroutine \d (?:reads|writes) it at .*test_check.py:\d+, in lost_update", text)) == 2
    )
    assert re.search(
        r"> goroutine \d +test_check.py:\d+ +read list\[0\] in lost_update.<locals>.increment", text
    )
    assert f"explore.replay(fn, {found.value.token!r})" in text


@pytest.mark.parametrize(
    ("reads", "shown"),
    [
        (lambda items: [*(each for each in items)], "list"),
        (lambda items: not items, "list"),
        (lambda items: 1 in items, "list"),
        (lambda items: len(items) > 0, "list.len"),
        (lambda items: items.count(1), "list.count"),
    ],
)
def test_what_a_race_is_on(reads: Callable[[list[int]], object], shown: str) -> None:
    def main() -> None:
        items = [1]
        go(items.append, 2)
        reads(items)

    with pytest.raises(explore.Found, match=r"a race on list") as found:
        explore.check(main)
    lines = str(found.value).splitlines()
    assert [line for line in lines if re.search(rf"  read {re.escape(shown)} in .*<lambda>", line)]


def test_a_wait_that_raises_orders_too() -> None:
    def main() -> None:
        done: list[int] = []
        g = errgroup.Group()

        def work() -> None:
            done.append(1)
            raise ValueError("lost")

        g.go(work)
        with suppress(ValueError):
            g.wait()
        assert done == [1]

    assert explore.check(main).exhausted


def test_a_deadlock_is_repeated() -> None:
    with pytest.raises(explore.Found, match="all goroutines are asleep") as found:
        explore.check(deadlock)
    assert found.value.kind == "deadlock"
    assert isinstance(found.value.__cause__, Deadlock)
    for _ in range(20):
        with pytest.raises(explore.Found) as again:
            explore.replay(deadlock, found.value.token)
        assert (again.value.kind, again.value.token) == ("deadlock", found.value.token)


def test_what_leaves_a_goroutine() -> None:
    def fails() -> None:
        raise KeyError("no such job")

    def main() -> None:
        wg = sync.WaitGroup()
        wg.go(fails)
        wg.wait()

    with pytest.raises(explore.Found, match="no such job") as found:
        explore.check(main)
    assert found.value.kind == "panic"
    assert isinstance(found.value.__cause__, KeyError)


def test_where_it_was_raised() -> None:
    def share(n: int) -> int:
        return 1 // n

    def main() -> None:
        wg = sync.WaitGroup()
        wg.go(lambda: share(0))
        wg.wait()

    with pytest.raises(explore.Found) as found:
        explore.check(main)
    stack = str(found.value).partition("\nin goroutine 2")[0]
    frames = [*re.findall(r'(\S+)\.py", line \d+, in .*\.(\S+)\n    (.*)', stack)]
    assert [(Path(file).name, function, line) for file, function, line in frames] == [
        ("test_check", "share", "return 1 // n"),
        ("test_check", "<lambda>", "wg.go(lambda: share(0))"),
    ]


def test_what_runs_long_or_ticks_after_main_is_no_leak() -> None:
    def main() -> None:
        time.tick(1)
        done = Chan[None](2_000)

        @go
        def _() -> None:
            for _ in range(done.cap):
                done.send(None)

    assert explore.check(main, strategy="random", runs=3).runs == 3


def test_leaks_may_be_allowed() -> None:
    def main() -> None:
        go(Chan[int]().recv)

    with pytest.raises(explore.Found, match="a goroutine is left blocked forever") as found:
        explore.check(main)
    assert found.value.kind == "leak"
    assert explore.check(main, leaks=False).runs > 0


def test_lock_order_is_a_warning_where_no_run_fails() -> None:
    def main() -> None:
        a, b = sync.Mutex(), sync.Mutex()
        done = Chan[None]()

        def first() -> None:
            with a, b:
                pass
            done.send(None)

        go(first)
        done.recv()
        with b, a:
            pass

    result = explore.check(main)
    assert len(result.warnings) == 1
    assert "lock order" in result.warnings[0]


def test_a_third_lock_keeps_them_apart() -> None:
    def main() -> None:
        a, b, both = sync.Mutex(), sync.Mutex(), sync.Mutex()
        wg = sync.WaitGroup()

        def first() -> None:
            with both, a, b:
                pass

        def second() -> None:
            with both, b, a:
                pass

        wg.go(first)
        wg.go(second)
        wg.wait()

    result = explore.check(main)
    assert (result.exhausted, result.warnings) == (True, [])


def test_time_is_virtual() -> None:
    def main() -> None:
        start = time.now()
        time.sleep(3600)
        assert time.since(start) >= 3600

    assert explore.check(main).exhausted


def test_how_far_the_clock_moves() -> None:
    def main() -> None:
        time.sleep(3601.5)
        raise AssertionError

    with pytest.raises(explore.Found) as found:
        explore.check(main)
    assert re.findall("timers fire.*", str(found.value)) == ["timers fire, 1h0m1.5s later"]


def test_random_numbers_are_the_same_in_each_run() -> None:
    drawn: set[float] = set()

    def main() -> None:
        drawn.add(random.random())
        fine()

    state = random.getstate()
    explore.check(main, runs=5)
    assert len(drawn) == 1
    assert random.getstate() == state


def test_it_leaves_nothing_behind() -> None:
    code = lost_update.__code__
    with pytest.raises(explore.Found):
        explore.check(lost_update)
    assert lost_update.__code__ is code
    assert not [name for name in globals() if name.startswith("_gochan_")]
    assert (sched.main, sched.exploring, sched.moment, sched.ready_case) == (None, False, None, 0)
    run(fine)


def test_it_is_refused_in_a_program() -> None:
    def main() -> None:
        explore.check(fine)

    with pytest.raises(RuntimeError, match="explore: a program runs already; call it outside of run"):
        run(main)


def test_a_function_without_source() -> None:
    namespace: dict[str, Any] = {}
    exec("def main(): pass", namespace)
    with pytest.raises(ValueError, match="explore: main cannot be rewritten: its source file is missing"):
        explore.check(namespace["main"])


def test_main_waits_in_a_deferred_call_while_others_run() -> None:
    def main() -> None:
        done = Chan[None]()
        for _ in range(3):
            go(done.send, None)
        defer(lambda: [done.recv() for _ in range(3)])

    assert explore.check(main, runs=20, strategy="random", leaks=False).runs == 20


def test_ctrl_c_ends_the_search() -> None:
    """An interrupt is no finding."""

    def main() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        explore.check(main)
    assert explore.check(fine).exhausted


def test_a_select_tries_each_ready_case() -> None:
    taken: set[int] = set()

    def main() -> None:
        a, b, c = Chan[int](1), Chan[int](1), Chan[int](1)
        for ch in (a, b, c):
            ch.send(1)
        taken.add(select(receive(a), receive(b), receive(c))[0])

    assert explore.check(main, strategy="exhaustive").runs == 3
    assert taken == {0, 1, 2}


def generates() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"fn": 3}, TypeError, "explore.check: 3 is not callable"),
        ({"fn": generates}, TypeError, "explore.check: generates is a coroutine or generator function"),
        ({"runs": 0}, ValueError, "runs=0 is less than 1"),
        ({"runs": 2.5}, TypeError, "runs=2.5 is not an int"),
        ({"seed": -1}, ValueError, "seed=-1 is less than 0"),
        ({"max_steps": 0}, ValueError, "max_steps=0 is less than 1"),
        (
            {"strategy": "fast"},
            ValueError,
            "strategy='fast' is not one of 'auto', 'exhaustive', 'pct', 'pos', 'random'",
        ),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    fn: Callable[[], None] = arguments.pop("fn", fine)
    with pytest.raises(error, match=re.escape(message)):
        explore.check(fn, **arguments)


@pytest.mark.parametrize(
    "token",
    [
        "", "x", "g2-0-1.1", "g1", "g1-0-1", "g1-0-1.0", "g1--1.1", "g1-0-1.-1", "g1-0-zzzzzzz.1",
        # Compressed: not in base 64, not by zlib, cut off, with something after it.
        "g1z-0", "g1z-0-!", "g1z-0-MTIz", LONG_TOKEN[:-4], f"{LONG_TOKEN}-1.1", f"{LONG_TOKEN}AAAA",
    ],
)  # fmt: skip
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{token!r} is not a replay token")):
        explore.replay(fine, token)


def test_a_token_of_another_type() -> None:
    with pytest.raises(TypeError, match="5 is not a token"):
        explore.replay(fine, 5)  # type: ignore[arg-type]


def test_a_token_of_another_program() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        explore.replay(fine, "g1-0-0.z")


@pytest.mark.parametrize(
    "decisions", [[], [0, 0, 3], [1], [0] * 50 + [40], [5, 0, 7], [0, 1, 2] * 20, list(range(1, 2000)), LOOP]
)
def test_a_token_has_the_decisions(decisions: list[int]) -> None:
    seed, again = decode(encode(12345, decisions))
    assert seed == 12345
    assert again == decisions


def test_the_token_of_a_loop_is_short() -> None:
    """What goes round makes the same decisions again and again."""
    assert len(encode(0, LOOP)) < 1000


def test_a_long_token_that_is_not_compressed_is_read() -> None:
    assert decode("g1-0" + "-0.1-1.2" * 500) == (0, [1, 0, 2] * 500)


# Two in a line.
_LAMBDAS = [lambda done: done.append(1), lambda done: done.clear()]


def test_lambdas_in_one_line() -> None:
    """The last in the line replaced the others."""

    def main() -> None:
        done: list[int] = []
        for each in _LAMBDAS:
            each(done)
        assert done == []
        _LAMBDAS[0](done)
        assert done == [1]

    explore.check(main, runs=10)
    fn, other = lambda: Chan[int](1).send(1), lambda: Chan[int](1).recv()
    explore.check(fn, runs=10)
    with pytest.raises(explore.Found, match="deadlock"):
        explore.check(other, runs=10)


# --- what takes long ---------------------------------------------------------------------------------------


def test_a_run_that_reaches_the_limit_is_shrunk_in_few_runs() -> None:
    """Each of them takes as long."""
    runs = 0

    def main() -> None:
        nonlocal runs
        runs += 1
        mu, order = sync.Mutex(), list[str]()

        def note(name: str) -> None:
            with mu:
                order.append(name)

        def first() -> list[str]:
            with mu:
                return order[:1]

        go(note, "a")
        go(note, "b")
        for _ in range(100):
            gosched()
        while first() == ["a"]:
            gosched()

    for seed in range(5):
        runs = 0
        with pytest.raises(explore.Found) as found:
            explore.check(main, strategy="random", max_steps=2000, seed=seed)
        assert found.value.kind == "livelock"
        assert runs - found.value.runs <= 9
        assert len(found.value.token) < 40
        with pytest.raises(explore.Found, match="still run after 2000 steps"):
            explore.replay(main, found.value.token, max_steps=2000)


@pytest.mark.parametrize("max_steps", [500, 5000])
def test_a_run_that_reaches_the_limit_is_not_done_again(max_steps: int) -> None:
    """It is the longest of all, and has recorded the steps that the report shows."""
    runs = 0

    def main() -> None:
        nonlocal runs
        runs += 1
        value = sync.atomic.Int64()
        while True:
            value.add(1)
            gosched()

    with pytest.raises(explore.Found) as found:
        explore.check(main, max_steps=max_steps)
    assert (found.value.kind, runs) == ("livelock", 1)
    last = str(found.value).partition("the last 40 steps:\n")[2].splitlines()[:40]
    step = re.compile(r"  [> ] goroutine 1 +test_check\.py:\d+  (gosched|add atomic 1) in .*main")
    assert [line for line in last if step.fullmatch(line)] == last != []
    with pytest.raises(explore.Found) as again:
        explore.replay(main, found.value.token, max_steps=max_steps)
    assert str(again.value).partition("the last 40 steps:\n")[2].splitlines()[:40] == last


def steps_of(clocks: Clocks) -> int:
    """Return how many lines are executed to work off what was noted."""
    counted = 0

    def count(frame: Any, event: str, arg: object) -> Any:
        nonlocal counted
        counted += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        clocks.access(1, ("data", ""), True, ("", 0, ""))
    finally:
        sys.settrace(before)
    return counted


def test_the_race_detector_takes_no_longer_for_many_objects() -> None:
    """Operations that may order anything, as a context's, take as long with many channels as with few."""

    def steps(n: int) -> int:
        clocks = Clocks()
        for i in range(n):
            ch = Chan[int](1)
            clocks.before(1, "send", ch)
            clocks.after(1, "send", ch, None)
            clocks.before(1, "recv", ch)
            clocks.after(1, "recv", ch, i)
            clocks.before(1, "library", None)
            clocks.after(1, "library", None, None)
        return steps_of(clocks)

    assert steps(400) < 1.2 * 4 * steps(100)


def test_the_race_detector_takes_no_longer_for_many_messages() -> None:
    def steps(n: int) -> int:
        clocks = Clocks()
        ch = Chan[int](2)
        for i in range(n):
            clocks.before(1, "send", ch)
            clocks.after(1, "send", ch, None)
            clocks.before(1, "recv", ch)
            clocks.after(1, "recv", ch, i)
        return steps_of(clocks)

    assert steps(400) < 1.2 * 4 * steps(100)


def ticking() -> None:
    ticker = time.new_ticker(0.1)
    over = Chan[None]()
    go(lambda: (time.sleep(0.35), over.close()))
    while True:
        match select(receive(ticker.c), receive(over)):
            case 1, _, _:
                ticker.stop()
                return


@pytest.mark.parametrize("strategy", ["auto", "pct", "pos"])
def test_a_loop_on_a_ticker_is_no_livelock(strategy: explore.StrategyName) -> None:
    """However much a strategy prefers the clock, the others get to run."""
    explore.check(ticking, runs=200, strategy=strategy, max_steps=20_000)


@pytest.mark.parametrize("strategy", ["random", "pct", "pos"])
def test_those_that_yield_in_loops_do_not_keep_one_another_busy(strategy: explore.StrategyName) -> None:
    """Two of them had higher priorities than the last one, and let only each other go."""

    def main() -> None:
        flags = [sync.atomic.Bool() for _ in range(6)]
        wg = sync.WaitGroup()

        def work(flag: sync.atomic.Bool) -> None:
            flag.store(True)
            while not all(each.load() for each in flags):
                gosched()

        for flag in flags:
            wg.go(work, flag)
        wg.wait()

    explore.check(main, runs=50, strategy=strategy, max_steps=2000)


def test_the_modules_of_the_program_are_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What orders the accesses may be in another module than the accesses are."""
    (tmp_path / "explored_pool.py").write_text(
        "from gochan import Chan, sync\n"
        "hits = {}\n"
        "def counted(f):\n"
        "    mu, calls = sync.Mutex(), 0\n"
        "    def call(*args):\n"
        "        nonlocal calls\n"
        "        with mu:\n"
        "            calls += 1\n"
        "            return f(*args)\n"
        "    return call\n"
        "@counted\n"
        "def call(f):\n"
        "    f()\n"
        "def hit(name):\n"
        "    hits[name] = 1\n"
        "class Worker:\n"
        "    def __init__(self):\n"
        "        self.jobs, self.wg = Chan(), sync.WaitGroup()\n"
        "        self.wg.go(self.work)\n"
        "    def work(self):\n"
        "        for job in self.jobs:\n"
        "            job()\n"
        "    def close(self):\n"
        "        self.jobs.close()\n"
        "        self.wg.wait()\n"
    )
    (tmp_path / "explored_tests.py").write_text(
        "import explored_pool\n"
        "from gochan import sync\n"
        "def ordered():\n"
        "    done = []\n"
        "    worker = explored_pool.Worker()\n"
        "    worker.jobs.send(lambda: done.append(1))\n"
        "    worker.jobs.send(lambda: done.append(2))\n"
        "    worker.close()\n"
        "    assert done == [1, 2]\n"
        "def locked():\n"
        "    done = []\n"
        "    wg = sync.WaitGroup()\n"
        "    wg.go(explored_pool.call, lambda: done.append(1))\n"
        "    wg.go(explored_pool.call, lambda: done.append(2))\n"
        "    wg.wait()\n"
        "def racy():\n"
        "    wg = sync.WaitGroup()\n"
        "    wg.go(explored_pool.hit, 'a')\n"
        "    wg.go(explored_pool.hit, 'b')\n"
        "    wg.wait()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("explored_pool", "explored_tests"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    tests = importlib.import_module("explored_tests")
    explore.check(tests.ordered, runs=100)
    explore.check(tests.locked, runs=100)
    with pytest.raises(explore.Found, match=r"explored_pool\.py:15, in hit"):
        explore.check(tests.racy, runs=100)


def test_what_a_run_used_is_freed_without_the_collector() -> None:
    class Message:
        pass

    sent: list[weakref.ref[Message]] = []

    def program() -> None:
        ch = Chan[Message](1)
        message = Message()
        sent.append(weakref.ref(message))
        ch.send(message)

    collecting = gc.isenabled()
    gc.disable()
    try:
        explore.check(program, runs=3, strategy="random")
        assert [message() for message in sent] == [None] * 3
    finally:
        if collecting:
            gc.enable()


def test_a_handler_that_raises_at_the_end_of_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The collector is on again."""

    def fail(state: object) -> None:
        raise ZeroDivisionError

    numbers = SimpleNamespace(getstate=random.getstate, setstate=fail)
    monkeypatch.setattr(sys.modules["gochan.explore.search"], "random", numbers)
    assert gc.isenabled()
    try:
        with pytest.raises(ZeroDivisionError):
            explore.check(fine, runs=1)
        assert gc.isenabled()
    finally:
        gc.enable()


def test_classes_of_earlier_runs_are_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classes, "_MOST_KNOWN", 4)
    made: list[weakref.ref[type]] = []

    def main() -> None:
        class Account:
            balance = 0

        class Names(list[str]):
            pass

        made.extend((weakref.ref(Account), weakref.ref(Names)))
        account, names = Account(), Names()
        account.balance += 1
        names.append("a")
        go(Chan[int](1).send, 1)
        assert (account.balance, names) == (1, ["a"])

    explore.check(main, strategy="random", runs=30)
    gc.collect()
    assert len([known for known in made if known() is not None]) <= 20
