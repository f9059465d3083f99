"""Waiting with Go's durations, and errors that cross between Go's values and exceptions."""

from __future__ import annotations

from typing import Any

import pytest

from gochan import Chan, errgroup, go, run, synctest
from gochan import context as gochan_context
from gochan.port.lib import (
    Slice,
    catch,
    catch_value,
    chan_len,
    chan_recv,
    context,
    equal,
    errors,
    fmt,
    raising,
    recv_ok_zero,
    recv_zero,
    struct,
    throw,
    time,
    type_is,
)
from gochan.port.lib.time import MILLISECOND, SECOND, Duration


@struct(pointer=True)
class NotFound:
    page: str = ""

    def error(self) -> str:
        return f"no page {self.page}"


def in_a_bubble(fn: Any) -> None:
    """Run fn on a virtual clock."""
    run(synctest.test, fn)


def test_sleep_and_since() -> None:
    def main() -> None:
        start = time.now()
        time.sleep(1500 * MILLISECOND)
        assert time.since(start).string() == "1.5s"
        assert time.until(start) == -1500 * MILLISECOND
        assert time.now().sub(start) == Duration(1_500_000_000)

    in_a_bubble(main)


def test_timers_and_tickers() -> None:
    def main() -> None:
        start = time.now()
        fired: list[str] = []
        t = time.new_timer(SECOND)
        assert t.stop()
        assert not t.reset(2 * SECOND)
        at = time.received(t.c.recv())
        assert at.sub(start) == 2 * SECOND
        assert time.received(at) is at
        time.after_func(SECOND, lambda: fired.append("f"))
        ticker = time.new_ticker(300 * MILLISECOND)
        times = [time.received(ticker.c.recv()).sub(start).string() for _ in range(3)]
        ticker.reset(SECOND)
        times.append(time.received(ticker.c.recv()).sub(start).string())
        ticker.stop()
        assert times == ["2.3s", "2.6s", "2.9s", "3.9s"]
        assert fired == ["f"]
        assert time.received(time.after(Duration(7)).recv()).sub(start) == 3900 * MILLISECOND + 7

    in_a_bubble(main)


@pytest.mark.parametrize("d", [0, -1])
def test_a_ticker_needs_an_interval(d: int) -> None:
    with pytest.raises(Exception, match="non-positive interval for NewTicker"):
        time.new_ticker(Duration(d))


def test_contexts() -> None:
    def main() -> None:
        start = time.now()
        ctx, cancel = context.with_timeout(context.background(), 2 * SECOND)
        at, ok = context.deadline(ctx)
        assert ok
        assert at.sub(start) == 2 * SECOND
        ctx.done().recv()  # type: ignore[union-attr]
        assert errors.is_(ctx.err(), context.DeadlineExceeded)
        assert equal(ctx.err(), context.DeadlineExceeded)
        assert fmt.sprint(ctx.err(), context.Canceled) == "context deadline exceeded context canceled"
        cancel()
        later, cancel = context.with_deadline(context.background(), time.now().add(3 * SECOND))
        cancel()
        assert errors.is_(context.cause(later), context.Canceled)

    in_a_bubble(main)


def test_errors_that_are_values_pass_through_errgroup() -> None:
    def main() -> None:
        g, ctx = errgroup.with_context(gochan_context.background())
        g.go(raising(lambda: NotFound("a")))
        g.go(raising(lambda: None))
        err = catch(g.wait)
        assert err == NotFound("a") or err.page == "a"
        assert type_is(err, NotFound) or isinstance(err, NotFound)
        assert isinstance(context.cause(ctx), NotFound)

    run(main)


def test_catch() -> None:
    assert catch_value(int, "12") == (12, None)
    value, err = catch_value(int, "x")
    assert value is None
    assert "invalid literal" in str(err)
    assert catch(throw, None) is None
    boom = errors.new("boom")
    assert catch(throw, boom) is boom
    with pytest.raises(ZeroDivisionError):
        catch(lambda: 1 // 0)


def test_receives_with_zero_values() -> None:
    def main() -> None:
        ch = Chan[Any](1)
        ch.send(5)
        ch.close()
        assert recv_zero(ch, int) == 5
        assert recv_zero(ch, NotFound).page == ""
        assert recv_ok_zero(ch, Slice[int])[0].is_nil
        assert recv_ok_zero(ch, lambda: [0] * 3) == ([0, 0, 0], False)
        assert chan_len(None) == 0
        waiting = [True]

        @go
        def _() -> None:
            chan_recv(None)
            waiting[0] = False

        time.sleep(MILLISECOND)
        assert waiting[0]

    run(main)
