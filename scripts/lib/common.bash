# Shared by the scripts; sourced, not run. Sets $root and changes to it.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit 1
: "${CMAKE_BUILD_PARALLEL_LEVEL:=$(nproc)}" # cmake --build reads it
export CMAKE_BUILD_PARALLEL_LEVEL

say() { printf '%s: %s\n' "${0##*/}" "$*"; }
die() { say "$*" >&2; exit 1; }

usage() { # the comment at the head of the script
    sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"
}

# One compiler cache for every clone and every build folder.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
