"""sync.Map.

Where a test follows one of Go's, its docstring names it: sync/map_test.go, and of what Go's Map is made of
internal/sync/hashtriemap_test.go.
"""

import copy
import gc
import random
import re
import sys
import weakref
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gochan import Chan, close, default, recv, runtime, select
from gochan.sync import Map, Mutex, RWMutex, WaitGroup
from gochan.sync.atomic import Value

# --- against other maps ------------------------------------------------------------------------------------


class MapLike(Protocol):
    """What is compared with a Map."""

    def load(self, key: Any, /) -> tuple[Any, bool]: ...
    def store(self, key: Any, value: Any, /) -> None: ...
    def load_or_store(self, key: Any, value: Any, /) -> tuple[Any, bool]: ...
    def load_and_delete(self, key: Any, /) -> tuple[Any, bool]: ...
    def delete(self, key: Any, /) -> None: ...
    def swap(self, key: Any, value: Any, /) -> tuple[Any, bool]: ...
    def compare_and_swap(self, key: Any, old: Any, new: Any, /) -> bool: ...
    def compare_and_delete(self, key: Any, old: Any, /) -> bool: ...
    def range(self, f: Callable[[Any, Any], object], /) -> None: ...
    def clear(self) -> None: ...


class GuardedMap:
    """A dict behind an RWMutex."""

    def __init__(self) -> None:
        self.rw = RWMutex()
        self.d: dict[Any, Any] = {}

    def load(self, key: Any) -> tuple[Any, bool]:
        with self.rw.rlocker():
            return (self.d[key], True) if key in self.d else (None, False)

    def store(self, key: Any, value: Any) -> None:
        with self.rw:
            self.d[key] = value

    def load_or_store(self, key: Any, value: Any) -> tuple[Any, bool]:
        with self.rw:
            if key in self.d:
                return self.d[key], True
            self.d[key] = value
            return value, False

    def load_and_delete(self, key: Any) -> tuple[Any, bool]:
        with self.rw:
            return (self.d.pop(key), True) if key in self.d else (None, False)

    def delete(self, key: Any) -> None:
        self.load_and_delete(key)

    def swap(self, key: Any, value: Any) -> tuple[Any, bool]:
        with self.rw:
            previous = (self.d[key], True) if key in self.d else (None, False)
            self.d[key] = value
            return previous

    def compare_and_swap(self, key: Any, old: Any, new: Any) -> bool:
        with self.rw:
            if key in self.d and self.d[key] == old:
                self.d[key] = new
                return True
            return False

    def compare_and_delete(self, key: Any, old: Any) -> bool:
        with self.rw:
            if key in self.d and self.d[key] == old:
                del self.d[key]
                return True
            return False

    def range(self, f: Callable[[Any, Any], object]) -> None:
        with self.rw.rlocker():
            keys = list(self.d)
        for key in keys:
            value, ok = self.load(key)
            if ok and not f(key, value):
                return

    def clear(self) -> None:
        with self.rw:
            self.d.clear()


class CopiedMap:
    """A dict in an atomic.Value, that each change replaces by another one."""

    def __init__(self) -> None:
        self.mu = Mutex()
        self.clean = Value()
        self.clean.store({})

    def change(self, f: Callable[[dict[Any, Any]], Any]) -> Any:
        with self.mu:
            d = dict(self.clean.load())
            result = f(d)
            self.clean.store(d)
            return result

    def load(self, key: Any) -> tuple[Any, bool]:
        d = self.clean.load()
        return (d[key], True) if key in d else (None, False)

    def store(self, key: Any, value: Any) -> None:
        self.change(lambda d: d.__setitem__(key, value))

    def load_or_store(self, key: Any, value: Any) -> tuple[Any, bool]:
        return self.change(lambda d: (d[key], True) if key in d else (d.setdefault(key, value), False))

    def load_and_delete(self, key: Any) -> tuple[Any, bool]:
        return self.change(lambda d: (d.pop(key), True) if key in d else (None, False))

    def delete(self, key: Any) -> None:
        self.change(lambda d: d.pop(key, None))

    def swap(self, key: Any, value: Any) -> tuple[Any, bool]:
        previous = self.load(key)
        self.store(key, value)
        return previous

    def compare_and_swap(self, key: Any, old: Any, new: Any) -> bool:
        if self.load(key) != (old, True):
            return False
        self.store(key, new)
        return True

    def compare_and_delete(self, key: Any, old: Any) -> bool:
        if self.load(key) != (old, True):
            return False
        self.delete(key)
        return True

    def range(self, f: Callable[[Any, Any], object]) -> None:
        for key, value in self.clean.load().items():
            if not f(key, value):
                return

    def clear(self) -> None:
        self.clean.store({})


