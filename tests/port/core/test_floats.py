"""Floats are formatted with Go's digits."""

from __future__ import annotations

import struct
from pathlib import Path

from gochan.port.lib import Boxed, float32, fmt, to_float32

RESULTS = Path(__file__).parent / "results" / "floats.txt"
FORMATS = ["%v", "%g", "%e", "%.3f", "%x", "%b", "%.3g", "%.17g", "%.0e", "%#g", "%.2x", "%10.1f", "%G"]
FORMATS += ["%.20g", "%X", "%.0f"]


def differences(text: str) -> list[str]:
    """Return what differs from lines that go/floats.go has printed."""
    wrong = []
    for line in text.splitlines():
        bits, *results = line.split("\t")
        x: float = struct.unpack("d", int(bits, 16).to_bytes(8, "little"))[0]
        single = Boxed(to_float32(x), float32)
        values = [(f, x) for f in FORMATS] + [(f, single) for f in FORMATS[:7]]
        for (f, value), want in zip(values, results, strict=True):
            got = fmt.sprintf(f, value).strip()
            if got != want:
                wrong.append(f"{f} of {value!r}: got {got}, want {want}")
    return wrong


def test_random_floats() -> None:
    wrong = differences(RESULTS.read_text())
    assert not wrong, "\n".join(wrong[:30])
