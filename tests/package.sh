#!/usr/bin/env bash
# Packages both crates like `cargo publish`, builds the packages, and checks that they are complete.
set -euo pipefail
cd "$(dirname "$0")/.."

# The second package is built against the first one, from a registry in the target folder. Cargo keeps what it has unpacked
# from a registry at that path, even if the package has changed since.
rm -rf "${CARGO_HOME:-$HOME/.cargo}"/registry/{cache,src}/-*/festoon-*

packages=(-p festoon-macros -p festoon)
out=$(cargo package "${packages[@]}" --allow-dirty "$@" 2>&1) || { echo "$out"; exit 1; }
if grep '^warning' <<<"$out"; then
    echo "cargo package has warnings"
    exit 1
fi

has() { # PACKAGE FILE..
    local package=$1 file
    shift
    for file in "$@"; do
        grep -qxF "$file" <<<"$listed" || { echo "$package: $file is not in the package"; exit 1; }
    done
}

for folder in macros runtime; do
    package=$(sed -n 's/^name = "\(.*\)"/\1/p' "$folder/Cargo.toml" | head -1)
    listed=$(cargo package --list --allow-dirty --quiet -p "$package")
    # shellcheck disable=SC2046 # One word a file.
    has "$package" README.md LICENSE-MIT LICENSE-APACHE $(cd "$folder" && find src docs/ -name '*.rs' -o -name '*.md' -o -name '*.html')
    if grep -E '\.(png|sh|stderr)$|^target/' <<<"$listed"; then
        echo "$package: these do not belong in the package"
        exit 1
    fi
    echo "$package: $(wc -l <<<"$listed") files"
done
