"""Moments: datetimes with a reading of the monotonic clock, as Go's time.Time (its time/mono_test.go)."""

import copy
import itertools
import operator
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gochan import time
from gochan._engine.instant import aware

MS = timedelta(milliseconds=1)
WALL = 1_483_228_799_995_000_000
MONO = 123_456_789_012_345
# Three moments of a clock that is set back by a second after the first, as at the leap second of 2016: the
# second is 10 ms later, the third a second later.
first = time.Time._at(WALL, MONO)
second = time.Time._at(WALL - 990_000_000, MONO + 10_000_000)
third = time.Time._at(WALL, MONO + 1_000_000_000)


def bare(t: time.Time) -> time.Time:
    """The same moment without its monotonic reading."""
    return t.replace()


def test_now_is_an_aware_datetime_in_local_time() -> None:
    before = datetime.now(UTC)
    t = time.now()
    after = datetime.now(UTC)
    # Python's own now() rounds half a microsecond up.
    assert before - timedelta(microseconds=1) <= t.replace() <= after
    assert isinstance(t, datetime)
    assert t.utcoffset() == t.astimezone().utcoffset()


def test_at_takes_nanoseconds() -> None:
    t = time.Time._at(1_486_057_371_123_456_789, 5)
    assert t == datetime(2017, 2, 2, 17, 42, 51, 123456, tzinfo=UTC)
    assert t.monotonic() == 5
    assert time.Time._at(-1, 0) == datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


def test_which_moments_carry_a_monotonic_reading() -> None:
    """Go's TestHasMonotonicClock."""
    assert time.now().monotonic() is not None
    assert time.after(0).recv().monotonic() is not None
    with time.new_ticker(time.NANOSECOND) as ticker:
        assert ticker.c.recv().monotonic() is not None
    assert (first + MS).monotonic() == MONO + 1_000_000
    assert (MS + first).monotonic() == MONO + 1_000_000
    assert (first - MS).monotonic() == MONO - 1_000_000

    without = [
        first.replace(),
        first.replace(year=2020),
        first.astimezone(),
        first.astimezone(UTC),
        bare(first) + MS,
        bare(first) - MS,
        time.Time(2009, 11, 23, tzinfo=UTC),
        time.Time.now(UTC),
        time.Time.fromtimestamp(1_486_057_371, UTC),
        time.Time.fromisoformat("2015-03-07T11:06:39-08:00"),
        time.Time.strptime("2015-03-07 11:06:39 -0800", "%Y-%m-%d %H:%M:%S %z"),
        time.Time.combine(first.date(), first.timetz()),
    ]
    assert [(t, t.monotonic()) for t in without] == [(t, None) for t in without]
    assert {type(t) for t in without} == {time.Time}


def test_difference_goes_by_the_monotonic_clock() -> None:
    """Go's TestMonotonicSub, its first half."""
    for x, y, monotonic, wall in [
        (first, first, 0, 0),
        (first, second, -10, 990),
        (first, third, -1000, 0),
        (second, first, 10, -990),
        (second, third, -990, -990),
        (third, first, 1000, 0),
        (third, second, 990, 990),
    ]:
        assert x - y == monotonic * MS
        assert bare(x) - y == wall * MS
        assert x - bare(y) == wall * MS
        assert bare(x) - bare(y) == wall * MS


def test_order_goes_by_the_monotonic_clock() -> None:
    """Go's TestMonotonicSub, its second half; its Equal, which asks the monotonic clock alone, is not =="""
    compare = [operator.lt, operator.le, operator.gt, operator.ge]
    for x, y, monotonic, wall in [
        (first, first, 0, 0),
        (first, second, -1, 1),
        (first, third, -1, 0),
        (second, first, 1, -1),
        (second, third, -1, -1),
        (third, first, 1, 0),
        (third, second, 1, 1),
    ]:
        for order in compare:
            assert order(x, y) is order(monotonic, 0)
            assert order(bare(x), y) is order(wall, 0)
            assert order(x, bare(y)) is order(wall, 0)
            assert order(bare(x), bare(y)) is order(wall, 0)


