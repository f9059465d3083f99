package main

import "fmt"

type Sound interface{ Make() string }

type Loud interface {
	Sound
	Volume() int
}

type Bell struct{ name string }

type Horn struct{ volume int }

func (b Bell) Make() string  { return b.name + " rings" }
func (h *Horn) Make() string { return "honk" }
func (h *Horn) Volume() int  { return h.volume }

var house = map[string]Sound{"door": Bell{"door"}, "garage": &Horn{3}}

func loudest(sounds map[string]Sound) (volume int) {
	for _, sound := range sounds {
		if loud, ok := sound.(Loud); ok {
			volume = max(volume, loud.Volume())
		}
	}
	return
}

func main() {
	street := map[string]Sound{"bike": Bell{"bike"}, "car": &Horn{7}}
	for _, name := range []string{"bike", "car"} {
		switch sound := street[name].(type) {
		case Loud:
			fmt.Println(name, sound.Make(), sound.Volume())
		default:
			fmt.Println(name, sound.Make(), street[name].Make())
		}
	}
	pair := [2]Sound{Bell{"left"}, &Horn{1}}
	fmt.Println(pair[0].Make(), pair[1].Make())
	grid := [2][2]Sound{{pair[0], &Horn{2}}, {Bell{"a"}, Bell{"b"}}}
	fmt.Println(grid[0][1].Make(), grid[1][1].Make())

	total := 0
	for name, sound := range map[string]Sound{"tram": Bell{"tram"}, "ship": &Horn{9}} {
		total += len(name) + len(sound.Make())
	}
	for _, sound := range [...]Sound{Bell{"x"}, &Horn{4}} {
		total += len(sound.Make())
	}
	for range map[string]Sound{"tram": Bell{"tram"}} {
		total++
	}
	fmt.Println(total, loudest(street), loudest(house))

	settings := map[string]any{"retries": 3}
	settings["name"] = "x"
	either := [2]any{1, 2}
	either[0] = "one"
	fmt.Println(settings, either)
	fmt.Println(loudest(map[string]Sound{"one": Bell{"one"}, "two": &Horn{5}}))
}
