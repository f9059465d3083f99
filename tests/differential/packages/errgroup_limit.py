"""A group with a limit: who starts when, who is refused, and whose error is told."""

from gochan import Chan, defer, defers, errgroup, go, recover, run, runtime


def lower(b: bool) -> str:
    return str(b).lower()


def wait(g: errgroup.Group) -> object:
    try:
        g.wait()
    except Exception as error:
        return error
    return "<nil>"


def main() -> None:
    for limit in 1, 3, -1:
        print("limit", limit)
        g = errgroup.Group()
        g.set_limit(limit)
        active = 0

        def job(i: int) -> None:
            nonlocal active
            active += 1
            print(i, "starts as one of", active)
            runtime.gosched()
            active -= 1
            print(i, "ends")
            if i % 3 == 2:
                raise ValueError(f"{i} has failed")

        for i in range(7):
            print("go", i)
            g.go(job, i)
        print("all were started")
        print("wait:", wait(g))
        print("wait again:", wait(g))

    g = errgroup.Group()
    g.set_limit(2)
    release = Chan[Exception | None]()

    def work() -> None:
        if (error := release.recv()) is not None:
            raise error

    print("try:", lower(g.try_go(work)), lower(g.try_go(work)), lower(g.try_go(work)))

    @defers
    def set_too_late() -> None:
        defer(lambda: print("panics:", recover()))
        g.set_limit(3)

    set_too_late()
    release << None
    runtime.gosched()
    print("try:", lower(g.try_go(work)), lower(g.try_go(work)))

    def third() -> None:
        print("the third runs")
        raise ValueError("the third is late")

    @go
    def _() -> None:
        print("asks for a third")
        g.go(third)
        print("the third was started")
        release << ValueError("the second is late")

    runtime.gosched()
    release << ValueError("the first is late")
    print("wait:", wait(g))
    g.set_limit(0)
    print("try with a limit of 0:", lower(g.try_go(work)))

    print("nobody to wait for:", wait(errgroup.Group()))


if __name__ == "__main__":
    run(main)
