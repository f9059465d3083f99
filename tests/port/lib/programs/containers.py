from typing import Any

from gochan import defer, defers
from gochan.port.lib import (
    Slice,
    append,
    assert_type,
    assign,
    cap,
    cmp,
    copy,
    fmt,
    heap,
    list,
    maps,
    recover,
    ring,
    run,
    slices,
    sort,
    strings,
    struct,
)


class Ints(Slice[int]):
    def len(self) -> int:
        return len(self)

    def less(self, i: int, j: int) -> bool:
        return self[i] < self[j]

    def swap(self, i: int, j: int) -> None:
        self[i], self[j] = self[j], self[i]

    def push(self, x: Any) -> None:
        assign(self, append(self, assert_type(x, int)))

    def pop(self) -> Any:
        old = copy(self)
        x = old[len(old) - 1]
        assign(self, old[: len(old) - 1])
        return x


@struct(go="main.person", names={"name": "Name", "age": "Age"})
class Person:
    name: str = ""
    age: int = 0


@defers
def try_(f: Any) -> None:
    def show() -> None:
        fmt.println("recovered:", recover())

    defer(show)
    f()


def main() -> None:
    h = Ints([5, 2, 8, 9, 1, 7, 3])
    heap.init(h)
    fmt.println(h)
    heap.push(h, 0)
    heap.push(h, 6)
    fmt.println(h)
    fmt.println(heap.remove(h, 3), h)
    h[2] = 20
    heap.fix(h, 2)
    fmt.println(h)
    while h.len() > 0:
        fmt.print(heap.pop(h), " ")
    fmt.println()
    s = [3, 1, 2]
    sort.sort(sort.reverse(sort.IntSlice(s)))
    fmt.println(Slice(s))

    l = list.new()  # noqa: E741
    e4 = l.push_back(4)
    e1 = l.push_front(1)
    l.insert_before(3, e4)
    l.insert_after(2, e1)
    l.move_to_front(e4)
    l.move_after(e1, e4)
    l.move_to_back(l.front().next())
    other = list.new()
    other.push_back("x")
    l.push_back_list(other)
    l.push_front_list(l)
    e = l.front()
    while e is not None:
        fmt.print(e.value, " ")
        e = e.next()
    fmt.println(l.len(), l.remove(e4), l.remove(e4), l.len(), e4.next() is None, l.back().value)

    r = ring.new(5)
    for i in range(r.len()):
        r.value = i
        r = r.next()
    r = r.move(2)
    removed = r.unlink(2)
    r.do(lambda x: fmt.print(x, " "))
    removed.do(lambda x: fmt.print(x, " "))
    fmt.println(r.len(), r.prev().value)

    a = Slice([1, 2, 3, 4, 5])
    fmt.println(
        slices.insert(slices.clone(a), 2, 10, 11),
        slices.delete(slices.clone(a), 1, 3),
        slices.replace(slices.clone(a), 1, 3, 7, 8, 9),
    )
    b = slices.clone(a)
    c = slices.delete(b, 0, 2)
    fmt.println(b, c, len(c), cap(c))
    b = slices.clone(a)
    c = slices.delete_func(b, lambda x: x % 2 == 0)
    fmt.println(b, c)
    fmt.println(
        slices.compact([1, 1, 2, 2, 2, 1]),
        slices.index(a, 3),
        slices.contains(a, 9),
        slices.max(a),
        slices.min(a),
    )
    i, ok = slices.binary_search(a, 4)
    fmt.println(
        i, ok, slices.equal(a, b), slices.compare(a, [1, 2]), slices.concat(a, a[:1]), slices.repeat(["a"], 3)
    )
    slices.reverse(a)
    fmt.println(a, slices.is_sorted(a), slices.sorted(slices.values(a)), slices.collect(maps.keys({7: True})))
    for ch in slices.chunk(a, 2):
        fmt.print(ch, len(ch), cap(ch), ";")
    fmt.println()
    for i, v in slices.backward(a):
        fmt.print(i, v, " ")
    fmt.println()
    people = Slice[Person]([])
    for i in range(40):
        people = append(people, Person(fmt.sprint("p", i), i * 7 % 5))
    slices.sort_func(people, lambda x, y: cmp.compare(x.age, y.age))
    fmt.println(people)
    slices.sort_stable_func(people, lambda x, y: -cmp.compare(x.age, y.age))
    fmt.println(people)
    m = {"a": 1, "b": 2}
    n = maps.clone(m)
    maps.delete_func(n, lambda k, v: v == 1)
    maps.copy(n, {"z": 26})
    fmt.println(m, n, maps.equal(m, n), slices.sorted(maps.keys(m)), maps.collect(slices.all(["x", "y"])))
    fmt.println(
        cmp.or_("", "x", "y"), cmp.or_(0, 0), cmp.less(1, 2), cmp.compare("a", "b"), strings.compare("b", "a")
    )
    try_(lambda: slices.max(Slice([])))
    try_(lambda: slices.delete(Slice([1, 2]), 1, 3))
    try_(lambda: slices.insert(Slice([1, 2]), 3, 1))
    try_(lambda: slices.chunk(Slice([1]), 0))
    try_(lambda: strings.repeat("x", -1))
    try_(lambda: slices.grow(Slice([1]), -1))


run(main)
