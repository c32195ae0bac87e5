#!/bin/sh
# Makes the tree ready to build: the right Node, and the npm packages of package-lock.json.
# Says nothing and touches nothing when all is there.
set -eu
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null 2>&1; then
  echo "holdfast: Node.js is missing. Install Node 20.19 or newer (Debian 13: apt-get install nodejs npm)." >&2
  exit 1
fi
# shellcheck disable=SC2016 # the script is for node, not for the shell
node -e '
  var have = process.versions.node.split(".").map(Number);
  if (have[0] > 20 || (have[0] === 20 && have[1] >= 19)) process.exit(0);
  console.error("holdfast: Node " + process.versions.node + " is too old; 20.19 or newer is needed. node is " + process.execPath + ".");
  process.exit(1);
'

# The stamp is the lock file that was installed, not a time: it holds through copies and checkouts.
stamp=node_modules/.installed-lock
if cmp -s package-lock.json "$stamp"; then
  exit 0
fi
if ! command -v npm >/dev/null 2>&1; then
  echo "holdfast: npm is missing. Install it beside Node (Debian: apt-get install npm)." >&2
  exit 1
fi
if [ -d node_modules ] && [ ! -w node_modules ]; then
  echo "holdfast: node_modules belongs to someone else and is out of date. Run make setup as its owner." >&2
  exit 1
fi
echo "holdfast: installing the npm packages of package-lock.json" >&2
npm ci --ignore-scripts --no-fund --no-audit --loglevel=error >&2
cp package-lock.json "$stamp"
