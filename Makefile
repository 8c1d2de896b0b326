# Two commands: `make site` builds and verifies the whole site, `make test` runs what CI runs.
.PHONY: site test test-fast bench bench-page bench-short bench-baseline test-pythons lint format release-files campaigns fuzz faults histories serve pictures manual-pictures manual golden lock clean
.DEFAULT_GOAL := site

site:
	@scripts/setup.sh site
	@scripts/site.sh

# All that CI runs; K is an expression for pytest's -k, as in make test K=erase.
test:
	@scripts/setup.sh test
	@scripts/test.sh $(if $(K),-k "$(K)")

# What takes a minute: style, types and the tests of light files, those without a row in tests/budgets.py.
test-fast:
	@scripts/setup.sh test
	@scripts/lint.sh
	@.venv/bin/pytest -q --fast --numprocesses=2 --dist=loadfile --no-loadscope-reorder $(if $(K),-k "$(K)")

# Style and types of every language.
lint:
	@scripts/setup.sh test
	@scripts/lint.sh

# Python as ruff wants it: imports sorted, safe corrections made, lines broken.
format:
	@scripts/setup.sh test
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

# The release of the page after a change to its templates, sentences, styles or scripts: what verifiers know such pages by.
release-files:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.generate_claims
	@.venv/bin/python -m scripts.generate_release
	@node scripts/build-browser.mjs
	@.venv/bin/python -m scripts.generate_release
	@.venv/bin/python -m tests.verification_vectors

# Every long form: hours.
campaigns: fuzz histories faults

# The light tests, on every supported Python that this machine has.
test-pythons:
	@scripts/test-pythons.sh

# Builds again whenever a page, a record, an issuer or an achievement changes.
serve:
	@scripts/setup.sh site
	@.venv/bin/laurels serve

# The long form of the property tests; `make test` runs a short one.
fuzz:
	@scripts/setup.sh test
	@HYPOTHESIS_PROFILE=long .venv/bin/pytest -q $$(grep -l "hypothesis\|HYPOTHESIS\|tests.sampling" tests/test_*.py)

# Kills issue and build, or lets the disk fail, at every system call that changes a file; `make test` tries a sample. Needs strace.
faults:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.faults

# Random lives of credentials, many more than `make test` goes through.
histories:
	@scripts/setup.sh test
	@HISTORIES=3000 .venv/bin/pytest -q tests/test_histories.py

# Pictures of every kind of page, light, dark and printed, into build/pictures.
pictures:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.pictures

# The few of them that the README and the manual show.
manual-pictures:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.manual_pictures

# The parts of the manual that come from the code: fields, problems, figures, the picture of the package.
manual:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.generate_manual
	@.venv/bin/python -m scripts.generate_claims
	@.venv/bin/python -m scripts.draw_house

# The golden credentials of this release, which every later one must verify: written once, never again.
golden:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.golden

# The table of targets beside other programs, about twenty minutes, and the page about it; ONLY=1,8 measures those rows again.
bench:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.bench --page $(if $(ONLY),--only $(ONLY)) $(if $(N),--n $(N))

# The page alone, from build/bench.json.
bench-page:
	@.venv/bin/python -m scripts.bench.page

# Whether anything became slower than scripts/bench/baseline.json says; `make test` runs it, too.
bench-short:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.bench.short

# Stores today's speed as what `make bench-short` compares with: after something became faster.
bench-baseline:
	@scripts/setup.sh test
	@.venv/bin/python -m scripts.bench.short --store

lock:
	@scripts/lock.sh

clean:
	@rm -rf .venv node_modules site build dist
