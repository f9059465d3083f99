package main

import (
	"sync"
	"time"
)

func producersConsumers(n int) {
	ch := make(chan int)
	var producers, consumers sync.WaitGroup
	received := 0
	produce := func() {
		for i := 0; i < n/10; i++ {
			ch <- i
		}
		producers.Done()
	}
	consume := func() {
		for range ch {
			received++
		}
		consumers.Done()
	}
	producers.Add(10)
	consumers.Add(10)
	for i := 0; i < 10; i++ {
		go produce()
		go consume()
	}
	producers.Wait()
	close(ch)
	consumers.Wait()
	check("values received", received, n/10*10)
}

// sieveLimit returns the last of the first so many primes, up to which a sieve has to go.
func sieveLimit(primes int) int {
	var found []int
	for n := 2; ; n++ {
		prime := true
		for _, p := range found {
			if p*p > n {
				break
			}
			if n%p == 0 {
				prime = false
				break
			}
		}
		if prime {
			if found = append(found, n); len(found) == primes {
				return n
			}
		}
	}
}

func sieve(n int) time.Duration {
	limit := sieveLimit(n)
	generate := func(out chan<- int) {
		for i := 2; i <= limit; i++ {
			out <- i
		}
		close(out)
	}
	keep := func(prime int, numbers <-chan int, out chan<- int) {
		for i := range numbers {
			if i%prime != 0 {
				out <- i
			}
		}
		close(out)
	}
	found := 0
	ch := make(chan int)
	start := time.Now()
	go generate(ch)
	for {
		prime, ok := <-ch
		if !ok {
			break
		}
		found++
		out := make(chan int)
		go keep(prime, ch, out)
		ch = out
	}
	took := time.Since(start)
	check("primes found", found, n)
	return took
}

func ring(n int) time.Duration {
	var chans [503]chan int
	for i := range chans {
		chans[i] = make(chan int)
	}
	done := make(chan bool)
	var wg sync.WaitGroup
	node := func(place int) {
		following := chans[(place+1)%503]
		for token := range chans[place] {
			if token == 0 {
				done <- true
			} else {
				following <- token - 1
			}
		}
		if place != 502 {
			close(following)
		}
		wg.Done()
	}
	wg.Add(503)
	for place := range chans {
		go node(place)
	}
	chans[0] <- 503
	<-done
	start := time.Now()
	chans[0] <- n
	<-done
	took := time.Since(start)
	close(chans[0])
	wg.Wait()
	return took
}

func workerPool(n int) {
	jobs, results := make(chan int, n), make(chan int, n)
	var wg sync.WaitGroup
	worker := func() {
		for job := range jobs {
			results <- job * 2
		}
		wg.Done()
	}
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go worker()
	}
	for i := 0; i < n; i++ {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	close(results)
	check("sum", sum(results), n*(n-1))
}

func fanOutFanIn(n int) {
	numbers, merged := make(chan int), make(chan int)
	var wg sync.WaitGroup
	source := func() {
		for i := 0; i < n; i++ {
			numbers <- i
		}
		close(numbers)
	}
	square := func(out chan<- int) {
		for v := range numbers {
			out <- v * v
		}
		close(out)
	}
	forward := func(squares <-chan int) {
		for v := range squares {
			merged <- v
		}
		wg.Done()
	}
	finish := func() {
		wg.Wait()
		close(merged)
	}
	wg.Add(10)
	go source()
	for i := 0; i < 10; i++ {
		out := make(chan int)
		go square(out)
		go forward(out)
	}
	go finish()
	check("sum", sum(merged), sumOfSquares(n))
}

func pipeline(n int) {
	numbers, squares := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			numbers <- i
		}
		close(numbers)
	}()
	go func() {
		for v := range numbers {
			squares <- v * v
		}
		close(squares)
	}()
	check("sum", sum(squares), sumOfSquares(n))
}

func sum(ch <-chan int) int {
	total := 0
	for v := range ch {
		total += v
	}
	return total
}

func sumOfSquares(n int) int { return (n - 1) * n * (2*n - 1) / 6 }
