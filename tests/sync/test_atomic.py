"""sync.atomic.

Where a test follows one of Go's, its docstring names it: sync/atomic/atomic_test.go and value_test.go.  Go
has a test for each operation of each type, as a method and as a function on an address; those of one
operation are one test here.
"""

import copy
import operator
import random
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from gochan import Chan, Panic, go, runtime
from gochan.sync import WaitGroup
from gochan.sync.atomic import Bool, Int32, Int64, Pointer, Uint32, Uint64, Value

Integer = Int32 | Int64 | Uint32 | Uint64

WIDTHS: dict[type[Integer], tuple[int, int]] = {
    Int32: (-(2**31), 2**31 - 1),
    Int64: (-(2**63), 2**63 - 1),
    Uint32: (0, 2**32 - 1),
    Uint64: (0, 2**64 - 1),
}

MAGIC = 0xDEDDEADBEEFBEEF


@pytest.fixture(params=WIDTHS, ids=lambda cls: cls.__name__)
def cls(request: pytest.FixtureRequest) -> type[Integer]:
    return request.param


def powers(cls: type[Integer]) -> list[int]:
    """The powers of two that the type holds."""
    return [1 << bit for bit in range(64) if 1 << bit <= WIDTHS[cls][1]]


def wrapped(cls: type[Integer], v: int) -> int:
    """What Go makes of v by a conversion to the type."""
    low, high = WIDTHS[cls]
    return (v - low) % (high - low + 1) + low


# --- integers ----------------------------------------------------------------------------------------------


def test_swap(cls: type[Integer]) -> None:
    """Go's TestSwapInt32Method and its kin."""
    x = cls()
    before = 0
    for delta in powers(cls):
        assert x.swap(delta) == before
        assert x.load() == delta
        before = delta


def test_add(cls: type[Integer]) -> None:
    """Go's TestAddInt32Method and its kin."""
    x = cls()
    total = 0
    for delta in powers(cls):
        total += delta
        assert x.add(delta) == total
        assert x.load() == total


def test_and(cls: type[Integer]) -> None:
    """Go's TestAndInt32Method and its kin."""
    x = cls()
    low, high = WIDTHS[cls]
    full = -1 if low else high
    x.store(full)
    left = full
    for mask in powers(cls):
        assert x.and_(~mask) == left
        left &= ~mask
        assert x.load() == wrapped(cls, left)
    assert x.load() == low


def test_or(cls: type[Integer]) -> None:
    """Go's TestOrInt32Method and its kin."""
    x = cls()
    collected = 0
    for mask in powers(cls):
        assert x.or_(mask) == collected
        collected |= mask
        assert x.load() == collected
    assert x.load() == WIDTHS[cls][1]


def test_compare_and_swap(cls: type[Integer]) -> None:
    """Go's TestCompareAndSwapInt32Method and its kin."""
    x = cls()
    for v in powers(cls):
        x.store(v)
        assert x.compare_and_swap(v, v + 1)
        assert x.load() == wrapped(cls, v + 1)
        assert not x.compare_and_swap(v, v + 2)
        assert x.load() == wrapped(cls, v + 1)


def test_load(cls: type[Integer]) -> None:
    """Go's TestLoadInt32Method and its kin."""
    for v in powers(cls):
        assert cls(v).load() == v
    assert cls().load() == 0
    assert cls(MAGIC).load() == wrapped(cls, MAGIC)


def test_store(cls: type[Integer]) -> None:
    """Go's TestStoreInt32Method and its kin."""
    x = cls()
    v = 0
    for delta in powers(cls):
        x.store(v)
        assert x.load() == v
        v += delta


@pytest.mark.parametrize("method", ["store", "swap", "add", "and_", "or_", "compare_and_swap"])
def test_arithmetic_wraps_at_the_width(cls: type[Integer], method: str) -> None:
    low, high = WIDTHS[cls]
    r = random.Random(1)
    edges = [low - 1, low, low + 1, -1, 0, 1, high - 1, high, high + 1, 2**63, -(2**63), 2**64, 2**200 + 5]
    for _ in range(300):
        start, v = r.choice(edges) + r.randrange(3), r.choice(edges) + r.randrange(3)
        x = cls(start)
        start = wrapped(cls, start)
        if method == "add":
            assert x.add(v) == wrapped(cls, start + v)
            assert x.load() == wrapped(cls, start + v)
        elif method == "compare_and_swap":
            assert x.compare_and_swap(start + (high - low + 1), v)
            assert x.load() == wrapped(cls, v)
        else:
            old = getattr(x, method)(v)
            assert old == (None if method == "store" else start)
            result = {"and_": operator.and_, "or_": operator.or_}.get(method, lambda _, new: new)(start, v)
            assert x.load() == wrapped(cls, result)


