package main

import (
	"log/slog"
	"os"
)

func main() {
	opts := &slog.HandlerOptions{AddSource: true} // want log/slog.HandlerOptions.AddSource
	slog.New(slog.NewTextHandler(os.Stdout, opts)).Info("here")
}
