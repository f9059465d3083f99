"""gochan.port.tables: what answers to a Go name."""

from __future__ import annotations

import importlib
import tomllib
from importlib.resources import files

import pytest

from gochan.port.tables import (
    PRECEDENCE,
    Idiom,
    Member,
    Package,
    Refusal,
    Tables,
    check_regexp,
    lookup,
    lookup_package,
    snake,
)

TABLE = tomllib.loads(files("gochan.port").joinpath("idioms.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("go", "python"),
    [
        ("ParseInt", "parse_int"),
        ("IsNaN", "is_nan"),
        ("NaN", "nan"),
        ("Int63n", "int63n"),
        ("Log1p", "log1p"),
        ("ToUpper", "to_upper"),
        ("AppendQuoteRuneToASCII", "append_quote_rune_to_ascii"),
        ("MarshalJSON", "marshal_json"),
        ("GOMAXPROCS", "gomaxprocs"),
        ("Is", "is_"),
        ("And", "and_"),
        ("x", "x"),
    ],
)
def test_names(go: str, python: str) -> None:
    assert snake(go) == python


@pytest.mark.parametrize(
    ("go", "module", "name"),
    [
        ("strings.Fields", "strings", "fields"),
        ("(*strings.Builder).WriteString", "strings", "Builder.write_string"),
        ("strings.Builder.WriteString", "strings", "Builder.write_string"),
        ("math.MaxInt64", "math", "MAX_INT64"),
        ("io.EOF", "io", "EOF"),
        ("strconv.ErrSyntax", "strconv", "ErrSyntax"),
        ("strconv.NumError.Func", "strconv", "NumError.func"),
        ("math/rand.Intn", "rand", "intn"),
        ("math/rand/v2.IntN", "rand2", "int_n"),
        ("container/list.Element.Value", "list", "Element.value"),
        ("encoding/base64.StdEncoding", "base64", "std_encoding"),
        ("encoding/json/jsontext.Value", "json", "RawMessage"),
        ("testing.common.Errorf", "testing", "T.errorf"),
    ],
)
def test_members(go: str, module: str, name: str) -> None:
    assert lookup(go) == Member(f"gochan.port.lib.{module}", name)


def test_a_member_of_gochan_raises_what_go_returns() -> None:
    assert lookup("sync.RWMutex.TryRLock") == Member("gochan.sync", "RWMutex.try_rlock", raises=True)
    assert lookup_package("sync") == Package("gochan.sync", raises=True)


@pytest.mark.parametrize(
    ("go", "message"),
    [
        ("net/http.Get", "net/http.Get has no counterpart; httpx through gochan.aio does the job"),
        (
            "net/http.Client.Do",
            "net/http.Client.Do has no counterpart; httpx through gochan.aio does the job",
        ),
        (
            "testing.B.N",
            "testing.B.N has no counterpart; Python's timeit does the job; benchmarks are left out",
        ),
        ("syscall.Mmap", "syscall.Mmap has no counterpart; of syscall, the signals"),
        (
            "strings.ToUpperSpecial",
            "strings.ToUpperSpecial has no counterpart yet: gochan.port.lib.strings does not",
        ),
        ("example.com/geo.Distance", "example.com/geo.Distance has no counterpart"),
    ],
)
def test_refusals(go: str, message: str) -> None:
    found = lookup(go)
    assert isinstance(found, Refusal)
    assert found.message.startswith(message)


def test_a_package_that_is_refused() -> None:
    assert lookup_package("unsafe") == Refusal(
        "package unsafe has no counterpart; Python has no access to memory by addresses; ctypes comes closest"
    )


def test_rows_of_a_user_come_first() -> None:
    tables = Tables(
        {"example.com/geo.Distance": "geopy.distance.great_circle", "strings.Fields": "mine.fields"}
    )
    assert tables.lookup("example.com/geo.Distance") == Member("geopy.distance", "great_circle")
    assert tables.lookup("strings.Fields") == Member("mine", "fields")
    assert tables.lookup_package("example.com/geo") == Package("")


def test_a_package_can_have_another_module() -> None:
    tables = Tables(modules={"time": "gochan.time"})
    assert tables.lookup("time.Sleep") == Member("gochan.time", "sleep", raises=True)


@pytest.mark.parametrize("package", TABLE["packages"])
def test_each_module_has_what_it_names(package: str) -> None:
    module = importlib.import_module(TABLE["packages"][package])
    assert [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)] == []


@pytest.mark.parametrize("name", TABLE["idioms"])
def test_each_idiom_has_a_member_and_known_conditions(name: str) -> None:
    found = lookup(name)
    assert isinstance(found, Idiom)
    assert found.member is not None
    kinds = {"const", "nonempty", "equals", "utf8", "nonnegative", "plain", "list", "range"}
    assert {condition.partition(":")[0] for condition in found.when} <= kinds


@pytest.mark.parametrize(
    ("name", "prec", "args"),
    [
        ("strings.Contains", "comparison", ("or", "or")),
        ("strings.HasPrefix", "atom", ("atom", "conditional")),
        ("strings.Repeat", "mul", ("mul", "unary")),
        ("strconv.Itoa", "atom", ("conditional",)),
    ],
)
def test_precedences(name: str, prec: str, args: tuple[str, ...]) -> None:
    found = lookup(name)
    assert isinstance(found, Idiom)
    assert (found.prec, found.arg_prec) == (prec, args)
    assert {prec, *args} <= set(PRECEDENCE)


def test_regular_expressions_that_python_would_match_differently() -> None:
    assert check_regexp(r"(a|b)+c*") is None
    assert check_regexp(r"a(") is None
    assert "differently" in str(check_regexp(r"(a*)*"))
