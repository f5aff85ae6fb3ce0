#!/usr/bin/env bash
# Generates the pictures in README.md: the report of examples/pipeline as a table and as a page, each light and dark. Needs
# cargo and chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pipeline=(cargo run --release --example pipeline -- --chaos 0.1)
"${pipeline[@]}" --report "$work/page.html" >"$work/out"

{
    cat <<'HTML'
<!doctype html><meta charset="utf-8"><style>
:root { color-scheme: light dark }
html { background: light-dark(#fbfaf7, #14181c) }
pre { margin: 16px 20px; font: 13px/1.5 "DejaVu Sans Mono", monospace; color: light-dark(#1d2329, #dfe5ea) }
b { color: light-dark(#3b7a57, #74c69d) }
i { color: light-dark(#6b747c, #8b959e); font-style: normal }
</style>
HTML
    # The table begins with its titles; the census above it is not part of the report.
    echo "<pre><i>$ ${pipeline[*]}</i>"
    echo "<i>...</i>"
    sed -n '/^ *function /,$p' "$work/out" | sed 's/&/\&amp;/g; s/</\&lt;/g; 1s/.*/<b>&<\/b>/; s/^\(cache\|retries\):/<b>&<\/b>/'
    echo "</pre>"
} >"$work/table.html"

picture() { # NAME SIZE
    local scheme
    for scheme in dark light; do
        chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
            --blink-settings=preferredColorScheme=$([ $scheme = dark ] && echo 0 || echo 1) \
            --force-device-scale-factor=2 --window-size="$2" \
            --screenshot="$PWD/docs/$1-$scheme.png" "file://$work/$1.html" 2>/dev/null
    done
}
picture table 1060,275
picture page 1480,444
ls -l docs/*.png
