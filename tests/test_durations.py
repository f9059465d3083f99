"""Durations as text, compared with what ParseDuration and Duration.String of Go 1.27 gave for the same."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gochan import time

# A text, and the nanoseconds that Go reads in it.
PARSED = [
    ("0", 0),
    ("+0", 0),
    ("-0", 0),
    ("0s", 0),
    ("0h0m0s", 0),
    ("7s", 7_000_000_000),
    ("-7s", -7_000_000_000),
    ("+7s", 7_000_000_000),
    ("7.0s", 7_000_000_000),
    ("7.s", 7_000_000_000),
    (".7s", 700_000_000),
    ("-.25m", -15_000_000_000),
    ("7.25s", 7_250_000_000),
    ("1.50s", 1_500_000_000),
    ("0.000000001s", 1),
    ("0.0000000001s", 0),
    ("1.0000000019s", 1_000_000_001),
    ("1.005s", 1_005_000_000),
    ("1.2345678999s", 1_234_567_899),
    ("999.999999999s", 999_999_999_999),
    ("1ns", 1),
    ("1us", 1_000),
    ("1\xb5s", 1_000),
    ("1\u03bcs", 1_000),
    ("1ms", 1_000_000),
    ("1s", 1_000_000_000),
    ("1m", 60_000_000_000),
    ("1h", 3_600_000_000_000),
    ("1.5ns", 1),
    ("0.9ns", 0),
    ("0.5us", 500),
    ("2.75ms", 2_750_000),
    ("1.5m", 90_000_000_000),
    ("1.5h", 5_400_000_000_000),
    ("2h45m", 9_900_000_000_000),
    ("45m2h", 9_900_000_000_000),
    ("1s1s", 2_000_000_000),
    ("1h1m1s1ms1us1ns", 3_661_001_001_001),
    ("3.5h2.25m1.125s", 12_736_125_000_000),
    ("-3h2m1s", -10_921_000_000_000),
    ("90m", 5_400_000_000_000),
    ("3600s", 3_600_000_000_000),
    ("86400000ms", 86_400_000_000_000),
    ("0.6666666666666666666h", 2_400_000_000_000),
    ("0.1111111111111111111m", 6_666_666_666),
    ("0.123456789123456789123456789h", 444_444_440_844),
    ("0.999999999999999999999h", 3_600_000_000_000),
    ("1.7976931348623157h", 6_471_695_285_504),
    ("0.920000000000000000001h", 3_312_000_000_000),
    ("0.30000000000000000000000000000001s", 300_000_000),
    ("000000000000000000000000012s", 12_000_000_000),
    ("9007199254740993ns", 9_007_199_254_740_993),
    ("9007199254740992ns", 9_007_199_254_740_992),
    ("9223372036854775807ns", 9_223_372_036_854_775_807),
    ("-9223372036854775808ns", -9_223_372_036_854_775_808),
    ("9223372036854775.807us", 9_223_372_036_854_775_807),
    ("2562047h47m16.854775807s", 9_223_372_036_854_775_807),
    ("-2562047h47m16.854775808s", -9_223_372_036_854_775_808),
    ("9223372036s854ms775us807ns", 9_223_372_036_854_775_807),
]

# A text that Go refuses, and the text of its error.
REFUSED = [
    ("00", 'time: missing unit in duration "00"'),
    ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
    ("-9223372036854775809ns", 'time: invalid duration "-9223372036854775809ns"'),
    ("9223372036854775.808us", 'time: invalid duration "9223372036854775.808us"'),
    ("2562047h47m16.854775808s", 'time: invalid duration "2562047h47m16.854775808s"'),
    ("2562048h", 'time: invalid duration "2562048h"'),
    ("18446744073709551616ns", 'time: invalid duration "18446744073709551616ns"'),
    ("99999999999999999999999s", 'time: invalid duration "99999999999999999999999s"'),
    ("9223372036s854ms775us808ns", 'time: invalid duration "9223372036s854ms775us808ns"'),
    ("", 'time: invalid duration ""'),
    ("-", 'time: invalid duration "-"'),
    ("+", 'time: invalid duration "+"'),
    ("--1s", 'time: invalid duration "--1s"'),
    ("+-1s", 'time: invalid duration "+-1s"'),
    (".", 'time: invalid duration "."'),
    (".s", 'time: invalid duration ".s"'),
    ("-.s", 'time: invalid duration "-.s"'),
    ("1", 'time: missing unit in duration "1"'),
    ("1.5", 'time: missing unit in duration "1.5"'),
    ("1s1", 'time: missing unit in duration "1s1"'),
    ("1 s", 'time: unknown unit " s" in duration "1 s"'),
    (" 1s", 'time: invalid duration " 1s"'),
    ("1s ", 'time: unknown unit "s " in duration "1s "'),
    ("s", 'time: invalid duration "s"'),
    ("h1", 'time: invalid duration "h1"'),
    ("1.2.3s", 'time: missing unit in duration "1.2.3s"'),
    ("1..2s", 'time: missing unit in duration "1..2s"'),
    ("1.s.", 'time: invalid duration "1.s."'),
    ("1d", 'time: unknown unit "d" in duration "1d"'),
    ("1w", 'time: unknown unit "w" in duration "1w"'),
    ("1M", 'time: unknown unit "M" in duration "1M"'),
    ("1S", 'time: unknown unit "S" in duration "1S"'),
    ("1Ms", 'time: unknown unit "Ms" in duration "1Ms"'),
    ("1min", 'time: unknown unit "min" in duration "1min"'),
    ("1sec", 'time: unknown unit "sec" in duration "1sec"'),
    ("1hs", 'time: unknown unit "hs" in duration "1hs"'),
    ("1s-1s", 'time: unknown unit "s-" in duration "1s-1s"'),
    ("1e3s", 'time: unknown unit "e" in duration "1e3s"'),
    ("1_000s", 'time: unknown unit "_" in duration "1_000s"'),
    ("1,5s", 'time: unknown unit "," in duration "1,5s"'),
    ("0x1s", 'time: unknown unit "x" in duration "0x1s"'),
    ("Inf", 'time: invalid duration "Inf"'),
    ("nan", 'time: invalid duration "nan"'),
    ('1"', 'time: unknown unit "\\"" in duration "1\\""'),
    ("1\\", 'time: unknown unit "\\\\" in duration "1\\\\"'),
    ('1"s"', 'time: unknown unit "\\"s\\"" in duration "1\\"s\\""'),
    ("1\n", 'time: unknown unit "\\x0a" in duration "1\\x0a"'),
    ("1\ts", 'time: unknown unit "\\x09s" in duration "1\\x09s"'),
    ("\x00", 'time: invalid duration "\\x00"'),
    ("1\x7f", 'time: unknown unit "\x7f" in duration "1\x7f"'),
    ("1\xe9", 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'),
    ("1\xb5", 'time: unknown unit "\\xc2\\xb5" in duration "1\\xc2\\xb5"'),
    ("1\xb5m", 'time: unknown unit "\\xc2\\xb5m" in duration "1\\xc2\\xb5m"'),
    ("\xbds", 'time: invalid duration "\\xc2\\xbds"'),
    ("1\xbds", 'time: unknown unit "\\xc2\\xbds" in duration "1\\xc2\\xbds"'),
    ("1\u79d2", 'time: unknown unit "\\xe7\\xa7\\x92" in duration "1\\xe7\\xa7\\x92"'),
    ("\u0661s", 'time: invalid duration "\\xd9\\xa1s"'),
    ("1\U0001f600", 'time: unknown unit "\\xf0\\x9f\\x98\\x80" in duration "1\\xf0\\x9f\\x98\\x80"'),
    ("\ufffd", 'time: invalid duration "\\xef\\xbf\\xbd"'),
    ("1\ufffd", 'time: unknown unit "\\xef\\xbf\\xbd" in duration "1\\xef\\xbf\\xbd"'),
]

# A number of nanoseconds, and how Go writes it.
WRITTEN = [
    (0, "0s"),
    (1, "1ns"),
    (-1, "-1ns"),
    (9, "9ns"),
    (10, "10ns"),
    (99, "99ns"),
    (100, "100ns"),
    (999, "999ns"),
    (1_000, "1µs"),
    (1_001, "1.001µs"),
    (1_010, "1.01µs"),
    (1_100, "1.1µs"),
    (-1_100, "-1.1µs"),
    (9_999, "9.999µs"),
    (10_000, "10µs"),
    (123_456, "123.456µs"),
    (999_999, "999.999µs"),
    (1_000_000, "1ms"),
    (1_000_001, "1.000001ms"),
    (1_500_000, "1.5ms"),
    (2_200_000, "2.2ms"),
    (-2_200_000, "-2.2ms"),
    (10_000_000, "10ms"),
    (99_999_999, "99.999999ms"),
    (123_456_789, "123.456789ms"),
    (500_000_000, "500ms"),
    (999_999_999, "999.999999ms"),
    (1_000_000_000, "1s"),
    (1_000_000_001, "1.000000001s"),
    (1_010_000_000, "1.01s"),
    (1_500_000_000, "1.5s"),
    (3_300_000_000, "3.3s"),
    (59_999_999_999, "59.999999999s"),
    (60_000_000_000, "1m0s"),
    (60_000_000_001, "1m0.000000001s"),
    (61_500_000_000, "1m1.5s"),
    (-61_500_000_000, "-1m1.5s"),
    (245_000_000_000, "4m5s"),
    (245_001_000_000, "4m5.001s"),
    (3_599_999_999_999, "59m59.999999999s"),
    (3_600_000_000_000, "1h0m0s"),
    (3_600_000_000_001, "1h0m0.000000001s"),
    (5_400_000_000_000, "1h30m0s"),
    (18_367_001_000_000, "5h6m7.001s"),
    (86_400_000_000_000, "24h0m0s"),
    (4_530_918_000_000, "1h15m30.918s"),
    (2_147_483_647_000_000, "596h31m23.647s"),
    (9_007_199_254_740_991, "2501h59m59.254740991s"),
    (-9_007_199_254_740_991, "-2501h59m59.254740991s"),
]


@pytest.mark.parametrize(("text", "nanoseconds"), PARSED)
def test_parse(text: str, nanoseconds: int) -> None:
    """Go's TestParseDuration."""
    assert time.parse_duration(text) == nanoseconds / 1e9


