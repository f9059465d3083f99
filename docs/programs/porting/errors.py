"""The rows of "Errors" on the page of the language; errors.go is the other half."""

from gochan import context, errgroup, recv, run, select, time


# >
def half(n: int) -> int:
    if n % 2 != 0:
        raise ValueError(f"{n} is odd")
    return n // 2


# <


def returned() -> None:
    # >
    try:
        n = half(7)
    except ValueError as err:
        print("error:", err)
    else:
        print(n)
    # <


# >
class FullError(Exception):
    pass


def put() -> None:
    raise FullError("put: the queue is full")


# <


def sentinel() -> None:
    # >
    try:
        put()
    except Exception as err:
        print(isinstance(err, FullError))
        print(err)
    # <


# >
class StatusError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"status {code}")
        self.code = code


def fetch() -> None:
    raise StatusError(404)


# <


def with_data() -> None:
    # >
    try:
        fetch()
    except StatusError as status:
        print("failed with", status.code)
    # <


def joined() -> None:
    # >
    err = ExceptionGroup("", [ValueError("a"), ValueError("b")])
    print(*err.exceptions, sep="\n")
    # <


def group() -> None:
    # >
    g, ctx = errgroup.with_context(context.background())

    @g.go
    def _() -> None:
        raise ValueError("broken")

    g.go(select, recv(ctx.done()))
    try:
        g.wait()
    except ValueError as err:
        print("error:", err)
    # <


def context_ended() -> None:
    # >
    root = context.background()
    with context.with_timeout(root, time.MILLISECOND) as ctx:
        select(recv(ctx.done()))
        print(isinstance(ctx.err(), context.DeadlineExceeded))
        print(ctx.err())
    # <


def main() -> None:
    returned()
    sentinel()
    with_data()
    joined()
    group()
    context_ended()


if __name__ == "__main__":
    run(main)
