"""Durations written as text, and texts read as durations, the wrong ones too."""

from gochan import time

NANOSECONDS = """
    0 1 -1 999 1000 1001 1100 999999 1000000 1500000 1234567 999999999 1000000000 1500000000
    59999000000 60000000000 61500000000 3600000000000 3661001000000 86400000000000 -90000000000
    123456789012345 1000000000000000
"""
TEXTS = [
    *("0", "+0", "-0", "5s", "+5s", "-5s", "1h15m30.918s", "1.5h", ".5s", "1.s", "300ms", "2us", "2µs"),
    *("7ns", "2μs", "1h1h", "3m0.5s", "0.000000001s", "1000000h", "2562047h", "1s1ms1us1ns", "-1.5h"),
    *("00012s", "", "-", "+", "s", ".", ".s", "-.s", "3", "3x", "1.2.3s", "1 s", " 1s", "1S", "5sec"),
    *("--5s", "1e3s", "10000000h", "9223372036s", "9223372037s", '"q"'),
]


def main() -> None:
    for ns in map(int, NANOSECONDS.split()):
        print(time.duration_string(ns * time.NANOSECOND))
    for text in TEXTS:
        try:
            d = time.parse_duration(text)
        except ValueError as error:
            print(error)
            continue
        print(text, "is", time.duration_string(d))


if __name__ == "__main__":
    main()
