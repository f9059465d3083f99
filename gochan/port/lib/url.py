"""Go's package net/url."""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Final

from . import path as _path
from ._common import Slice, append, decode, encode, new_error, strings_of
from ._structs import struct
from .strconv import quote

__all__ = [
    "URL",
    "Error",
    "EscapeError",
    "InvalidHostError",
    "Userinfo",
    "Values",
    "join_path",
    "parse",
    "parse_query",
    "parse_request_uri",
    "path_escape",
    "path_unescape",
    "query_escape",
    "query_unescape",
    "user",
    "user_password",
]

_ALNUM: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _set(extra: str) -> frozenset[int]:
    return frozenset(f"{_ALNUM}-_.~{extra}".encode())


# The bytes that each part of a URL holds as they are.
_PATH: Final = _set("$&+,/:;=@")
_SEGMENT: Final = _set("$&+:=@")
_HOST: Final = _set("!$&'()*+,;=:[]<>\"")
_PASSWORD: Final = _set("$&+,;=")
_QUERY: Final = _set("")
_FRAGMENT: Final = _set("$&+,/:;=?@!()*")
# What an encoded path or fragment may hold besides.
_ENCODED: Final = frozenset(b"!$&'()*+,;=:@[]%")


class EscapeError(str):
    """Go's url.EscapeError: an escape that is none."""

    __slots__ = ()
    __go_name__ = "url.EscapeError"

    def error(self) -> str:
        return f"invalid URL escape {quote(str.__str__(self))}"

    __str__ = error


class InvalidHostError(str):
    """Go's url.InvalidHostError: a character that is not for hosts."""

    __slots__ = ()
    __go_name__ = "url.InvalidHostError"

    def error(self) -> str:
        return f"invalid character {quote(str.__str__(self))} in host name"

    __str__ = error


class Error:
    """Go's *url.Error."""

    __slots__ = ("err", "op", "url")
    __go_name__ = "url.Error"

    def __init__(self, op: str = "", url: str = "", err: Any = None) -> None:
        self.op = op
        self.url = url
        self.err = err

    def error(self) -> str:
        return f"{self.op} {quote(self.url)}: {self.err}"

    __str__ = error

    def unwrap(self) -> Any:
        return self.err

    def timeout(self) -> bool:
        method = getattr(self.err, "timeout", None)
        return callable(method) and bool(method())

    def temporary(self) -> bool:
        method = getattr(self.err, "temporary", None)
        return callable(method) and bool(method())


class _Failure(Exception):
    """An error on the way out of the parser."""

    def __init__(self, err: Any) -> None:
        self.err = err


def _fail(text: str) -> _Failure:
    return _Failure(new_error(text))


def _escape(s: str, allowed: frozenset[int]) -> str:
    return "".join(
        chr(b) if b in allowed else "+" if b == 0x20 and allowed is _QUERY else f"%{b:02X}" for b in encode(s)
    )


def _unescape(s: str, allowed: frozenset[int], *, zone: bool = False) -> str:
    data = encode(s)
    out = bytearray()
    i = 0
    while i < len(data):
        b = data[i]
        if b == 0x25:
            if re.fullmatch(rb"[0-9A-Fa-f]{2}", data[i + 1 : i + 3]) is None:
                raise _Failure(EscapeError(decode(data[i : i + 3])))
            value = int(data[i + 1 : i + 3], 16)
            escaped = data[i : i + 3]
            if allowed is _HOST and escaped != b"%25":
                # Hosts escape only what is not ASCII; zones, also what hosts may not hold.
                if not zone and value < 0x80:
                    raise _Failure(EscapeError(decode(escaped)))
                if zone and value != 0x20 and value not in _HOST:
                    raise _Failure(EscapeError(decode(escaped)))
            out.append(value)
            i += 3
            continue
        if allowed is _HOST and b < 0x80 and b not in _HOST:
            raise _Failure(InvalidHostError(chr(b)))
        out.append(0x20 if b == 0x2B and allowed is _QUERY else b)
        i += 1
    return decode(bytes(out))


def _valid(encoded: str, allowed: frozenset[int]) -> bool:
    return all(b in _ENCODED or b in allowed for b in encode(encoded))


