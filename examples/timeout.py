"""Timeout: a select waits for an answer, but not longer than a limit.

The program splits numbers into their prime factors by trial division. Most take no time; some would take
longer than the age of the universe. Each number gets a quarter of a second. A timeout in the select with the
answer's channel ends the wait, and closing the request's `done` channel ends the work. The answer's channel
has room for one value, so the goroutine can send an answer that comes too late, and end.
"""

from gochan import Chan, RecvChan, close, default, defer, defers, go, recv, run, select, time, timeout

PATIENCE = 250 * time.MILLISECOND
NUMBERS = [91, 65537, 600851475143, 1152921515344265237, 6469693230]


def factors(n: int, done: RecvChan[None]) -> RecvChan[list[int]]:
    """Return a channel that yields n's prime factors, in rising order, unless done is closed before."""
    answer = Chan[list[int]](1)

    @go
    def _() -> None:
        defer(close, answer)
        rest, found, d = n, list[int](), 2
        while d * d <= rest:
            # No other goroutine runs while this computes, so it checks done now and then, which also yields.
            if d % 1000 == 1:
                match select(recv(done), default):
                    case 0, _, _:
                        return
                    case _:
                        pass
            while rest % d == 0:
                rest //= d
                found.append(d)
            d += 1 if d == 2 else 2
        if rest > 1:
            found.append(rest)
        answer << found

    return answer


@defers
def factor(n: int) -> str:
    """Write n as a product, or say that it took too long."""
    done = Chan[None]()
    defer(close, done)
    match select(recv(factors(n, done)), timeout(PATIENCE)):
        case 0, found, _:
            return " * ".join(map(str, found))
        case _:
            return f"no answer after {1000 * PATIENCE:.0f} ms"


def main() -> None:
    for n in NUMBERS:
        print(f"{n} = {factor(n)}")


if __name__ == "__main__":
    run(main)
