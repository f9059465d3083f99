package main

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
)

type Config struct {
	Host string
	Port int
}

var (
	instance *Config
	once     sync.Once
	loads    int
)

func GetConfig() *Config {
	once.Do(func() {
		loads++
		instance = &Config{"localhost", 8080}
	})
	return instance
}

var buffers = sync.Pool{
	New: func() any { return new(bytes.Buffer) },
}

func render(name string) string {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer buffers.Put(b)
	b.WriteString("hello, ")
	b.WriteString(name)
	b.WriteByte('!')
	return b.String()
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 5; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if GetConfig() != instance {
				fmt.Println("another instance")
			}
		}()
	}
	wg.Wait()
	fmt.Println("loads:", loads, *GetConfig())
	fmt.Println(render("ann"), render("bob"))

	var m sync.Map
	for i, w := range []string{"zero", "one", "two"} {
		m.Store(i, w)
	}
	v, ok := m.Load(1)
	fmt.Println(v, ok)
	_, ok = m.Load("1")
	fmt.Println(ok)
	actual, loaded := m.LoadOrStore(2, "deux")
	fmt.Println(actual, loaded)
	actual, loaded = m.LoadOrStore(3, "trois")
	fmt.Println(actual, loaded)
	m.Delete(0)
	n := 0
	m.Range(func(k, v any) bool {
		n += k.(int)
		return true
	})
	fmt.Println("keys:", n)

	get := sync.OnceValues(func() (int, error) {
		fmt.Println("computing")
		return 7, errors.New("half done")
	})
	fmt.Println(get())
	fmt.Println(get())
	hello := sync.OnceFunc(func() { fmt.Println("hello once") })
	hello()
	hello()
}
