# Every target does the set-up that it needs, so each of them works on a fresh machine.

PYTHON ?= python3
STAMP := .venv/.set-up

# The engine finds the provider, its own hosts and the right python3 on PATH.
demo test recording conformance conformance-mutants: export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test conformance conformance-mutants soak seeded lint schema sdk docs recording dist constraints clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || sed -n 's/^\([a-z-]*\):.*## /  \1: /p' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv with the package, its tools and the Pulumi engine
	@.venv/bin/python -m tools.engine
	@echo 'Ready: source .venv/bin/activate'

demo: setup ## Run the provider against the emulated clouds, from nothing to nothing
	@.venv/bin/python -m demo

test: setup ## Run all tests; ARGS='-k name' narrows them
	.venv/bin/pytest $(ARGS)

conformance: $(STAMP) ## Hold the plugin to the laws of Pulumi's protocol; ARGS='--only LAW' narrows them
	@.venv/bin/pulumi-provider-conformance --spec conformance/examples/mlworkbench.yaml --html conformance-report.html $(ARGS)

conformance-mutants: $(STAMP) ## Break the plugin in one way after the other, and see that the laws notice
	@.venv/bin/python -m conformance.tests.kill $(ARGS)

soak: $(STAMP) ## Run 20,000 random programs of stacks, colleagues and bad days; ARGS='--programs 1000 --seed 7'
	@.venv/bin/python -m tests.model.soak $(ARGS)

seeded: $(STAMP) ## Seed faults into the emulator and the client, and see that the witnesses notice; ARGS='--seed 2'
	@.venv/bin/python -m tests.witness.seeded $(ARGS)

lint: $(STAMP) ## Check style, types and the direction of imports
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

schema: $(STAMP) ## Write schema.json and the Python that is made from the declarations
	.venv/bin/python -m mlworkbench.hosts.generate

sdk: schema ## Generate the SDKs for Python, Node.js and Go from schema.json
	@.venv/bin/python -m tools.sdk

docs: schema ## Build the site of the documents in build/docs/site/
	@.venv/bin/python -m tools.documents

recording: setup ## Record the commands of the README in a real terminal, as docs/recording.svg
	@.venv/bin/python -m tools.record

dist: $(STAMP) ## Build wheels, the npm package and the plugin's archive in dist/
	@.venv/bin/python -m tools.distribution

constraints: $(STAMP) ## Pin the newest versions that fit pyproject.toml in constraints.txt
	.venv/bin/python -m tools.pins

clean: ## Remove all that was made here, except the engine in its cache
	rm -rf .venv conformance-report.html build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml conformance/pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo 'Python 3.11 or newer is needed, and there is no $(PYTHON). Name one: make $(or $(MAKECMDGOALS),setup) PYTHON=/path/to/python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make $(or $(MAKECMDGOALS),setup) PYTHON=/path/to/python3.12" >&2; exit 1; }
	@.venv/bin/python -c '' 2>/dev/null || { echo 'Making .venv and installing the package with its tools (a minute or less)'; rm -rf .venv; $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }; }
	@.venv/bin/pip install --quiet -c constraints.txt -e '.[emulator,dev]' -e ./conformance
	@touch $@
