# Sourced by demo.sh and test.sh: makes .venv and installs Huashu into it. Usage: setup_huashu EXTRAS
# Leaves $PY pointing at the environment's Python.

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

debian_install() {
    # $@: packages. Works as root or with sudo on Debian and its relatives; otherwise says what to do.
    if ! command -v apt-get >/dev/null 2>&1; then
        say "Please install: $*"
        return 1
    fi
    runner=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || { say "Please install as root: apt-get install $*"; return 1; }
        runner="sudo"
    fi
    $runner apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive $runner apt-get install -y -qq "$@" >/dev/null
}

setup_huashu() {
    extras="$1"
    python=$(find_python) || { debian_install python3 python3-venv && python=$(find_python); } || {
        say "Huashu needs Python 3.11 or newer."
        exit 1
    }
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        say "Installing python3-venv …"
        debian_install python3-venv || exit 1
    fi
    if [ ! -x .venv/bin/python ]; then
        "$python" -m venv .venv || exit 1
    fi
    PY="$PWD/.venv/bin/python"
    stamp=".venv/.huashu-$(echo "$extras" | tr ',' '-')"
    if [ ! -f "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
        say "Installing Huashu and what it needs into .venv (about a minute the first time) …"
        "$PY" -m pip install --quiet --disable-pip-version-check --editable ".[$extras]" 2>.venv/pip.log || {
            cat .venv/pip.log >&2
            exit 1
        }
        touch "$stamp"
    fi
}
