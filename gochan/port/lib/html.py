"""Go's package html."""

from __future__ import annotations

import html as _html

__all__ = ["escape_string", "unescape_string"]


def escape_string(s: str) -> str:
    return _html.escape(s, quote=False).replace("'", "&#39;").replace('"', "&#34;")


def unescape_string(s: str) -> str:
    return _html.unescape(s)
