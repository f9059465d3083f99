package main

import (
	"fmt"
	"time"
)

type Task struct {
	Name string
	Took time.Duration
}

func average(tasks []Task) time.Duration {
	var total time.Duration
	for _, t := range tasks {
		total += t.Took
	}
	return total / time.Duration(len(tasks))
}

func main() {
	d := 90 * time.Minute
	fmt.Println(d, d.Hours(), d.Minutes(), d.Seconds(), d.Milliseconds(), int64(d))
	for _, d := range []time.Duration{0, 1, 1500, 2 * time.Millisecond, 1500 * time.Millisecond, -time.Second, 100 * time.Hour, 61*time.Second + 5*time.Microsecond} {
		fmt.Print(d, " ")
	}
	fmt.Println()
	fmt.Println(average([]Task{{"a", time.Second}, {"b", 2 * time.Second}, {"c", 500 * time.Millisecond}}))
	fmt.Printf("%v %s %d %T %.1f\n", d, d, d, d, d.Seconds())
	parsed, err := time.ParseDuration("1h15m30.918s")
	fmt.Println(parsed, err, parsed.Round(time.Minute), parsed.Truncate(time.Hour), parsed.Microseconds())
	_, err = time.ParseDuration("abc")
	fmt.Println(err)
	n := 3
	timeout := time.Duration(n) * 100 * time.Millisecond
	fmt.Println(timeout, timeout*2, timeout/4, timeout%time.Second, timeout > time.Second, timeout.Nanoseconds())

	t := time.Date(2024, time.February, 28, 23, 30, 0, 0, time.UTC)
	u := t.Add(36 * time.Hour)
	fmt.Println(t.Year(), t.Month(), t.Day(), t.Weekday(), u.Format("2006-01-02 15:04:05"), t.Before(u), u.Sub(t))
	fmt.Println(u.AddDate(0, 1, 0).Format("Jan 2, 2006"), u.YearDay(), t.Unix(), u.Equal(t), t.IsZero(), time.Time{}.IsZero())
	fmt.Println(t.Format(time.RFC3339), t.Format(time.Kitchen))
	v, err := time.Parse("2006-01-02", "2023-12-25")
	fmt.Println(v.Weekday(), err, v.Hour())
	_, err = time.Parse("2006-01-02", "25.12.2023")
	fmt.Println(err != nil)

	start := time.Now()
	time.Sleep(10 * time.Millisecond)
	elapsed := time.Since(start)
	fmt.Println(elapsed >= 10*time.Millisecond, elapsed < 5*time.Second, time.Until(start) < 0)
	timer := time.NewTimer(time.Hour)
	fmt.Println(timer.Stop(), timer.Stop())
	timer.Reset(time.Millisecond)
	<-timer.C
	fired := make(chan string)
	time.AfterFunc(2*time.Millisecond, func() { fired <- "after func" })
	fmt.Println(<-fired)
	ticks := 0
	ticker := time.NewTicker(2 * time.Millisecond)
	for range ticker.C {
		if ticks++; ticks == 3 {
			ticker.Stop()
			break
		}
	}
	fmt.Println("ticks", ticks)
}
