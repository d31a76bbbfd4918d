#!/bin/sh
# Set up and show the main job: a conversation in text, and a spoken call with its transcript and a WAV of both sides.
set -eu
cd "$(dirname "$0")"
. tools/setup.sh
setup_huashu espeak
exec "$PY" examples/demo.py "$@"