def test_the_limits(cls: type[Integer]) -> None:
    low, high = WIDTHS[cls]
    assert cls(high).add(1) == low
    assert cls(low).add(-1) == high


@pytest.mark.parametrize("v", [1.0, "1", None, True])
def test_a_non_integer_is_refused(cls: type[Integer], v: Any) -> None:
    x = cls(5)
    refused = f"{v!r} is not an integer; give an int$"
    name = cls.__name__
    with pytest.raises(TypeError, match=f"^{name}: {refused}"):
        cls(v)
    for method in ("store", "swap", "add", "and_", "or_"):
        with pytest.raises(TypeError, match=rf"^{name}\.{method}: {refused}"):
            getattr(x, method)(v)
    for args in ((v, 6), (5, v)):
        with pytest.raises(TypeError, match=rf"^{name}\.compare_and_swap: {refused}"):
            x.compare_and_swap(*args)
    assert x.load() == 5


# --- Bool and Pointer --------------------------------------------------------------------------------------


def test_bool() -> None:
    x = Bool()
    assert x.load() is False
    x.store(True)
    assert x.load() is True
    assert x.swap(False) is True
    assert x.swap(True) is False
    assert not x.compare_and_swap(False, True)
    assert x.compare_and_swap(True, False)
    assert x.load() is False
    assert Bool(True).load() is True


@pytest.mark.parametrize("v", [1, None, "x"])
def test_a_non_bool_is_refused(v: Any) -> None:
    x = Bool()
    calls: dict[str, Callable[[], object]] = {
        "Bool": lambda: Bool(v),
        "Bool.store": lambda: x.store(v),
        "Bool.swap": lambda: x.swap(v),
        "Bool.compare_and_swap": lambda: x.compare_and_swap(v, True),
        r"Bool\.compare_and_swap": lambda: x.compare_and_swap(False, v),
    }
    for name, call in calls.items():
        with pytest.raises(TypeError, match=rf"^{name}: {v!r} is not a bool; give True or False$"):
            call()
    assert x.load() is False


def objects() -> list[list[int]]:
    """Objects that equal each other, and are not the same."""
    return [[1] for _ in range(4)]


def test_pointer_swap() -> None:
    """Go's TestSwapPointerMethod."""
    x = Pointer[list[int]]()
    before = None
    for new in objects():
        assert x.swap(new) is before
        assert x.load() is new
        before = new


def test_pointer_compare_and_swap() -> None:
    """Go's TestCompareAndSwapPointerMethod."""
    x = Pointer[list[int]]()
    other: list[int] = [1]
    before = None
    for new in objects():
        assert x.compare_and_swap(before, new)
        assert x.load() is new
        assert not x.compare_and_swap(other, before)
        assert x.load() is new
        before = new


def test_pointer_load() -> None:
    """Go's TestLoadPointerMethod."""
    assert Pointer[str]().load() is None
    for v in objects():
        assert Pointer(v).load() is v


def test_pointer_store() -> None:
    """Go's TestStorePointerMethod."""
    x = Pointer[list[int]]()
    for v in (*objects(), None):
        x.store(v)
        assert x.load() is v


# --- Value -------------------------------------------------------------------------------------------------


def test_value() -> None:
    """Go's TestValue."""
    v = Value()
    assert v.load() is None
    for n in (42, 84):
        v.store(n)
        assert v.load() == n


def test_value_of_another_type() -> None:
    """Go's TestValueLarge."""
    v = Value()
    for s in ("foo", "barbaz"):
        v.store(s)
        assert v.load() == s


def test_value_store_panics() -> None:
    """Go's TestValuePanic."""
    nil = r"^sync/atomic: store of nil value into Value$"
    bad = r"^sync/atomic: store of inconsistently typed value into Value$"
    v = Value()
    with pytest.raises(Panic, match=nil):
        v.store(None)
    v.store(42)
    for wrong in ("foo", True, 42.0):
        with pytest.raises(Panic, match=bad):
            v.store(wrong)
    with pytest.raises(Panic, match=nil):
        v.store(None)
    assert v.load() == 42


@pytest.mark.gochan
@pytest.mark.parametrize(
    "values", [[0, 2**16 - 1, 513], ["a", "b"], [0j, 1 + 2j, 3 + 4j], [(1, 2), (3, 4)]], ids=repr
)
def test_value_is_one_that_was_stored(values: list[Any]) -> None:
    """Go's TestValueConcurrent."""
    v = Value()
    wg = WaitGroup()

    def worker(seed: int) -> None:
        r = random.Random(seed)
        for i in range(100):
            v.store(r.choice(values))
            if i % 4 == seed:
                runtime.gosched()
            assert any(v.load() is x for x in values)

    for seed in range(4):
        wg.go(worker, seed)
    wg.wait()


