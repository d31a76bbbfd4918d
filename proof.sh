#!/bin/sh
# Long proofs, apart from the tests: random values round trip, kill -9 at many points. Figures are kept in bench/README.md.
set -eu
cd "$(dirname "$0")"
. tools/setup.sh
setup_huashu dev,espeak
for proof in bench/proof_*.py; do
    echo "== $proof"
    "$PY" "$proof"
done
