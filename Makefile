# Everything runs through dev/run, which finds the variables in the environment.

.DEFAULT_GOAL := help
.PHONY: help setup env demo run shell test bench bench-plans bench-workers faults lint format pot screenshots clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## a real Odoo 19, Python, PostgreSQL and wkhtmltopdf in a cache folder
	@dev/run setup

env: ## print the environment for work by hand, for eval
	@dev/run env

demo: ## demo database, one dunning round, letters in out/letters, a dossier in out/dossier, server (SERVE=0: none; RESET=1: anew)
	@dev/run demo

run: ## start the server on the demo database (PORT=8069)
	@dev/run serve

shell: ## Odoo shell on the demo database
	@dev/run shell

test: ## all tests on a real Odoo (TESTS=tests/test_x.py ARGS="-k word"; FAST=1: keep the database)
	@dev/run test

bench: ## measure on N generated invoices (N=20000; ONLY="plan propose"), see bench/README.md
	@dev/run bench

bench-plans: ## query plans of all lists and filters, into bench/plans (N=100000)
	@dev/run bench-plans

bench-workers: ## one and two processes work the same queue of letters (N=20000; LETTERS=400)
	@dev/run bench-workers

faults: ## workers killed at random moments, a mail server that refuses now and then (LETTERS=400; SEED=n: again)
	@dev/run faults

lint: ## ruff, pylint-odoo, OCA checks, prettier
	@dev/run lint

format: ## apply ruff's and prettier's format
	@dev/run format

pot: ## export i18n/l10n_nl_dunning.pot and bring i18n/nl.po up to date
	@dev/run pot

screenshots: ## make the pictures in static/description
	@dev/run screenshots

clean: ## stop the private database server, remove output and test databases
	@dev/run clean

distclean: ## remove the whole cache folder
	@dev/run distclean
