package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

type Status int

const (
	Active Status = iota
	Inactive
)

func (s Status) String() string { return [...]string{"active", "inactive"}[s] }
func (s Status) MarshalJSON() ([]byte, error) {
	return json.Marshal(s.String())
}
func (s *Status) UnmarshalJSON(b []byte) error {
	var str string
	if err := json.Unmarshal(b, &str); err != nil {
		return err
	}
	switch str {
	case "active":
		*s = Active
	case "inactive":
		*s = Inactive
	default:
		return fmt.Errorf("bad status %q", str)
	}
	return nil
}

type Address struct {
	Street string `json:"street"`
	City   string `json:"city,omitempty"`
}

type Base struct {
	ID      int       `json:"id"`
	Created time.Time `json:"created"`
}

type User struct {
	Base
	Name    string          `json:"name"`
	Email   *string         `json:"email"`
	Tags    []string        `json:"tags"`
	Addr    *Address        `json:"addr,omitempty"`
	Meta    map[string]any  `json:"meta,omitempty"`
	Scores  map[int]float64 `json:"scores"`
	Status  Status          `json:"status"`
	private int
	Raw     json.RawMessage `json:"raw,omitempty"`
	Timeout time.Duration   `json:"timeout"`
	Matrix  [2][2]int       `json:"matrix"`
	Any     interface{}     `json:"any"`
}

func main() {
	email := "a@b.c"
	u := User{
		Base: Base{7, time.Date(2024, 1, 2, 3, 4, 5, 6000, time.UTC)}, Name: "Ann", Email: &email, Tags: []string{"x", "y<z>"},
		Addr: &Address{"Main", ""}, Meta: map[string]any{"k": []int{1, 2}, "a": nil, "f": 1.5}, Scores: map[int]float64{3: 1, 10: 2.5},
		Status: Inactive, Raw: json.RawMessage(`{"a":  1}`), Timeout: 2 * time.Second, Any: Address{"q", "r"},
	}
	b, err := json.Marshal(u)
	fmt.Println(string(b), err)
	b, err = json.MarshalIndent(u, "", "\t")
	fmt.Println(string(b), err)
	var v User
	if err := json.Unmarshal(b, &v); err != nil {
		fmt.Println("error:", err)
	}
	fmt.Println(v.ID, v.Created, v.Name, *v.Email, v.Tags, *v.Addr, v.Meta, v.Scores, v.Status, string(v.Raw), v.Timeout, v.Matrix, v.Any)
	err = json.Unmarshal([]byte(`{"status":"weird"}`), &v)
	fmt.Println(err)
	err = json.Unmarshal([]byte(`{"name": 5, "id": "x"}`), &v)
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		fmt.Println("type error:", te.Field, te.Value, te)
	}
	var m map[string]interface{}
	json.Unmarshal([]byte(`{"a":{"b":[1,2,{"c":null}]},"n":12345678,"s":"x","t":true}`), &m)
	keys := make([]string, 0)
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		switch val := m[k].(type) {
		case map[string]interface{}:
			fmt.Println(k, "map", len(val), val["b"].([]interface{})[2].(map[string]interface{})["c"])
		case float64:
			fmt.Println(k, "num", int(val), val)
		case string:
			fmt.Println(k, "str", val)
		case bool:
			fmt.Println(k, "bool", val)
		default:
			fmt.Printf("%s %T\n", k, val)
		}
	}
	dec := json.NewDecoder(strings.NewReader(`{"street":"a"} {"street":"b","city":"c"}
	[1]`))
	for {
		var a Address
		if err := dec.Decode(&a); err != nil {
			fmt.Println("decode:", err)
			break
		}
		fmt.Printf("%+v\n", a)
	}
	dec = json.NewDecoder(strings.NewReader(`{"street":"a","zip":1}`))
	dec.DisallowUnknownFields()
	var a Address
	fmt.Println(dec.Decode(&a))
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	enc.Encode(map[string]any{"z": "<b>", "a": []string{}, "n": nil})
	var xs []int
	fmt.Println(json.Unmarshal([]byte("[1,2,3]"), &xs), xs, len(xs), cap(xs))
	var p *Address
	fmt.Println(json.Unmarshal([]byte(`{"street":"p"}`), &p), p.Street)
	var iface any
	fmt.Println(json.Unmarshal([]byte(`[1,"a"]`), &iface), iface)
	for _, s := range []string{"12", "x", "99999999999999999999", "", "0x1f", "-5"} {
		n, err := strconv.Atoi(s)
		var ne *strconv.NumError
		if errors.As(err, &ne) {
			fmt.Println(ne.Func, ne.Num, ne.Err, errors.Is(err, strconv.ErrRange), errors.Is(err, strconv.ErrSyntax))
		}
		fmt.Println(n, err)
	}
	fmt.Println(json.Valid([]byte(`{"a":1}`)), json.Valid([]byte(`{`)))
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	fmt.Fprintf(w, "%v %s\n", u.Status, u.Status)
	people := []struct {
		Name string
		Age  int
	}{{"A", 30}, {"B", 25}, {"C", 30}, {"D", 25}}
	sort.Slice(people, func(i, j int) bool { return people[i].Age < people[j].Age })
	fmt.Fprintln(w, people)
	out, _ := json.Marshal(people)
	fmt.Fprintln(w, string(out))
}
