// Function literals whose only statement is delete.
package main

import "fmt"

type canceler struct{ cancel func() }

func main() {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	c := canceler{cancel: func() { delete(m, "a") }}
	c.cancel()
	drop := []func(string){func(k string) { delete(m, k) }}
	drop[0]("b")
	fmt.Println(m)
	defer func() { delete(m, "c") }()
}