@pytest.mark.parametrize(("text", "error"), REFUSED)
def test_parse_refuses_in_the_words_of_go(text: str, error: str) -> None:
    """Go's TestParseDurationErrors."""
    with pytest.raises(ValueError) as caught:
        time.parse_duration(text)
    assert str(caught.value) == error


@pytest.mark.parametrize("digits", ["9" * 5_000, "0" * 5_000 + "9" * 20])
def test_parse_refuses_more_digits_than_python_counts(digits: str) -> None:
    with pytest.raises(ValueError) as caught:
        time.parse_duration(digits + "s")
    assert str(caught.value) == f'time: invalid duration "{digits}s"'


def test_parse_takes_any_number_of_zeros() -> None:
    zeros = "0" * 5_000
    assert time.parse_duration(f"{zeros}3s") == 3.0
    assert time.parse_duration(f"3.{zeros}s") == 3.0
    assert time.parse_duration(f"3.{zeros}9h") == 3 * time.HOUR


def test_parse_refuses_half_a_character() -> None:
    """No text of Go's: a str can hold what no UTF-8 can."""
    with pytest.raises(ValueError, match="time: unknown unit"):
        time.parse_duration("1\ud800")


@pytest.mark.parametrize("text", [None, 3, 3.0, b"3s", ["3s"]])
def test_parse_refuses_a_non_string(text: object) -> None:
    with pytest.raises(TypeError, match=r"^time.parse_duration: .* is not a str"):
        time.parse_duration(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(("nanoseconds", "text"), WRITTEN)
def test_string(nanoseconds: int, text: str) -> None:
    """Go's TestDurationString."""
    assert time.duration_string(nanoseconds / 1e9) == text


def test_string_of_the_longest() -> None:
    assert time.duration_string((2**63 - 1) / 1e9) == "2562047h47m16.854775807s"
    assert time.duration_string(-(2**63) / 1e9) == "-2562047h47m16.854775808s"


def test_string_of_other_kinds() -> None:
    assert time.duration_string(90) == "1m30s"
    assert time.duration_string(timedelta(hours=1, microseconds=-1)) == "59m59.999999s"
    assert time.duration_string(-0.0) == "0s"
    assert time.duration_string(1e-10) == "0s"


@pytest.mark.parametrize("d", [math.nan, math.inf, -math.inf, 1e10, -1e10, 10**400, timedelta.max])
def test_string_refuses_what_go_cannot_hold(d: float | timedelta) -> None:
    with pytest.raises(ValueError, match=r"^time.duration_string: .* is not a duration of Go's; give"):
        time.duration_string(d)


@pytest.mark.parametrize("d", ["1s", None, True, 1j])
def test_string_refuses_a_non_duration(d: object) -> None:
    with pytest.raises(TypeError, match=r"^time.duration_string: .* is not a duration"):
        time.duration_string(d)  # type: ignore[arg-type]


@given(st.integers(-(2**53), 2**53))
def test_round_trip(nanoseconds: int) -> None:
    """Go's TestParseDurationRoundTrip."""
    d = nanoseconds / 1e9
    assert time.parse_duration(time.duration_string(d)) == d


def test_the_units() -> None:
    units = [time.NANOSECOND, time.MICROSECOND, time.MILLISECOND, time.SECOND, time.MINUTE, time.HOUR]
    texts = ["1ns", "1\u00b5s", "1ms", "1s", "1m0s", "1h0m0s"]
    assert [time.duration_string(unit) for unit in units] == texts
    assert [time.parse_duration(text) for text in texts] == units