def _result(s: str, allowed: frozenset[int]) -> tuple[str, Any]:
    try:
        return _unescape(s, allowed), None
    except _Failure as failure:
        return "", failure.err


def query_escape(s: str) -> str:
    return _escape(s, _QUERY)


def query_unescape(s: str) -> tuple[str, Any]:
    return _result(s, _QUERY)


def path_escape(s: str) -> str:
    return _escape(s, _SEGMENT)


def path_unescape(s: str) -> tuple[str, Any]:
    return _result(s, _SEGMENT)


class Userinfo:
    """Go's *url.Userinfo: a user's name, and maybe a password."""

    __slots__ = ("_name", "_password")
    __go_name__ = "url.Userinfo"

    def __init__(self, name: str = "", password: str | None = None) -> None:
        self._name = name
        self._password = password

    def username(self) -> str:
        return self._name

    def password(self) -> tuple[str, bool]:
        return self._password or "", self._password is not None

    def string(self: Userinfo | None) -> str:
        if self is None:
            return ""
        text = _escape(self._name, _PASSWORD)
        return text if self._password is None else f"{text}:{_escape(self._password, _PASSWORD)}"

    __str__ = string


def user(username: str) -> Userinfo:
    return Userinfo(username)


def user_password(username: str, password: str) -> Userinfo:
    return Userinfo(username, password)


class Values(dict[str, Slice[str]]):
    """Go's url.Values: the values of each key."""

    __go_name__ = "url.Values"

    # The first value: `get` is dict's.
    def get_(self, key: str) -> str:
        values = self.get(key)
        return values[0] if values else ""

    def set(self, key: str, value: str) -> None:
        self[key] = strings_of([value])

    def add(self, key: str, value: str) -> None:
        self[key] = append(self.get(key, strings_of(None)), value)

    def del_(self, key: str) -> None:
        self.pop(key, None)

    def has(self, key: str) -> bool:
        return key in self

    def encode(self) -> str:
        keys = sorted(self, key=encode)
        return "&".join(f"{_escape(k, _QUERY)}={_escape(v, _QUERY)}" for k in keys for v in self[k])


def parse_query(query: str) -> tuple[Values, Any]:
    """Return the values of a query, and the first error in it: Go's url.ParseQuery."""
    found = Values()
    first: Any = None
    for part in query.split("&"):
        if ";" in part:
            first = first or new_error("invalid semicolon separator in query")
            continue
        if not part:
            continue
        key, _, value = part.partition("=")
        try:
            name, text = _unescape(key, _QUERY), _unescape(value, _QUERY)
        except _Failure as failure:
            first = first or failure.err
            continue
        found.add(name, text)
    return found, first


