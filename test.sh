#!/bin/sh
# Set up and run the tests. Further arguments go to pytest: sh test.sh tests/dialogue -q
set -eu
cd "$(dirname "$0")"
. tools/setup.sh
setup_huashu dev,espeak
# A file at a time to every processor: tests wait much (servers, browsers, sound in real time). `-n 0`: one process.
exec "$PY" -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder "$@"
