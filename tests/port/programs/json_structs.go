package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type response1 struct {
	Page   int
	Fruits []string
}

type response2 struct {
	Page   int      `json:"page"`
	Fruits []string `json:"fruits"`
}

type Address struct {
	Street string `json:"street"`
	Zip    string `json:"zip,omitempty"`
}

type Person struct {
	Name    string             `json:"name"`
	Age     int                `json:"age"`
	Email   *string            `json:"email"`
	Addr    Address            `json:"address"`
	Tags    []string           `json:"tags,omitempty"`
	Meta    map[string]any     `json:"meta,omitempty"`
	Scores  map[string]float64 `json:"scores"`
	private int
	Skip    string `json:"-"`
	Active  bool
}

func main() {
	b, _ := json.Marshal(true)
	fmt.Println(string(b))
	for _, v := range []interface{}{1, 2.34, "gopher <&>", nil, []string{"apple", "peach"}, map[string]int{"lettuce": 7, "apple": 5}, []byte("hi"), [2]bool{true}, 1e21, "é\u2028\n"} {
		b, err := json.Marshal(v)
		fmt.Println(string(b), err)
	}
	res1, _ := json.Marshal(&response1{Page: 1, Fruits: []string{"apple", "peach", "pear"}})
	fmt.Println(string(res1))
	res2, _ := json.Marshal(response2{Page: 1})
	fmt.Println(string(res2))

	byt := []byte(`{"num":6.13,"strs":["a","b"],"nested":{"x":[1,null,true]}}`)
	var dat map[string]interface{}
	if err := json.Unmarshal(byt, &dat); err != nil {
		panic(err)
	}
	fmt.Println(dat)
	num := dat["num"].(float64)
	strs := dat["strs"].([]interface{})
	str1 := strs[0].(string)
	fmt.Println(num, str1, len(strs))

	res := response2{}
	err := json.Unmarshal([]byte(`{"page": 1, "fruits": ["apple", "peach"], "other": 3}`), &res)
	fmt.Println(res, res.Fruits[0], err)

	mail := "ann@example.com"
	p := Person{Name: "Ann", Age: 30, Email: &mail, Addr: Address{Street: "Main St"}, private: 1, Skip: "s", Scores: map[string]float64{"b": 1.5, "a": 2}}
	out, _ := json.MarshalIndent(p, "", "  ")
	fmt.Println(string(out))
	var back Person
	if err := json.Unmarshal(out, &back); err != nil {
		fmt.Println("error:", err)
	}
	fmt.Println(back.Name, *back.Email, back.Addr, back.Scores, back.Skip == "")
	var people []Person
	err = json.Unmarshal([]byte(`[{"name":"A","age":1},{"NAME":"B","Active":true,"tags":["x"]}]`), &people)
	fmt.Println(len(people), people[1].Name, people[1].Active, people[1].Tags, people[0].Email == nil, err)

	err = json.Unmarshal([]byte(`{"page": "one"}`), &res)
	fmt.Println(err)
	err = json.Unmarshal([]byte(`{"page": 1`), &res)
	fmt.Println(err)
	err = json.Unmarshal([]byte(`{bad}`), &res)
	fmt.Println(err)
	_, err = json.Marshal(make(chan int))
	fmt.Println(err)

	enc := json.NewEncoder(os.Stdout)
	enc.Encode(map[string]int{"apple": 5, "lettuce": 7})
	dec := json.NewDecoder(strings.NewReader(`{"page":7} {"page":8}`))
	for dec.More() {
		var r response2
		if err := dec.Decode(&r); err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(r.Page)
	}
}