@struct(go="url.URL", pointer=True)
class URL:
    """Go's url.URL."""

    scheme: str = ""
    opaque: str = ""
    user: Any = None
    host: str = ""
    path: str = ""
    fragment: str = ""
    raw_query: str = ""
    raw_path: str = ""
    raw_fragment: str = ""
    force_query: bool = False
    omit_host: bool = False

    def escaped_path(self) -> str:
        raw = self.raw_path
        if raw and _valid(raw, _PATH) and _result(raw, _PATH) == (self.path, None):
            return raw
        return "*" if self.path == "*" else _escape(self.path, _PATH)

    def escaped_fragment(self) -> str:
        raw = self.raw_fragment
        if raw and _valid(raw, _FRAGMENT) and _result(raw, _FRAGMENT) == (self.fragment, None):
            return raw
        return _escape(self.fragment, _FRAGMENT)

    def string(self) -> str:
        text = f"{self.scheme}:" if self.scheme else ""
        text += self.opaque or self._hierarchy(text)
        if self.force_query or self.raw_query:
            text += f"?{self.raw_query}"
        return text + f"#{self.escaped_fragment()}" if self.fragment else text

    def _hierarchy(self, before: str) -> str:
        """Return the host and the path."""
        text = ""
        nobody = not self.host and self.user is None
        if (self.scheme or not nobody) and not (self.omit_host and nobody):
            if not nobody or self.path:
                text = "//"
            if self.user is not None:
                text += f"{self.user.string()}@"
            text += _escape(self.host, _HOST)
        path = self.escaped_path()
        if self.omit_host and nobody and path.startswith("//"):
            # Else it would be a host.
            text += "%2F"
            path = path[1:]
        if path and not path.startswith("/") and self.host:
            text += "/"
        if not before and not text and ":" in path.partition("/")[0]:
            # Else it would be a scheme.
            text = "./"
        return text + path

    def redacted(self) -> str:
        if self.user is None or self.user._password is None:
            return self.string()
        hidden = self._clone()
        hidden.user = Userinfo(self.user._name, "xxxxx")
        return hidden.string()

    def _clone(self) -> URL:
        return URL(**{name: getattr(self, name) for name in _FIELDS})

    def is_abs(self) -> bool:
        return self.scheme != ""

    def query(self) -> Values:
        return parse_query(self.raw_query)[0]

    def request_uri(self) -> str:
        text = self.opaque
        if not text:
            text = self.escaped_path() or "/"
        elif text.startswith("//"):
            text = f"{self.scheme}:{text}"
        return f"{text}?{self.raw_query}" if self.force_query or self.raw_query else text

    def hostname(self) -> str:
        return _split_port(self.host)[0]

    def port(self) -> str:
        return _split_port(self.host)[1]

    def parse(self, ref: str) -> tuple[Any, Any]:
        found, err = parse(ref)
        return (None, err) if err is not None else (self.resolve_reference(found), None)

    def resolve_reference(self, ref: URL) -> URL:
        """Return the absolute URL of a reference, as RFC 3986 says."""
        url = ref._clone()
        if not ref.scheme:
            url.scheme = self.scheme
        if ref.scheme or ref.host or ref.user is not None:
            url._set_path(_resolve(ref.escaped_path(), ""))
            return url
        if ref.opaque:
            url.user, url.host, url.path = None, "", ""
            return url
        if not ref.path and not ref.force_query and not ref.raw_query:
            url.raw_query = self.raw_query
            if not ref.fragment:
                url.fragment, url.raw_fragment = self.fragment, self.raw_fragment
        if not ref.path and self.opaque:
            url.opaque, url.user, url.host, url.path = self.opaque, None, "", ""
            return url
        url.host, url.user = self.host, self.user
        url._set_path(_resolve(self.escaped_path(), ref.escaped_path()))
        return url

    def join_path(self, *elem: str) -> URL:
        parts = [self.escaped_path(), *elem]
        if not parts[0].startswith("/"):
            # The path stays relative, but does not leave its root.
            text = _path.join("/" + parts[0], *parts[1:])[1:]
        else:
            text = _path.join(*parts)
        if parts[-1].endswith("/") and not text.endswith("/"):
            text += "/"
        url = self._clone()
        url._set_path(text)
        return url

    def _set_path(self, raw: str) -> None:
        self.path = _unescape(raw, _PATH)
        self.raw_path = "" if _escape(self.path, _PATH) == raw else raw

    def _set_fragment(self, raw: str) -> None:
        self.fragment = _unescape(raw, _FRAGMENT)
        self.raw_fragment = "" if _escape(self.fragment, _FRAGMENT) == raw else raw

    def marshal_binary(self) -> tuple[Any, Any]:
        from ._common import byte_slice

        return byte_slice(encode(self.string())), None


_FIELDS: Final = [*URL.__annotations__]


def _split_port(host: str) -> tuple[str, str]:
    name, colon, port = host.rpartition(":")
    if not colon or not _is_port(":" + port):
        name, port = host, ""
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    return name, port


def _is_port(text: str) -> bool:
    return re.fullmatch("(:[0-9]*)?", text) is not None


def _resolve(base: str, ref: str) -> str:
    """Return a path without dots, of a base and a path relative to it."""
    full = base if not ref else ref if ref.startswith("/") else base[: base.rfind("/") + 1] + ref
    if not full:
        return ""
    parts: list[str] = []
    segments = full.removeprefix("/").split("/")
    for segment in segments:
        if segment == "..":
            if parts:
                parts.pop()
        elif segment != ".":
            parts.append(segment)
    if segments[-1] in (".", ".."):
        parts.append("")
    text = "/" + "/".join(parts)
    return "/" + text.lstrip("/") if len(text) > 1 and text[1] == "/" else text


