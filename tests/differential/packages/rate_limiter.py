"""A limiter of events: what is granted and when, to the nanosecond; then those who wait, on a virtual clock.

Go's own sources have no golang.org/x/time/rate: the Go half has a bucket after its rules.
"""

from datetime import UTC, datetime, timedelta

from gochan import context, defer, rate, run, sync, synctest, time

state = 11


def draw(n: int) -> int:
    global state
    state = state * 16807 % 2147483647
    return state // 7 % n


def arithmetic(limit: rate.Limit, burst: int) -> None:
    print("no limit," if limit == rate.INF else f"limit {limit:.2f},", "burst", burst)
    limiter = rate.Limiter(limit, burst)
    start = now = datetime(2000, 1, 1, tzinfo=UTC)
    grants: list[rate.Reservation] = []
    for _ in range(60):
        now += timedelta(milliseconds=draw(400)) // (1 + draw(4) * 9)
        stamp = time.duration_string(now - start)
        n = draw(burst + 2)
        what = draw(10)
        if what < 3:
            print(stamp, "allow", n, str(limiter.allow_n(now, n)).lower())
        elif what < 7:
            r = limiter.reserve_n(now, n)
            if r.ok():
                print(stamp, "reserve", n, "in", time.duration_string(r.delay_from(now)))
                grants.append(r)
            else:
                print(stamp, "reserve", n, "refused")
        elif what < 9 and grants:
            i = draw(len(grants))
            grants[i].cancel_at(now)
            print(stamp, "cancel grant", i, f"{limiter.tokens_at(now):.6f}")
        elif draw(2) == 0:
            limiter.set_limit_at(now, (1 + draw(40)) / 4)
            print(stamp, f"limit {limiter.limit():.2f}")
        else:
            limiter.set_burst_at(now, 1 + draw(6))
            print(stamp, "burst", limiter.burst())
        print(f"tokens {limiter.tokens_at(now):.6f}")


def bubble() -> None:
    start = time.now()

    def say(*words: object) -> None:
        print(time.duration_string(time.since(start)), *words)

    def attempt(ctx: context.Context, n: int) -> object:
        try:
            limiter.wait_n(ctx, n)
        except Exception as error:
            return error
        return "<nil>"

    def request(i: int) -> None:
        err = attempt(bg, 1 + i % 2)
        say("request", i, "for", 1 + i % 2, "ends with", err)

    limiter = rate.Limiter(rate.every(250 * time.MILLISECOND), 2)
    bg = context.background()
    wg = sync.WaitGroup()
    for i in range(6):
        wg.go(request, i)
    wg.wait()
    say("too much:", attempt(bg, 3))
    hasty, cancel_hasty = context.with_timeout(bg, 100 * time.MILLISECOND)
    defer(cancel_hasty)
    say("too soon:", attempt(hasty, 1))
    left, leave = context.with_cancel_cause(bg)
    wg.go(lambda: say("left:", attempt(left, 2)))
    time.sleep(300 * time.MILLISECOND)
    leave(Exception("no time"))
    wg.wait()
    say("at once:", attempt(bg, 1))
    say("ended before:", attempt(left, 1))
    for i in range(3):
        say("event", i, attempt(bg, 1))
    limiter.set_limit(rate.INF)
    say("no limit:", attempt(bg, 100), str(limiter.allow_n(time.now(), 100)).lower())


def main() -> None:
    for limit, burst in (10, 1), (2.5, 4), (0.75, 3), (0.01, 2), (100, 5), (rate.INF, 1), (3, 0):
        arithmetic(limit, burst)
    synctest.test(bubble)


if __name__ == "__main__":
    run(main)
