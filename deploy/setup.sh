#!/usr/bin/env bash
# Sets this checkout up: .venv from a hash-pinned lock, a browser, a Redis server; with --tests also what the tests
# need, with --tools only the Python part. Says first what is missing and where it will go; does nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-run}
lock=requirements.lock
case "$mode" in
    run) ;;
    --tests | --tools) lock=requirements-dev.lock ;;
    *) echo "usage: deploy/setup.sh [--tests|--tools]" >&2; exit 2 ;;
esac
packages=()   # what apt is asked for
wants_browser="" wants_redis="" wants_python=""

say() { printf '%s\n' "$*"; }
stop() { printf '\nSet-up stopped: %s\n' "$1" >&2; shift; [ $# -eq 0 ] || printf '  %s\n' "$@" >&2; exit 1; }

# --- Python -----------------------------------------------------------------------------------------------------

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${MTA_PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        command -v "$candidate" >/dev/null && new_enough "$candidate" && { command -v "$candidate"; return; }
    done
    stop "MTA needs Python 3.11 or newer, and this machine has $(python3 --version 2>&1 || echo none)." \
        "Debian 12 or newer, Ubuntu 24.04 or newer:  apt-get install python3 python3-venv" \
        "Ubuntu 22.04:  apt-get install python3.11 python3.11-venv" \
        "A Python somewhere else:  make setup MTA_PYTHON=/path/to/python3"
}

check_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    local version
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    stop "$1 (Python $version) lacks its venv module." \
        "Debian and Ubuntu:  apt-get install python$version-venv" "Then run the same command again."
}

stamp_key() {
    # Moving the folder breaks the paths inside .venv, so the path is part of the key.
    { pwd; .venv/bin/python --version; cat "$1" pyproject.toml deploy/setup.sh; } 2>&1 | sha256sum
}

python_ready() {
    [ -x .venv/bin/python ] && [ -x .venv/bin/mta ] || return 1
    [ "$(cat ".venv/setup-$lock" 2>/dev/null)" = "$(stamp_key "$lock")" ]
}

pip_install() {
    .venv/bin/python -m pip install --no-input --disable-pip-version-check --progress-bar off "$@" \
        >.venv/setup.log 2>&1 && return
    grep -v '^WARNING: Location' .venv/setup.log | tail -n 15 >&2
    stop "pip could not install the Python packages (its last lines are above, all of them in .venv/setup.log)." \
        "Usual reasons: no network, a proxy pip was not told of (PIP_PROXY), certificates it does not know (PIP_CERT)."
}

venv_usable() { # not half made, not of an older Python, not moved here from another folder
    { [ -x .venv/bin/python ] && new_enough .venv/bin/python && .venv/bin/python -m pip --version; } >/dev/null 2>&1 &&
        { [ ! -e .venv/bin/mta ] || head -n 1 .venv/bin/mta | grep -qF "$PWD/.venv/bin/"; }
}

make_venv() {
    local python
    python=$(find_python)
    check_venv_module "$python"
    "$python" -m venv --clear .venv
}

install_python() {
    venv_usable || make_venv
    say "Installing $(grep -c == "$lock") Python packages of $lock into .venv; the first time takes about a minute ..."
    # The lock is complete. Letting pip look for dependencies again makes it stumble over a release newer than the lock
    # wherever a package is asked for with an extra (coverage[toml]).
    pip_install --require-hashes --no-deps -r "$lock"
    pip_install --no-build-isolation --no-deps -e .
    stamp_key "$lock" >".venv/setup-$lock"
    # The development lock holds everything of the other one, in the same versions.
    stamp_key requirements.lock >.venv/setup-requirements.lock
}

# --- Browser, Redis, PostgreSQL, Dovecot ------------------------------------------------------------------------

setting() { # an MTA_ variable, from the environment or .env
    local value=${!1:-}
    [ -n "$value" ] || value=$(sed -n "s/^$1=//p" .env 2>/dev/null | tail -n 1 | tr -d "\"'\r")
    printf '%s' "$value"
}

playwright_browsers() {
    local root=${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}
    compgen -G "$root/chromium_headless_shell-*/*/*headless*shell" || compgen -G "$root/chromium-*/chrome-linux*/chrome" || true
}

answers() {
    # Ubuntu's chromium-browser is a door to a snap, whose confinement does not let Playwright drive it.
    [ -x "$1" ] && ! readlink -f "$1" | grep -qE '/snap(/|$)' && ! head -c 4000 "$1" | grep -aq /snap/ &&
        timeout 20 "$1" --version >/dev/null 2>&1 </dev/null
}

find_browser() {
    local chosen candidate
    chosen=$(setting MTA_BROWSER_PATH)
    if [ -n "$chosen" ]; then
        answers "$chosen" && { say "$chosen"; return; }
        stop "MTA_BROWSER_PATH names $chosen, which is not a browser that starts." "Correct it or remove it."
    fi
    while read -r candidate; do
        [ -n "$candidate" ] && answers "$candidate" && { say "$candidate"; return; }
    done < <(
        playwright_browsers
        printf '/usr/lib/chromium/%s\n' chromium-headless-shell chromium
        type -P chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome || true
    )
    return 1
}

find_redis() { type -P redis-server || type -P valkey-server; }
find_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' || type -P initdb; }
find_dovecot() { compgen -G '/usr/lib/dovecot/imap-login' || compgen -G '/usr/libexec/dovecot/imap-login'; }

# --- What is missing, said before anything is done --------------------------------------------------------------

take_stock() {
    python_ready || wants_python=yes
    [ "$mode" = --tools ] && return
    find_browser >/dev/null || wants_browser=yes
    if ! find_redis >/dev/null && { [ "$mode" = --tests ] || [ -z "$(setting MTA_REDIS_URL)" ]; }; then
        wants_redis=yes
        packages+=(redis-server)
    fi
    [ "$mode" = --tests ] || return 0
    find_postgres >/dev/null || packages+=(postgresql)
    find_dovecot >/dev/null || packages+=(dovecot-imapd)
}

announce() {
    say "Setting up MTA in $PWD. Missing, and where it will go:"
    [ -z "$wants_python" ] || say "  Python packages  -> $PWD/.venv, by pip, each checked against the hash in $lock"
    [ -z "$wants_browser" ] || say "  a browser        -> the system, by apt-get (chromium-headless-shell, two fonts)" \
        $'\n'"                      where apt has no Chromium: Playwright's, into ${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"
    [ -z "$wants_redis" ] || say "  a Redis server   -> the system, by apt-get; its system service is left off, MTA runs its own"
    case " ${packages[*]-} " in
        *" postgresql "*) say "  PostgreSQL       -> the system, by apt-get, for the tests; its system service is left off" ;;
    esac
    case " ${packages[*]-} " in
        *" dovecot-imapd "*) say "  Dovecot          -> the system, by apt-get, for the tests; its system service is left off" ;;
    esac
}

