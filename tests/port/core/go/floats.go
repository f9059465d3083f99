// Prints random floats by several formats: a line for each with its bits and the results.
package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

var state uint64 = 88172645463325252

func next() uint64 {
	state ^= state << 13
	state ^= state >> 7
	state ^= state << 17
	return state
}

func main() {
	count := 400
	if len(os.Args) > 1 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	formats := []string{"%v", "%g", "%e", "%.3f", "%x", "%b", "%.3g", "%.17g", "%.0e", "%#g", "%.2x", "%10.1f", "%G", "%.20g", "%X", "%.0f"}
	for i := range count {
		bits := next()
		x := math.Float64frombits(bits)
		switch i % 4 {
		case 1: // a decimal as people write them
			x = float64(int64(bits%2000000)-1000000) / math.Pow10(int(bits>>40%8))
		case 2: // an integer
			x = float64(int64(bits) >> (bits % 60))
		}
		if math.IsNaN(x) || math.Abs(x) > 1e40 && i%16 != 0 {
			x = math.Float64frombits(bits&(1<<52-1) | 1023<<52)
		}
		fmt.Fprintf(out, "%x", math.Float64bits(x))
		for _, f := range formats {
			fmt.Fprint(out, "\t", strings.TrimSpace(fmt.Sprintf(f, x)))
		}
		y := float32(x)
		for _, f := range formats[:7] {
			fmt.Fprint(out, "\t", strings.TrimSpace(fmt.Sprintf(f, y)))
		}
		fmt.Fprintln(out)
	}
}
