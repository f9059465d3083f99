"""What gochan's operations cost, beside Go and beside what a user would pick instead.

- rows.py and curves.py name what is measured, and how much of it.
- workloads/ has one file for each library, go/ has Go's: the same functions, under the same names.
- sides.py knows how to start each of them, child.py is what runs there; measure.py lets them take turns.
- report.py keeps what came out; table.py, compare.py, plots.py and page.py show it.
- network.py compares servers: servers/ has one file for each library, go/network has Go's and the client.
- guard.py needs none of these: it fails when an operation has become slow against a bare greenlet switch.
"""
