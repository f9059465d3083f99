"""One call for all who ask for a key meanwhile: who makes it, and who is told that the result is shared."""

from collections.abc import Callable
from typing import Any

from gochan import Chan, cap, run, runtime, singleflight, sync


def show(*words: object) -> None:
    print(*("<nil>" if w is None else str(w).lower() if isinstance(w, bool) else w for w in words))


def main() -> None:
    group = singleflight.Group()
    wg = sync.WaitGroup()
    calls = 0

    def do(key: str, fn: Callable[[], Any]) -> tuple[object, object, object]:
        try:
            v, shared = group.do(key, fn)
        except Exception as error:
            # Whether an error is shared is not told.
            return None, error, True
        return v, None, shared

    def ask(i: int, key: str) -> None:
        def call() -> str:
            nonlocal calls
            calls += 1
            print(i, "calls for", key)
            runtime.gosched()
            runtime.gosched()
            if key == "b":
                raise ValueError("no b today")
            return f"{key} by {i}"

        for round in range(2):
            show(i, "round", round, "gets", *do(key, call))

    for i in range(9):
        wg.go(ask, i, "abc"[i % 3])
    wg.wait()
    print("calls:", calls)

    show(*do("alone", lambda: 7))

    gate = Chan[int]()
    one, two = group.do_chan("slow", gate.recv), group.do_chan("slow", gate.recv)

    def wrong() -> str:
        raise ValueError("and wrong")

    other = group.do_chan("other", wrong)
    wg.go(lambda: show("the third has", *do("slow", gate.recv)))
    runtime.gosched()
    show("other:", *other.recv())
    gate << 42
    for c in one, two:
        show("slow:", *c.recv(), len(c), cap(c))
    wg.wait()


if __name__ == "__main__":
    run(main)
