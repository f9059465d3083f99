package main

import (
	"fmt"
	"math"
	"strconv"
	"unicode"
)

type TokenKind int

const (
	NUMBER TokenKind = iota
	OPERATOR
	LPAREN
	RPAREN
	IDENT
	EOF
)

//go:generate stringer -type=TokenKind
var kindNames = [...]string{NUMBER: "NUMBER", OPERATOR: "OPERATOR", LPAREN: "(", RPAREN: ")", IDENT: "IDENT", EOF: "EOF"}

func (k TokenKind) String() string { return kindNames[k] }

type Token struct {
	Kind TokenKind
	Text string
	Pos  int
}

type SyntaxError struct {
	Pos int
	Msg string
}

func (e SyntaxError) Error() string { return "at " + strconv.Itoa(e.Pos) + ": " + e.Msg }

func lex(input string) (tokens []Token, err error) {
	rs := []rune(input)
	for i := 0; i < len(rs); {
		r := rs[i]
		start := i
		switch {
		case unicode.IsSpace(r):
			i++
			continue
		case unicode.IsDigit(r) || r == '.':
			for i < len(rs) && (unicode.IsDigit(rs[i]) || rs[i] == '.') {
				i++
			}
			tokens = append(tokens, Token{NUMBER, string(rs[start:i]), start})
		case unicode.IsLetter(r):
			for ; i < len(rs) && unicode.IsLetter(rs[i]); i++ {
			}
			tokens = append(tokens, Token{IDENT, string(rs[start:i]), start})
		case r == '(':
			tokens = append(tokens, Token{LPAREN, "(", i})
			i++
		case r == ')':
			tokens = append(tokens, Token{RPAREN, ")", i})
			i++
		case r == '+', r == '-', r == '*', r == '/', r == '^', r == '%':
			tokens = append(tokens, Token{Kind: OPERATOR, Text: string(r), Pos: i})
			i++
		default:
			return nil, SyntaxError{i, fmt.Sprintf("unexpected %q", r)}
		}
	}
	return append(tokens, Token{Kind: EOF, Pos: len(rs)}), nil
}

type Node interface {
	Eval(vars map[string]float64) float64
}

type (
	Num   float64
	Var   string
	Unary struct{ X Node }
	BinOp struct {
		Op   byte
		L, R Node
	}
)

func (n Num) Eval(map[string]float64) float64      { return float64(n) }
func (v Var) Eval(vars map[string]float64) float64 { return vars[string(v)] }
func (u Unary) Eval(vars map[string]float64) float64 {
	return -u.X.Eval(vars)
}
func (b *BinOp) Eval(vars map[string]float64) float64 {
	l, r := b.L.Eval(vars), b.R.Eval(vars)
	switch b.Op {
	case '+':
		return l + r
	case '-':
		return l - r
	case '*':
		return l * r
	case '/':
		return l / r
	case '%':
		return math.Mod(l, r)
	}
	return math.Pow(l, r)
}

type parser struct {
	toks []Token
	pos  int
}

func (p *parser) peek() Token { return p.toks[p.pos] }
func (p *parser) next() (t Token) {
	t = p.toks[p.pos]
	p.pos++
	return
}

var precedence = map[string]int{"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 3}

func (p *parser) expr(min int) Node {
	left := p.primary()
	for {
		op := p.peek()
		prec := precedence[op.Text]
		if op.Kind != OPERATOR || prec < min {
			return left
		}
		p.next()
		if op.Text != "^" {
			prec++
		}
		left = &BinOp{op.Text[0], left, p.expr(prec)}
	}
}

func (p *parser) primary() Node {
	switch t := p.next(); t.Kind {
	case NUMBER:
		f, err := strconv.ParseFloat(t.Text, 64)
		if err != nil {
			panic(SyntaxError{t.Pos, err.Error()})
		}
		return Num(f)
	case IDENT:
		return Var(t.Text)
	case LPAREN:
		n := p.expr(1)
		if close := p.next(); close.Kind != RPAREN {
			panic(SyntaxError{close.Pos, "want ), got " + close.Kind.String()})
		}
		return n
	case OPERATOR:
		if t.Text == "-" {
			return Unary{p.expr(3)}
		}
		fallthrough
	default:
		panic(SyntaxError{t.Pos, fmt.Sprint("unexpected ", t.Kind)})
	}
}

func Parse(input string) (n Node, err error) {
	toks, err := lex(input)
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			se, ok := r.(SyntaxError)
			if !ok {
				panic(r)
			}
			n, err = nil, se
		}
	}()
	p := &parser{toks: toks}
	n = p.expr(1)
	if t := p.peek(); t.Kind != EOF {
		return nil, SyntaxError{t.Pos, "trailing " + t.Kind.String()}
	}
	return n, nil
}

func main() {
	vars := map[string]float64{"x": 3, "pi": math.Pi}
	for _, in := range []string{"1 + 2 * 3", "(1+2)*3", "2^3^2", "-2^2", "10/4 - x", "7 % 4 * 2", "2*pi", "1/0", "y + 1",
		"(1", "1 + $", "1 2", "", "1.2.3", ")"} {
		n, err := Parse(in)
		if err != nil {
			fmt.Printf("%-12q error %v\n", in, err)
			continue
		}
		fmt.Printf("%-12q = %.6g\n", in, n.Eval(vars))
	}
	n, _ := Parse("x - -1")
	b := n.(*BinOp)
	fmt.Printf("%c %T %v %T\n", b.Op, b.L, b.R, b.R)
}
