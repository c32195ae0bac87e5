# Everything here sets up what it needs by itself and is quick the second time.
# Nothing but `make install` installs anything on the machine: npm packages go to node_modules/, what the lab needs goes to a cache.
.DEFAULT_GOAL := help
.PHONY: help setup build install uninstall demo test lint format types bench lab-kernel generate clean

# An ordinary variable, so that `make test ARGS=src/config` runs a part.
ARGS ?=

help:
	@echo 'make demo        rehearse the two articles and our answers to them on a real kernel (KEEP=1 keeps the report open)'
	@echo '                 WIFI=1: the first article alone, with Wi-Fi as real radios do it'
	@echo 'make test        every test; the last line is "N passed, N failed, N skipped"  (ARGS=src/rules for a part)'
	@echo 'make build       bundle src/ into dist/, so that bin/holdfast runs'
	@echo 'make install     put what was built onto this machine, as root: /usr/local (PREFIX=, DESTDIR=); make uninstall'
	@echo 'make lint        format, lint and type checks, without changing anything'
	@echo 'make format      put every file into its format'
	@echo 'make generate    write the generated files again (schema, option docs, README transcript)'
	@echo 'make bench       start-up, check and lab timings, side by side with the figures to beat'
	@echo 'make lab-kernel  build the lab kernel from Debian sources to the digest in assets/'
	@echo 'make clean       remove what building and rehearsing left here'

setup:
	@scripts/setup.sh

build: setup
	@node scripts/build.mjs

# Not `install: build`: what root installs was built by somebody else.
install:
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install.sh

uninstall:
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install.sh remove

demo: build
	@bin/holdfast demo $(if $(KEEP),--keep) $(if $(WIFI),--wifi) $(ARGS)

test: build
	@node_modules/.bin/vitest run $(ARGS)

types: setup
	@node_modules/.bin/tsc -p .

lint: setup types
	@node_modules/.bin/biome check .

format: setup
	@node_modules/.bin/biome check --write .

generate: build
	@npm run --silent generate

bench: build
	@node scripts/bench.mjs $(ARGS)

lab-kernel: setup
	@scripts/lab-kernel.sh

clean:
	rm -rf dist coverage rehearsal-report node_modules/.vite