# --- apt --------------------------------------------------------------------------------------------------------

is_root() { [ "$(id -u)" = 0 ]; }
as_root() { if is_root; then "$@"; else sudo "$@"; fi; }
may_become_root() { is_root || { type -P sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }; }
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" >.venv/apt.log 2>&1 </dev/null
}

by_hand() {
    local lacking=(${wants_browser:+chromium-headless-shell} ${packages[@]+"${packages[@]}"})
    stop "$1, and this is still to be installed: ${lacking[*]}" \
        "Have somebody who may install it do so:  apt-get install ${lacking[*]}" \
        "A browser without any rights:  deploy/setup.sh --tools && .venv/bin/playwright install chromium-headless-shell" \
        "Or use what is there:  MTA_BROWSER_PATH=/path/to/chromium  MTA_REDIS_URL=redis://host:6379/0" \
        "Then run the same command again."
}

check_apt() {
    [ -n "$wants_browser$wants_redis${packages[*]-}" ] || return 0
    type -P apt-get >/dev/null || by_hand "There is no apt-get here"
    may_become_root || by_hand "You are not root and cannot use sudo without being asked for a password"
}

candidate() { # does apt have it, as a real package and not as a door to a snap?
    local version
    version=$(LC_ALL=C apt-cache policy "$1" | awk '/Candidate:/ {print $2}')
    case "$version" in "" | "(none)" | *snap*) return 1 ;; esac
}

