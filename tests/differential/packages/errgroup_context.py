"""The first error of a group ends its context, and with it the others; so does the wait."""

from gochan import Chan, close, context, defer, errgroup, recv, run, runtime, select, send


def shown(v: object) -> object:
    return "<nil>" if v is None else v


def wait(g: errgroup.Group) -> object:
    try:
        g.wait()
    except Exception as error:
        return error
    return "<nil>"


def attempt(parent: context.Context, cancel: context.CancelCauseFunc, bad: int) -> None:
    g, ctx = errgroup.with_context(parent)
    pages = Chan[int]()

    @g.go
    def _() -> None:
        defer(close, pages)
        for page in range(6):
            # With both ready, chance would choose.
            if (err := ctx.err()) is not None:
                print("the reader sees before", page, err)
                raise err
            match select(send(pages, page), recv(ctx.done())):
                case 1, _, _:
                    print("the reader stops at", page, ctx.err())
                    raise ctx.err() or AssertionError

    def worker(i: int) -> None:
        for page in pages:
            if page == bad:
                print("worker", i, "fails")
                raise ValueError(f"page {page} is torn")
            print("worker", i, "has read", page)
        print("worker", i, "is done")

    for i in range(2):
        g.go(worker, i)

    @g.go
    def _() -> None:
        select(recv(ctx.done()))
        if bad == 99:
            print("told from above")
        print("told:", ctx.err(), "/", context.cause(ctx))
        raise ValueError("a later error")

    if bad == 99:
        # Nobody else ends the context.
        g2, ctx2 = errgroup.with_context(ctx)
        g2.go(lambda: None)
        print("inner wait:", wait(g2), ctx2.err(), "/", context.cause(ctx2))
        runtime.gosched()
        cancel(Exception("enough"))
    print("wait:", wait(g))
    print("then:", shown(ctx.err()), "/", shown(context.cause(ctx)))


def main() -> None:
    parent, cancel = context.with_cancel_cause(context.background())
    for bad in 2, 99:
        attempt(parent, cancel, bad)


if __name__ == "__main__":
    run(main)
