"""sync.Pool.  Where a test follows one of Go's, its docstring names it (sync/pool_test.go)."""

import copy
import gc
import re
import weakref
from typing import Any

import pytest

from gochan import runtime
from gochan.sync import Pool, WaitGroup

# A collection at a bad time would age the pools.
pytestmark = pytest.mark.usefixtures("collector")


class Item:
    """An object that takes weak references."""


def test_pool() -> None:
    """Go's TestPool."""
    pool = Pool[Any]()
    assert pool.get() is None

    pool.put("a")
    pool.put("b")
    assert [pool.get() for _ in range(3)] == ["a", "b", None]

    for _ in range(100):
        pool.put("c")
    gc.collect()
    assert pool.get() == "c"
    gc.collect()
    assert pool.get() is None


def test_the_order_is_go_s() -> None:
    """One has a slot of its own; of the others, the last comes out first."""
    pool = Pool[int]()
    for i in range(5):
        pool.put(i)
    assert [pool.get() for _ in range(3)] == [0, 4, 3]
    pool.put(5)
    pool.put(6)
    assert [pool.get() for _ in range(5)] == [5, 6, 2, 1, None]


def test_victims_come_out_last_and_the_other_way_round() -> None:
    pool = Pool[int]()
    for i in range(4):
        pool.put(i)
    gc.collect()
    pool.put(4)
    assert [pool.get() for _ in range(6)] == [4, 0, 1, 2, 3, None]


def test_only_a_full_collection_counts() -> None:
    pool = Pool[int]()
    pool.put(1)
    for _ in range(3):
        gc.collect(0)
        gc.collect(1)
    assert pool.get() == 1


def test_new() -> None:
    """Go's TestPoolNew."""
    i = 0

    def new() -> int:
        nonlocal i
        i += 1
        return i

    pool = Pool(new)
    assert [pool.get(), pool.get()] == [1, 2]
    pool.put(42)
    assert [pool.get(), pool.get()] == [42, 3]


def test_new_may_be_set_later() -> None:
    pool = Pool[list[int]]()
    assert pool.get() is None
    pool.new = lambda: [1]
    assert pool.get() == [1]
    pool.new = None
    assert pool.get() is None


def test_none_is_not_put() -> None:
    pool = Pool[Any](new=lambda: "new")
    pool.put(None)
    pool.put(0)
    assert [pool.get(), pool.get()] == [0, "new"]


@pytest.mark.parametrize("drain", [True, False])
def test_what_is_dropped_is_freed(drain: bool) -> None:
    """Go's TestPoolGC and TestPoolRelease."""
    pool = Pool[Item]()
    n = 100
    for _ in range(3):
        alive: weakref.WeakSet[Item] = weakref.WeakSet()
        for _ in range(n):
            item = Item()
            alive.add(item)
            pool.put(item)
        del item
        assert len(alive) == n
        if drain:
            for _ in range(n):
                pool.get()
        else:
            gc.collect()
            assert len(alive) == n
            gc.collect()
        assert len(alive) == 0


def test_a_pool_is_freed_with_what_it_holds() -> None:
    pool = Pool[Item]()
    item = Item()
    alive = weakref.ref(item)
    pool.put(item)
    del item, pool
    assert alive() is None


@pytest.mark.gochan
def test_many_use_it() -> None:
    """Go's TestPoolStress."""
    pool = Pool[list[int]]()
    wg = WaitGroup()

    def worker(i: int) -> None:
        v: list[int] | None = None
        for j in range(100):
            pool.put([0] if v is None else v)
            if j % 3 == i % 3:
                runtime.gosched()
            v = pool.get()
            if v is not None:
                # No other goroutine gets it in between.
                assert v == [0]
                v[0] = 1
                if j % 5 == i % 5:
                    runtime.gosched()
                v[0] = 0
            if j % 10 == i:
                gc.collect()

    for i in range(6):
        wg.go(worker, i)
    wg.wait()


def test_a_collection_during_get_returns_nothing_twice() -> None:
    class Collecting(list[Item]):
        """Stands for a list at whose every use the collector happens to run."""

        def __bool__(self) -> bool:
            if len(self) > 0:
                gc.collect()
            return len(self) > 0

    pool = Pool[Item]()
    items = [Item() for _ in range(20)]
    for item in items:
        pool.put(item)
    private, shared = pool._cache
    pool._cache = (Collecting(private), shared)
    assert {pool.get() for _ in range(20)} == set(items)
    assert pool.get() is None


@pytest.mark.parametrize("new", [3, "new"])
def test_new_is_something_that_can_be_called(new: Any) -> None:
    with pytest.raises(TypeError, match=r"^Pool: new=.* is not callable; give a function without arguments$"):
        Pool(new)


def test_a_pool_is_not_copied() -> None:
    with pytest.raises(TypeError, match=r"^Pool cannot be pickled or copied"):
        copy.copy(Pool[int]())


def test_the_repr() -> None:
    pool = Pool[str]()
    assert re.fullmatch(r"<Pool len=0 victims=0 at 0x\w+>", repr(pool))
    for text in ["a", "b", "c"]:
        pool.put(text)
    assert re.fullmatch(r"<Pool len=3 victims=0 at 0x\w+>", repr(pool))
    gc.collect()
    pool.put("d")
    assert re.fullmatch(r"<Pool len=1 victims=3 at 0x\w+>", repr(pool))
