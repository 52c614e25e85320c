PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
DATABASE := build/barometer.duckdb
INPUTS := data/export_layout.yaml $(wildcard data/exports/* data/reference/*) $(shell find src -name '*.py' -o -name '*.sql')

.PHONY: report test lab data lint bench requirements

data: $(DATABASE)

report: $(DATABASE)
	$(BIN)/barometer report params/*.yaml

test: $(DATABASE) lint
	$(BIN)/pytest
	$(BIN)/pytest --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg notebooks

lab: $(DATABASE)
	$(BIN)/jupyter lab notebooks

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(DATABASE)
	$(BIN)/python -m benchmarks

requirements: .venv/installed
	$(BIN)/uv pip compile --universal --all-extras --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.txt pyproject.toml

$(DATABASE): $(INPUTS) .venv/installed
	$(BIN)/barometer ingest

.venv/installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
