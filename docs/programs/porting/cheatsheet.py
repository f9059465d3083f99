"""The rows of the cheat sheet; cheatsheet.go is the other half."""

from gochan import (
    Chan,
    RecvChan,
    SendChan,
    cap,
    close,
    context,
    default,
    defer,
    defers,
    errgroup,
    go,
    net,
    panic,
    recover,
    recv,
    run,
    runtime,
    select,
    send,
    signal,
    sync,
    time,
    timeout,
)


def f(n: int) -> None:
    print("f", n)


def goroutines() -> None:
    # >
    go(f, 1)

    @go
    def _() -> None:
        f(2)

    wg = sync.WaitGroup()
    wg.go(f, 3)
    wg.wait()
    runtime.gosched()
    # <


def channels() -> None:
    # >
    ch = Chan[int]()
    buf = Chan[int](8)
    buf.send(1)  # or buf << 1
    v = buf.recv()
    dst: SendChan[int] = buf
    dst.send(2)
    src: RecvChan[int] = buf
    v, ok = src.recv_ok()
    n, size = len(buf), cap(buf)
    close(buf)
    for v in buf:
        print(v)
    none: Chan[int] | None = None
    # <
    print(v, ok, n, size, len(ch), none)


def selects() -> None:
    a, b = Chan[int](), Chan[int](1)
    # >
    match select(
        recv(a),
        send(b, 1),
        timeout(time.MINUTE),
    ):
        case 0, v, ok:
            print("received", v, ok)
        case 1, _, _:
            print("sent")
        case 2, _, _:
            print("timeout")
    # <


def not_blocking() -> None:
    a = Chan[int]()
    # >
    match select(recv(a), default):
        case 0, v, _:
            print("received", v)
        case _:
            print("nothing yet")
    # <


def closed() -> None:
    a: Chan[int] | None = Chan[int]()
    close(a)
    # >
    while a is not None:
        match select(recv(a)):
            case 0, v, True:
                print(v)
            case _:
                a = None  # disabled
    # <


# >
@defers
def deferring() -> None:
    defer(print, "end")

    @defer
    def _() -> None:
        r = recover()
        print("recovered", r)

    panic("broken")


# <


def deferred() -> None:
    # >
    deferring()
    # <


# >
def half(n: int) -> int:
    if n % 2 == 1:
        raise ValueError("odd")
    return n // 2


# <


def failures() -> None:
    # >
    try:
        n = half(3)
    except ValueError as err:
        print("error:", err)
    # <
    else:
        print(n)


def groups() -> None:
    ctx = context.background()

    def f() -> None:
        pass

    # >
    g, ctx = errgroup.with_context(ctx)
    g.set_limit(2)
    g.go(f)
    g.wait()  # raises the first
    # <
    print(None, ctx.err())


def locks() -> None:
    n = 0
    # >
    mu = sync.Mutex()
    with mu:
        n += 1

    rw = sync.RWMutex()
    with rw.rlocker():
        print(n)

    once = sync.Once()
    once.do(lambda: f(4))
    hits = sync.atomic.Int64()
    hits.add(1)
    print(hits.load())
    # <


def times() -> None:
    def f() -> None:
        pass

    # >
    d = 5 * time.MILLISECOND
    time.sleep(d)
    start = time.now()
    time.after(d).recv()
    late = time.since(start) >= d
    timer = time.after_func(d, f)
    timer.stop()
    ticker = time.new_ticker(d)
    ticker.c.recv()
    ticker.stop()
    # <
    print(late)


def contexts() -> None:
    d = time.MINUTE
    key = object()
    # >
    p = context.background()
    with context.with_timeout(p, d) as c:
        print(c.err())
    c, cancel = context.with_cancel(p)
    cancel()
    select(recv(c.done()))
    print(c.err())
    c = context.with_value(p, key, 1)
    print(c.value(key))
    # <


def network() -> None:
    addr = "127.0.0.1:0"
    # >
    ln = net.listen("tcp", addr)
    addr = str(ln.addr())
    conn = net.dial("tcp", addr)
    peer = ln.accept()
    conn.write(b"hello")
    data = peer.read(100)
    conn.close()

    sig = Chan[signal.Signal](1)
    signal.notify(sig, signal.INTERRUPT)
    # <
    print(data.decode(), None)
    peer.close()
    ln.close()


def main() -> None:
    goroutines()
    channels()
    selects()
    not_blocking()
    closed()
    deferred()
    failures()
    groups()
    locks()
    times()
    contexts()
    network()


if __name__ == "__main__":
    run(main)
