# Doorstep · 铁脚板. `make` alone lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The product never links C; only the race detector does.
export CGO_ENABLED := 0
# A checkout that belongs to somebody else (a container's mount) must build, too.
export GOFLAGS += -buildvcs=false

# Packages without a database, network or file: their tests take seconds.
PURE := ./domain/... ./sync/merge ./sync/policy ./sync/wire

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build the static binary ./doorstep
	go build -trimpath -o doorstep .

.PHONY: release
release: ## build the release into dist/: binary, SBOM, offline bundle, checksums; the same commit makes the same bytes
	.ci/release dist

.PHONY: release-check
release-check: ## try the release: two folders, install, systemd, chroot; vulnerabilities where GOVULNDB names a database
	.ci/release-check

.PHONY: demo
demo: ## serve the demo county, as `go run . demo` does
	go run . demo

.PHONY: check
check: ## the fast part, while working: style, architecture, pure Go packages, TypeScript
	@$(MAKE) --jobs 2 --output-sync=target gofmt typecheck staticcheck vet vitest arch pure

.PHONY: test
test: machine ## everything, as the continuous integration runs it; installs what a fresh Debian lacks
	@$(MAKE) --jobs 2 --output-sync=target look-go look-web
	@.ci/stage vitest        $(MAKE) vitest
	@.ci/stage pb-public     $(MAKE) pb-public
	@.ci/stage race          $(MAKE) race
	@.ci/stage fuzz          $(MAKE) fuzz
	@.ci/stage sim           $(MAKE) sim
	@.ci/stage browser       $(MAKE) browser

# What needs one processor each, or waits for the network, goes beside each other.
.PHONY: look-go look-web
look-go:
	@.ci/stage gofmt         $(MAKE) gofmt
	@.ci/stage vet           $(MAKE) vet
	@.ci/stage staticcheck   $(MAKE) staticcheck
look-web:
	@.ci/stage install-web   $(MAKE) install-web
	@.ci/stage typecheck     $(MAKE) typecheck

.PHONY: machine
machine: ## install the Debian packages that the tests need and the machine lacks
	@.ci/machine

.PHONY: install-web
install-web:
	cd web && npm ci --no-progress

# A stamp inside node_modules: `make check` fetches packages only when the lock file is newer.
web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-progress

.PHONY: gofmt
gofmt:
	@unformatted=$$(gofmt -l $$(find . -name '*.go' -not -path './web/node_modules/*')); \
	if [ -n "$$unformatted" ]; then echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; fi

.PHONY: vet
vet:
	go vet ./...

.PHONY: staticcheck
staticcheck:
	go tool staticcheck ./...

.PHONY: arch
arch:
	go test -run '^TestArch' .

.PHONY: pure
pure:
	go test -short $(PURE)

.PHONY: typecheck
typecheck: web/node_modules/.package-lock.json
	cd web && npm run --silent typecheck

.PHONY: vitest
vitest: web/node_modules/.package-lock.json
	cd web && npm run --silent test

.PHONY: pb-public
pb-public: web/node_modules/.package-lock.json ## rebuild both web apps and compare with the committed pb_public
	@.ci/pb-public

# The simulator's many seeds and the killed processes run without the race detector:
# it makes them many times slower and sees nothing in another process.
SLOW := ./sim/...

# The race detector watches our own packages and the library's concurrent ones (sync,
# net, database/sql, context …), not SQLite, PocketBase, decoders and hashes: those made
# every test four times slower, and no access of ours stands in them.
# province/consume, province/sums and province/sim have three JetStream servers in their process: with encoding
# unwatched the detector takes what they share through encoding/json's sync.Map for races. They run without.
UNWATCHED := modernc.org github.com golang.org encoding reflect regexp compress crypto bytes strings \
	strconv unicode fmt image math sort slices hash go text html
RACE := -race $(foreach p,$(UNWATCHED),'-gcflags=$(p)/...=-race=false')

.PHONY: race
race: ## every Go test under the race detector (needs gcc), a few seeds of the simulator
	CGO_ENABLED=1 go test $(RACE) -timeout 20m $$(go list ./... | grep -v -e '/sim' -e '/province/consume$$' -e '/province/sums$$')
	CGO_ENABLED=1 go test $(RACE) -timeout 20m ./sim -run '^TestSeeds' -seeds=8
	go test -timeout 20m -p 1 ./province/consume ./province/sums ./province/sim

# package:target:inputs. What a stranger's bytes reach first, and the kernel. By inputs and not
# by seconds: where the seconds run out, Go 1.26 may call that a failure (golang/go#75804).
FUZZED := sync/wire:FuzzDecode:40000 sync/wire:FuzzDecodeOp:40000 sync/engine:FuzzCursor:10000 \
	sync/uploads:FuzzUploadMetadata:20000 sync/merge:FuzzMerge:20000

.PHONY: fuzz
fuzz: ## each fuzz target from its corpus, some ten thousand inputs; TIMES=100 for as many times that
	@for one in $(FUZZED); do \
		IFS=: read -r package target inputs <<<"$$one"; \
		echo "$$package $$target"; \
		go test "./$$package" -run '^$$' -fuzz "^$$target$$" -fuzztime "$$((inputs * $(or $(TIMES),1)))x" -fuzzminimizetime 500x -parallel 2 | grep -v 'elapsed: [0-9]*s, gathering'; \
	done

