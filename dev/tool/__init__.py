"""Developer tooling of l10n_nl_dunning: `make help` lists what it does."""