def parse(raw_url: str) -> tuple[Any, Any]:
    """Return the URL that a text is, or an error: Go's url.Parse."""
    raw, _, fragment = raw_url.partition("#")
    try:
        url = _parse(raw, request=False)
    except _Failure as failure:
        return None, Error("parse", raw, failure.err)
    try:
        url._set_fragment(fragment)
    except _Failure as failure:
        return None, Error("parse", raw_url, failure.err)
    return url, None


def parse_request_uri(raw_url: str) -> tuple[Any, Any]:
    """Return the URL of a request, which is absolute and has no fragment: Go's url.ParseRequestURI."""
    try:
        return _parse(raw_url, request=True), None
    except _Failure as failure:
        return None, Error("parse", raw_url, failure.err)


def _parse(raw: str, *, request: bool) -> URL:
    if any(b < 0x20 or b == 0x7F for b in encode(raw)):
        raise _fail("net/url: invalid control character in URL")
    if not raw and request:
        raise _fail("empty url")
    url = URL()
    if raw == "*":
        url.path = "*"
        return url
    scheme, rest = _scheme(raw)
    url.scheme = scheme.lower()
    if rest.endswith("?") and rest.count("?") == 1:
        url.force_query = True
        rest = rest[:-1]
    else:
        rest, _, url.raw_query = rest.partition("?")
    if not rest.startswith("/"):
        if url.scheme:
            url.opaque = rest
            return url
        if request:
            raise _fail("invalid URI for request")
        if ":" in rest.partition("/")[0]:
            raise _fail("first path segment in URL cannot contain colon")
    if rest.startswith("//") and (url.scheme or (not request and not rest.startswith("///"))):
        authority, slash, after = rest[2:].partition("/")
        url.user, url.host = _authority(url.scheme, authority)
        rest = slash + after
    elif url.scheme and rest.startswith("/"):
        url.omit_host = True
    url._set_path(rest)
    return url


def _scheme(raw: str) -> tuple[str, str]:
    if raw.startswith(":"):
        raise _fail("missing protocol scheme")
    match = re.match("([A-Za-z][A-Za-z0-9+.-]*):", raw)
    return ("", raw) if match is None else (match[1], raw[match.end() :])


def _authority(scheme: str, authority: str) -> tuple[Userinfo | None, str]:
    info, at, host = authority.rpartition("@")
    host = _host(scheme, host)
    if not at:
        return None, host
    if re.fullmatch(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*", info) is None:
        raise _fail("net/url: invalid userinfo")
    name, colon, password = info.partition(":")
    name, password = _unescape(name, _PASSWORD), _unescape(password, _PASSWORD)
    return Userinfo(name, password if colon else None), host


def _host(scheme: str, host: str) -> str:
    bracket = host.rfind("[")
    if bracket > 0:
        raise _fail("invalid IP-literal")
    if bracket == 0:
        return _literal_host(host)
    first = host.find(":")
    if first >= 0:
        port = host[first if scheme in ("http", "https") else host.rfind(":") :]
        if not _is_port(port):
            raise _fail(f"invalid port {quote(port)} after host")
    return _unescape(host, _HOST)


def _literal_host(host: str) -> str:
    """Return an IP address in brackets, and its port."""
    end = host.rfind("]")
    if end < 0:
        raise _fail("missing ']' in host")
    name, port = host[1:end], host[end + 1 :]
    if not _is_port(port):
        raise _fail(f"invalid port {quote(port)} after host")
    at = name.find("%25")
    if at >= 0:
        name = _unescape(name[:at], _HOST) + _unescape(name[at:], _HOST, zone=True)
    else:
        name = _unescape(name, _HOST)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        raise _fail(f"invalid host: ParseAddr({quote(name)}): unable to parse IP") from None
    if address.version == 4:
        raise _fail("invalid IP-literal")
    return f"[{name}]{port}"


def join_path(base: str, *elem: str) -> tuple[str, Any]:
    """Return a URL with more elements of its path: Go's url.JoinPath."""
    url, err = parse(base)
    return ("", err) if err is not None else (url.join_path(*elem).string(), None)
