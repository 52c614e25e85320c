# Everything is done on a fresh machine with Python 3.11 or later and make; see README.md.
PYTHON ?= python3
BIN := .venv/bin
DATABASE := build/barometer.duckdb
# What the database is made of: not the intake's proposal of a layout, nor what asks of the core.
INPUTS := data/export_layout.yaml data/exports data/reference $(wildcard data/exports/* data/reference/*) \
	src/analysis/core/taxonomy.yaml $(patsubst %,src/analysis/core/%.py,taxonomy yaml_file season database danish selection headings) \
	$(filter-out %/proposal.py %/synonyms.py,$(wildcard src/analysis/core/sql/*.sql src/analysis/intake/*.py src/analysis/intake/sql/*.sql))

# Where nothing may be kept of it, each program that is started compiles the libraries anew: 4 s.
export PYTHONDONTWRITEBYTECODE :=

# The last notebook takes longest, and would run alone at the end.
LAST_FIRST = $(shell ls -r notebooks/*.ipynb)

.PHONY: report test lab data lint bench notebooks requirements audit wheel
.DEFAULT_GOAL := report

report: $(DATABASE)
	$(BIN)/barometer report params/*.yaml

# Two at a time: the reports and what looks at them, and all else (see tests/conftest.py).
test: .venv/installed $(DATABASE) lint
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --nbval $(LAST_FIRST)

lab: .venv/lab $(DATABASE)
	$(BIN)/jupyter lab --ServerApp.root_dir=. notebooks/00_explore.ipynb

# Always anew: an export may be older than the database, or gone.
data: .venv/runs
	$(BIN)/barometer ingest

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

bench: .venv/installed $(DATABASE)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/filtering.py
	$(BIN)/python benchmarks/simulation.py
	$(BIN)/python benchmarks/verdicts.py
	$(BIN)/python benchmarks/effects.py
	$(BIN)/python benchmarks/late.py
	$(BIN)/python benchmarks/outlook.py
	$(BIN)/python benchmarks/signals.py
	$(BIN)/python benchmarks/farrington.py
	$(BIN)/python benchmarks/priorities.py
	$(BIN)/python benchmarks/checking.py
	$(BIN)/python benchmarks/public.py
	$(BIN)/python benchmarks/killing.py
	$(BIN)/pytest tests/intake/test_fates.py --hypothesis-profile=many

# Store the notebooks' outputs anew, as JupyterLab would and with a picture beside each chart.
notebooks: .venv/installed $(DATABASE)
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level WARN \
		--ExecutePreprocessor.record_timing=False \
		--NotebookExporter.preprocessors=analysis.show.stored.on_store notebooks/*.ipynb

# All of it, and of the same versions what runs, and what draws PDF or JupyterLab besides.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
requirements: .venv/installed
	$(COMPILE) --all-extras --output-file requirements.txt pyproject.toml
	$(COMPILE) --extra build --constraints requirements.txt \
		--output-file requirements/run.txt pyproject.toml
	for extra in pdf lab; do \
		$(COMPILE) --extra build --extra $$extra --constraints requirements.txt \
			--output-file requirements/$$extra.txt pyproject.toml || exit; \
	done

# The same bytes wherever and whenever it is built: its files are as old as the last commit.
wheel: .venv/installed
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m pip wheel --quiet \
		--disable-pip-version-check --no-deps --no-build-isolation --wheel-dir build .

# Every licence, and known weaknesses of what is installed, where they can be asked for: without
# --strict, which ends at the first package that cannot. One that is found ends this with 1.
AUDITED = import json; every = json.load(open("build/audit.json"))["dependencies"]; \
	asked = [one for one in every if "vulns" in one]; \
	[print(one["name"], one["version"], each["id"], "mended in", *each["fix_versions"]) \
		for one in asked for each in one["vulns"]]; \
	print(len(asked) or "NONE", "of", len(every), "packages could be asked about.")
audit: .venv/installed
	$(BIN)/pip-licenses --from=mixed --order=license
	@mkdir -p build
	@rm -f build/audit.json
	@$(BIN)/pip-audit --disable-pip --require-hashes --progress-spinner off \
		--format json --output build/audit.json -r requirements.txt; \
	code=$$?; test ! -f build/audit.json || $(BIN)/python -c '$(AUDITED)'; exit $$code

$(DATABASE): $(INPUTS) requirements/run.txt | .venv/runs
	$(BIN)/barometer ingest

# What is never imported need not be compiled.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.venv/runs: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes -r requirements/run.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	# Python's own, which nothing here uses: without it this is below 500 MB.
	$(BIN)/python -m pip uninstall --quiet --yes setuptools
	touch $@

.venv/lab: requirements/lab.txt .venv/runs
	$(INSTALL) --require-hashes -r requirements/lab.txt
	touch $@

.venv/installed: requirements.txt .venv/runs
	$(INSTALL) --require-hashes -r requirements.txt
	touch $@
