"""Intervals of integers, and Go's operators on them without wrap-around."""

from typing import NamedTuple

HUGE = 1 << 200  # stands for infinity: no type comes near it


class Interval(NamedTuple):
    """All integers from lo to hi."""

    lo: int
    hi: int

    def within(self, other: "Interval") -> bool:
        return other.lo <= self.lo and self.hi <= other.hi

    def join(self, other: "Interval") -> "Interval":
        return Interval(min(self.lo, other.lo), max(self.hi, other.hi))

    def meet(self, other: "Interval") -> "Interval":
        """Return what both have; if that is nothing, as in unreachable code, one integer of other."""
        lo, hi = max(self.lo, other.lo), min(self.hi, other.hi)
        if lo > hi:
            lo = hi = max(other.lo, min(other.hi, self.lo))
        return Interval(lo, hi)

    @property
    def magnitude(self) -> int:
        return max(abs(self.lo), abs(self.hi))


def point(value: int) -> Interval:
    return Interval(value, value)


ZERO = point(0)
TOP = Interval(-HUGE, HUGE)
SIZES = {"int": 64, "int8": 8, "int16": 16, "int32": 32, "int64": 64, "rune": 32, "untyped rune": 32}
UNSIGNED = {"uint": 64, "uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64, "uintptr": 64, "byte": 8}
RANGES = {name: Interval(-(1 << bits - 1), (1 << bits - 1) - 1) for name, bits in SIZES.items()} | {
    name: Interval(0, (1 << bits) - 1) for name, bits in UNSIGNED.items()
}


def clamp(value: int) -> int:
    return max(-HUGE, min(HUGE, value))


def _hull(*values: int) -> Interval:
    return Interval(clamp(min(values)), clamp(max(values)))


def _quo(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _bits(*intervals: Interval) -> Interval:
    """Return the interval of all numbers of as many bits as the largest."""
    bits = max(
        (abs(end) if end >= 0 else -end - 1).bit_length() for interval in intervals for end in interval
    )
    top = (1 << bits) - 1
    return Interval(0 if all(interval.lo >= 0 for interval in intervals) else -top - 1, top)


def quotient(x: Interval, y: Interval) -> Interval:
    """x / y, truncated; what a divisor of zero gives is never seen."""
    divisors = [end for end in (y.lo, y.hi) if end != 0]
    divisors += [end for end in (-1, 1) if y.lo <= end <= y.hi]
    if not divisors:
        return x
    values = [_quo(a, b) for a in x for b in divisors]
    if x.lo <= 0 <= x.hi:
        values.append(0)
    return _hull(*values)


def remainder(x: Interval, y: Interval) -> Interval:
    """x % y, with the sign of x."""
    top = max(y.magnitude - 1, 0)
    lo = 0 if x.lo >= 0 else -min(top, -x.lo)
    hi = 0 if x.hi <= 0 else min(top, x.hi)
    return Interval(lo, max(lo, hi))


def shifted_left(x: Interval, n: Interval) -> Interval:
    least, most = max(n.lo, 0), max(n.hi, 0)
    if most > 128:
        return Interval(-HUGE if x.lo < 0 else 0, HUGE if x.hi > 0 else 0)
    return _hull(*(end << count for end in x for count in (least, most)))


def shifted_right(x: Interval, n: Interval) -> Interval:
    least, most = min(max(n.lo, 0), 256), min(max(n.hi, 0), 256)
    return _hull(*(end >> count for end in x for count in (least, most)))


def bit_and(x: Interval, y: Interval) -> Interval:
    if x.lo >= 0 and y.lo >= 0:
        return Interval(0, min(x.hi, y.hi))
    for one in (x, y):
        if one.lo >= 0:
            return Interval(0, one.hi)
    return _bits(x, y)


def apply(op: str, x: Interval, y: Interval) -> Interval:
    """Return the interval of `x op y`, for one of Go's binary operators on integers."""
    match op:
        case "+":
            return Interval(clamp(x.lo + y.lo), clamp(x.hi + y.hi))
        case "-":
            return Interval(clamp(x.lo - y.hi), clamp(x.hi - y.lo))
        case "*":
            return _hull(*(a * b for a in x for b in y))
        case "/":
            return quotient(x, y)
        case "%":
            return remainder(x, y)
        case "<<":
            return shifted_left(x, y)
        case ">>":
            return shifted_right(x, y)
        case "&":
            return bit_and(x, y)
        case "&^":
            return bit_and(x, Interval(-y.hi - 1, -y.lo - 1))
        case "|" | "^":
            return _bits(x, y)
    return TOP
