"""Atomic integers wrap at their width; a Value keeps to the type of its first; a Pointer goes by identity."""

from collections.abc import Callable

from gochan import defer, defers, recover, run, runtime, sync
from gochan.sync import atomic

MAX_INT32, MIN_INT32, MAX_UINT32 = 2**31 - 1, -(2**31), 2**32 - 1
MAX_INT64, MIN_INT64, MAX_UINT64 = 2**63 - 1, -(2**63), 2**64 - 1


def show(*words: object) -> None:
    print(*("<nil>" if w is None else str(w).lower() if isinstance(w, bool) else w for w in words))


@defers
def attempt(f: Callable[[], object]) -> None:
    @defer
    def _() -> None:
        if (fault := recover()) is not None:
            print("panics:", fault)

    f()


def main() -> None:
    i32, i64, u32, u64 = atomic.Int32(), atomic.Int64(), atomic.Uint32(), atomic.Uint64()
    i32.store(MAX_INT32)
    i64.store(MIN_INT64)
    show(i32.add(1), i64.add(-1), u32.add(MAX_UINT32), u64.add(MAX_UINT64))
    show(i32.load(), i64.load(), u32.load(), u64.load())
    show(u32.add(5), u64.add(7), i32.add(MIN_INT32), i64.add(MAX_INT64))
    show(i32.swap(-9), i64.swap(-9), u32.swap(MAX_UINT32), u64.swap(MAX_UINT64))
    show(i32.and_(0x0F), i64.and_(-4), u32.and_(0xFF00), u64.and_(1 << 63))
    show(i32.or_(MIN_INT32), i64.or_(2), u32.or_(0x1FF), u64.or_(3))
    show(
        i32.compare_and_swap(7, 1),
        i64.compare_and_swap(-10, 1),
        u32.compare_and_swap(1, 1),
        u64.compare_and_swap(0, 1),
    )
    show(i32.load(), i64.load(), u32.load(), u64.load())

    b = atomic.Bool()
    show(b.load(), b.swap(True), b.compare_and_swap(False, True), b.compare_and_swap(True, False), b.load())
    b.store(True)
    show(b.load())

    v = atomic.Value()
    show(v.load())
    show(v.compare_and_swap("x", "y"), v.compare_and_swap(None, "first"), v.load())
    v.store("second")
    show(v.swap("third"), v.compare_and_swap("second", "no"), v.compare_and_swap("third", "fourth"), v.load())
    attempt(lambda: v.store(None))
    attempt(lambda: v.store(4))
    attempt(lambda: v.swap(None))
    attempt(lambda: v.swap(4))
    attempt(lambda: v.compare_and_swap("fourth", None))
    attempt(lambda: v.compare_and_swap("fourth", 4))
    attempt(lambda: v.compare_and_swap(3, 4))

    one, other = [1], [1]
    p = atomic.Pointer[list[int]]()
    show(p.load() is None, p.compare_and_swap(None, one), p.compare_and_swap(other, None), p.load() is one)
    show(p.swap(other) is one, p.load())

    wg = sync.WaitGroup()
    total = atomic.Int64()

    def add(i: int) -> None:
        for n in range(2):
            while True:
                old = total.load()
                runtime.gosched()
                if total.compare_and_swap(old, old + i * n):
                    print(i, "adds", i * n, "to", old)
                    break

    for i in range(4):
        wg.go(add, i)
    wg.wait()
    print("total", total.load())


if __name__ == "__main__":
    run(main)
