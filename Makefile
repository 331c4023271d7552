# gatehouse: what one types. `make help` lists it.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# A crash under test must not wait at the backtracer's prompt.
export SWIFT_BACKTRACE = enable=no
# --static-swift-stdlib: starts in half the time and needs no Swift runtime beside it.
RELEASE = -c release --static-swift-stdlib
# What --version says beside the number; nothing where this is not a checkout.
COMMIT = $(shell git describe --always --dirty --abbrev=9 --exclude '*' 2>/dev/null)
BINARY = .build/release/gatehouse
PACKAGES = libncurses-dev libcurl4-openssl-dev libssl-dev libsqlite3-dev
TEST_PACKAGES = $(PACKAGES) tmux ncurses-term python3-venv mandoc codespell
DEB_PACKAGES = dpkg-dev lintian
INSTALLED = $(DESTDIR)$(PREFIX)
# Where each shell looks, below share: bash, zsh, fish.
COMPLETIONS = bash-completion/completions/gatehouse zsh/site-functions/_gatehouse \
  fish/vendor_completions.d/gatehouse.fish
PEERS = htop tig mc mutt less lnav ripgrep sqlite3 wrk time

.PHONY: help demo build test campaign test-receivers fuzz test-swift test-sdk test-docs manual check format bench bench-peers soak install stage uninstall deb packages test-packages clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

# Installs only what dpkg does not have, so that a machine without root but with everything works too.
define install_missing
	@missing=$$(for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "Installing" $$missing; \
	  sudo=$$([ $$(id -u) = 0 ] || echo sudo); \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

packages:
	$(call install_missing,$(PACKAGES))

test-packages:
	$(call install_missing,$(TEST_PACKAGES))

build: packages ## the release program, in .build/release/gatehouse
	GATEHOUSE_COMMIT=$(COMMIT) $(SWIFT) build $(RELEASE) --product gatehouse

demo: build ## build it and open the console on a sandbox with an example organization
	$(BINARY) demo

test: test-packages ## every test: units, stories, the terminal, the official SDK, the documentation
	$(MAKE) --no-print-directory check test-swift test-sdk test-docs

check: ## the layout of the sources
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format: ## settle the layout of the sources
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

test-swift: test-packages
	$(SWIFT) build --build-tests
	@# One at a time: many wait for child processes, and on two cores they would keep each other waiting.
	$(SWIFT) test --skip-build --no-parallel

campaign: test-packages ## an hour of faults, 200,000 activities, ten kill -9: nothing may be missing
	$(SWIFT) build --build-tests
	GATEHOUSE_CAMPAIGN=full $(SWIFT) test --skip-build --filter CampaignTests

test-receivers: test-packages ## forward to receivers that Debian has: rsyslog
	$(call install_missing,rsyslog)
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --filter ForwardTests

fuzz: test-packages ## random bytes for every parser, SECONDS each (600)
	Tests/Fuzz/run $(or $(SECONDS),600)

soak: test-packages ## an impatient person at the demo for MINUTES (30), while HOURS (120) pass there: memory and files stay flat
	$(SWIFT) build $(RELEASE) --product gatehouse
	Tests/Soak/run $(BINARY) --minutes $(or $(MINUTES),30) --hours $(or $(HOURS),120)

test-sdk: test-packages
	$(SWIFT) build --product gatehouse
	GATEHOUSE="$$($(SWIFT) build --show-bin-path)/gatehouse" Tests/SDK/run

test-docs: test-packages
	$(SWIFT) build --product gatehouse
	Tests/Documentation/run "$$($(SWIFT) build --show-bin-path)/gatehouse"

manual: test-packages ## renew what manual, guides and README take from the program, the picture too
	$(SWIFT) build --product gatehouse
	program="$$($(SWIFT) build --show-bin-path)/gatehouse"; cd Tests/Documentation; \
	./manual.py $$program --write; ./findings.py $$program --write; ./architecture.py --write; \
	./picture $$program ../../Sources/gatehouse/Documentation.docc/console.svg 3 $$(printf 'j %.0s' {1..13})

bench: build ## measure against floors and the peers that are installed; ONLY=screen,audit for a part
	GATEHOUSE_COMMIT=$(COMMIT) $(SWIFT) build $(RELEASE) --product bench
	Tests/Bench/run $(BINARY) $(if $(ONLY),--only $(ONLY)) --json .build-bench/figures.json

bench-peers: ## install the peers that bench measures against
	$(call install_missing,$(PEERS))
	[ -x .build-bench/bin/python ] || python3 -m venv .build-bench
	.build-bench/bin/python -m pip install --quiet --disable-pip-version-check pyte==0.8.2 detect-secrets==1.5.0

install: build ## the program, manual, completions and themes, into $(DESTDIR)$(PREFIX)
	$(MAKE) --no-print-directory stage

# What install does after building; BINARY may be another build.
stage:
	install -Dm755 -s $(BINARY) $(INSTALLED)/bin/gatehouse
	install -d $(addprefix $(INSTALLED)/share/,gatehouse/themes man/man1 $(dir $(COMPLETIONS)))
	install -m644 themes/*.toml $(INSTALLED)/share/gatehouse/themes/
	install -m644 Sources/gatehouse/Manual/*.1 $(INSTALLED)/share/man/man1/
	$(BINARY) completions bash >$(INSTALLED)/share/$(word 1,$(COMPLETIONS))
	$(BINARY) completions zsh >$(INSTALLED)/share/$(word 2,$(COMPLETIONS))
	$(BINARY) completions fish >$(INSTALLED)/share/$(word 3,$(COMPLETIONS))
	chmod 644 $(addprefix $(INSTALLED)/share/,$(COMPLETIONS))

uninstall: ## remove what install put there
	rm -f $(INSTALLED)/bin/gatehouse $(addprefix $(INSTALLED)/share/,$(COMPLETIONS)) \
	  $(addprefix $(INSTALLED)/share/man/man1/,$(notdir $(wildcard Sources/gatehouse/Manual/*.1)))
	rm -rf $(INSTALLED)/share/gatehouse

deb: build ## a Debian package in .build/
	$(call install_missing,$(DEB_PACKAGES))
	Sources/gatehouse/Packaging/deb $(BINARY)

clean: ## remove what was built
	rm -rf .build*