keys = st.text("abc", max_size=2)
calls = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["load", "delete", "load_and_delete"]), keys),
        st.tuples(st.sampled_from(["store", "load_or_store", "swap", "compare_and_delete"]), keys, keys),
        st.tuples(st.just("compare_and_swap"), keys, keys, keys),
        st.tuples(st.just("clear")),
    ),
    max_size=40,
)


def results(m: MapLike, calls: list[tuple[str, ...]]) -> tuple[list[Any], dict[Any, Any]]:
    final: dict[Any, Any] = {}
    given = [getattr(m, name)(*args) for name, *args in calls]
    m.range(lambda k, v: final.update({k: v}) or True)
    return given, final


@given(calls)
@settings(max_examples=40, deadline=None)
def test_a_map_is_like_a_guarded_dict(calls: list[tuple[str, ...]]) -> None:
    """Go's TestMapMatchesRWMutex."""
    assert results(Map[str, str](), calls) == results(GuardedMap(), calls)


@given(calls)
@settings(max_examples=40, deadline=None)
def test_a_map_is_like_a_copied_dict(calls: list[tuple[str, ...]]) -> None:
    """Go's TestMapMatchesDeepCopy."""
    assert results(Map[str, str](), calls) == results(CopiedMap(), calls)


# --- range and clear ---------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_range_while_others_store() -> None:
    """Go's TestConcurrentRange."""
    size = 1 << 7
    m = Map[int, int]()
    for n in range(1, size + 1):
        m.store(n, n)
    done = Chan[None]()
    stores = 0

    def worker(g: int) -> None:
        nonlocal stores
        r = random.Random(g)
        i = 0
        while select(recv(done), default)[0] == 1:
            for n in range(1, size):
                if r.randrange(16) == 0:
                    m.store(n, n * i * g)
                    stores += 1
                else:
                    m.load(n)
            i += 1
            runtime.gosched()

    wg = WaitGroup()
    for g in range(1, 4):
        wg.go(worker, g)
    for _ in range(16):
        seen: set[int] = set()
        before = stores

        def look(k: int, v: int, seen: set[int] = seen) -> bool:
            assert v % k == 0
            assert k not in seen
            seen.add(k)
            if k % 16 == 0:
                runtime.gosched()
            return True

        m.range(look)
        assert len(seen) == size
        assert stores > before
    close(done)
    wg.wait()


@pytest.mark.gochan
def test_range_within_range() -> None:
    """Go's TestMapRangeNestedCall."""
    m = Map[int, str]()
    for i, word in enumerate(["hello", "world", "Go"]):
        m.store(i, word)

    def inner(key: int, value: str) -> bool:
        assert m.load(key) == (value, True)
        assert m.load_or_store(42, "dummy") == ("dummy", False)
        m.store(42, "sync.Map")
        assert m.load_and_delete(42) == ("sync.Map", True)
        return True

    def outer(key: int, value: str) -> bool:
        m.range(inner)
        m.delete(key)
        return True

    m.range(outer)
    m.range(lambda k, v: pytest.fail("there is something left"))


def test_range_goes_on_until_false() -> None:
    m = Map[str, int]()
    for i, key in enumerate("abc"):
        m.store(key, i)
    for answers, visited in [
        ([True, True, True], "abc"),
        ([None, 1, None], "abc"),
        ([True, False, True], "ab"),
        ([None, 0], "ab"),
    ]:
        seen: list[str] = []
        left = iter(answers)

        def f(key: str, value: int, seen: list[str] = seen, left: Any = left) -> object:
            seen.append(key)
            assert "abc"[value] == key
            return next(left)

        m.range(f)
        assert "".join(seen) == visited


