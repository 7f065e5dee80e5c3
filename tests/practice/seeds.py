"""The cities of the tests: seeds and size."""

SEED, OTHER_SEED, RESIDENTS = 20261122, 5, 20_000
