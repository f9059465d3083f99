"""Fail if coverage's JSON report, on stdin, has less than argument 1 percent of the branches covered."""

import json
import sys

totals = json.load(sys.stdin)["totals"]
share = 100 * totals["covered_branches"] / totals["num_branches"]
least = float(sys.argv[1])
print(f"{totals['covered_branches']} of {totals['num_branches']} branches: {share:.1f} %, want {least:g} %")
sys.exit(share < least)
