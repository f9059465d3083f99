// Tasks with closures over moments, priorities as text, and durations that are added up.
package main

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"
)

type Priority uint8

const (
	Low Priority = iota
	Mid
	High
)

func (p Priority) String() string { return [...]string{"low", "mid", "high"}[p] }
func (p *Priority) UnmarshalText(b []byte) error {
	for i := Low; i <= High; i++ {
		if i.String() == string(b) {
			*p = i
			return nil
		}
	}
	return fmt.Errorf("bad priority %q", b)
}

type Task struct {
	ID       int
	Title    string
	Pri      Priority
	Deps     []int
	Done     bool
	Due      time.Time
	Estimate time.Duration
	Sub      []*Task
	parent   *Task
	meta     map[string]interface{}
}
type Tasks []*Task

func (t Tasks) Len() int           { return len(t) }
func (t Tasks) Less(i, j int) bool { return t[i].Pri > t[j].Pri || t[i].Pri == t[j].Pri && t[i].ID < t[j].ID }
func (t Tasks) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t Tasks) Filter(f func(*Task) bool) (out Tasks) {
	for _, x := range t {
		if f(x) {
			out = append(out, x)
		}
	}
	return
}
func (t *Task) Add(s ...*Task) *Task {
	for _, x := range s {
		x.parent = t
	}
	t.Sub = append(t.Sub, s...)
	return t
}
func (t *Task) Total() (d time.Duration) {
	d = t.Estimate
	for _, s := range t.Sub {
		d += s.Total()
	}
	return
}
func (t *Task) Depth() int {
	if t.parent == nil {
		return 0
	}
	return t.parent.Depth() + 1
}
func (t Task) Clone() *Task { t.Title += " copy"; t.Deps = append([]int(nil), t.Deps...); return &t }
func (t *Task) Walk(f func(t *Task)) {
	f(t)
	for _, s := range t.Sub {
		s.Walk(f)
	}
}

type Percent float64

func (p Percent) String() string { return fmt.Sprintf("%.1f%%", float64(p)*100) }
func progress(ts Tasks) Percent {
	if len(ts) == 0 {
		return Percent(math.NaN())
	}
	n := 0
	for _, t := range ts {
		if t.Done {
			n++
		}
	}
	return Percent(float64(n) / float64(len(ts)))
}
func schedule(ts Tasks) (order []int, err error) {
	byID := make(map[int]*Task, len(ts))
	indeg := make(map[int]int)
	next := map[int][]int{}
	for _, t := range ts {
		byID[t.ID] = t
		indeg[t.ID] += 0
		for _, d := range t.Deps {
			next[d] = append(next[d], t.ID)
			indeg[t.ID]++
		}
	}
	var ready []int
	for id, n := range indeg {
		if n == 0 {
			ready = append(ready, id)
		}
	}
	for len(ready) > 0 {
		sort.Slice(ready, func(i, j int) bool {
			a, b := byID[ready[i]], byID[ready[j]]
			if a.Pri != b.Pri {
				return a.Pri > b.Pri
			}
			return a.ID < b.ID
		})
		id := ready[0]
		ready = ready[1:]
		order = append(order, id)
		for _, m := range next[id] {
			if indeg[m]--; indeg[m] == 0 {
				ready = append(ready, m)
			}
		}
	}
	if len(order) != len(ts) {
		err = fmt.Errorf("cycle among %d of %d tasks", len(ts)-len(order), len(ts))
	}
	return
}

func main() {
	base := time.Date(2024, time.February, 27, 9, 30, 0, 0, time.UTC)
	ts := Tasks{
		{ID: 1, Title: "design", Pri: High, Estimate: 90 * time.Minute},
		{ID: 2, Title: "build", Pri: Mid, Deps: []int{1}, Estimate: 3 * time.Hour},
		{ID: 3, Title: "docs", Deps: []int{1}, Estimate: 45 * time.Second},
		{ID: 4, Title: "ship", Pri: High, Deps: []int{2, 3}},
	}
	for i, t := range ts {
		t.Due = base.AddDate(0, 0, i).Add(time.Duration(i) * 90 * time.Minute)
		t.meta = map[string]interface{}{"i": i, "odd": i%2 == 1, "tags": []string{t.Title[:2]}}
	}
	fmt.Println(schedule(ts))
	ts[0].Deps = []int{4}
	fmt.Println(schedule(ts))
	ts[0].Deps = nil
	ts[1].Add(&Task{ID: 21, Title: "unit", Estimate: 10 * time.Minute}, &Task{ID: 22}).Sub[1].Add(&Task{ID: 221, Estimate: 1500 * time.Millisecond})
	ts[1].Walk(func(t *Task) { fmt.Printf("%s%d(%v) ", strings.Repeat(">", t.Depth()), t.ID, t.Total()) })
	fmt.Println()
	sort.Sort(ts)
	for _, t := range ts {
		fmt.Printf("%d %-7s %-4v %s %6.2fh %v\n", t.ID, t.Title, t.Pri, t.Due.Format("Mon Jan _2 15:04"), t.Estimate.Hours(), t.meta)
	}
	c := ts[0].Clone()
	c.Deps = append(c.Deps, 9)
	c.meta["i"] = "shared"
	c.Done = true
	fmt.Println(c.Title, ts[0].Title, len(ts[0].Deps), ts[0].meta["i"], ts[0].Done, c.Due.Equal(ts[0].Due), c.Due == ts[0].Due)
	ts[0].Done, ts[3].Done = true, true
	fmt.Println(progress(ts), progress(nil), progress(ts.Filter(func(t *Task) bool { return t.Done })))
	var p Priority
	fmt.Println(p.UnmarshalText([]byte("high")), p, p.UnmarshalText([]byte("zz")), p)
	late := ts.Filter(func(t *Task) bool { return t.Due.After(base.Add(24 * time.Hour)) })
	fmt.Println(len(late), late[0].Due.Sub(base), late[0].Due.Sub(base).Round(time.Hour), base.Weekday(), base.AddDate(0, 0, 2).Month())
	grouped := map[Priority][]string{}
	for _, t := range ts {
		grouped[t.Pri] = append(grouped[t.Pri], t.Title)
	}
	fmt.Println(grouped, len(grouped[High]))
	fmt.Printf("%v %+v\n", *c.Sub0(), Task{ID: 5}.Estimate)
	var total time.Duration
	for _, t := range ts {
		total += t.Total()
	}
	avg := total / time.Duration(len(ts))
	fmt.Println(total, avg, avg.Truncate(time.Minute), total > 4*time.Hour, int(total.Minutes())%60, float64(total)/float64(time.Hour) > 4.8)
}
func (t *Task) Sub0() *Task {
	if len(t.Sub) > 0 {
		return t.Sub[0]
	}
	return &Task{}
}
