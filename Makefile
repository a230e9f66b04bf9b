# The menu of habits. Every target is one line; what is longer is a script in deploy/dev/.

# Outside the checkout, so that several checkouts share what they compile.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/konveksi/target
KONVEKSI := .konveksi/bin/konveksi

.DEFAULT_GOAL := help
.PHONY: help setup run demo seed status logs stop reset check test lint tidy fmt fmt-check deny openapi proto db-schema snapshots adr change sabotage bench chaos images doctor

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: ## the tools and the commit hook
	@deploy/dev/preflight && deploy/dev/install-servers && git config core.hooksPath .githooks

run: ## the whole system, on private servers; Ctrl-C ends it
	@deploy/dev/run

demo: ## one order's whole life, told step by step, against a running system
	@$(KONVEKSI) demo

seed: ## a story: orders in every state, into a running system; sends no message
	@$(KONVEKSI) seed

status: ## what runs, and where
	@$(KONVEKSI) status

logs: ## the logs; S=order shows one service's
	@$(KONVEKSI) logs $(S)

stop: ## end what `make run` started
	@$(KONVEKSI) stop

reset: ## end it and remove its data
	@$(KONVEKSI) reset

doctor: ## what is wrong with this machine or this run, and how to mend it
	@$(KONVEKSI) doctor

check: ## clippy and the unit tests, while writing
	@cargo clippy --workspace --all-targets && cargo test --workspace --lib

test: ## every test, on throw-away servers
	@deploy/dev/test

lint: fmt-check ## form, clippy, layers
	@cargo clippy --workspace --all-targets --features konveksi-cli/test-clock -- -D warnings && $(MAKE) --no-print-directory tidy

tidy: ## layers, arrows, headers, names
	@cargo test --quiet --package konveksi-tidy

fmt: ## format
	@cargo fmt --all

fmt-check: ## is it formatted?
	@cargo fmt --all --check

bench: ## figures against the yardsticks, into docs/benchmarks.md
	@deploy/dev/bench

chaos: ## random lives of orders' money, new ones each round, for M minutes (10)
	@deploy/dev/chaos $(M)

images: ## a container image of every part (needs Docker)
	@deploy/dev/images

sabotage: ## takes each safeguard out and expects its named test to fail; N=name tries one
	@deploy/dev/sabotage $(N)

deny: ## licences, bans, sources of dependencies (needs `cargo install cargo-deny`)
	@cargo deny --offline check bans licenses sources

openapi: ## writes each openapi.json from the handlers
	@REGENERATE=1 deploy/dev/test openapi

proto: ## writes the generated Rust of proto/
	@REGENERATE=1 cargo test --quiet --workspace --test generated --test contract

db-schema: ## writes the dump of every schema
	@REGENERATE=1 deploy/dev/test db_schema

snapshots: ## shows snapshots that differ, then accepts them
	@deploy/dev/snapshots

adr: ## a new decision: make adr T="outbox in each service"
	@deploy/dev/adr "$(T)"

change: ## a line for the change log: make change K=added T="..."
	@deploy/dev/change "$(K)" "$(T)"
