"""What type checkers know of gochan.sync.  `make check` runs mypy and pyright over this file, both strict."""

from typing import assert_type

from gochan import sync
from gochan.sync import atomic

mu = sync.Mutex()
rw = sync.RWMutex()
lockers: list[sync.Locker] = [mu, rw, rw.rlocker()]

cond = sync.Cond(mu)
assert_type(cond, sync.Cond[sync.Mutex])
assert_type(sync.new_cond(rw), sync.Cond[sync.RWMutex])
with cond.l:
    cond.wait()
sync.Cond(3)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]

ages = sync.Map[str, int]()
match ages.load("gopher"):
    case age, True:
        assert_type(age, int)
    case nothing, False:
        assert_type(nothing, None)
ages.store("gopher", "old")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
ages.range(lambda name, age: assert_type(name, str) == "gopher" and assert_type(age, int) > 3)

buffers = sync.Pool(new=bytearray)
assert_type(buffers.get(), bytearray)
words = sync.Pool[str]()
words.new = lambda: "new"


@sync.once_value
def answer() -> int:
    return 42


@sync.once_values
def pair() -> tuple[int, str]:
    return 1, "a"


assert_type(answer(), int)
assert_type(pair(), tuple[int, str])
assert_type(sync.once_func(answer)(), None)

count = atomic.Int64()
assert_type(count.add(1), int)
count.add(0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
name = atomic.Pointer[str]()
assert_type(name.load(), str | None)
