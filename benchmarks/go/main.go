// The Go side of the benchmarks. It answers each line of JSON on its input with one on its output: child.py
// says what they hold. The workloads have the names, and do the work, of those in ../workloads/on_gochan.py.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"time"
)

// A workload does n operations; it returns how much of its time counts, or 0 if all of it does.
type workload func(n int) time.Duration

// whole makes a workload of a function all of whose time counts.
func whole(f func(n int)) workload {
	return func(n int) time.Duration {
		f(n)
		return 0
	}
}

var workloads = map[string]workload{
	"ping_pong":           whole(pingPong),
	"stream":              whole(stream),
	"stream_1":            whole(stream1),
	"stream_100":          whole(stream100),
	"uncontended":         whole(uncontended),
	"range_over":          rangeOver,
	"spawn":               whole(spawn),
	"select_both":         whole(selectBoth),
	"select_ready":        whole(selectReady),
	"select_default":      whole(selectDefault),
	"select_10":           whole(select10),
	"select_100":          whole(select100),
	"mutex_free":          whole(mutexFree),
	"mutex_contended":     whole(mutexContended),
	"wait_group":          whole(waitGroup),
	"context_cancel":      contextCancel,
	"timers":              whole(timers),
	"sleep":               whole(sleep),
	"producers_consumers": whole(producersConsumers),
	"sieve":               sieve,
	"ring":                ring,
	"worker_pool":         whole(workerPool),
	"fan_out_fan_in":      whole(fanOutFanIn),
	"pipeline":            whole(pipeline),
}

var curves = map[string]func(n int) map[string]float64{
	"parked": parked,
	"select": selectWidth,
	"timers": timersPending,
	"chain":  daisyChain,
}

type request struct {
	Row, Curve string
	N          int
	Seconds    float64
}

func check(what string, found, wanted int) {
	if found != wanted {
		panic(fmt.Sprintf("%s: %d, where %d was to come out", what, found, wanted))
	}
}

// repeat runs a workload until the seconds are over, and returns the seconds that each time took.
func repeat(w workload, n int, seconds float64) []float64 {
	var times []float64
	begun := time.Now()
	for len(times) == 0 || time.Since(begun).Seconds() < seconds {
		start := time.Now()
		counted := w(n)
		took := time.Since(start)
		if counted != 0 {
			took = counted
		}
		times = append(times, took.Seconds())
	}
	return times
}

func main() {
	answers := json.NewEncoder(os.Stdout)
	answers.Encode(map[string]any{"version": runtime.Version()[2:], "notes": notes, "absent": map[string]string{}})
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		var r request
		if err := json.Unmarshal(requests.Bytes(), &r); err != nil {
			panic(err)
		}
		runtime.GC()
		if r.Curve != "" {
			answers.Encode(map[string]any{"values": curves[r.Curve](r.N)})
		} else {
			answers.Encode(map[string]any{"seconds": repeat(workloads[r.Row], r.N, r.Seconds)})
		}
	}
}
