package main

import (
	"context"
	"fmt"
)

type ctxKey string

type userKey struct{}

type User struct {
	ID   int
	Name string
}

const requestIDKey ctxKey = "request-id"

func WithUser(ctx context.Context, u *User) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}

func UserFrom(ctx context.Context) (*User, bool) {
	u, ok := ctx.Value(userKey{}).(*User)
	return u, ok
}

func handle(ctx context.Context) {
	id, ok := ctx.Value(requestIDKey).(string)
	if !ok {
		id = "none"
	}
	if u, ok := UserFrom(ctx); ok {
		fmt.Printf("request %s by %s (%d)\n", id, u.Name, u.ID)
	} else {
		fmt.Printf("request %s, anonymous\n", id)
	}
}

func main() {
	ctx := context.Background()
	handle(ctx)
	ctx = context.WithValue(ctx, requestIDKey, "r-17")
	handle(ctx)
	ctx = WithUser(ctx, &User{7, "ann"})
	handle(ctx)
	fmt.Println(ctx.Value("request-id"))
	fmt.Println(ctx.Value(requestIDKey))

	inner, cancel := context.WithCancel(ctx)
	cancel()
	handle(inner)
	fmt.Println(inner.Err(), ctx.Err())
	if u, ok := UserFrom(inner); ok {
		u.Name = "bob"
	}
	handle(ctx)
}
