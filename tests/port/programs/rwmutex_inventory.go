package main

import (
	"fmt"
	"sort"
	"strings"
	"sync"
)

type Item struct {
	SKU   string
	Qty   int
	Price float64
	Tags  []string
}

type Inventory struct {
	sync.RWMutex
	items map[string]Item
	byTag map[string]map[string]bool
}

func (inv *Inventory) Add(it Item) {
	inv.Lock()
	defer inv.Unlock()
	old, ok := inv.items[it.SKU]
	if ok {
		it.Qty += old.Qty
	}
	inv.items[it.SKU] = it
	for _, t := range it.Tags {
		if inv.byTag[t] == nil {
			inv.byTag[t] = make(map[string]bool)
		}
		inv.byTag[t][it.SKU] = true
	}
}

func (inv *Inventory) Remove(sku string, qty int) (left int, err error) {
	inv.Lock()
	defer inv.Unlock()
	it, ok := inv.items[sku]
	if !ok {
		return 0, fmt.Errorf("no item %q", sku)
	}
	if it.Qty < qty {
		return it.Qty, fmt.Errorf("only %d of %q left", it.Qty, sku)
	}
	it.Qty -= qty // a copy: the map keeps the old one until it is stored
	if inv.items[sku].Qty == it.Qty {
		panic("not a copy")
	}
	inv.items[sku] = it
	return it.Qty, nil
}

func (inv *Inventory) Total() (total float64) {
	inv.RLock()
	defer inv.RUnlock()
	for _, it := range inv.items {
		total += it.Price * float64(it.Qty)
	}
	return
}

func main() {
	inv := &Inventory{items: map[string]Item{}, byTag: map[string]map[string]bool{}}
	inv.Add(Item{"hammer", 3, 12.5, []string{"tools", "steel"}})
	inv.Add(Item{SKU: "nail", Qty: 500, Price: 0.25, Tags: []string{"steel"}})
	inv.Add(Item{SKU: "hammer", Qty: 2, Price: 12.5})
	fmt.Println(inv.Remove("hammer", 4))
	fmt.Println(inv.Remove("hammer", 4))
	fmt.Println(inv.Remove("saw", 1))
	fmt.Printf("%.2f\n", inv.Total())

	tags := make([]string, 0)
	for t, skus := range inv.byTag {
		names := make([]string, 0, len(skus))
		for s := range skus {
			names = append(names, s)
		}
		sort.Strings(names)
		tags = append(tags, t+"="+strings.Join(names, ","))
	}
	sort.Strings(tags)
	fmt.Println(strings.Join(tags, "; "))
	fmt.Println(inv.items["hammer"], len(inv.items), inv.byTag)
	fmt.Printf("%+v\n", inv.items["nail"])
	delete(inv.items, "nail")
	delete(inv.items, "nail")
	_, still := inv.items["nail"]
	fmt.Println(still, inv.items["nail"].Tags == nil)
}
