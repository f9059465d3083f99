from gochan import context, recv, run, select, sync, time


def work(ctx: context.Context, name: str, d: float) -> None:
    match select(recv(time.after(d)), recv(ctx.done())):
        case 0, _, _:
            print(name, "is done")
        case _:
            print(name, "stops:", ctx.err())


def main() -> None:
    parent = context.background()
    limit = 50 * time.MILLISECOND
    wg = sync.WaitGroup()
    with context.with_timeout(parent, limit) as ctx:
        wg.go(work, ctx, "short job", 0)
        wg.go(work, ctx, "long job", time.HOUR)
        wg.wait()


run(main)
