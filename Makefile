# Jackdaw: what can be done with this repository. `make` tells.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# the machine's own Node may be too old: npm ci brings one, which comes first
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

STATE := $(or $(CLUSTER_STATE),/var/tmp/testcluster)
sources = $(shell find src -type f ! -name '*.test.ts' 2>/dev/null)

.PHONY: help
help: ## tells what there is (the default)
	@awk -F ':.*## ' '/^[-a-z0-9]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: node_modules/.package-lock.json ## brings the npm packages and Node 24, where they are missing or old

node_modules/.package-lock.json: package-lock.json package.json
	@command -v npm >/dev/null || { echo "make install: npm is missing: install Node.js 20 or later" >&2; exit 1; }
	npm ci --no-progress
	@touch $@

.PHONY: test
test: install ## lint, types, unused code, unit and contract tests; ends with "N passed, N failed"
	npm run --silent lint
	npm run --silent types
	npm run --silent unused
	npm run --silent unit

.PHONY: build
build: dist/main.mjs ## the operator in one bundle: dist/main.mjs

dist/main.mjs: node_modules/.package-lock.json build.mjs $(sources)
	npm run --silent build
	@touch $@

.PHONY: manifests
manifests: install ## writes manifests/crds.yaml and docs/kinds.md from the kinds in src
	npm run --silent manifests

.PHONY: image
image: dist/main.mjs cluster ## the operator's image for the test cluster
	@test/cluster/operator-image

.PHONY: cluster
cluster: ## builds what the test cluster runs: Kubernetes, etcd, CoreDNS and the Ceph images (10 minutes the first time)
	@test/cluster/build

.PHONY: e2e
e2e: image ## end-to-end tests with real Kubernetes and real Ceph on this machine; T=one-node runs one file of test/e2e
	@trap 'test/cluster/cluster down --purge' EXIT; npm run --silent e2e -- $(T)

.PHONY: e2e-all
e2e-all: image ## every end-to-end test, those of test/e2e/long too, and a table of the time that each case took
	@trap 'test/cluster/cluster down --purge' EXIT; npm run --silent e2e-all -- $(T)

.PHONY: demo
demo: dist/main.mjs ## a simulated cluster and the operator at work on it, with nothing but Node; ARGS="--nodes 100 --osds-per-node 10", ARGS=--once
	@exec node dist/main.mjs demo $(ARGS)

crash_sources = $(wildcard test/crash/*.ts test/crash/workloads/*.ts test/crash/*.mjs)

build/crash.mjs build/properties.mjs build/write-golden.mjs: build/%.mjs: dist/main.mjs $(crash_sources)
	@node test/support/bundle.mjs test/crash/$*.ts $@

.PHONY: golden
golden: build/write-golden.mjs ## writes test/builders/golden, the objects that builders make, and test/crash/golden, the ends that plans are compared with; ARGS=create-client: the ends of these workloads only
	@$(if $(ARGS),,npm run --silent golden-objects)
	@node --enable-source-maps build/write-golden.mjs $(ARGS)

.PHONY: crash
crash: build/crash.mjs build/properties.mjs ## every crash plan, then properties; ARGS="create-3-mons write:kill:17" repeats one plan; EVERY=4: of told changes and answers one in four; SHARE=4: one in four of all
	@node --enable-source-maps build/crash.mjs $(ARGS) $(if $(EVERY),--every=$(EVERY)) $(if $(SHARE),--share=$(SHARE))
	@$(if $(ARGS),,node --enable-source-maps build/properties.mjs --runs 150 --seed 20261123)

.PHONY: properties
properties: build/properties.mjs ## any row of edits, kills and losses ends well; ARGS="--runs 1000", ARGS="--seed S --path P"
	@node --enable-source-maps build/properties.mjs $(ARGS)

.PHONY: mutants
mutants: install ## puts known faults into the operator and the harness, one at a time, and tells what catches each; ARGS=password: some of them
	@node test/crash/mutants.mjs $(ARGS)

.PHONY: up
up: image ## leaves a 3-node Kubernetes running, with the operator and a Ready CephCluster
	@node --disable-warning=ExperimentalWarning test/up.ts

.PHONY: down
down: ## ends what `up` started and removes all it had, except what `cluster` and `image` built
	@test/cluster/cluster down --purge

.PHONY: run
run: dist/main.mjs ## runs the operator outside the cluster, with the current context or KUBECONFIG=…
	@exec node dist/main.mjs operator

.PHONY: bench
bench: image ## measures bring-up, a restart and rest on 3 nodes; prints the numbers beside Rook's
	@trap 'test/cluster/cluster down --purge' EXIT; node --disable-warning=ExperimentalWarning test/bench/bring-up.ts

.PHONY: record-openapi
record-openapi: cluster install ## records what built-in kinds look like, from a running API server (KUBECONFIG, or a test cluster that is started for it)
	@node test/support/bundle.mjs test/support/record-openapi.ts build/openapi/bin/record.mjs && node --enable-source-maps build/openapi/bin/record.mjs

.PHONY: trace
trace: cluster install ## records a real bring-up into test/trace, against which the simulated Ceph is checked
	@node test/support/bundle.mjs test/trace/record.ts build/trace/bin/record.mjs && node --enable-source-maps build/trace/bin/record.mjs

.PHONY: record-ceph
record-ceph: cluster ## records the commands and options of both Cephs, against which the simulated one is checked
	@for ceph in sid:20.2.4 trixie:18.2.7; do \
	  test/cluster/ceph-alone $${ceph%:*} python3 -c "$$(cat test/ceph-facts/record.py)" >build/ceph-facts 2>build/ceph-facts.log || { tail -5 build/ceph-facts.log >&2; exit 1; }; \
	  cp build/ceph-facts src/simceph/facts/$${ceph#*:}.txt; done
	@wc -l src/simceph/facts/*.txt
