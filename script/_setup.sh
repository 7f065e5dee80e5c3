# Shared by the scripts: a virtual environment with the locked dependencies. Sourced, not run.
# setup_environment base|dev   makes .venv if needed and installs requirements/<name>.txt when it changed.

say() { printf '%s\n' "$*" >&2; }

find_python() {
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$candidate"; return; fi
  done
  say "Python 3.11 or newer is needed. On Debian 12 or Ubuntu 24.04: apt-get install python3 python3-venv"
  return 1
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
  may_install || return 1
  say "installing from the system's packages: $*"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
}

make_venv() {
  local python
  python=$(find_python) || return 1
  "$python" -m venv .venv >/dev/null 2>&1 && return
  rm -rf .venv
  apt_install python3-venv && "$python" -m venv .venv && return
  say "Could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"
  return 1
}

setup_environment() {
  local lock="requirements/$1.txt" stamp=".venv/.installed-$1"
  [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || make_venv || return 1
  cmp -s "$lock" "$stamp" && return
  say "installing locked dependencies ($lock) …"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" || {
    say "Installing the dependencies failed. Without a network, see docs/how-to/install-offline.md."
    return 1
  }
  cp "$lock" "$stamp"
  # what the developers' lock holds includes the base
  [ "$1" = dev ] && cp requirements/base.txt .venv/.installed-base
  return 0
}
