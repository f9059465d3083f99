// Durations and times.
package main

import (
	"errors"
	"fmt"
	"math"
	"time"
)

func main() {
	ds := []time.Duration{0, 1, -1, 999, 1000, 1500, 1e6, 1234567, 999999999, 1e9, 1500 * time.Millisecond, 61 * time.Second, time.Hour, 90*time.Minute + 30*time.Second + 5*time.Millisecond, -3 * time.Hour, 100 * time.Hour, math.MaxInt64, math.MinInt64, 123456789 * time.Microsecond}
	for _, d := range ds {
		fmt.Println(d, d.Seconds(), d.Minutes(), d.Hours(), d.Milliseconds(), d.Microseconds(), d.Nanoseconds(), d.Abs(), int64(d))
		fmt.Printf("%v %d %s %q %T %5.1f %x %+v %08d %20v|\n", d, d, d, d, d, d.Seconds(), d, d, d, d)
		for _, m := range []time.Duration{1, 7, time.Microsecond, time.Second, time.Minute, -5, 0} {
			fmt.Print(d.Round(m), " ", d.Truncate(m), " ")
		}
		fmt.Println()
	}
	fmt.Println(2*time.Second+300*time.Millisecond, time.Duration(2.5*float64(time.Second)), -time.Second, time.Minute/7, time.Minute%(7*time.Second), time.Duration(5)*time.Second)
	for _, s := range []string{"1.5h", "300ms", "-1h2m3s", "1us", "1µs", "0", "", "x", "1", "1x", ".5s", "1e3s", "9223372036854775807ns", "9223372036854775808ns", "3000000h", "+5s", "1h 2m", "\"q\""} {
		d, err := time.ParseDuration(s)
		fmt.Println(d, err)
	}
	ny := time.FixedZone("EST", -5*3600)
	odd := time.FixedZone("", 5*3600+1800+15)
	times := []time.Time{
		{}, time.Date(2009, time.November, 10, 23, 0, 0, 0, time.UTC), time.Date(2024, 2, 29, 12, 34, 56, 789012345, time.UTC),
		time.Date(2023, 14, 35, 25, 61, 61, 1e9+5, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC), time.Date(2000, 1, 1, 0, 0, 0, 0, ny),
		time.Date(2021, 7, 4, 5, 6, 7, 120000000, odd), time.Unix(1700000000, 5).UTC(), time.UnixMilli(-1500).UTC(), time.Date(12, 3, 4, 5, 6, 7, 8, time.UTC), time.Date(2016, 12, 31, 13, 0, 0, 1000, ny),
		time.Date(2020, 0, 0, -1, -1, -1, -1, time.UTC), time.Date(9999, 12, 31, 12, 0, 0, 0, time.UTC),
	}
	layouts := []string{time.Layout, time.ANSIC, time.UnixDate, time.RubyDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z, time.RFC3339, time.RFC3339Nano, time.Kitchen, time.Stamp, time.StampMilli, time.StampMicro, time.StampNano, time.DateTime, time.DateOnly, time.TimeOnly,
		"2006-01-02 15:04:05.000", "Monday, January 2, 2006 at 3:04:05.999 pm (MST)", "06/1/2 03h 4m 5s", "__2 002 _2 _2006", "15:04:05,000000 Z07:00:00 -07 Z0700 Z07", "Jan Janet Mon Month 20060102150405", "2006.01.02 .00x .99 .0001", "nothing", "5.04.3.PM"}
	for _, t := range times {
		fmt.Println(t, t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Weekday(), t.YearDay(), t.Unix(), t.UnixMilli(), t.UnixMicro(), t.IsZero(), t.Location())
		y, w := t.ISOWeek()
		z, off := t.Zone()
		fmt.Println(y, w, z, off, t.UTC(), t.In(ny), t.Truncate(time.Hour), t.Round(time.Second), t.Truncate(7*time.Minute), t.AddDate(0, 1, -1), t.AddDate(-1, 0, 0), t.Add(36*time.Hour+1))
		for _, l := range layouts {
			fmt.Print(t.Format(l), " | ")
		}
		fmt.Println()
		fmt.Printf("%v %s %d\n", t, t, t.Month())
	}
	for _, a := range times {
		for _, b := range times {
			fmt.Print(a.Sub(b), " ", a.Before(b), a.After(b), a.Equal(b), a == b, a.Compare(b), " ")
		}
		fmt.Println()
	}
	for _, c := range [][2]string{
		{time.RFC3339, "2009-11-10T23:00:00Z"}, {time.RFC3339, "2009-11-10T23:00:00.123456+02:00"}, {time.RFC3339, "2009-13-10T23:00:00Z"}, {time.RFC3339, "2009-02-30T23:00:00Z"}, {time.RFC3339, "2009-11-10 23:00:00Z"},
		{time.DateOnly, "2024-02-29"}, {time.DateOnly, "2023-02-29"}, {time.DateOnly, "2023-2-29"}, {time.DateOnly, ""}, {time.DateOnly, "2024-02-29x"}, {time.DateTime, "2024-02-29 25:00:00"}, {time.DateTime, "2024-02-29 23:60:00"},
		{time.Kitchen, "3:04PM"}, {time.Kitchen, "12:04AM"}, {time.Kitchen, "13:04PM"}, {time.ANSIC, "Mon Jan  2 15:04:05 2006"}, {time.RFC1123, "Mon, 02 Jan 2006 15:04:05 MST"}, {time.RFC1123, "Mon, 02 Jan 2006 15:04:05 UTC"},
		{time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 -0700"}, {"Jan 2, 2006", "feb 3, 2013"}, {"January 2 2006", "Sept 3 2013"}, {"2006-01-02 15:04:05.000", "2006-01-02 15:04:05.12"}, {"2006-01-02 15:04:05.999", "2006-01-02 15:04:05"}, {"06-1-2", "70-3-4"}, {"06-1-2", "12-10-31"}, {"2006 002", "2024 366"}, {"15h04", "7h09"}, {"3:04:05 pm", "7:08:09 am"},
	} {
		t, err := time.Parse(c[0], c[1])
		fmt.Println(t, err)
		var pe *time.ParseError
		if errors.As(err, &pe) {
			fmt.Printf("%q %q %q %q %q\n", pe.Layout, pe.Value, pe.LayoutElem, pe.ValueElem, pe.Message)
		}
	}
	fmt.Println(time.March, time.Month(13), time.Saturday, time.Weekday(9), time.January+2)
	start := time.Now()
	later := start.Add(1500 * time.Millisecond)
	fmt.Println(later.Sub(start), later.After(start), start.Before(later), later.Sub(start) == 1500*time.Millisecond)
	type event struct {
		Name string
		At   time.Time
		For  time.Duration
	}
	fmt.Printf("%v\n%+v\n", event{"x", times[1], time.Second}, event{"x", times[2], 5})
	fmt.Println([]time.Duration{1, time.Second}, map[string]time.Duration{"b": 2, "a": time.Hour})
}
