"""The rows of "Locks, time, context" on the page of the language; shared.go is the other half."""

from gochan import Chan, context, defer, go, recv, run, select, sync, time


def locking() -> None:
    # >
    mu = sync.Mutex()
    n = 0

    def add() -> None:
        nonlocal n
        with mu:
            n += 1

    # <
    add()
    print(n)


def reading() -> None:
    # >
    mu = sync.RWMutex()
    with mu.rlocker():
        print("reading")
    # <


def once() -> None:
    # >
    once = sync.Once()
    for _ in range(3):
        once.do(lambda: print("only once"))
    # <


def counting() -> None:
    # >
    hits = sync.atomic.Int64()
    wg = sync.WaitGroup()
    for _ in range(10):
        wg.go(hits.add, 1)
    wg.wait()
    print(hits.load())
    # <


def condition() -> None:
    # >
    cond = sync.Cond(sync.Mutex())
    ready = False

    @go
    def _() -> None:
        nonlocal ready
        with cond.l:
            ready = True
        cond.broadcast()

    with cond.l:
        while not ready:
            cond.wait()
    # <
    print(ready)


def shared_map() -> None:
    # >
    m = sync.Map[str, int]()
    m.store("apples", 3)
    n, ok = m.load("apples")
    print(n, ok)
    # <


def pooled() -> None:
    # >
    pool = sync.Pool(new=bytearray)
    buffer = pool.get()
    pool.put(buffer)
    # <
    print(len(buffer))


def sleeping() -> None:
    # >
    start = time.now()
    time.sleep(5 * time.MILLISECOND)
    print(time.since(start) >= 5 * time.MILLISECOND)
    # <


def ticking() -> None:
    # >
    with time.new_ticker(time.MILLISECOND) as ticker:
        for _ in range(3):
            ticker.c.recv()
            print("tick")
    # <


def canceling() -> None:
    # >
    ctx, cancel = context.with_cancel(context.background())
    done = Chan[bool]()

    @go
    def _() -> None:
        defer(done.close)
        select(recv(ctx.done()))
        print(ctx.err())

    cancel()
    done.recv()
    # <


KEY = object()


def carrying() -> None:
    # >
    ctx = context.with_value(context.background(), KEY, "r-17")
    print(ctx.value(KEY))
    # <


def main() -> None:
    locking()
    reading()
    once()
    counting()
    condition()
    shared_map()
    pooled()
    sleeping()
    ticking()
    canceling()
    carrying()


if __name__ == "__main__":
    run(main)
