// Texts of the library for zero values and types without a name: flag's defaults, json's errors, nil pointers.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"math/cmplx"
	"os"
	"strings"
	"time"
)

type words []string

func (w *words) String() string     { return strings.Join(*w, ",") }
func (w *words) Set(s string) error { *w = append(*w, s); return nil }

func main() {
	set := flag.NewFlagSet("tool", flag.ContinueOnError)
	set.SetOutput(os.Stdout)
	set.Duration("wait", 0, "how long to wait")
	set.Duration("every", time.Minute, "how often")
	var w words
	set.Var(&w, "word", "a `word`, more than once")
	fmt.Println(set.Parse([]string{"-word", "a", "-wait=2s", "-word=b"}))
	set.PrintDefaults()
	set.Visit(func(f *flag.Flag) { fmt.Println(f.Name, f.Value) })

	var row struct{ A int }
	fmt.Println(json.Unmarshal([]byte(`{"A":"text"}`), &row))
	fmt.Println(struct{ b, B *big.Int }{nil, big.NewInt(4)})
	fmt.Printf("%.4f %.4f %.4f\n", cmplx.Exp(1i), cmplx.Log(2+1i), cmplx.Pow(1+1i, 2))
}
