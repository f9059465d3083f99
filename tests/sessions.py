"""Sessions of pytest that a test runs through pytester, with gochan's plugin."""

from __future__ import annotations

import pytest

# The plugin is loaded by name, without entry points: quick, and good where gochan is not installed.  It is
# imported already, which pytest warns of.
INI = """[pytest]
addopts = -p gochan.pytest_plugin -p no:cacheprovider -W ignore::pytest.PytestAssertRewriteWarning
"""


def prepare(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Have pytester's sessions load no other plugin."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini(INI)
    return pytester


def outcomes(session: pytest.Pytester, *args: str) -> tuple[dict[str, int], str]:
    """Run a session; return how many tests had which outcome, and the output."""
    result = session.runpytest_inprocess(*args)
    return result.parseoutcomes(), "\n".join(result.outlines)
