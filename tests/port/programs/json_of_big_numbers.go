// big.Int in JSON: it is a number there, of any length.
package main

import (
	"encoding/json"
	"fmt"
	"math/big"
)

type Account struct {
	Owner   string              `json:"owner"`
	Balance *big.Int            `json:"balance"`
	Limit   *big.Int            `json:"limit,omitempty"`
	Past    []*big.Int          `json:"past"`
	ByYear  map[string]*big.Int `json:"by_year,omitempty"`
}

func main() {
	large, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	a := Account{"ann", large, nil, []*big.Int{big.NewInt(-1), nil}, map[string]*big.Int{"2024": big.NewInt(7)}}
	text, err := json.Marshal(a)
	fmt.Println(string(text), err)
	var b Account
	fmt.Println(json.Unmarshal(text, &b), b.Balance.Cmp(large), b.Limit == nil, len(b.Past), b.Past[0], b.Past[1] == nil, b.ByYear)
	b.Balance.Add(b.Balance, big.NewInt(1))
	fmt.Println(b.Balance, large)
	for _, s := range []string{`{"balance": 5}`, `{"balance": null}`, `{"balance": "7"}`, `{"balance": 1.5}`, `{"balance": 0x10}`, `{"past": [1, 2]}`} {
		var c Account
		err := json.Unmarshal([]byte(s), &c)
		fmt.Println(err, c.Past)
		if err == nil {
			fmt.Println(c.Balance)
		}
	}
	out, err := json.Marshal(map[string]any{"n": big.NewInt(3)})
	fmt.Println(string(out), err)
	t, err := large.MarshalText()
	fmt.Println(string(t), err, new(big.Int).UnmarshalText([]byte("x")))
}
