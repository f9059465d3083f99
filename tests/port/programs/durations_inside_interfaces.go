package main

import (
	"fmt"
	"time"
)

type limits struct{ wait time.Duration }

func (limits) name() string { return "limits" }

func main() {
	waits := []time.Duration{time.Second}
	var x any = waits
	var y any = limits{time.Second}
	var n interface{ name() string } = limits{time.Minute}
	fmt.Println(x, y, n, map[string]any{"waits": waits})
}