def test_range_leaves_out_what_is_removed_and_what_is_new() -> None:
    m = Map[int, int]()
    for i in range(4):
        m.store(i, i)
    seen: list[tuple[int, int]] = []

    def f(key: int, value: int) -> None:
        seen.append((key, value))
        if key == 0:
            m.delete(1)
            m.store(2, 20)
            m.store(9, 9)

    m.range(f)
    assert seen == [(0, 0), (2, 20), (3, 3)]
    seen.clear()
    m.range(lambda key, value: (seen.append((key, value)), m.clear()))
    assert seen == [(0, 0)]


@pytest.mark.gochan
def test_clear_while_others_store() -> None:
    """Go's TestConcurrentClear."""
    m = Map[int, int]()
    wg = WaitGroup()

    def load(k: int) -> None:
        value, ok = m.load(k)
        assert value == (k * 10 if ok else None)

    for k in range(10):
        wg.go(m.store, k, k * 10)
    for k in range(10):
        wg.go(load, k)
    for _ in range(10):
        wg.go(m.clear)
    wg.wait()
    m.store(1, 1)
    m.clear()
    m.range(lambda k, v: pytest.fail(f"({k}, {v}) is left"))


@pytest.mark.usefixtures("collector")
def test_what_is_deleted_is_freed() -> None:
    """Go's TestIssue40999."""

    class Key:
        pass

    m = Map[Any, None]()
    m.store(None, None)
    removals: list[Callable[[Any], object]] = [
        m.delete,
        m.load_and_delete,
        lambda key: m.compare_and_delete(key, None),
        lambda key: m.clear(),
    ]
    for remove in removals:
        key = Key()
        alive = weakref.ref(key)
        m.store(key, None)
        remove(key)
        del key
        gc.collect()
        assert alive() is None


def test_compare_and_swap_of_a_key_that_is_not_there() -> None:
    """Go's TestCompareAndSwap_NonExistingKey."""
    m = Map[Any, Any]()
    assert not m.compare_and_swap(m, None, 42)
    assert m.load(m) == (None, False)
    assert not m.compare_and_delete(m, None)


# --- every method, with good and bad hashes ----------------------------------------------------------------

N = 128


class BadKey(str):
    """A str with the same hash as all others."""

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)

    def __hash__(self) -> int:
        return 0


class NearKey(BadKey):
    """A str whose hash is nearly that of all others."""

    def __hash__(self) -> int:
        return str.__hash__(self) & 15


@pytest.fixture(params=[str, BadKey, NearKey])
def data(request: pytest.FixtureRequest) -> list[str]:
    """Go's TestHashTrieMap, TestHashTrieMapBadHash, TestHashTrieMapTruncHash run each of the tests below."""
    return [request.param(f"{i:b}") for i in range(N)]


def full(data: list[str]) -> Map[str, int]:
    m = Map[str, int]()
    for i, s in enumerate(data):
        assert m.load(s) == (None, False)
        assert m.load_or_store(s, i) == (i, False)
        assert m.load(s) == (i, True)
        assert m.load_or_store(s, 0) == (i, True)
    return m


def contents(m: Map[str, int]) -> dict[str, int]:
    seen: dict[str, int] = {}

    def f(key: str, value: int) -> None:
        assert key not in seen
        seen[key] = value

    m.range(f)
    return seen


def expected(data: list[str], **changed: int) -> dict[str, int]:
    return {s: i for i, s in enumerate(data)} | changed


def test_load(data: list[str]) -> None:
    empty = Map[str, int]()
    assert [empty.load(s) for s in data] == [(None, False)] * N
    m = full(data)
    assert [m.load(s) for s in data] == [(i, True) for i in range(N)]
    assert contents(m) == expected(data)


def test_clear(data: list[str]) -> None:
    m = full(data)
    m.clear()
    assert [m.load(s) for s in data] == [(None, False)] * N
    assert contents(m) == {}


def test_compare_and_delete(data: list[str]) -> None:
    m = full(data)
    for i in (1, 105, 6, 85):
        assert not m.compare_and_delete(data[i], sys.maxsize)
        assert m.compare_and_delete(data[i], i)
        assert not m.compare_and_delete(data[i], i)
        assert m.load(data[i]) == (None, False)
    assert contents(m) == {s: i for i, s in enumerate(data) if i not in (1, 105, 6, 85)}
    for i, s in enumerate(data):
        assert m.compare_and_delete(s, i) == (i not in (1, 105, 6, 85))
    assert contents(m) == {}


