"""Context: one signal that stops everything that was started for a request.

A block is sealed by finding a number (a nonce): the hash of the block and the nonce must begin with four
zeros. Four goroutines share the search. When one of them has found a nonce, or the time is over, the
request's context ends, and all of them stop. The context also carries a value, the request's name, for all
code that runs on behalf of the request.
"""

import hashlib

from gochan import Chan, SendChan, context, default, defer, defers, recv, run, select, sync, time

MINERS = 4
ZEROS = "0000"


class RequestKey:
    """The key of the request's name: a class of its own, so that no other package has the same key."""


def mine(ctx: context.Context, block: str, miner: int, found: SendChan[int]) -> None:
    """Try every MINERSth nonce until one fits or the context is done."""
    nonce = miner
    while True:
        match select(recv(ctx.done()), default):
            case 0, _, _:
                print(f"[{ctx.value(RequestKey)}] miner {miner} stops: {ctx.err()}")
                return
            case _:
                if digest(block, nonce).startswith(ZEROS):
                    found << nonce
                    return
                nonce += MINERS


def digest(block: str, nonce: int) -> str:
    return hashlib.sha256(f"{block}{nonce}".encode()).hexdigest()


@defers
def seal(parent: context.Context, block: str, limit: float) -> int:
    """Find a nonce for a block. Raises the context's error if none was found within limit seconds."""
    ctx, cancel = context.with_timeout(parent, limit)
    # Last in, first out: cancel, and then wait until all miners have stopped.
    wg = sync.WaitGroup()
    defer(wg.wait)
    defer(cancel)
    # Room for all, so that a miner which finds a second nonce at the same time does not block.
    found = Chan[int](MINERS)
    for miner in range(MINERS):
        wg.go(mine, ctx, block, miner, found)
    match select(recv(found), recv(ctx.done())):
        case 0, nonce, _:
            return nonce
        case _:
            error = ctx.err()
            assert error is not None
            raise error


def main() -> None:
    ctx = context.with_value(context.background(), RequestKey, "alice pays bob 7")
    nonce = seal(ctx, "alice pays bob 7:", 2 * time.SECOND)
    print(f"nonce {nonce}: {digest('alice pays bob 7:', nonce)}")

    ctx = context.with_value(context.background(), RequestKey, "bob pays carol 5")
    try:
        seal(ctx, "bob pays carol 5:", 5 * time.MILLISECOND)
    except context.DeadlineExceeded as error:
        print(f"no nonce in 5 ms: {error}")


if __name__ == "__main__":
    run(main)
