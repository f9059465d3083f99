# make demo     run every example
# make test     run the whole suite, on the compiled engine and on the interpreted one
# make docs     build the site into docs/_build/html
# make soak     the long tests, on both engines: an hour or two
# make bench    compare gochan with Go and with other libraries; BENCH_ARGS=--quick for a rough look
# make guard    fail if an operation has become slow
# make check    mypy, pyright, ruff
# make coverage how much of gochan the interpreted suite reaches
# make clean    remove everything that the others made
#
# Each sets up what it needs, in $(VENV), and nothing outside this folder. PYTHON picks the interpreter, and GREENLET
# may ask for some release, as `greenlet<3.1`.

PYTHON ?= python3
VENV ?= .venv
GREENLET ?= greenlet
PYTEST_ARGS ?=
BENCH_ARGS ?=

# Paths that recipes can use from any folder; the environment's tools come first, `go` among them.
BIN := $(abspath $(VENV))/bin
TOOLS := PATH="$(BIN):$$PATH"
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

SOURCES := $(shell find gochan -name '*.py' 2>/dev/null)
COVERED := 95

# The examples that end by themselves; servers, and what wants to be told what to fetch, start by hand.
DEMOS := $(filter-out $(addprefix examples/,chat_server.py fetch.py web.py),$(sort $(wildcard examples/*.py)))

# The interpreter's name, for the eye and to notice that PYTHON was changed.
define IDENTITY
import sys
assert sys.version_info >= (3, 11) and sys.implementation.name == "cpython"
print("Python %d.%d.%d in %s" % (*sys.version_info[:3], sys.base_prefix))
endef
export IDENTITY

# The requirements of the named extra, or of the build, from the one place that states them.
define REQUIREMENTS
import sys, tomllib
project = tomllib.load(open("pyproject.toml", "rb"))
extras = project["project"]["optional-dependencies"]
print(*(project["build-system"]["requires"] if sys.argv[1] == "build" else extras[sys.argv[1]]), sep="\n")
endef
export REQUIREMENTS

define BRANCHES
import json, sys
totals = json.load(sys.stdin)["totals"]
share = 100 * totals["covered_branches"] / totals["num_branches"]
print(f'{totals["covered_branches"]} of {totals["num_branches"]} branches: {share:.1f} %, at least $(COVERED) asked')
sys.exit(share < $(COVERED))
endef
export BRANCHES

define NO_PYTHON

$(PYTHON) is no CPython 3.11 or newer. Name one:
    make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)
endef
export NO_PYTHON

define NO_PIP

$(PYTHON) can make no environment with pip in it: it lacks its `ensurepip` module, and has no pip of its own.
On Debian and Ubuntu the first is in a package of its own:
    apt install python3-venv
endef
export NO_PIP

.PHONY: demo test soak docs bench guard check coverage clean FORCE
.DELETE_ON_ERROR:

demo: $(VENV)/engine
	@set -e; for program in $(DEMOS); do \
	    printf '\n==> python %s\n' "$$program"; \
	    $(BIN)/python "$$program"; \
	done

# Where no C compiler is, the first pass is the only one. Both run to their end, whatever the first one says.
test: $(VENV)/with-test $(VENV)/engine
	@failed=0; \
	if $(BIN)/python -c 'import sys, gochan.runtime; sys.exit(not gochan.runtime.COMPILED)'; then \
	    echo "==> the suite on the compiled engine"; \
	    $(TOOLS) $(BIN)/python -m pytest -q $(PYTEST_ARGS) || failed=1; \
	    echo "==> the suite on the interpreted engine"; \
	    GOCHAN_PURE=1 $(TOOLS) $(BIN)/python -m pytest -q -m "not once" $(PYTEST_ARGS) || failed=1; \
	else \
	    echo "==> the suite on the interpreted engine; with a C compiler it would run on the compiled one too"; \
	    $(TOOLS) $(BIN)/python -m pytest -q $(PYTEST_ARGS) || failed=1; \
	fi; \
	exit $$failed

# No limit on a test's time here. What the tests print is half of what they are for.
soak: $(VENV)/with-test $(VENV)/engine
	@failed=0; \
	for pure in 0 1; do \
	    echo "==> the long tests, GOCHAN_PURE=$$pure"; \
	    GOCHAN_PURE=$$pure $(TOOLS) $(BIN)/python -m pytest -m soak -v -s --timeout=0 -o faulthandler_timeout=0 \
	        $(PYTEST_ARGS) || failed=1; \
	done; \
	exit $$failed

docs: $(VENV)/with-docs $(VENV)/engine
	@echo "==> the site"
	@$(BIN)/python -m sphinx -q -n -W --keep-going docs docs/_build/html
	@echo "open docs/_build/html/index.html"

check: $(VENV)/with-check $(VENV)/engine
	@failed=0; \
	echo "==> mypy --strict"; $(BIN)/mypy --strict gochan examples tests/typing benchmarks || failed=1; \
	echo "==> mypy --strict, the docs' programs"; $(BIN)/python docs/outputs.py --extract $(VENV)/programs; \
	$(BIN)/mypy --strict $(VENV)/programs/*.py || failed=1; \
	echo "==> pyright"; $(TOOLS) $(BIN)/pyright --pythonpath $(BIN)/python || failed=1; \
	echo "==> ruff"; $(BIN)/ruff check . || failed=1; \
	exit $$failed

bench: $(VENV)/with-bench $(VENV)/engine
	@$(TOOLS) $(BIN)/python -m benchmarks run $(BENCH_ARGS)

guard: $(VENV)/engine
	@$(BIN)/python -m benchmarks.guard

coverage: $(VENV)/with-test $(VENV)/engine
	@echo "==> the suite on the interpreted engine, with coverage"
	@rm -f .coverage .coverage.*
	@failed=0; \
	GOCHAN_PURE=1 $(TOOLS) $(BIN)/coverage run -m pytest -q -m "not once" $(PYTEST_ARGS) || failed=1; \
	$(BIN)/coverage combine -q && $(BIN)/coverage report || failed=1; \
	$(BIN)/coverage json -q -o - | $(BIN)/python -c "$$BRANCHES" || failed=1; \
	exit $$failed

clean:
	rm -rf .venv* build dist docs/_build *.egg-info .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	find gochan -name '*.so' -exec rm -f {} +

# Made anew when PYTHON names another interpreter than the one that it was made with.
$(VENV)/made: FORCE
	@set -e; \
	wanted=$$($(PYTHON) -c "$$IDENTITY" 2>/dev/null) || { echo "$$NO_PYTHON" >&2; exit 1; }; \
	if [ "$$(cat $@ 2>/dev/null)" = "$$wanted" ]; then exit 0; fi; \
	echo "==> $(VENV): an environment of $$wanted"; \
	rm -rf $(VENV); \
	if ! $(PYTHON) -m venv $(VENV) >/dev/null 2>&1; then \
	    rm -rf $(VENV); \
	    { $(PYTHON) -m venv --without-pip $(VENV) && \
	      $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install -q pip; } >/dev/null 2>&1 \
	    || { rm -rf $(VENV); echo "$$NO_PIP" >&2; exit 1; }; \
	fi; \
	echo "$$wanted" > $@

# gochan itself, in place. The engine is left to the rule below, so that an edit costs one compilation.
$(VENV)/base: $(VENV)/made pyproject.toml setup.py
	@echo "==> $(VENV): gochan and what builds it"
	@$(BIN)/python -c "$$REQUIREMENTS" build > $(VENV)/build.txt
	@$(PIP) install -r $(VENV)/build.txt "$(GREENLET)"
	@GOCHAN_PURE=1 $(PIP) install --no-build-isolation -e .
	@touch $@

# One by one: what gochan is compared with may not install on every Python, and the rest is wanted all the same.
$(VENV)/with-bench: $(VENV)/base
	@echo "==> $(VENV): the extra \`bench\`"
	@$(BIN)/python -c "$$REQUIREMENTS" bench > $(VENV)/bench.txt
	@while read -r requirement; do \
	    $(PIP) install "$$requirement" </dev/null || echo "$$requirement does not install here"; \
	done < $(VENV)/bench.txt
	@$(BIN)/python -c "$$REQUIREMENTS" fast > $(VENV)/fast.txt
	@$(PIP) install --no-warn-conflicts --upgrade --target $(VENV)/fast -r $(VENV)/fast.txt
	@touch $@

$(VENV)/with-%: $(VENV)/base
	@echo "==> $(VENV): the extra \`$*\`"
	@$(BIN)/python -c "$$REQUIREMENTS" $* > $(VENV)/$*.txt
	@$(PIP) install -r $(VENV)/$*.txt
	@touch $@

$(VENV)/engine: $(VENV)/base $(SOURCES)
	@echo "==> compiling the engine"
	@$(BIN)/python setup.py -q build_ext --inplace --force > $(VENV)/engine.log 2>&1 \
	    || { cat $(VENV)/engine.log; exit 1; }
	@! grep '^gochan:' $(VENV)/engine.log || echo "(the reason is in $(VENV)/engine.log)"
	@touch $@
