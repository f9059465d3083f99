package main

import (
	"fmt"
	"net/url"
)

func main() {
	m := map[string][]string{"a": {"1"}}
	v := url.Values(m) // want a map that becomes url.Values may be in use as another type
	v.Set("a", "2")
	fmt.Println(m)
}
