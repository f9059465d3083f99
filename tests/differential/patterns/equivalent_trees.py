"""Are two trees of different shape the same in order?  Each is walked by a goroutine of its own."""

from __future__ import annotations

from dataclasses import dataclass

from gochan import Chan, RecvChan, close, defer, defers, go, recv, run, select, send, sync


@dataclass
class Tree:
    value: int
    left: Tree | None = None
    right: Tree | None = None


def insert(t: Tree | None, v: int) -> Tree:
    if t is None:
        return Tree(v)
    if v < t.value:
        t.left = insert(t.left, v)
    else:
        t.right = insert(t.right, v)
    return t


def grow(*values: int) -> Tree | None:
    t: Tree | None = None
    for v in values:
        t = insert(t, v)
    return t


def walk(wg: sync.WaitGroup, name: str, tree: Tree | None, quit: RecvChan[bool]) -> RecvChan[int]:
    values = Chan[int]()

    def visit(t: Tree | None) -> bool:
        if t is None:
            return True
        if not visit(t.left):
            return False
        match select(send(values, t.value), recv(quit)):
            case 1, _, _:
                print(name, "is told to stop at", t.value)
                return False
        return visit(t.right)

    @wg.go
    def _() -> None:
        defer(close, values)
        print(name, "is walked to the end:", lower(visit(tree)))

    return values


def lower(b: bool) -> str:
    return str(b).lower()


@defers
def same(a: Tree | None, b: Tree | None) -> bool:
    wg = sync.WaitGroup()
    quit = Chan[bool]()
    left, right = walk(wg, "left", a, quit), walk(wg, "right", b, quit)
    defer(wg.wait)
    defer(close, quit)
    while True:
        v, more = left.recv_ok()
        w, wanted = right.recv_ok()
        if v != w or more != wanted:
            print("differ:", v, lower(more), w, lower(wanted))
            return False
        if not more:
            return True
        print("both have", v)


def text(values: list[int]) -> str:
    return f"[{' '.join(map(str, values))}]"


def parallel(t: Tree | None) -> list[int]:
    """Walk with a goroutine for every node."""
    if t is None:
        return []
    left, right = Chan[list[int]](), Chan[list[int]]()
    go(lambda: left << parallel(t.left))
    go(lambda: right << parallel(t.right))
    values = [*left.recv(), t.value, *right.recv()]
    print("below", t.value, text(values))
    return values


def main() -> None:
    one, two = grow(1, 1, 2, 3, 5, 8, 13), grow(8, 3, 1, 1, 2, 5, 13)
    print(lower(same(one, two)))
    print(lower(same(one, grow(8, 3, 1, 1, 2, 5, 14))))
    print(lower(same(one, grow(5, 2, 8))))
    print(lower(same(grow(1, 1), one)))
    print(lower(same(None, None)), lower(same(None, one)))
    print(text(parallel(two)))


if __name__ == "__main__":
    run(main)
