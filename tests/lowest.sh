#!/usr/bin/env bash
# Builds festoon with all features and the lowest versions of its libraries that the manifests allow. It runs in a copy,
# because it changes Cargo.lock.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=target/lowest/copy
rm -rf "$copy" && mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard -- Cargo.toml Cargo.lock macros runtime docs 'LICENSE-*' |
    tar --null --files-from=- --create | tar --extract -C "$copy"
export CARGO_TARGET_DIR=$PWD/target/lowest/target
cd "$copy"
# Libraries that only the tests use may be newer.
sed -i 's/^members = .*/members = ["macros", "runtime"]/; /^exclude = \["benches"\]/d' Cargo.toml
sed -i '/^\[dev-dependencies\]/,/^$/d' macros/Cargo.toml runtime/Cargo.toml

# *Input:* `quick_cache = { version = "0.7", .. }` below `[dependencies]`. *Output:* `quick_cache 0.7.0`.
lowest() {
    awk '
        /^\[/ { on = /dependencies/ }
        on && match($0, /= (\{ version = )?"[0-9][0-9.]*"/) {
            v = substr($0, RSTART, RLENGTH); gsub(/[^0-9.]/, "", v)
            while (split(v, parts, ".") < 3) v = v ".0"
            print $1, v
        }' Cargo.toml runtime/Cargo.toml macros/Cargo.toml | sort -u
}
# The locked version of a library for a requirement; there may be others.
locked() { # NAME VERSION
    local compatible=${2%%.*}
    [ "$compatible" != 0 ] || compatible=${2%.*}
    awk -v name="name = \"$1\"" -v start="version = \"$compatible." '
        $0 == name { getline; if (index($0, start) == 1) { gsub(/[^0-9.]/, ""); print } }' Cargo.lock
}

while read -r name version; do
    cargo update --quiet -p "$name@$(locked "$name" "$version")" --precise "$version" ||
        { echo "$name $version: another library requires a newer one, so the manifest has to as well"; exit 1; }
done < <(lowest)
cargo check --quiet -p festoon --all-features
echo "the lowest versions work"
