#!/bin/sh
# Copy the pinned packages of package.json into this folder, tests/vendor and icons.svg.
# Only for people who change a version or add an icon: the result is committed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$work/"
(cd "$work" && npm install --ignore-scripts --no-audit --no-fund --silent)
packages="$work/node_modules"

cp "$packages/bootstrap/dist/css/bootstrap.min.css" "$packages/bootstrap/LICENSE" "$here/bootstrap/"
cp "$packages/htmx.org/dist/htmx.min.js" "$packages/htmx.org/LICENSE" "$here/htmx/"
# The maps they name are not shipped; collectstatic would look for them.
sed -i '/sourceMappingURL/d' "$here/bootstrap/bootstrap.min.css" "$here/htmx/htmx.min.js"

font="$packages/@fontsource-variable/atkinson-hyperlegible-next"
cp "$font"/files/*-wght-*.woff2 "$here/atkinson/"
cp "$font/LICENSE" "$here/atkinson/OFL.txt"

cp "$packages/axe-core/axe.min.js" "$packages/axe-core/LICENSE" "$packages/axe-core/LICENSE-3RD-PARTY.txt" \
   "$packages/axe-core/locales/fr.json" "$root/tests/vendor/axe/"

cp "$packages/bootstrap-icons/LICENSE" "$here/bootstrap-icons/"
python3 "$here/bootstrap-icons/sprite.py" "$packages/bootstrap-icons/icons" "$root/site/static/icons.svg"
