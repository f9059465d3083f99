//go:build ignore

// In a bubble time passes until nobody waits for it any more; who is blocked then is blocked forever.
package main

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func bubble(*testing.T) {
	start := time.Now()
	never := make(chan int)
	go func() {
		time.Sleep(time.Hour)
		fmt.Println("an hour has passed:", time.Since(start))
		<-never
	}()
	synctest.Wait()
	fmt.Println("the other sleeps")
	time.Sleep(time.Minute)
	fmt.Println("main waits after", time.Since(start))
	<-never
}

func main() {
	testing.Main(
		func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "bubble", F: func(t *testing.T) {
			// In a goroutine of its own, whose panic the test does not recover.
			go synctest.Test(t, bubble)
			select {}
		}}}, nil, nil)
}
