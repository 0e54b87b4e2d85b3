# `make` alone lists what there is. Everything is installed into .venv, nothing anywhere else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVER := $(VENV)/server.stamp
DEV := $(VENV)/dev.stamp
GRPCURL := build/bin/grpcurl
GRPCURL_VERSION := v1.9.3
GHZ := build/bin/ghz
GHZ_VERSION := v0.121.0
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# Each command that the full tests need, and the package of Debian and Ubuntu that has it (Go and Rust: a recent one).
FULL_TOOLS := go:golang cargo:cargo npm:npm mvn:maven javac:openjdk-17-jdk g++:g++ cmake:cmake pkg-config:pkg-config protoc:protobuf-compiler \
	grpc_cpp_plugin:protobuf-compiler-grpc ruby:ruby php:php-cli mcs:mono-mcs chromium:chromium chromedriver:chromium-driver
require = command -v $(1) >/dev/null || { echo "make test-full needs $(1). On Debian and Ubuntu: apt install $(2)" >&2; exit 1; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-full check generate bench lock format clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '  %-16s %s\n' "$$name" "$$text"; done

demo: $(SERVER) ## set up, load the bundled pages, start the server, show live calls, run until Ctrl-C
	@$(BIN)/python examples/demo.py

test: check ## set up, check the code and the contract, run the tests
	$(BIN)/python -m pytest -m "not full"

test-full: $(DEV) $(GRPCURL) $(GHZ) ## run the tests that need more: the other languages' toolchains, a browser, a MediaWiki of their own
	@$(foreach tool,$(FULL_TOOLS),$(call require,$(firstword $(subst :, ,$(tool))),$(lastword $(subst :, ,$(tool))));)
	PATH="$(CURDIR)/build/bin:$$PATH" $(BIN)/python -m pytest -m full

check: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python proto/generate.py --check

generate: $(DEV) ## generate the stubs of all languages from the protos (needs Go, npm, cargo, Maven, protoc)
	$(BIN)/python proto/generate.py --all

bench: $(DEV) ## run the benchmarks and write their table into the README
	$(BIN)/python benchmarks/run.py --full

lock: $(DEV) ## pin the requirements anew
	for name in server native traces connect dev notebook; do \
		$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
			requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

format: $(DEV) ## format the code and repair what can be repaired
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## remove what was built, but not .venv
	rm -rf build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find server generated clients/python tests benchmarks examples proto -name __pycache__ -type d -prune -exec rm -rf {} +

# The package runs from this folder: a path file and a command do what an editable install does, without a build tool.
define set-up
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Wikifeed needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) --version). Wikifeed needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) can't make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) from $(1) (once, about a minute)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) -r $(1)
	@printf '%s\n' "$(CURDIR)/server" "$(CURDIR)/generated/python" "$(CURDIR)/clients/python/src" \
		> "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/wikifeed.pth"
	@printf '#!/bin/sh\nexec "%s" -m wikifeed_server.cli "$$@"\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/wikifeed
	@chmod +x $(BIN)/wikifeed
endef

$(SERVER): requirements/server.txt
	$(call set-up,$<)
	@touch $@

$(DEV): requirements/dev.txt
	$(call set-up,$<)
	@touch $(SERVER) $@

$(GRPCURL) $(GHZ):
	@$(call require,go,golang)
	GOBIN="$(CURDIR)/build/bin" go install $(if $(filter $(GHZ),$@),github.com/bojand/ghz/cmd/ghz@$(GHZ_VERSION),github.com/fullstorydev/grpcurl/cmd/grpcurl@$(GRPCURL_VERSION))
