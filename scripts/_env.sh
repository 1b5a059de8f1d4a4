# shellcheck shell=bash
# Sourced by the other scripts: the checkout, its interpreter, and how to end with a sentence.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck disable=SC2034  # for the scripts that source this
venv="$root/.venv"

fail() {
  printf '%s: %s\n' "scripts/$(basename "$0")" "$1" >&2
  exit 1
}

# The comment block at the top of a script is its help.
help() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit 0
}

# Prints the first Python that is new enough; a name on PATH may be a shim of one that is not installed.
find_python() {
  local candidate
  for candidate in "${LINEAGE_PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3 python; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  fail "Python 3.11 or later is needed: install it, or name it in LINEAGE_PYTHON."
}
