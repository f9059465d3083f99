"""What the generators of random Go programs have in common.

A program is a function `pN` with declarations of its own, made from the seed N; a batch is a file of many, so
that one build serves all.  Each is run with recover: programs may panic.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

# Runs a program.
RUN = """
func run(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
		}
	}()
	fmt.Println("==", name)
	f()
}
"""
# Go's types of integers: how many bits a value has without the sign, and whether it has one.
WIDTHS = {
    "int": (63, True),
    "int8": (7, True),
    "int16": (15, True),
    "int32": (31, True),
    "int64": (63, True),
    "uint": (64, False),
    "uint8": (8, False),
    "uint16": (16, False),
    "uint32": (32, False),
    "uint64": (64, False),
}


class Seeded:
    """One program: its text, made from a seed."""

    # What a file of programs begins with, and what runs each of them.
    header: str
    run = RUN
    text: str
    # How many statements may follow, with those inside of others.
    budget = 0

    def __init__(self, seed: int, name: str) -> None:
        self.random = random.Random(seed)
        self.name = name
        self.counter = 0

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def fresh(self, stem: str) -> str:
        self.counter += 1
        return f"{stem}{self.counter}"

    def statement(self) -> list[str]:
        """Return the lines of a random statement."""
        raise NotImplementedError

    def statements(self, count: int) -> list[str]:
        """Return the lines of so many statements, or of fewer if the budget is used up."""
        lines: list[str] = []
        for _ in range(count):
            if self.budget <= 0:
                break
            self.budget -= 1
            lines += self.statement()
        return lines


def batch(kind: type[Seeded], seeds: Iterable[int]) -> str:
    """Return a Go file with a program of this kind for each seed."""
    programs = [kind(seed, f"p{seed}") for seed in seeds]
    calls = "\n".join(f'\trun("{program.name}", {program.name})' for program in programs)
    main = f"func main() {{\n{calls}\n}}\n"
    return "\n".join([kind.header + kind.run, *(program.text for program in programs), main])
