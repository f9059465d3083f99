"""Measures what gochan's operations cost, compared with Go and with other Python libraries.

- rows.py and curves.py define what is measured, and with how many operations.
- workloads/ has one file for each library, go/ has the Go program: the same functions, with the same names.
- sides.py starts a process for each of them, which runs child.py; measure.py measures them in turn.
- report.py stores the results; table.py, compare.py, plots.py and page.py show them.
- network.py compares servers: servers/ has one file for each library, go/network has Go's and the client.
- guard.py fails if an operation has become slow compared with bare greenlets; it needs only workloads/.
"""
