# A thin front: meson builds, the scripts in tools/ and tests/ do the work.
.DEFAULT_GOAL := build
.PHONY: build run test test-all bench faults fuzz mutants image clean help

build: ## build/udcg (installs what is missing by apt)
	@tools/install-packages build
	@test -e build/build.ninja || meson setup build
	@ninja -C build

run: build ## serve data/timeline.json on port 8080 (UDCG_LISTEN and the other variables apply)
	@UDCG_TIMELINE=$${UDCG_TIMELINE:-data/timeline.json} exec build/udcg serve

test: ## everything that fits into ten minutes; one stage: tools/run-tests STAGE
	@tools/install-packages build test
	@tools/run-tests

test-all: ## the long runs, too
	@tools/install-packages build test
	@tools/run-tests --all

bench: build ## how fast, beside nginx, fastify and bare SQLite; some groups only: BENCH="cached lists"
	@tools/install-packages bench
	@tests/bench/bench.py $(BENCH)

faults: ## every way to an allocation failed, system calls, kills, full disks, damaged files: an hour
	@tools/install-packages build test
	@tools/run-tests build faults-long

fuzz: ## search for inputs that break us, FUZZ_SECONDS (60) a target, and count the lines reached
	@tools/install-packages build test fuzz
	@tools/fuzz

mutants: ## seed faults one at a time; each must turn a test red
	@tools/install-packages build test
	@tests/mutants/run

image: ## the container image, with docker, podman or buildah, and try it out
	@tools/image

clean: ## forget every build
	rm -rf build build-*

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
