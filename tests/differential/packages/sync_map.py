"""A Map: what each of its methods returns, and what a change while it is ranged over makes of that."""

from typing import Any

from gochan import run, sync


def show(*words: object) -> None:
    print(*("<nil>" if w is None else str(w).lower() if isinstance(w, bool) else w for w in words))


def main() -> None:
    m = sync.Map[Any, Any]()

    def tell(what: str) -> None:
        entries: list[str] = []
        m.range(lambda k, v: entries.append(f"{k}={v}"))
        print(what, f"[{' '.join(sorted(entries))}]")

    def pair(both: tuple[Any, bool]) -> None:
        show("  ", *both)

    pair(m.load("a"))
    m.store("a", 1)
    pair(m.load("a"))
    pair(m.load_or_store("a", 2))
    pair(m.load_or_store("b", 3))
    tell("stored")
    pair(m.swap("a", 4))
    pair(m.swap("c", 5))
    tell("swapped")
    show(m.compare_and_swap("a", 1, 6), m.compare_and_swap("a", 4, 6), m.compare_and_swap("x", None, 6))
    show(m.compare_and_delete("b", 4), m.compare_and_delete("b", 3), m.compare_and_delete("b", 3))
    tell("compared")
    pair(m.load_and_delete("c"))
    pair(m.load_and_delete("c"))
    m.delete("c")
    tell("deleted")
    m.clear()
    m.clear()
    tell("cleared")
    for i in range(10):
        m.store(i, i * i)
    n = total = 0

    def first_four(k: int, v: int) -> bool:
        nonlocal n
        n += 1
        return n < 4

    def take(k: int, v: int) -> bool:
        nonlocal total
        m.delete(k)
        total += v
        return True

    m.range(first_four)
    print("stopped after", n)
    m.range(take)
    tell("all visited, all gone:")
    print("sum", total)
    wg = sync.WaitGroup()
    winners = 0

    def stand(i: int) -> None:
        nonlocal winners
        v, loaded = m.load_or_store("leader", i)
        if not loaded:
            winners += 1
            print(i, "is the first, with", v)
        else:
            print(i, "finds", v)

    for i in range(6):
        wg.go(stand, i)
    wg.wait()
    print("winners:", winners)


if __name__ == "__main__":
    run(main)
