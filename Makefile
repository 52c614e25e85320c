# Everything is done on a fresh machine with Python 3.11 or later and make; see README.md.
PYTHON ?= python3
BIN := .venv/bin
DATABASE := build/barometer.duckdb
# What the database is made of: not the intake's proposal of a layout, nor what asks of the core.
INPUTS := data/export_layout.yaml data/exports data/reference $(wildcard data/exports/* data/reference/*) \
	src/analysis/core/taxonomy.yaml $(patsubst %,src/analysis/core/%.py,taxonomy yaml_file season database danish selection headings) \
	$(filter-out %/proposal.py %/synonyms.py,$(wildcard src/analysis/core/sql/*.sql src/analysis/intake/*.py src/analysis/intake/sql/*.sql))

# Processors that add in another order each; what one of them writes, the others must.
NBVAL := nbval-Prescott nbval-SkylakeX nbval-Haswell

.PHONY: report test lab data lint bench notebooks requirements $(NBVAL)
.DEFAULT_GOAL := report

report: $(DATABASE)
	$(BIN)/barometer report params/*.yaml

# Two at a time: the reports and what looks at them, and all else (see tests/conftest.py).
test: $(DATABASE) lint
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder
	$(MAKE) $(NBVAL)

# The notebooks with the linear algebra of a processor, unless this one lacks its instructions (132).
$(NBVAL): nbval-%: $(DATABASE)
	@export OPENBLAS_CORETYPE=$*; $(BIN)/python -c "import numpy; numpy.eye(99) @ numpy.eye(99)"; \
	case $$? in \
		0) echo "Notebooks on $*"; $(BIN)/pytest -n 2 --dist loadfile --nbval notebooks ;; \
		132) echo "Notebooks on $*: left out, since this processor cannot run it" ;; \
		*) exit 1 ;; \
	esac

lab: $(DATABASE)
	$(BIN)/jupyter lab --ServerApp.root_dir=. notebooks/00_explore.ipynb

# Always anew: an export may be older than the database, or gone.
data: .venv/installed
	$(BIN)/barometer ingest

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

bench: $(DATABASE)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/filtering.py
	$(BIN)/python benchmarks/outlook.py
	$(BIN)/python benchmarks/signals.py
	$(BIN)/python benchmarks/priorities.py
	$(BIN)/python benchmarks/checking.py

# Store the notebooks' outputs anew, as JupyterLab would and with a picture beside each chart.
notebooks: $(DATABASE)
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level WARN \
		--ExecutePreprocessor.record_timing=False \
		--NotebookExporter.preprocessors=analysis.show.stored.on_store notebooks/*.ipynb

requirements: .venv/installed
	$(BIN)/uv pip compile --quiet --universal --all-extras --python-version 3.11 \
		--generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
		--output-file requirements.txt pyproject.toml

$(DATABASE): $(INPUTS) requirements.txt | .venv/installed
	$(BIN)/barometer ingest

.venv/installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	touch $@
