# Two commands are enough: `make demo` shows what Schakel does, `make test` checks all of it.
PYTHON3 ?= python3
RUN := .venv/bin
.DEFAULT_GOAL := help

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

.venv/.ready: requirements.lock pyproject.toml tools/bootstrap.py
	$(PYTHON3) tools/bootstrap.py

demo: .venv/.ready  ## Schakel with a made-up municipality, on this machine; Ctrl-C stops it
	SCHAKEL_DEMO=yes SCHAKEL_DATA=$${SCHAKEL_DATA:-demo-output/web} $(RUN)/schakel-web demo

report: .venv/.ready  ## a file of made-up signals, its patterns, and the report: the command line only
	$(RUN)/python tools/report.py

test: lint  ## all checks: within 20 minutes on two cores
	$(RUN)/pytest -n 2
	$(RUN)/python -m tools.postgres --if-present $(RUN)/pytest -n 2 tests/web

check: lint  ## all checks but those in a browser and on many processes
	$(RUN)/pytest -n 2 -m "not browser" --ignore tests/library/test_national.py

lint: .venv/.ready  ## style, types, direction of the house, documentation up to date
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/python -m docs.generate --check
	$(RUN)/python -m tools.messages --check

docs: .venv/.ready  ## write the pages that follow from code, tests and figures
	$(RUN)/python -m docs.generate

messages: .venv/.ready  ## collect the Dutch sentences of the application, and compile their English
	$(RUN)/python -m tools.messages

screenshots: .venv/.ready  ## pictures of the main pages, from the demonstration
	$(RUN)/python -m tools.screenshots

study: .venv/.ready  ## long simulations; their figures are committed
	$(RUN)/python -m studies.detection 1000
	$(RUN)/python -m studies.chance 500
	$(RUN)/python -m studies.tail
	$(RUN)/python -m studies.redaction
	$(RUN)/python -m studies.themes
	$(RUN)/python -m studies.disclosure
	$(RUN)/python -m studies.provisions
	$(RUN)/python -m studies.search

bench: .venv/.ready  ## speed and memory, as ratios within one run
	for room in detection redaction themes synthetic disclosure arrangements io national provisions; do $(RUN)/python -m benchmarks.$$room; done
	for what in pages alone background; do $(RUN)/python -m benchmarks.web $$what --folder .benchmark; done

lock: .venv/.ready  ## choose the versions of all dependencies anew
	$(RUN)/uv pip compile pyproject.toml --group dev --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade --quiet --output-file requirements.lock

clean:  ## everything that can be made again
	rm -rf .venv demo-output build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help demo report test check lint docs messages screenshots study bench lock clean