.PHONY: sim
sim: ## the simulator's seeds and the killed processes
	go test -timeout 30m $(SLOW)

.PHONY: soak
soak: ## many seeds of the simulator, kills and power cuts; FIRST=1 SEEDS=20000 FAULTS=200
	$(MAKE) release-check
	go test -timeout 0 -v ./sim -run '^TestSeeds$$' -first=$(or $(FIRST),1) -seeds=$(or $(SEEDS),20000)
	go test -timeout 0 -v ./sim -run '^TestMutationsAreCaught$$' -mutations
	go test -timeout 0 -v ./sim/process -kills=$(or $(FAULTS),200) -cuts=$(or $(FAULTS),200)
	go test -timeout 0 -v ./sim/process -run PowerCut -mount=false -cuts=$(or $(FAULTS),200)
	$(MAKE) soak-backup
	$(MAKE) soak-litestream
	$(MAKE) soak-http
	$(MAKE) soak-acme
	$(MAKE) soak-upgrade
	$(MAKE) soak-province SEEDS=50

# Foreign programs of the slow tests, in a module of their own: an S3 server, and the
# continuous replication that docs/operations.md offers.
TOOLS := $(CURDIR)/backup/tools/bin

.PHONY: backup-tools
backup-tools:
	cd backup/tools && go build -o bin/ tool

.PHONY: acme-tools
acme-tools:
	cd front/tools && go build -o bin/ tool

.PHONY: soak-acme
soak-acme: acme-tools ## a certificate from a real ACME server (Pebble): had, kept over a restart, renewed
	go test -timeout 0 -v ./sim/process -run CertificateComes -pebble=$(CURDIR)/front/tools/bin/pebble

# Releases whose data are upgraded: the last one before records were encrypted, and the
# last one before anything lay sealed on the server's disk.
BEFORE := 8226766,ebf0631

.PHONY: soak-upgrade
soak-upgrade: ## data of earlier releases, brought up to date by a server that is killed again and again; FAULTS=20
	go test -timeout 0 -v ./sim/process -run AnUpgrade -upgrades=$(or $(FAULTS),20) -previous=$(BEFORE)

.PHONY: soak-backup
soak-backup: backup-tools ## backups against a real S3 server, the longest stall of a push meanwhile; the memory of the image guard
	go test -timeout 0 -v ./backup -run Bucket -versitygw=$(TOOLS)/versitygw
	go test -timeout 0 -run '^$$' -bench WhileABackup -benchtime 1x ./bench -args -backupdata $(or $(MB),500)
	go test -v ./photo -run 'Limit|TabletSends|Disguises|Endless' | grep -E 'MiB|^(ok|FAIL|---)'

.PHONY: soak-litestream
soak-litestream: backup-tools ## Litestream beside a server that is killed, with its disk gone: what of it is restored
	go test -timeout 0 -run '^$$' -bench Litestream -benchtime 1x ./bench -args -litestream $(TOOLS)/litestream

.PHONY: soak-http
soak-http: ## what a good client waits beside 1,000 connections that send a byte a second
	go test -timeout 0 -run '^$$' -bench SlowConnections -benchtime 1x ./bench -args -slow 1000

.PHONY: soak-province
soak-province: ## many seeds of twelve counties on a real stream and PostgreSQL, and all known mistakes; FIRST=1 SEEDS=50
	go test -timeout 0 -v ./province/sim -run '^TestSeeds$$' -first=$(or $(FIRST),1) -seeds=$(or $(SEEDS),50) -rounds=8
	go test -timeout 0 -v ./province/sim -run '^TestMutationsAreCaught$$' -mutations

.PHONY: traces
traces: ## write the golden traces of docs/vectors/traces anew, after a change of what the server answers
	go test ./sim -run '^TestGoldenTracesAreFresh$$' -update -v

.PHONY: bench
bench: bench/peers/node_modules/.package-lock.json ## against the peers and the limit, as ratios; LARGE=1000000 adds a large county
	go test -timeout 0 -run '^$$' -bench . -benchtime 1x ./bench $(if $(LARGE),-args -large $(LARGE))

.PHONY: bench-province
bench-province: ## the province's relay, readers, pushes and findings, as ratios; COUNTIES=150 adds the loading of that many (10 GB of disk, half an hour)
	go test -timeout 0 -run '^$$' -bench Province -benchtime 1x ./bench $(if $(COUNTIES),-args -province $(COUNTIES))

.PHONY: bench-web
bench-web: web/node_modules/.package-lock.json ## the tablet app on 5,000 households, against itself without encryption; ROUNDS=3 HOUSEHOLDS=5000
	HOUSEHOLDS=$(or $(HOUSEHOLDS),5000) ROUNDS=$(or $(ROUNDS),3) node bench/web/main.mjs

bench/peers/node_modules/.package-lock.json: bench/peers/package-lock.json
	cd bench/peers && npm ci --no-progress

.PHONY: browser
browser: web/node_modules/.package-lock.json ## the scenarios in Chromium; SCENARIO=name runs those whose file name holds it
	node e2e/run.mjs $(SCENARIO)

.PHONY: screenshots
screenshots: web/node_modules/.package-lock.json ## run the scenarios and replace the pictures of README.md
	DOORSTEP_PICTURES=1 node e2e/run.mjs
