# Two commands for everybody: `make demo` and `make test`. The rest is for who works on the product.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test test-slow test-long test-scale test-all check check-python check-sql fuzz bench format lock clean

demo: $(READY)
	$(BIN)/equality demo
	$(BIN)/equality report --home var/demo
	@echo "Database: var/demo/published/equality.duckdb. Page: var/demo/published/index.html"
	@echo "Ask it: $(BIN)/python -m pipeline figures --home var/demo --where \"standard = 'WRES' and indicator = '2'\""

test: $(READY) check
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadscope

# A module a process: what it makes is made once. (xdist 3.8 heeds no group mark under pytest 9.2.)
test-slow: $(READY)
	$(BIN)/python -m pytest -m "slow and not long" -n 2 --dist loadscope

# What takes hours: every point at which a run can be killed, every random system, every long line.
test-long: $(READY)
	$(BIN)/python -m pytest -m long -n 2 --dist loadscope

# Spark and Dask, in an environment of their own; Java 17 or 21 must be there.
test-scale: .venv-scale/.ready
	.venv-scale/bin/python -m pytest tests/scale

test-all: test test-slow test-long test-scale

# The two halves take as long as each other, and run side by side.
check: $(READY)
	$(MAKE) --no-print-directory --jobs 2 check-python check-sql

check-python: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-sql: $(READY)
	$(BIN)/sqlfluff lint warehouse
	$(BIN)/equality check-registry

# An hour of coverage-guided fuzzing of every reader.
fuzz: $(READY)
	$(BIN)/python -m pip install --quiet atheris
	$(BIN)/python tests/faults/fuzz/run.py --seconds 3600

# Hours: from the demo to England, beside DuckDB alone and a pandas script.
bench: $(READY)
	$(BIN)/python bench/all.py
	$(BIN)/python tools/make_performance.py

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix warehouse

# With `uv` on the path. The lock holds hashes and no addresses.
lock:
	uv pip compile --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
		--extra dev pyproject.toml -o requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	# As a constraint too: pip 23 otherwise takes the newest of a package asked for with an extra.
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock -c requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

.venv-scale/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv-scale
	.venv-scale/bin/python -m pip install --quiet --require-hashes -r requirements.lock -c requirements.lock
	.venv-scale/bin/python -m pip freeze > .venv-scale/versions.txt
	.venv-scale/bin/python -m pip install --quiet --no-build-isolation -c .venv-scale/versions.txt --editable ".[spark,dask]"
	@touch $@

clean:
	rm -rf .venv .venv-scale var dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