def test_compare_and_delete_while_ranging(data: list[str]) -> None:
    m = full(data)
    seen: list[int] = []

    def f(key: str, value: int) -> None:
        assert m.compare_and_delete(key, value)
        seen.append(value)

    m.range(f)
    assert sorted(seen) == list(range(N))
    assert contents(m) == {}


def test_compare_and_swap(data: list[str]) -> None:
    m = full(data)
    for j in range(3):
        for i, s in enumerate(data):
            assert not m.compare_and_swap(s, sys.maxsize, i + j + 1)
            assert m.compare_and_swap(s, i + j, i + j + 1)
            assert not m.compare_and_swap(s, i + j, i + j + 1)
            assert m.load(s) == (i + j + 1, True)
    assert contents(m) == {s: i + 3 for i, s in enumerate(data)}


def test_swap(data: list[str]) -> None:
    m = Map[str, int]()
    for i, s in enumerate(data):
        assert m.swap(s, i) == (None, False)
        assert m.swap(s, i) == (i, True)
        assert m.swap(s, i + 1) == (i, True)
        assert m.load(s) == (i + 1, True)
    assert contents(m) == {s: i + 1 for i, s in enumerate(data)}


def test_load_and_delete(data: list[str]) -> None:
    m = full(data)
    for i in (1, 105, 6, 85):
        assert m.load_and_delete(data[i]) == (i, True)
        assert m.load(data[i]) == (None, False)
        assert m.load_and_delete(data[i]) == (None, False)
    assert contents(m) == {s: i for i, s in enumerate(data) if i not in (1, 105, 6, 85)}


@pytest.mark.gochan
def test_others_change_the_same_keys(data: list[str]) -> None:
    m = full(data)
    wg = WaitGroup()

    def worker(id: int) -> None:
        for i, s in enumerate(data):
            assert not m.compare_and_swap(s, sys.maxsize, 0)
            assert not m.compare_and_delete(s, sys.maxsize)
            if i % 8 == id:
                runtime.gosched()
            m.compare_and_swap(s, i, i + 1)
            assert m.load(s) == (i + 1, True)
            assert m.swap(s, i + 1) == (i + 1, True)

    for id in range(4):
        wg.go(worker, id)
    wg.wait()
    assert contents(m) == {s: i + 1 for i, s in enumerate(data)}

    gone: list[str] = []

    def remove(id: int) -> None:
        for i, s in enumerate(data):
            if i % 8 == id:
                runtime.gosched()
            if m.load_and_delete(s)[1] if id % 2 else m.compare_and_delete(s, i + 1):
                gone.append(s)
            assert m.load(s) == (None, False)

    for id in range(4):
        wg.go(remove, id)
    wg.wait()
    assert sorted(gone) == sorted(data)


@pytest.mark.gochan
def test_each_has_keys_of_its_own(data: list[str]) -> None:
    m = Map[str, int]()
    wg = WaitGroup()

    def worker(id: int) -> None:
        own = [type(s)(f"{s}-{id}") for s in data[:32]]
        for key in own:
            assert m.load_or_store(key, id) == (id, False)
            assert m.load_or_store(key, 0) == (id, True)
        runtime.gosched()
        for key in own:
            assert m.compare_and_swap(key, id, id + 1)
            assert m.swap(key, id + 2) == (id + 1, True)
            assert m.compare_and_delete(key, id + 2)
            assert not m.compare_and_swap(key, id + 2, id)
            assert m.swap(key, id + 3) == (None, False)
        runtime.gosched()
        for key in own:
            assert m.load_and_delete(key) == (id + 3, True)

    for id in range(4):
        wg.go(worker, id)
    wg.wait()
    assert contents(m) == {}


