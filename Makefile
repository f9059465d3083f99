# make demo      run every example
# make test      run the whole suite: the engine's tests on both implementations, the rest on the C one
# make matrix    run the suite on every other supported Python that is installed
# make check     mypy, pyright, ruff, and the C without a warning
# make docs      build the site into docs/_build/html
# make linkcheck check the links within the site; needs no network
# make try-docs  check them, and open every page in a browser, wide and narrow
# make bench     compare gochan with Go and with other libraries; BENCH_ARGS=--quick for a rough result
# make guard     fail if an operation has become slow
# make coverage  run the suite on each implementation alone, and measure how much of the Python and the C it reaches
# make sanitize  run the engine's tests on the C implementation, under ASan and UBSan
# make soak      run the long tests: an hour or two
# make wheel     build a wheel for this Python into dist/
# make try-wheel test that wheel in an environment without a C compiler
# make clean     remove everything that these commands have made
#
# Each installs what it needs into the environment $(VENV), and nothing outside this folder.
#     PYTHON=python3.12         the interpreter
#     VENV=.venv-3.12           the environment
#     PYTEST_ARGS="-k select"   more options for pytest

PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?=
BENCH_ARGS ?=

BIN := $(abspath $(VENV))/bin
# Runs a command with the environment's programs before all others: python, go, nox.
IN_VENV := env PATH="$(BIN):$$PATH"
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

ENGINE := $(wildcard gochan/_engine/c/*.[ch] gochan/_engine/c/docstrings.py gochan/_engine/py/*.py)
# The examples that end by themselves. Servers, and programs that need arguments, are started by hand.
TOLD := chat_server echo fetch http_server port_scanner postgres tcp_proxy web
DEMOS := $(filter-out $(TOLD:%=examples/%.py),$(sort $(wildcard examples/*.py)))

.PHONY: help demo test matrix check docs linkcheck try-docs bench guard coverage covered sanitize sanitized
.PHONY: soak wheel try-wheel clean FORCE
.DELETE_ON_ERROR:

help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile

demo: $(VENV)/engine
	@$(IN_VENV) sh .ci/demo $(DEMOS)

test: $(VENV)/with-test $(VENV)/engine
	@$(IN_VENV) python -m pytest -q $(PYTEST_ARGS)

matrix: $(VENV)/with-matrix
	@$(IN_VENV) sh .ci/matrix $(PYTEST_ARGS)

check: $(VENV)/with-check $(VENV)/engine
	@$(IN_VENV) sh .ci/check $(VENV)

# All pages each time (-E): the index of the search has only Go's names on pages that were built last.
docs: $(VENV)/with-docs $(VENV)/engine
	@$(IN_VENV) python -m sphinx -q -n -W --keep-going -E docs docs/_build/html
	@echo "open docs/_build/html/index.html"

TRY_SITE = $(IN_VENV) GOCHAN_SITE=docs/_build/html python -m pytest -q $(PYTEST_ARGS)

linkcheck: docs $(VENV)/with-unit
	@$(TRY_SITE) tests/site/test_links.py

try-docs: docs $(VENV)/with-test
	@$(TRY_SITE) tests/site

bench: $(VENV)/with-bench $(VENV)/engine
	@$(IN_VENV) python -m benchmarks run $(BENCH_ARGS)

guard: $(VENV)/engine
	@$(IN_VENV) python -m benchmarks.guard

# coverage and sanitize compile the C with other options, in a copy of the sources.
coverage:
	@sh .ci/copy .venv-coverage
	@CFLAGS="-O0 -g --coverage" $(MAKE) --no-print-directory -C .venv-coverage VENV=.venv covered

covered: $(VENV)/with-coverage $(VENV)/engine
	@$(IN_VENV) sh .ci/coverage $(PYTEST_ARGS)

# greenlet copies parts of the stack, which ASan must not watch: asan-stack=0.
sanitize:
	@sh .ci/copy .venv-sanitize
	@CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined --param asan-stack=0" \
	    $(MAKE) --no-print-directory -C .venv-sanitize VENV=.venv sanitized

sanitized: $(VENV)/with-unit $(VENV)/engine
	@$(IN_VENV) sh .ci/sanitize $(abspath $(VENV))/report $(PYTEST_ARGS)

# Without a limit on each test's time. What the tests print (-s) is half of their purpose.
soak: $(VENV)/with-test $(VENV)/engine
	@$(IN_VENV) python -m pytest -m soak -v -s --timeout=0 -o faulthandler_timeout=0 $(PYTEST_ARGS)

wheel: $(VENV)/base
	@rm -rf dist
	@$(BIN)/python setup.py -q sdist
	@GOCHAN_REQUIRE_COMPILED=1 $(PIP) wheel --no-deps --wheel-dir dist dist/*.tar.gz
	@ls dist/*.whl

try-wheel: wheel
	@sh .ci/try-wheel "$(PYTHON)" dist/*.whl .venv-wheel

clean:
	rm -rf .venv* .nox build dist docs/_build *.egg-info .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	find gochan -name '*.so' -exec rm -f {} +

# The environment. It is made again if PYTHON names another interpreter than before.
$(VENV)/made: FORCE
	@sh .ci/environment "$(PYTHON)" $(VENV)

# gochan in place, without the C, which has a rule of its own so that an edit costs one compilation.
# Extension modules of earlier versions would hide today's sources.
$(VENV)/base: $(VENV)/made pyproject.toml setup.py
	@echo "==> $(VENV): gochan and what builds it"
	@$(BIN)/python .ci/requirements.py build > $(VENV)/build.txt
	@$(PIP) install -r $(VENV)/build.txt
	@find gochan -name '*.so' ! -name '_c.*' -exec rm -f {} +
	@GOCHAN_PURE=1 $(PIP) install --no-build-isolation -e .
	@touch $@

$(VENV)/engine: $(VENV)/base $(ENGINE)
	@echo "==> compiling the engine"
	@env -u GOCHAN_PURE $(BIN)/python setup.py -q build_ext --inplace --force
	@touch $@

$(VENV)/with-%: $(VENV)/base
	@echo "==> $(VENV): the extra \`$*\`"
	@$(BIN)/python .ci/requirements.py $* > $(VENV)/$*.txt
	@$(PIP) install -r $(VENV)/$*.txt
	@touch $@

# The libraries that gochan is compared with: those that install, one by one, and the greenlet of the extra `fast`.
$(VENV)/with-bench: $(VENV)/base
	@echo "==> $(VENV): the extra \`bench\`"
	@$(IN_VENV) sh .ci/install-each bench
	@$(BIN)/python .ci/requirements.py fast > $(VENV)/fast.txt
	@$(PIP) install --no-warn-conflicts --upgrade --target $(VENV)/fast -r $(VENV)/fast.txt
	@touch $@
