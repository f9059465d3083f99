"""Print the requirements of an extra of pyproject.toml, or those of the `build`, one per line."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
[name] = sys.argv[1:]
extras = project["project"]["optional-dependencies"]
print(*(project["build-system"]["requires"] if name == "build" else extras[name]), sep="\n")
