package main

import "fmt"

type State string
type Event string

const (
	Locked   State = "LOCKED"
	Unlocked State = "UNLOCKED"
	Broken   State = "BROKEN"

	Coin Event = "coin"
	Push Event = "push"
	Kick Event = "kick"
)

type key struct {
	State
	Event
}

type action func(m *Machine, e Event) State

type Machine struct {
	current State
	coins   int
	history []State
	hooks   map[State][]func(from, to State)
}

var transitions = map[key]action{
	{Locked, Coin}: func(m *Machine, e Event) State {
		m.coins++
		return Unlocked
	},
	{Unlocked, Push}: func(*Machine, Event) State { return Locked },
	{Unlocked, Coin}: (*Machine).refund,
	{Locked, Kick}: func(m *Machine, _ Event) State {
		if m.coins < 2 {
			return m.current
		}
		return Broken
	},
}

func (m *Machine) refund(e Event) State {
	fmt.Printf("  %s refunded\n", e)
	return m.current
}

func (m *Machine) OnEnter(s State, hook func(from, to State)) {
	if m.hooks == nil {
		m.hooks = map[State][]func(from, to State){}
	}
	m.hooks[s] = append(m.hooks[s], hook)
}

func (m *Machine) Fire(e Event) error {
	act, ok := transitions[key{m.current, e}]
	if !ok {
		return fmt.Errorf("no transition from %v on %q", m.current, e)
	}
	from := m.current
	m.history = append(m.history, from)
	m.current = act(m, e)
	if from != m.current {
		for _, hook := range m.hooks[m.current] {
			hook(from, m.current)
		}
	}
	return nil
}

type stateFn func(*scan) stateFn

type scan struct {
	input string
	i     int
	out   []string
}

func text(s *scan) stateFn {
	start := s.i
	for s.i < len(s.input) && s.input[s.i] != '<' {
		s.i++
	}
	if s.i > start {
		s.out = append(s.out, "text:"+s.input[start:s.i])
	}
	if s.i == len(s.input) {
		return nil
	}
	return tag
}

func tag(s *scan) stateFn {
	start := s.i
	for s.input[s.i] != '>' {
		s.i++
		if s.i == len(s.input) {
			s.out = append(s.out, "unterminated")
			return nil
		}
	}
	s.i++
	s.out = append(s.out, "tag:"+s.input[start:s.i])
	return text
}

func main() {
	m := Machine{current: Locked}
	m.OnEnter(Unlocked, func(from, to State) { fmt.Printf("  %s -> %s\n", from, to) })
	m.OnEnter(Broken, func(_, to State) { fmt.Println("  call the mechanic, it is", to) })
	for _, e := range []Event{Coin, Coin, Push, Push, Kick, Coin, Push, Kick, Coin} {
		if err := m.Fire(e); err != nil {
			fmt.Println("error:", err)
			continue
		}
		fmt.Println(e, "=>", m.current)
	}
	fmt.Println(m.coins, m.history, len(transitions))

	for _, in := range []string{"a<b>c</b>", "", "x<y"} {
		s := &scan{input: in}
		for state := stateFn(text); state != nil; {
			state = state(s)
		}
		fmt.Printf("%q\n", s.out)
	}
}
