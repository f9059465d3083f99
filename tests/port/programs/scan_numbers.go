package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

type command struct {
	name string
	args []float64
}

func parse(line string) (cmd command, err error) {
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return cmd, fmt.Errorf("empty command")
	}
	cmd.name = fields[0]
	for i, f := range fields[1:] {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return cmd, fmt.Errorf("argument %d of %s: %w", i+1, cmd.name, err)
		}
		cmd.args = append(cmd.args, x)
	}
	return
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()

	var n int
	fmt.Fscan(in, &n)
	nums := make([]int, n)
	for i := range nums {
		fmt.Fscan(in, &nums[i])
	}
	in.ReadString('\n')
	fmt.Fprintln(out, n, nums)

	lineNo := 0
	for {
		line, err := in.ReadString('\n')
		if err != nil && err != io.EOF {
			panic(err)
		}
		if line != "" {
			lineNo++
			cmd, perr := parse(strings.TrimRight(line, "\r\n"))
			switch {
			case perr != nil:
				fmt.Fprintf(out, "%d: %v\n", lineNo, perr)
			case cmd.name == "sum":
				total := 0.0
				for _, a := range cmd.args {
					total += a
				}
				fmt.Fprintf(out, "%d: %g\n", lineNo, total)
			case cmd.name == "max" && len(cmd.args) > 0:
				best := cmd.args[0]
				for _, a := range cmd.args[1:] {
					best = max(best, a)
				}
				fmt.Fprintf(out, "%d: %v\n", lineNo, best)
			case cmd.name == "quit":
				fmt.Fprintln(out, "bye")
				return
			default:
				fmt.Fprintf(out, "%d: unknown command %q with %d args\n", lineNo, cmd.name, len(cmd.args))
			}
		}
		if err == io.EOF {
			break
		}
	}
	fmt.Fprintln(out, "end of input")
}
