"""Deferred calls in loops: all of them wait for the function's end, unless each turn is a function."""

from gochan import defer, defers, panic, recover, run

held = 0


class Resource:
    def __init__(self, name: str) -> None:
        global held
        held += 1
        print("open", name, "held", held)
        self.name = name
        self.open = True

    def close(self) -> None:
        global held
        held -= 1
        self.open = False
        print("close", self.name, "held", held)


@defers
def together(names: list[str]) -> None:
    for i, name in enumerate(names):
        r = Resource(name)
        defer(r.close)
        if i % 2 == 0:
            defer(lambda i=i, name=name: print("turn", i, "of", name, "held", held))
    print("all are open")


def each(names: list[str]) -> None:
    @defers
    def use(name: str) -> None:
        r = Resource(name)
        defer(r.close)
        print("use", r.name, str(r.open).lower())

    for name in names:
        use(name)
    print("all have been used")


@defers
def failing(names: list[str]) -> None:
    done = 0
    defer(lambda: print("recovered", recover(), "after", done))

    def count() -> None:
        nonlocal done
        done += 1

    @defers
    def use(name: str) -> None:
        defer(count)
        r = Resource(name)
        defer(r.close)
        if name == "c":
            panic("c is broken")

    for name in names:
        use(name)


@defers
def countdown(n: int) -> None:
    if n == 0:
        print("zero")
        return
    defer(countdown, n - 1)
    print("counting", n)


def main() -> None:
    names = ["a", "b", "c", "d"]
    together(names)
    each(names)
    failing(names)
    countdown(4)
    total = 0

    def append(n: int) -> None:
        nonlocal total
        total = 10 * total + n

    @defers
    def loop() -> None:
        for i in range(5):
            defer(append, i)

    loop()
    print("total", total)


if __name__ == "__main__":
    run(main)
