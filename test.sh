#!/bin/sh
# Set up and run the tests. Further arguments go to pytest: sh test.sh tests/dialogue -q
set -eu
cd "$(dirname "$0")"
. tools/setup.sh
setup_huashu dev,espeak
exec "$PY" -m pytest "$@"
