#!/usr/bin/env bash
# Does what CONTRIBUTING.md tells to do under "Adding a decorator" and "Adding a decorator with a handle", word for word,
# in a copy of the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
copy=$root/target/contributing/copy
rm -rf "$copy" && mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --create | tar --extract -C "$copy"
cd "$copy"

# The files and the additions: a path on a line of its own, then a block.
awk '
    function add(path, after, lines,    line, out, found) {
        while ((getline line < path) > 0) {
            out = out line "\n"
            if (!found && line == after) { out = out lines; found = 1 }
        }
        close(path)
        if (!found) { print "CONTRIBUTING.md: no line `" after "` in " path > "/dev/stderr"; exit 1 }
        printf "%s", out > path
        close(path)
    }
    /^## / { walking = /^## Adding a decorator/ }
    !walking { next }
    fence != "" && $0 == fence {
        if (kind == "diff") add(path, after, lines)
        else { system("mkdir -p \"$(dirname " path ")\""); printf "%s", lines > path; close(path) }
        fence = ""; path = ""; next
    }
    fence != "" && kind == "diff" && /^ / { after = substr($0, 2); next }
    fence != "" && kind == "diff" { lines = lines substr($0, 2) "\n"; next }
    fence != "" { lines = lines $0 "\n"; next }
    /^`[^`]+`:$/ { path = substr($0, 2, length($0) - 3); next }
    /^````*[a-z]/ && path != "" {
        fence = $0; sub(/[a-z]+$/, "", fence)
        kind = $0; sub(/^`+/, "", kind)
        lines = ""; after = ""
    }
' CONTRIBUTING.md

# The commands. What cargo builds is kept for the next time, away from the build of this checkout: it would take one for
# the other.
export CARGO_TARGET_DIR=$root/target/contributing/target
awk '/^## / { walking = /^## Adding a decorator/ } walking && /^```$/ { on = 0 } on; walking && /^```sh$/ { on = 1 }' \
    CONTRIBUTING.md > commands.sh
cat commands.sh
bash -euxo pipefail commands.sh
echo "CONTRIBUTING.md does what it says"
