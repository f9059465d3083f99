"""examples/pipeline.py itself, with numbers that both halves draw from the same generator."""

import random
import runpy
from pathlib import Path
from unittest.mock import patch

from gochan import run

state = 42


def draw(limit: int) -> int:
    global state
    state = state * 16807 % 2147483647
    return state % limit


if __name__ == "__main__":
    example = runpy.run_path(str(Path(__file__).parents[3] / "examples" / "pipeline.py"))
    with patch.object(random, "randrange", draw):
        run(example["main"])