@pytest.mark.parametrize(
    "init, new, want, error",
    [
        (None, None, None, "sync/atomic: swap of nil value into Value"),
        (None, True, None, None),
        (True, "", None, "sync/atomic: swap of inconsistently typed value into Value"),
        (True, False, True, None),
    ],
)
def test_value_swap(init: Any, new: Any, want: Any, error: str | None) -> None:
    """Go's TestValue_Swap."""
    v = Value()
    if init is not None:
        v.store(init)
    if error is not None:
        with pytest.raises(Panic, match=rf"^{error}$"):
            v.swap(new)
        assert v.load() is init
    else:
        assert v.swap(new) is want
        assert v.load() is new


@pytest.mark.gochan
def test_value_swap_by_many() -> None:
    """Go's TestValueSwapConcurrent."""
    v = Value()
    count = Uint64()
    wg = WaitGroup()
    m, n = 20, 50

    def worker(start: int) -> None:
        total = 0
        for new in range(start, start + n):
            total += v.swap(new) or 0
            if new % 7 == 0:
                runtime.gosched()
        count.add(total)

    for start in range(0, m * n, n):
        wg.go(worker, start)
    wg.wait()
    assert count.load() + v.load() == (m * n - 1) * (m * n) // 2


@pytest.mark.parametrize(
    "init, old, new, want",
    [
        (None, None, None, "sync/atomic: compare and swap of nil value into Value"),
        (None, "", True, "sync/atomic: compare and swap of inconsistently typed values"),
        (None, True, True, False),
        (None, None, True, True),
        (True, None, "", "sync/atomic: compare and swap of inconsistently typed value into Value"),
        (True, None, False, False),
        (True, False, True, False),
        (True, True, True, True),
        ([0], [0], [1], True),
    ],
)
def test_value_compare_and_swap(init: Any, old: Any, new: Any, want: bool | str) -> None:
    """Go's TestValue_CompareAndSwap."""
    v = Value()
    if init is not None:
        v.store(init)
    if isinstance(want, str):
        with pytest.raises(Panic, match=rf"^{want}$"):
            v.compare_and_swap(old, new)
    else:
        assert v.compare_and_swap(old, new) is want
    assert v.load() is (new if want is True else init)


@pytest.mark.gochan
def test_value_compare_and_swap_by_many() -> None:
    """Go's TestValueCompareAndSwapConcurrent."""
    v = Value()
    v.store(0)
    wg = WaitGroup()
    m, n = 20, 20

    def worker(i: int) -> None:
        while i < m * n:
            if v.compare_and_swap(i, i + 1):
                i += m
            runtime.gosched()

    for i in range(m):
        wg.go(worker, i)
    wg.wait()
    assert v.load() == m * n


def test_value_whose_comparison_changes_it() -> None:
    """What was compared may not be what is there afterwards."""

    class Sly:
        def __eq__(self, other: object) -> bool:
            v.store(later)
            return self is not later

        __hash__ = None  # type: ignore[assignment]

    v = Value()
    later = Sly()
    v.store(Sly())
    assert not v.compare_and_swap(Sly(), Sly())
    assert v.load() is later


# --- by many -----------------------------------------------------------------------------------------------


@pytest.mark.gochan
@pytest.mark.parametrize("method", ["swap", "add", "compare_and_swap", "and_or"])
def test_hammer(cls: type[Integer], method: str) -> None:
    """Go's TestHammer32 and TestHammer64."""
    x = cls()
    wg = WaitGroup()
    bits = 16 if WIDTHS[cls][1] < 2**40 else 32
    p, n = 4, 60

    def turn(i: int, seed: int) -> None:
        if i % 5 == seed:
            runtime.gosched()

    def swap(seed: int) -> None:
        for i in range(n):
            half = 1000 * seed + i
            old = x.swap(half << bits | half)
            turn(i, seed)
            assert old & ((1 << bits) - 1) == old >> bits

    def add(seed: int) -> None:
        for i in range(n):
            x.add(1)
            turn(i, seed)

    def compare_and_swap(seed: int) -> None:
        for i in range(n):
            while True:
                v = x.load()
                turn(i, seed)
                if x.compare_and_swap(v, v + 1):
                    break
                runtime.gosched()

    def and_or(seed: int) -> None:
        for i in range(n):
            assert not x.or_(1 << seed) >> seed & 1
            turn(i, seed)
            assert x.and_(~(1 << seed)) >> seed & 1

    workers = {"swap": swap, "add": add, "compare_and_swap": compare_and_swap, "and_or": and_or}
    for seed in range(p):
        wg.go(workers[method], seed)
    wg.wait()
    if method != "swap":
        assert x.load() == (0 if method == "and_or" else n * p)


