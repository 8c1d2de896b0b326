# Two commands: `make site` builds and verifies the whole site, `make test` runs what CI runs.
.PHONY: site test serve lock fuzz clean
.DEFAULT_GOAL := site

site:
	@scripts/setup.sh site
	@scripts/site.sh

test:
	@scripts/setup.sh test
	@scripts/test.sh

# Builds again whenever a page, a record, an issuer or an achievement changes.
serve:
	@scripts/setup.sh site
	@.venv/bin/mkdocs serve

# The long form of the property tests; `make test` runs a short one.
fuzz:
	@scripts/setup.sh test
	@HYPOTHESIS_PROFILE=long .venv/bin/pytest -q $$(grep -l "hypothesis\|HYPOTHESIS" tests/test_*.py)

lock:
	@scripts/lock.sh

clean:
	@rm -rf .venv node_modules site build dist