def test_moments_with_equal_clock_readings_are_equal() -> None:
    same = time.Time._at(WALL, MONO)
    assert first == same
    assert not first != same  # noqa: SIM202  the other method
    assert hash(first) == hash(same)
    # The same time of day, a second later: a moment that is before another is not equal to it.
    assert first != third
    assert not first == third  # noqa: SIM201
    assert len({first, same, third}) == 2
    # The same reading on one clock that was set in between: not the same to the other.
    assert first != time.Time._at(WALL + 1_000_000_000, MONO)
    assert not first < time.Time._at(WALL + 1_000_000_000, MONO)


def test_a_moment_equals_the_datetime_that_it_shows() -> None:
    plain = datetime(2016, 12, 31, 23, 59, 59, 995_000, tzinfo=UTC)
    assert first == plain
    assert plain == first
    assert not plain != first  # noqa: SIM202
    assert hash(first) == hash(plain)
    assert first == bare(first) == third  # by the wall clock, where one of the two carries nothing else
    assert plain != first + MS
    assert plain < first + MS
    assert first + MS > plain
    assert {plain: "found"}[first] == "found"


def test_a_moment_is_not_a_number() -> None:
    assert first != 5
    assert (first == 5) is False
    with pytest.raises(TypeError):
        first + 5  # type: ignore[operator]
    with pytest.raises(TypeError):
        5 + first  # type: ignore[operator]
    with pytest.raises(TypeError):
        first - 5
    with pytest.raises(TypeError):
        first + first  # type: ignore[operator]
    for order in [operator.lt, operator.le, operator.gt, operator.ge]:
        with pytest.raises(TypeError):
            order(first, 5)


def test_a_moment_is_not_compared_with_one_without_a_time_zone() -> None:
    naive = datetime(2016, 12, 31)
    assert naive != first
    with pytest.raises(TypeError):
        first < naive  # noqa: B015
    with pytest.raises(TypeError):
        first - naive


def test_difference_with_a_datetime() -> None:
    plain = datetime(2017, 1, 1, tzinfo=UTC)
    assert first - plain == -5 * MS
    assert plain - first == 5 * MS


def test_a_sum_keeps_both_clocks_together() -> None:
    """Go's TestMonotonicAdd."""
    t = time.Time._at(1_486_057_371_000_123_456, MONO)
    later = t + timedelta(milliseconds=100)
    assert later.microsecond == 100_123
    assert later.monotonic() == MONO + 100_000_000
    assert later - t == timedelta(milliseconds=100)
    # What a datetime can hold, and no monotonic clock ever shows, is a number anyway.
    assert (t + timedelta(days=365_000)) - t == timedelta(days=365_000)
    with pytest.raises(OverflowError):
        t + timedelta.max

    now = time.now()
    hour = now + timedelta(hours=1)
    assert 59 * time.MINUTE < time.until(hour) <= time.HOUR
    assert now < hour
    assert hour > now


def test_moments_read_one_after_the_other_never_go_back() -> None:
    moments = [time.now() for _ in range(1000)]
    assert moments == sorted(moments)
    assert all(a <= b and not b < a for a, b in itertools.pairwise(moments))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_keeps_the_reading(copied: type) -> None:
    """As an assignment does in Go."""
    other = copied([first])[0]
    assert other == first
    assert other.monotonic() == MONO
    assert copied(first).monotonic() == MONO


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_drops_the_reading(protocol: int) -> None:
    """As Go's MarshalBinary does: it means nothing in another process."""
    other = pickle.loads(pickle.dumps(first, protocol))
    assert type(other) is time.Time
    assert other == first
    assert other.monotonic() is None
    assert other.utcoffset() == first.utcoffset()


def test_a_moment_without_a_time_zone_is_read_as_local_time() -> None:
    assert aware(first) is first
    assert aware(datetime(2020, 5, 4)) == datetime(2020, 5, 4).astimezone()


@pytest.mark.parametrize("zone", ["UTC0", "EST5", "JST-9"])
def test_the_ends_of_the_calendar_are_moments(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the time zone would lead out of the years that a datetime can hold."""
    from time import tzset

    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        tzset()
        earliest, latest = aware(datetime.min), aware(datetime.max)
    tzset()
    day = timedelta(days=1)
    assert earliest < datetime.min.replace(tzinfo=timezone(day / 2)) + day
    assert latest > datetime.max.replace(tzinfo=timezone(-day / 2)) - day
