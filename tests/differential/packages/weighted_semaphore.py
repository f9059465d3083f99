"""A weighted semaphore: first come, first served, even where a small one behind a large one would fit."""

from gochan import context, defer, recover, run, runtime, semaphore, sync


def lower(*flags: bool) -> str:
    return " ".join(str(flag).lower() for flag in flags)


def main() -> None:
    bg = context.background()
    sem = semaphore.Weighted(5)
    wg = sync.WaitGroup()

    def hold(i: int, weight: int) -> None:
        for round in range(2):
            sem.acquire(bg, weight)
            print(i, "holds", weight, "in round", round)
            runtime.gosched()
            sem.release(weight)
            print(i, "has released", weight)

    for i, weight in enumerate([2, 1, 5, 1, 3, 1, 4]):
        wg.go(hold, i, weight)
    wg.wait()

    print(
        "try:",
        lower(
            sem.try_acquire(6),
            sem.try_acquire(3),
            sem.try_acquire(3),
            sem.try_acquire(2),
            sem.try_acquire(1),
        ),
    )
    sem.release(1)

    def acquire(ctx: context.Context, weight: int) -> object:
        try:
            sem.acquire(ctx, weight)
        except Exception as error:
            return error
        return "<nil>"

    def want(i: int, ctx: context.Context, weight: int) -> None:
        err = acquire(ctx, weight)
        print(i, "wanted", weight, "and got", err)
        if err == "<nil>":
            runtime.gosched()
            sem.release(weight)

    first, cancel_first = context.with_cancel(bg)
    for i, (ctx, weight) in enumerate([(first, 4), (bg, 1), (bg, 3), (first, 9)]):
        wg.go(want, i, ctx, weight)
        runtime.gosched()
    print("try behind those who wait:", lower(sem.try_acquire(1)))
    cancel_first()
    print("the first was cancelled")
    runtime.gosched()
    sem.release(4)
    print("all is given back")
    wg.wait()
    print("ended before:", acquire(first, 1), acquire(first, 9))
    print("nothing is held:", lower(sem.try_acquire(5), sem.try_acquire(0), sem.try_acquire(1)))
    defer(lambda: print("panics:", recover()))
    sem.release(6)


if __name__ == "__main__":
    run(main)