policy=/usr/sbin/policy-rc.d

hold_services() {
    # Debian starts a server as soon as it is installed, unless this file says no. It goes away again below.
    [ -e $policy ] && return
    trap 'as_root rm -f $policy' EXIT
    # shellcheck disable=SC2016  # $1 is the policy's own argument
    printf '#!/bin/sh\ncase "$1" in redis*|valkey*|postgresql*|dovecot*) exit 101 ;; esac\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
}

leave_services_off() {
    local service
    for service in redis-server valkey-server postgresql dovecot; do
        case " ${packages[*]}" in *" $service"*) as_root update-rc.d "$service" disable >/dev/null 2>&1 || true ;; esac
    done
}

choose_packages() {
    local name
    if [ -n "$wants_browser" ]; then
        for name in chromium-headless-shell chromium; do
            if candidate $name; then packages+=("$name" fonts-liberation fonts-dejavu-core); wants_browser=""; break; fi
        done
    fi
    if [ -n "$wants_redis" ] && ! candidate redis-server; then
        candidate valkey-server || stop "apt knows no redis-server." \
            "Ubuntu keeps it in the part called universe:  add-apt-repository universe && apt-get update" \
            "Or use a Redis you have:  MTA_REDIS_URL=redis://host:6379/0"
        packages=("${packages[@]/redis-server/valkey-server}")
    fi
}

install_system() {
    [ -n "$wants_browser$wants_redis${packages[*]-}" ] || return 0
    say "Reading apt's lists ..."
    apt update || say "  apt-get update failed; going on with the lists there are"
    choose_packages
    [ ${#packages[@]} -gt 0 ] || return 0
    say "apt-get install ${packages[*]} ..."
    hold_services
    if ! apt install -y --no-install-recommends "${packages[@]}"; then
        tail -n 15 .venv/apt.log >&2
        stop "apt-get could not install ${packages[*]} (its last lines are above, all of them in .venv/apt.log)." \
            "Mend that, then run the same command again."
    fi
    leave_services_off
}

install_playwright_browser() {
    [ -n "$wants_browser" ] || return 0
    say "apt has no Chromium here: fetching Playwright's, with the libraries it needs by apt ..."
    .venv/bin/python -m playwright install --with-deps chromium-headless-shell </dev/null ||
        stop "no browser could be installed." "Install Chromium or Google Chrome yourself and set MTA_BROWSER_PATH to it."
}

try_browser() { # the program's own search, with a real launch
    [ "$mode" = --tools ] || .venv/bin/python - "$(setting MTA_BROWSER_PATH)" <<'PY' || stop "see above."
import asyncio, pathlib, sys
from playwright.async_api import async_playwright
from browser_profiles.finding import find_browser
from core.errors import BrowserMissing

async def main(configured):
    async with async_playwright() as playwright:
        found = await find_browser(playwright, configured, "shell")
    print(f"Browser: {found.version}, {found.path or 'installed by Playwright'}")

try:
    asyncio.run(main(pathlib.Path(sys.argv[1]) if sys.argv[1] else None))
except BrowserMissing as error:
    sys.exit(f"{error}")
PY
}

take_stock
if [ -n "$wants_python$wants_browser$wants_redis${packages[*]-}" ]; then
    announce
    check_apt
    [ -z "$wants_python" ] || install_python
    install_system
    install_playwright_browser
    try_browser
    say "Set-up done."
fi
