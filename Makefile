# make demo     compare practices in a bundled place; set-up included
# make workshop the live page for trainers; set-up included (ARGS="--place colombia --language es")
# make test     the fast tests; set-up included (ARGS="-m slow": other ones; WORKERS=1: one process)
# make check    everything that must hold before a change lands
# make bench    how fast it is on this machine, against Mesa, mesa-frames, Starsim and its memory
#               (ARGS=--large: also a million people; ARGS=--help: all options)
# make lock     rewrite the lock files after a change of dependencies (ARGS=--upgrade for new versions)
# make clean    remove caches and builds; the environment stays
#
# PYTHON=/path/to/python3.12 chooses the Python of a new environment.

export PYTHON ?=
WORKERS ?= auto
bin := .venv/bin

.PHONY: demo workshop test check bench lock clean

demo:
	@scripts/setup runtime
	@$(bin)/parley compare --demo

workshop:
	@scripts/setup workshop
	@$(bin)/parley workshop $(ARGS)

test:
	@scripts/setup dev
	@$(bin)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check:
	@scripts/setup dev
	@scripts/check

bench:
	@scripts/setup dev
	@$(bin)/python benchmarks/bench.py $(ARGS)

lock:
	@scripts/lock $(ARGS)

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
