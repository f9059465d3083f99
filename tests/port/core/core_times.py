"""What go/times.go prints, by gochan.port.lib.time."""

from __future__ import annotations

from typing import Any

from gochan.port.lib import Pointer, Ref, Slice, errors, field, fmt, nil, quo, rem, struct, time
from gochan.port.lib.time import Duration


@struct(names={"name": "Name", "at": "At", "for_": "For"}, go="main.event")
class Event:
    name: str = ""
    at: time.Time = field(default_factory=time.Time)
    for_: Duration = Duration(0)


def times() -> None:
    ns, ms, s, m, h = 1, time.MILLISECOND, time.SECOND, time.MINUTE, time.HOUR
    ds = [0, 1, -1, 999, 1000, 1500, 10**6, 1234567, 999999999, 10**9, 1500 * ms, 61 * s, h]
    ds += [90 * m + 30 * s + 5 * ms, -3 * h, 100 * h, (1 << 63) - 1, -(1 << 63), 123456789 * time.MICROSECOND]
    for n in ds:
        d = Duration(n)
        fmt.println(
            *(d, d.seconds(), d.minutes(), d.hours(), d.milliseconds(), d.microseconds(), d.nanoseconds()),
            *(d.abs(), int(d)),
        )
        fmt.printf("%v %d %s %q %T %5.1f %x %+v %08d %20v|\n", d, d, d, d, d, d.seconds(), d, d, d, d)
        for unit in [1, 7, time.MICROSECOND, s, m, -5, 0]:
            fmt.print(d.round(unit), " ", d.truncate(unit), " ")
        fmt.println()
    fmt.println(
        *(2 * s + 300 * ms, Duration(int(2.5 * float(s))), -s, Duration(quo(m, 7)), Duration(rem(m, 7 * s))),
        Duration(5) * s,
    )
    texts = ["1.5h", "300ms", "-1h2m3s", "1us", "1µs", "0", "", "x", "1", "1x", ".5s", "1e3s"]
    texts += ["9223372036854775807ns", "9223372036854775808ns", "3000000h", "+5s", "1h 2m", '"q"']
    for text in texts:
        fmt.println(*time.parse_duration(text))
    ny = time.fixed_zone("EST", -5 * 3600)
    odd = time.fixed_zone("", 5 * 3600 + 1800 + 15)
    u = time.utc
    moments = [
        time.Time(),
        time.date(2009, time.NOVEMBER, 10, 23, 0, 0, 0, u),
        time.date(2024, 2, 29, 12, 34, 56, 789012345, u),
        time.date(2023, 14, 35, 25, 61, 61, 10**9 + 5, u),
        time.date(1969, 12, 31, 23, 59, 59, 999999999, u),
        time.date(2000, 1, 1, 0, 0, 0, 0, ny),
        time.date(2021, 7, 4, 5, 6, 7, 120000000, odd),
        time.unix(1700000000, 5).utc(),
        time.unix_milli(-1500).utc(),
        time.date(12, 3, 4, 5, 6, 7, 8, u),
        time.date(2016, 12, 31, 13, 0, 0, 1000, ny),
        time.date(2020, 0, 0, -1, -1, -1, -1, u),
        time.date(9999, 12, 31, 12, 0, 0, 0, u),
    ]
    layouts = [time.LAYOUT, time.ANSIC, time.UNIX_DATE, time.RUBY_DATE, time.RFC822, time.RFC822Z]
    layouts += [time.RFC850, time.RFC1123, time.RFC1123Z, time.RFC3339, time.RFC3339_NANO, time.KITCHEN]
    layouts += [time.STAMP, time.STAMP_MILLI, time.STAMP_MICRO, time.STAMP_NANO]
    layouts += [time.DATE_TIME, time.DATE_ONLY, time.TIME_ONLY]
    layouts += ["2006-01-02 15:04:05.000", "Monday, January 2, 2006 at 3:04:05.999 pm (MST)"]
    layouts += ["06/1/2 03h 4m 5s", "__2 002 _2 _2006", "15:04:05,000000 Z07:00:00 -07 Z0700 Z07"]
    layouts += ["Jan Janet Mon Month 20060102150405", "2006.01.02 .00x .99 .0001", "nothing", "5.04.3.PM"]
    for t in moments:
        fmt.println(
            *(t, t.year(), t.month(), t.day(), t.hour(), t.minute(), t.second(), t.nanosecond()),
            *(t.weekday(), t.year_day(), t.unix(), t.unix_milli(), t.unix_micro(), t.is_zero()),
            t.location(),
        )
        year, week = t.iso_week()
        zone, offset = t.zone()
        fmt.println(
            *(year, week, zone, offset, t.utc(), t.in_(ny), t.truncate(h), t.round(s), t.truncate(7 * m)),
            *(t.add_date(0, 1, -1), t.add_date(-1, 0, 0), t.add(36 * h + ns)),
        )
        for layout in layouts:
            fmt.print(t.format(layout), " | ")
        fmt.println()
        fmt.printf("%v %s %d\n", t, t, t.month())
    for a in moments:
        for b in moments:
            fmt.print(a.sub(b), " ", a.before(b), a.after(b), a.equal(b), a == b, a.compare(b), " ")
        fmt.println()
    cases = [
        (time.RFC3339, "2009-11-10T23:00:00Z"),
        (time.RFC3339, "2009-11-10T23:00:00.123456+02:00"),
        (time.RFC3339, "2009-13-10T23:00:00Z"),
        (time.RFC3339, "2009-02-30T23:00:00Z"),
        (time.RFC3339, "2009-11-10 23:00:00Z"),
        (time.DATE_ONLY, "2024-02-29"),
        (time.DATE_ONLY, "2023-02-29"),
        (time.DATE_ONLY, "2023-2-29"),
        (time.DATE_ONLY, ""),
        (time.DATE_ONLY, "2024-02-29x"),
        (time.DATE_TIME, "2024-02-29 25:00:00"),
        (time.DATE_TIME, "2024-02-29 23:60:00"),
        (time.KITCHEN, "3:04PM"),
        (time.KITCHEN, "12:04AM"),
        (time.KITCHEN, "13:04PM"),
        (time.ANSIC, "Mon Jan  2 15:04:05 2006"),
        (time.RFC1123, "Mon, 02 Jan 2006 15:04:05 MST"),
        (time.RFC1123, "Mon, 02 Jan 2006 15:04:05 UTC"),
        (time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 -0700"),
        ("Jan 2, 2006", "feb 3, 2013"),
        ("January 2 2006", "Sept 3 2013"),
        ("2006-01-02 15:04:05.000", "2006-01-02 15:04:05.12"),
        ("2006-01-02 15:04:05.999", "2006-01-02 15:04:05"),
        ("06-1-2", "70-3-4"),
        ("06-1-2", "12-10-31"),
        ("2006 002", "2024 366"),
        ("15h04", "7h09"),
        ("3:04:05 pm", "7:08:09 am"),
    ]
    for layout, value in cases:
        t, err = time.parse(layout, value)
        fmt.println(t, err)
        pe: Ref[Any] = Ref(nil)
        if errors.as_(err, pe, Pointer[time.ParseError]):
            e = pe.v
            fmt.printf("%q %q %q %q %q\n", e.layout, e.value, e.layout_elem, e.value_elem, e.message)
    fmt.println(time.MARCH, time.Month(13), time.SATURDAY, time.Weekday(9), time.Month(time.JANUARY + 2))
    start = time.now()
    later = start.add(1500 * ms)
    fmt.println(later.sub(start), later.after(start), start.before(later), later.sub(start) == 1500 * ms)
    fmt.printf("%v\n%+v\n", Event("x", moments[1], s), Event("x", moments[2], Duration(5)))
    fmt.println(Slice([Duration(1), s]), {"b": Duration(2), "a": h})
