package main

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"os"
	"strings"
	"time"
)

type Password string

func (Password) LogValue() slog.Value { return slog.StringValue("***") }

type User struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	Pass Password
}

func (u User) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("id", u.ID), slog.String("name", u.Name), slog.Any("pass", u.Pass))
}

type point struct{ X, Y int }

const LevelTrace = slog.Level(-8)

type ctxHandler struct {
	slog.Handler
	seen *int
}

type key struct{}

func (h ctxHandler) Handle(ctx context.Context, r slog.Record) error {
	*h.seen++
	if id, ok := ctx.Value(key{}).(string); ok {
		r.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h ctxHandler) WithAttrs(as []slog.Attr) slog.Handler {
	return ctxHandler{h.Handler.WithAttrs(as), h.seen}
}

func noTime(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && len(groups) == 0 {
		return slog.Attr{}
	}
	if a.Key == slog.LevelKey {
		level := a.Value.Any().(slog.Level)
		if level == LevelTrace {
			a.Value = slog.StringValue("TRACE")
		}
	}
	if a.Key == "secret" {
		a.Value = slog.StringValue(strings.Repeat("x", len(a.Value.String())))
	}
	return a
}

func use(l *slog.Logger) {
	l.Info("hello", "count", 3, "name", "a b", "ok", true, "f", 1.5, "big", 1e21, "d", 1500*time.Millisecond)
	l.Warn("quote \"me\"", "empty", "", "eq", "a=b", "uni", "héllo", "nl", "x\ny", "nil", nil)
	l.Error("failed", "err", errors.New("disk full"), slog.Any("p", point{1, 2}), slog.Any("s", []int{1, 2}), "b", []byte("hi"))
	l.Debug("hidden or not")
	l.Log(context.Background(), LevelTrace, "trace")
	l.Log(context.Background(), slog.LevelWarn+2, "between")
	l.With("a", 1).WithGroup("g").With("b", 2).Info("grouped", "c", 3, slog.Group("h", "d", 4, slog.Int("e", 5)))
	l.WithGroup("empty").Info("no attrs")
	l.Info("bad", "lonely")
	l.Info("bad", 42, "k", "v")
	l.Info("group", slog.Group("none"), slog.Group("", slog.Int("inline", 1)), "secret", "hunter2")
	l.Info("user", "u", User{7, "ann", "pw"}, "pw", Password("x"), slog.Time("t", time.Date(2024, 1, 2, 3, 4, 5, 6e6, time.UTC)))
	l.LogAttrs(context.Background(), slog.LevelInfo, "attrs", slog.Uint64("u", 7), slog.Bool("b", false), slog.Float64("f", 0.25), slog.Duration("d", time.Second), slog.Int64("i", -1))
	l.Info("html <&>", "m", map[string]int{"z": 1, "a": 2}, "ptr", &point{3, 4}, "err2", error(nil))
}

func main() {
	var level slog.LevelVar
	opts := &slog.HandlerOptions{Level: &level, ReplaceAttr: noTime}
	use(slog.New(slog.NewTextHandler(os.Stdout, opts)))
	level.Set(LevelTrace)
	use(slog.New(slog.NewJSONHandler(os.Stdout, opts)))
	seen := 0
	l := slog.New(ctxHandler{slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: noTime}), &seen})
	slog.SetDefault(l)
	ctx := context.WithValue(context.Background(), key{}, "r-1")
	slog.InfoContext(ctx, "with context", "n", 1)
	slog.With("svc", "api").WarnContext(ctx, "again")
	slog.Debug("not seen")
	log.Printf("through log: %d", 5)
	slog.Default().Enabled(ctx, slog.LevelDebug)
	a := slog.Int("n", 5)
	log.Println(seen, a, a.Key, a.Value, a.Value.Kind(), a.Value.Int64()+1, slog.LevelError, LevelTrace, slog.Level(5), level.Level())
	lines := slog.NewLogLogger(l.Handler(), slog.LevelError)
	lines.Print("old style")
}
