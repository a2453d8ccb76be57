#!/bin/sh
# Installs the two foreign MessagePack implementations that the wire tests run against; does nothing when they are there.
set -eu
cd "$(dirname "$0")"

if ! /usr/bin/python3 -c 'import msgpack' 2>/dev/null; then
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq --no-install-recommends python3-msgpack >/dev/null
fi

if [ ! -f node_modules/@msgpack/msgpack/package.json ]; then
    npm install --no-package-lock --no-audit --no-fund --silent
fi

/usr/bin/python3 -c 'import msgpack; print("python3-msgpack", ".".join(str(part) for part in msgpack.version))'
node -e 'console.log("@msgpack/msgpack", require("@msgpack/msgpack/package.json").version)' 2>/dev/null \
    || node -p '"@msgpack/msgpack " + JSON.parse(require("fs").readFileSync("node_modules/@msgpack/msgpack/package.json")).version'
