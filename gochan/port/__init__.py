"""`gochan port`: a translator from Go to readable Python on gochan.

- `cli` is the command, `python -m gochan port`; `check` compares the Go program with its port.
- `frontend` reads Go with Go's own parser and type checker; `toolchain` builds and runs it; `tree` holds what
  it found.
- `translate` writes Python, with the tables in `*.toml`; `formatter` formats it.
- `lib` is what the translated programs import.
"""
