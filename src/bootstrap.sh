#!/bin/sh
# Makes this checkout run and hands over to it: finds a Python and the system libraries (installing what is
# missing where that is allowed), puts the pinned packages into .venv, and starts Postil or the tests.
# A stamp in .venv says what was installed, so that a second run goes straight through.
set -eu

usage() {
    cat >&2 <<'END'
usage: sh src/bootstrap.sh build [arguments of postil build]
       sh src/bootstrap.sh test [arguments of pytest]

Works from any folder. The first run installs what is needed; paths stay relative to where you are.
END
    exit 2
}

say() {
    printf 'postil: %s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

# --- What is there ---------------------------------------------------------------------------------------

# A Python that can make virtual environments: its path in $python. One that cannot: its version in $bare.
# The base interpreter is asked for, because the one on the path may be .venv's own, or a wrapper.
find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        found=$("$name" -c 'if True:
            import sys
            if sys.version_info >= (3, 11):
                print("%d.%d" % sys.version_info[:2])
                import ensurepip, venv
                print(sys._base_executable)' 2>/dev/null) || :
        case $found in
            */*) python=${found#*"$newline"} && return ;;
            ?*) bare=${bare:-$found} ;;
        esac
    done
}

# Does WeasyPrint find its libraries?
has_pango() {
    "${python:-python$bare}" -I -S -c 'if True:
        import ctypes, sys
        ending = "dylib" if sys.platform == "darwin" else "so.0"
        for name in "gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz-subset":
            ctypes.CDLL(f"lib{name}.{ending}")' 2>/dev/null
}

# Is .venv whole enough to install into?
venv_works() {
    [ ! -e .venv/unfinished ] && .venv/bin/python -I -c 'if True:
        import pip, sys
        sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# A checksum of all that decides what .venv should hold, and where.
fingerprint() {
    {
        cat pyproject.toml src/constraints.txt src/constraints-test.txt src/bootstrap.sh .venv/pyvenv.cfg
        printf '%s\n' "$root"
        readlink -f .venv/bin/python
    } | cksum
}

# Was all of it installed, for this command? (What serves the tests serves a build.)
ready() {
    [ -f .venv/stamp ] && [ -x .venv/bin/python ] && [ -x .venv/bin/postil ] || return 1
    read -r purpose sum <.venv/stamp
    case $purpose in test | "$command") ;; *) return 1 ;; esac
    [ "$sum" = "$(fingerprint)" ]
}

# --- What is missing -------------------------------------------------------------------------------------

# The packages of one package manager that bring a need.
packages_for() {
    case $1:$2 in
        apt-get:python) if has python3; then echo python3.11 python3.11-venv; else echo python3 python3-venv; fi ;;
        apt-get:venv) echo "python$bare-venv" ;;
        apt-get:pango) echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ;;
        apt-get:java) echo default-jre-headless ;;
        apt-get:node) if has node; then echo npm; else echo nodejs npm; fi ;;
        dnf:python) if has python3; then echo python3.12; else echo python3; fi ;;
        dnf:venv) echo python3-libs ;;
        dnf:pango) echo pango harfbuzz ;;
        dnf:java) echo java-headless ;;
        brew:python | brew:venv) echo python@3.13 ;;
        brew:java) echo openjdk ;;
        brew:poppler) echo poppler ;;
        brew:node) echo node ;;
        *:node) echo nodejs npm ;;
        *:poppler) echo poppler-utils ;;
        *) echo "$2" ;; # named the same everywhere
    esac
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# The needs that are not met, in $missing.
survey() {
    missing='' python='' bare=''
    if ready || venv_works; then
        python=$root/.venv/bin/python
    else
        find_python
        [ -n "$python" ] || missing=${bare:+venv}
        [ -n "$python$bare" ] || missing=python
    fi
    { [ -n "$python$bare" ] && has_pango; } || missing="$missing pango"
    [ "$command" = test ] || return 0
    java -version >/dev/null 2>&1 || missing="$missing java"
    { has pdftoppm && has pdftotext; } || missing="$missing poppler"
    has qpdf || missing="$missing qpdf"
    { has node && has npm; } || missing="$missing node"
}

# Installs the missing, or says how to and stops.
provide() {
    for manager in apt-get dnf brew ''; do
        if has "$manager"; then break; fi
    done
    names=''
    for need in $missing; do
        names="$names $(packages_for "$manager" "$need")"
    done
    case $manager in
        apt-get) line="apt-get update; apt-get install -y --no-install-recommends$names" ;;
        dnf) line="dnf install -y$names" ;;
        brew) line="brew install$names" ;;
        *) say "please install, with your system's package manager:$names (Python 3.11 or newer)" && exit 2 ;;
    esac
    shell='sh -c'
    if [ "$manager" != brew ] && [ "$(id -u)" != 0 ]; then
        if has sudo && sudo -n true 2>/dev/null; then
            shell='sudo -n sh -c'
        else
            say "missing: ${missing# }. Please run this, then try again:"
            if has sudo; then shell='sudo sh -c'; else shell='su -c'; fi
            printf '\n    %s "%s"\n\n' "$shell" "$line" >&2
            exit 2
        fi
    fi
    say "installing with $manager:$names"
    log=$(mktemp)
    if ! $shell "export DEBIAN_FRONTEND=noninteractive; $line" </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "$manager could not install:$names"
    fi
    rm -f "$log"
    survey
    [ -z "$missing" ] || fail "still not found after installing:$names (needed: $missing)"
}

# --- Installing ------------------------------------------------------------------------------------------

pip_install() {
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_USER=0 .venv/bin/python -m pip install --quiet "$@" >&2 ||
        fail "the Python packages could not be installed; run this again when that is mended"
}

# What only the tests need of Node: it goes beside the Python packages, and no script of its own is run.
npm_install() {
    npm install --prefix .venv/npm --no-save --ignore-scripts --no-audit --no-fund --silent "$@" >&2 ||
        fail "the Node packages could not be installed; run this again when that is mended"
}

install() {
    if ! venv_works; then
        [ ! -e .venv ] || say "making .venv anew: it was left unfinished, or its Python is gone"
        rm -rf .venv
        mkdir .venv
        : >.venv/unfinished
        "$python" -m venv .venv >&2 || fail "$python could not make .venv"
    fi
    : >.venv/unfinished
    rm -f .venv/stamp
    say "installing the Python packages into .venv (once, a minute or so)"
    set -- -r src/constraints.txt
    [ "$command" = build ] || set -- "$@" -r src/constraints-test.txt
    pip_install --only-binary :all: --require-hashes "$@"
    pip_install --no-deps --no-build-isolation --editable .
    [ "$command" = build ] || npm_install "citeproc@$citeproc"
    printf '%s %s\n' "$command" "$(fingerprint)" >.venv/stamp
    rm .venv/unfinished
}

# --- The command -----------------------------------------------------------------------------------------

command=${1-}
case $command in build | test) shift ;; *) usage ;; esac

citeproc=2.4.63 # the second citation engine, which is the user's to install
newline='
'
here=${PWD%/}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"
unset PYTHONHOME PYTHONPATH
if [ "$(uname)" = Darwin ] && has brew; then # whose libraries and Java are not on the default paths
    brewed=$(brew --prefix)
    PATH=$brewed/opt/openjdk/bin:$PATH
    DYLD_FALLBACK_LIBRARY_PATH=$brewed/lib:/usr/local/lib:/usr/lib
    export PATH DYLD_FALLBACK_LIBRARY_PATH
fi

# Paths among the arguments are meant from where the caller stands.
before='' count=$#
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    case $before:$argument in
        *:/*) ;;
        --out:*) argument=$here/$argument ;;
        *:--out=/*) ;;
        *:--out=*) argument=--out=$here/${argument#--out=} ;;
        *:-*) ;;
        *) if [ "$here" != "$root" ] && [ -e "$here/${argument%%::*}" ]; then argument=$here/$argument; fi ;;
    esac
    set -- "$@" "$argument"
    before=$argument count=$((count - 1))
done

survey
[ -z "$missing" ] || provide
ready || install

[ "$command" = test ] || exec .venv/bin/postil build "$@"
NODE_PATH=$root/.venv/npm/node_modules${NODE_PATH:+:$NODE_PATH}
export NODE_PATH
.venv/bin/python -m ruff check
.venv/bin/python -m ruff format --check
.venv/bin/python -m mypy
exec .venv/bin/python -m pytest --numprocesses auto --dist loadfile "$@"
