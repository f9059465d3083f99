from gochan import (
    Chan,
    SendChan,
    context,
    defer,
    defers,
    recv,
    run,
    select,
    sync,
    time,
)


def look(
    ctx: context.Context,
    room: str,
    needs: float,
    found: SendChan[str],
) -> None:
    match select(recv(time.after(needs)), recv(ctx.done())):
        case 0, _, _:
            found << f"the key is in the {room}"
        case _:
            print(f"  left the {room}:", ctx.err())


@defers
def search(
    parent: context.Context,
    needs: float,
    limit: float,
) -> None:
    ctx, cancel = context.with_timeout(parent, limit)
    wg = sync.WaitGroup()
    defer(wg.wait)
    defer(cancel)
    found = Chan[str](2)
    wg.go(look, ctx, "hall", needs, found)
    wg.go(look, ctx, "attic", time.HOUR, found)
    match select(recv(found), recv(ctx.done())):
        case 0, where, _:
            print(where)
        case _:
            print("the search ends:", ctx.err())


def main() -> None:
    root = context.background()
    search(root, 0, time.MINUTE)
    search(root, time.HOUR, 50 * time.MILLISECOND)


run(main)
