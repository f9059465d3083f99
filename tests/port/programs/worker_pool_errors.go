package main

import (
	"errors"
	"fmt"
	"sort"
	"sync"
)

type Job struct {
	ID    int
	Value int
}

type Result struct {
	Job   Job
	Value int
	Err   error
}

var ErrNegative = errors.New("negative value")

func process(j Job) (int, error) {
	if j.Value < 0 {
		return 0, fmt.Errorf("job %d: %w", j.ID, ErrNegative)
	}
	if j.Value == 13 {
		return 0, fmt.Errorf("job %d: unlucky value %d", j.ID, j.Value)
	}
	return j.Value * j.Value, nil
}

func worker(id int, jobs <-chan Job, results chan<- Result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		v, err := process(j)
		results <- Result{Job: j, Value: v, Err: err}
	}
}

func main() {
	values := []int{3, -1, 13, 4, 5, -7, 10}
	jobs := make(chan Job)
	results := make(chan Result)
	var wg sync.WaitGroup
	for w := 1; w <= 3; w++ {
		wg.Add(1)
		go worker(w, jobs, results, &wg)
	}
	go func() {
		for i, v := range values {
			jobs <- Job{i, v}
		}
		close(jobs)
	}()
	go func() {
		wg.Wait()
		close(results)
	}()

	var all []Result
	for r := range results {
		all = append(all, r)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Job.ID < all[j].Job.ID })
	failed := 0
	for _, r := range all {
		switch {
		case errors.Is(r.Err, ErrNegative):
			failed++
			fmt.Println("skipped:", r.Err)
		case r.Err != nil:
			failed++
			fmt.Printf("failed: %v\n", r.Err)
		default:
			fmt.Printf("job %d: %d^2 = %d\n", r.Job.ID, r.Job.Value, r.Value)
		}
	}
	fmt.Printf("%d ok, %d failed\n", len(all)-failed, failed)
}
