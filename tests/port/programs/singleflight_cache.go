package main

import (
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

type Cache struct {
	group singleflight.Group
	mu    sync.Mutex
	data  map[string]string
	loads int
}

func (c *Cache) load(key string) (interface{}, error) {
	time.Sleep(10 * time.Millisecond)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loads++
	if key == "" {
		return nil, fmt.Errorf("empty key")
	}
	v := "value of " + key
	c.data[key] = v
	return v, nil
}

func (c *Cache) Get(key string) (string, error) {
	c.mu.Lock()
	if v, ok := c.data[key]; ok {
		c.mu.Unlock()
		return v, nil
	}
	c.mu.Unlock()
	v, err, _ := c.group.Do(key, func() (interface{}, error) { return c.load(key) })
	if err != nil {
		return "", err
	}
	return v.(string), nil
}

func main() {
	c := &Cache{data: map[string]string{}}
	var wg sync.WaitGroup
	for i := 0; i < 10; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if v, err := c.Get("config"); err != nil || v != "value of config" {
				fmt.Println("wrong:", v, err)
			}
		}()
	}
	wg.Wait()
	fmt.Println("loads:", c.loads)
	fmt.Println(c.Get("config"))
	_, err := c.Get("")
	fmt.Println("err:", err, "loads:", c.loads)
}
