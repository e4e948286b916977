#!/usr/bin/env bash
# Makes src/pipeline/report/site/assets/report.css: of the NHS design system the rules that the pages
# use, and the report's own (report.scss). Asks npm for three packages; nothing of them but these
# rules is shipped.
set -euo pipefail
site="$(cd "$(dirname "$0")/../src/pipeline/report/site" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix . \
    nhsuk-frontend@10.6.1 sass@1.108.2 purgecss@8.0.0
node_modules/.bin/sass --no-charset --no-source-map --quiet-deps --style=compressed \
    --load-path=node_modules "$site/report.scss" whole.css
node_modules/.bin/purgecss --css whole.css --output purged.css \
    --content "$site/templates/*.html" "$site/wording.py" --safelist :is :where ::details-content
{
    printf '/*! nhsuk-frontend 10.6.1, MIT: see LICENCE-nhsuk-frontend.txt */\n'
    cat purged.css
} > "$site/assets/report.css"
wc -c "$site/assets/report.css"
