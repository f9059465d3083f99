"""Tickers, timers and sleepers on the virtual clock of a bubble: all tell the very moment."""

from datetime import UTC, datetime

from gochan import Chan, close, recv, run, select, sync, synctest, time, timeout


def lower(*flags: bool) -> str:
    return " ".join(str(flag).lower() for flag in flags)


def bubble() -> None:
    start = time.now()

    def say(*words: object) -> None:
        print(time.duration_string(time.since(start)), *words)

    def after(t: datetime) -> str:
        return time.duration_string(t - start)

    print(start.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"))
    wg = sync.WaitGroup()

    quick, slow = time.new_ticker(300 * time.MILLISECOND), time.new_ticker(710 * time.MILLISECOND)
    stop = time.after(3250 * time.MILLISECOND)

    @wg.go
    def _() -> None:
        while True:
            match select(recv(quick.c), recv(slow.c), recv(stop)):
                case 0, t, _:
                    say("quick", after(t))
                case 1, t, _:
                    say("slow", after(t))
                    if (t - start).total_seconds() > 2 * time.SECOND:
                        quick.reset(110 * time.MILLISECOND)
                        slow.stop()
                case _:
                    say("stopped")
                    quick.stop()
                    return

    wg.wait()

    with time.new_ticker(time.SECOND) as ticker:
        for delay in 2600, 2600, 2600:
            time.sleep(delay * time.MILLISECOND)
            say("a tick from", after(ticker.c.recv()))
        ticker.reset(10 * time.SECOND)
        say("the next from", after(ticker.c.recv()))
    n = 0
    for t in time.tick(time.HOUR):
        say("an hour:", after(t))
        n += 1
        if n == 3:
            break

    def sleeper(i: int) -> None:
        for round in range(3):
            time.sleep((5010 * i + 3010) * time.MILLISECOND)
            say("sleeper", i, "round", round)

    for i in range(4):
        wg.go(sleeper, i)
    timer = time.after_func(7 * time.SECOND, lambda: say("called"))
    late = time.new_timer(20 * time.SECOND)
    time.sleep(6 * time.SECOND)
    say("reset:", lower(timer.reset(1500 * time.MILLISECOND), late.reset(time.SECOND)))
    say("the timer fires", after(late.c.recv()))
    time.sleep(time.SECOND)
    say("stop:", lower(timer.stop(), late.stop(), late.reset(time.MINUTE), late.stop()))
    wg.wait()
    say("slept enough")
    done = Chan[bool]()

    @wg.go
    def _() -> None:
        time.sleep(24 * time.HOUR)
        close(done)

    while True:
        match select(recv(done), timeout(7 * time.HOUR)):
            case 0, _, _:
                break
            case _:
                say("still waiting")
    synctest.wait()
    say("a day has passed")


if __name__ == "__main__":
    run(synctest.test, bubble)