@pytest.mark.gochan
def test_a_cache_of_weak_references() -> None:
    """Go's TestConcurrentCache: compare_and_swap and compare_and_delete don't both succeed."""

    class Entry:
        pass

    m = Map[int, weakref.ref[Entry]]()

    def get(key: int) -> Entry:
        new = Entry()
        ref = weakref.ref(new, lambda ref: m.compare_and_delete(key, ref))
        while True:
            there, loaded = m.load_or_store(key, ref)
            if not loaded:
                return new
            runtime.gosched()
            entry = there()
            if entry is not None:
                return entry
            if m.compare_and_swap(key, there, ref):
                return new

    wg = WaitGroup()
    same = 0

    def worker(i: int) -> None:
        nonlocal same
        a = get(i % 50)
        if i % 3:
            runtime.gosched()
        assert get(i % 50) is a
        same += 1

    for i in range(500):
        wg.go(worker, i)
    wg.wait()
    assert same == 500


# --- what Python adds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method, args",
    [
        ("load", ()),
        ("store", (1,)),
        ("load_or_store", (1,)),
        ("load_and_delete", ()),
        ("delete", ()),
        ("swap", (1,)),
        ("compare_and_swap", (1, 2)),
        ("compare_and_delete", (1,)),
    ],
)
def test_a_key_without_a_hash(method: str, args: tuple[int, ...]) -> None:
    m = Map[Any, int]()
    text = rf"^Map.{method}: \[1, 2\] is not hashable; give a str or a tuple$"
    with pytest.raises(TypeError, match=text):
        getattr(m, method)([1, 2], *args)


def test_a_comparison_that_changes_the_map() -> None:
    """The value that was compared may not be the one that is there afterwards."""
    m = Map[str, Any]()

    class Sly:
        def __init__(self, then: Any) -> None:
            self.then = then

        def __eq__(self, other: object) -> bool:
            m.store("key", self.then)
            return True

        __hash__ = None  # type: ignore[assignment]

    m.store("key", Sly("other"))
    assert not m.compare_and_swap("key", "old", "new")
    assert m.load("key") == ("other", True)
    m.store("key", Sly("old"))
    assert m.compare_and_swap("key", "old", "new")
    assert m.load("key") == ("new", True)
    m.store("key", Sly("other"))
    assert not m.compare_and_delete("key", "old")
    assert m.load("key") == ("other", True)


class YieldingKey:
    """A key that lets other goroutines run when it is compared with another one of the same hash."""

    def __eq__(self, other: object) -> bool:
        runtime.gosched()
        return self is other

    def __hash__(self) -> int:
        return 0


@pytest.mark.gochan
def test_one_of_several_stores_a_value_though_keys_yield() -> None:
    m = Map[YieldingKey, int]()
    m.store(YieldingKey(), 0)
    key, results, wg = YieldingKey(), list[tuple[int, bool]](), WaitGroup()
    for n in range(1, 6):
        wg.go(lambda n=n: results.append(m.load_or_store(key, n)))
    wg.wait()
    stored = [value for value, loaded in results if not loaded]
    assert len(stored) == 1 and {value for value, _ in results} == set(stored)


@pytest.mark.parametrize("f", [None, 3])
def test_range_takes_a_function(f: Any) -> None:
    with pytest.raises(TypeError, match=r"^Map.range: .* is not callable; give a function of a key and"):
        Map[int, int]().range(f)


def test_a_map_is_not_copied() -> None:
    with pytest.raises(TypeError, match=r"^Map cannot be pickled or copied"):
        copy.copy(Map[int, int]())


def test_none_is_a_key_and_a_value() -> None:
    m = Map[None, None]()
    assert m.load(None) == (None, False)
    m.store(None, None)
    assert m.load(None) == (None, True)
    assert m.load_or_store(None, None) == (None, True)
    assert m.compare_and_delete(None, None)
    assert m.load_and_delete(None) == (None, False)


@pytest.mark.gochan
def test_a_goroutine_sees_each_change_whole() -> None:
    m = Map[str, int]()
    m.store("count", 0)
    wg = WaitGroup()

    def worker() -> None:
        for _ in range(50):
            while True:
                n, _ = m.load("count")
                assert n is not None
                runtime.gosched()
                if m.compare_and_swap("count", n, n + 1):
                    break

    for _ in range(4):
        wg.go(worker)
    wg.wait()
    assert m.load("count") == (200, True)


def test_the_repr() -> None:
    m = Map[object, object]()
    assert re.fullmatch(r"<Map len=0 at 0x\w+>", repr(m))
    m.store("key", m)
    m.store("other", 3)
    assert re.fullmatch(r"<Map len=2 at 0x\w+>", repr(m))