@pytest.mark.gochan
def test_hammer_store_and_load(cls: type[Integer]) -> None:
    """Go's TestHammerStoreLoad."""
    x = cls()
    wg = WaitGroup()
    bits = 16 if WIDTHS[cls][1] < 2**40 else 32

    def worker(seed: int) -> None:
        for i in range(60):
            v = x.load()
            low = v & ((1 << bits) - 1)
            assert low == v >> bits
            if i % 5 == seed:
                runtime.gosched()
            x.store(v + (1 << bits) + 1)

    for seed in range(4):
        wg.go(worker, seed)
    wg.wait()
    assert x.load()


@pytest.mark.gochan
def test_stores_and_loads_are_in_one_order(cls: type[Integer]) -> None:
    """Go's TestStoreLoadSeqCst32 and TestStoreLoadSeqCst64."""
    x = [cls(), cls()]
    none = WIDTHS[cls][1]
    ack = [[cls(none) for _ in range(3)] for _ in range(2)]
    done = Chan[int](2)

    def worker(me: int) -> None:
        he = 1 - me
        for i in range(1, 100):
            x[me].store(i)
            my = x[he].load()
            ack[me][i % 3].store(my)
            while ack[he][i % 3].load() == none:
                runtime.gosched()
            his = ack[he][i % 3].load()
            assert my in (i, i - 1) and his in (i, i - 1)
            assert i in (my, his)
            ack[me][(i - 1) % 3].store(none)
        done.send(me)

    go(worker, 0)
    go(worker, 1)
    assert {done.recv(), done.recv()} == {0, 1}


@pytest.mark.gochan
def test_what_is_stored_before_a_signal_is_seen_after_it(cls: type[Integer]) -> None:
    """Go's TestStoreLoadRelAcq32 and TestStoreLoadRelAcq64."""
    signal = cls()
    data: list[float] = [0, 0.0]
    done = Chan[int](2)

    def worker(p: int) -> None:
        for i in range(1, 100):
            if (i + p) % 2 == 0:
                data[:] = [i, float(i)]
                signal.store(i)
            else:
                while signal.load() != i:
                    runtime.gosched()
                assert data == [i, float(i)]
        done.send(p)

    go(worker, 0)
    go(worker, 1)
    assert {done.recv(), done.recv()} == {0, 1}


@pytest.mark.gochan
def test_a_loop_that_tries_lets_others_run() -> None:
    """A spin lock, as one is written in Go."""

    def spin(try_it: Callable[[], bool], then: Callable[[], object]) -> None:
        go(then)
        while not try_it():
            pass

    x, flag, pointer, value = Int32(1), Bool(True), Pointer[str]("a"), Value()
    value.store("a")
    spin(lambda: x.compare_and_swap(0, 1), lambda: x.store(0))
    spin(lambda: flag.compare_and_swap(False, True), lambda: flag.store(False))
    spin(lambda: pointer.compare_and_swap(None, "b"), lambda: pointer.store(None))
    spin(lambda: value.compare_and_swap("c", "d"), lambda: value.store("c"))


def test_threads_share_them() -> None:
    n, p = 15_000, 3
    count, spin, token = Int64(), Bool(), Uint64()
    unguarded = 0
    seen: list[int] = []
    start = threading.Barrier(p)

    def worker(seed: int) -> None:
        nonlocal unguarded
        old: list[int] = []
        start.wait()
        for i in range(n):
            count.add(1)
            old.append(token.swap(1 + seed * n + i))
            while not spin.compare_and_swap(False, True):
                pass
            unguarded += 1
            spin.store(False)
        seen.extend(old)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=worker, args=(seed,)) for seed in range(p)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    finally:
        sys.setswitchinterval(interval)
    assert count.load() == unguarded == p * n
    # Each value that was swapped in came out once.
    assert sorted([*seen, token.load()]) == list(range(p * n + 1))


# --- what Python adds --------------------------------------------------------------------------------------


def test_repr_and_copy(cls: type[Integer]) -> None:
    value = Value()
    value.store("x")
    shown = {
        cls(7): f"{cls.__name__}(7)",
        Bool(True): "Bool(True)",
        Pointer("x"): "Pointer('x')",
        value: "Value('x')",
    }
    for x, text in shown.items():
        assert repr(x) == text
        with pytest.raises(TypeError, match=rf"^{type(x).__name__} cannot be pickled or copied: it"):
            copy.copy(x)
