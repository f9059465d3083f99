package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// Numbers the lines of standard input, in upper case, and counts what it saw.

func main() {
	scanner := bufio.NewScanner(os.Stdin)
	lines, words, chars := 0, 0, 0
	longest := ""
	for scanner.Scan() {
		line := scanner.Text()
		lines++
		words += len(strings.Fields(line))
		chars += len([]rune(line))
		if len(line) > len(longest) {
			longest = line
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		fmt.Printf("%3d  %s\n", lines, strings.ToUpper(line))
	}
	if err := scanner.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Printf("%d lines, %d words, %d characters; longest: %q\n", lines, words, chars, longest)
	if lines > 5 {
		fmt.Fprintln(os.Stderr, "too many lines")
		os.Exit(3)
	}
}
