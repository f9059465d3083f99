package main

import (
	"errors"
	"fmt"
	"strings"
)

type op byte

type instruction struct {
	op  op
	arg int
}

var errUnbalanced = errors.New("unbalanced brackets")

func compile(src string) (prog []instruction, err error) {
	var loops []int
	for _, c := range []byte(src) {
		switch c {
		case '>', '<', '+', '-':
			delta := 1
			kind := op('>')
			if c == '<' || c == '-' {
				delta = -1
			}
			if c == '+' || c == '-' {
				kind = '+'
			}
			if n := len(prog); n > 0 && prog[n-1].op == kind {
				prog[n-1].arg += delta
				continue
			}
			prog = append(prog, instruction{kind, delta})
		case '.', ',':
			prog = append(prog, instruction{op: op(c)})
		case '[':
			loops = append(loops, len(prog))
			prog = append(prog, instruction{op: '['})
		case ']':
			if len(loops) == 0 {
				return nil, errUnbalanced
			}
			start := loops[len(loops)-1]
			loops = loops[:len(loops)-1]
			prog[start].arg = len(prog)
			prog = append(prog, instruction{']', start})
		}
	}
	if len(loops) != 0 {
		err = fmt.Errorf("%w: %d open", errUnbalanced, len(loops))
	}
	return
}

func run(prog []instruction, input string) string {
	var tape [300]byte
	var out strings.Builder
	ptr, in := 0, 0
	for pc := 0; pc < len(prog); pc++ {
		switch i := prog[pc]; i.op {
		case '>':
			ptr += i.arg
		case '+':
			tape[ptr] += byte(i.arg)
		case '.':
			out.WriteByte(tape[ptr])
		case ',':
			tape[ptr] = 0
			if in < len(input) {
				tape[ptr] = input[in]
				in++
			}
		case '[':
			if tape[ptr] == 0 {
				pc = i.arg
			}
		case ']':
			if tape[ptr] != 0 {
				pc = i.arg
			}
		}
	}
	return out.String()
}

func main() {
	hello := "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."
	prog, err := compile(hello)
	fmt.Println(len(prog), err)
	fmt.Print(run(prog, ""))
	rot, _ := compile(",[+.,]")
	fmt.Println(run(rot, "HAL"))
	under, _ := compile("-.")
	fmt.Printf("%q\n", run(under, ""))
	for _, bad := range []string{"[[]", "]"} {
		_, err := compile(bad)
		fmt.Println(err, errors.Is(err, errUnbalanced))
	}
}
