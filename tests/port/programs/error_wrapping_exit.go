package main

import (
	"errors"
	"fmt"
	"os"
)

type ValidationError struct {
	Field string
	Value any
	Err   error
}

func (v *ValidationError) Error() string {
	return fmt.Sprintf("field %s=%v: %v", v.Field, v.Value, v.Err)
}
func (v *ValidationError) Unwrap() error { return v.Err }

type NotFound string

func (n NotFound) Error() string { return string(n) + " not found" }

var (
	ErrRange    = errors.New("out of range")
	ErrRequired = errors.New("required")
)

type Order struct {
	ID    int
	Item  string
	Qty   int
	Price float64
}

func (o Order) Validate() error {
	var errs []error
	if o.Item == "" {
		errs = append(errs, &ValidationError{"Item", o.Item, ErrRequired})
	}
	if o.Qty < 1 || o.Qty > 100 {
		errs = append(errs, &ValidationError{"Qty", o.Qty, ErrRange})
	}
	if o.Price < 0 {
		errs = append(errs, &ValidationError{Field: "Price", Value: o.Price, Err: fmt.Errorf("negative: %w", ErrRange)})
	}
	return errors.Join(errs...)
}

type Store struct{ stock map[string]int }

func (s *Store) Take(o Order) error {
	n, ok := s.stock[o.Item]
	if !ok {
		return NotFound(o.Item)
	}
	if n < o.Qty {
		return fmt.Errorf("take %d of %s: only %d left", o.Qty, o.Item, n)
	}
	s.stock[o.Item] -= o.Qty
	return nil
}

func process(s *Store, orders []Order) (done int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("after %d orders: %w", done, err)
		}
	}()
	for _, o := range orders {
		if err := o.Validate(); err != nil {
			return done, fmt.Errorf("order %d invalid: %w", o.ID, err)
		}
		if err := s.Take(o); err != nil {
			return done, fmt.Errorf("order %d: %w", o.ID, err)
		}
		done++
	}
	return done, nil
}

func code(err error) int {
	var ve *ValidationError
	var nf NotFound
	switch {
	case err == nil:
		return 0
	case errors.As(err, &nf):
		fmt.Println("missing:", string(nf))
		return 44
	case errors.As(err, &ve):
		fmt.Println("first invalid field:", ve.Field, errors.Is(err, ErrRange), errors.Is(err, ErrRequired))
		return 22
	default:
		return 1
	}
}

func main() {
	s := &Store{map[string]int{"book": 10}}
	batches := [][]Order{
		{{1, "book", 2, 9.5}, {2, "book", 8, 1}},
		{{3, "book", 1, 1}},
		{{4, "pen", 200, -1}},
		{{5, "", 5, 1}},
		{{6, "pen", 5, 1}},
	}
	status := 0
	for _, b := range batches {
		done, err := process(s, b)
		fmt.Println(done, err)
		status = code(err)
		fmt.Println("code", status)
	}
	defer fmt.Println("skipped by os.Exit")
	if status != 0 {
		fmt.Fprintln(os.Stderr, "failed")
		os.Exit(status)
	}
}
