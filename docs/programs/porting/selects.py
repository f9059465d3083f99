"""The rows of "Select" on the page of the language; select.go is the other half."""

from gochan import Chan, close, default, go, recv, run, select, send, time, timeout


def several() -> None:
    first, second = Chan[int](), Chan[str]()
    go(lambda: second << "hello")
    # >
    match select(recv(first), recv(second)):
        case 0, n, _:
            print("a number", n)
        case 1, text, _:
            print("a text", text)
    # <


def non_blocking() -> None:
    ch = Chan[int]()
    # >
    match select(recv(ch), default):
        case 0, v, _:
            print(v)
        case _:
            print("nothing yet")
    # <


def try_to_send() -> None:
    ch = Chan[int](1)
    for i in range(2):
        # >
        match select(send(ch, i), default):
            case 0, _, _:
                print("sent", i)
            case _:
                print("full")
        # <


def time_out() -> None:
    ch = Chan[int]()
    # >
    match select(recv(ch), timeout(5 * time.MILLISECOND)):
        case 0, v, _:
            print(v)
        case _:
            print("too late")
    # <


def open() -> None:
    ch = Chan[int]()
    ch.close()
    # >
    match select(recv(ch)):
        case _, v, ok:
            print(v, ok)
    # <


def loop() -> None:
    values, quit = Chan[int](), Chan[bool]()

    @go
    def _() -> None:
        for i in range(3):
            values << i
        close(quit)

    # >
    running = True
    while running:
        match select(recv(values), recv(quit)):
            case 0, v, _:
                print(v)
            case _:
                running = False
    # <


def switch_off() -> None:
    left, right = Chan[int](1), Chan[int](1)
    left << 3
    right << 4
    close(left)
    close(right)
    first: Chan[int] | None = left
    second: Chan[int] | None = right
    total = 0
    # >
    while first is not None or second is not None:
        match select(recv(first), recv(second)):
            case 0, v, ok:
                if not ok:
                    first = None
                total += v
            case _, v, ok:
                if not ok:
                    second = None
                total += v
    # <
    print(total)


def random() -> None:
    ch = Chan[int](2000)
    # >
    for _ in range(1000):
        select(send(ch, 0), send(ch, 1))
    # <
    ones = sum(ch.recv() for _ in range(1000))
    print(ones > 300, ones < 700)


def dynamic() -> None:
    chans = [Chan[int](1), Chan[int](1)]
    chans[1] << 7
    # >
    i, v, ok = select(*map(recv, chans))
    print(i, v, ok)
    # <


def for_ever() -> None:
    # >
    @go
    def _() -> None:
        print("waiting")
        select()

    # <
    time.sleep(time.MILLISECOND)


def main() -> None:
    several()
    non_blocking()
    try_to_send()
    time_out()
    open()
    loop()
    switch_off()
    random()
    dynamic()
    for_ever()


if __name__ == "__main__":
    run(main)
