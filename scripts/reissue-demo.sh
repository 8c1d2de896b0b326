#!/bin/sh
# Signs the demo anew from nothing, as if it had never been published: only before a release that changes what is signed.
set -eu
cd "$(dirname "$0")/.."
laurels=.venv/bin/laurels
records=content/records

# Records that name a credential by its id, and who was awarded it. Ids are drawn anew: these records wait for them.
naming() {
    cat <<LIST
harbour/2025-08-revoked.yml Ned Withdrawn
harbour/2026-04-renewal.yml Elizabeth Blackwell
lantern/2026-05-revoked.yml Hercules Copypaste
LIST
}

aside=$(mktemp -d)
# Whatever happens, what was set aside comes back.
trap 'cp -R "$aside/." "$records/" && rm -rf "$aside"' EXIT
naming | while read -r file _name; do
    mkdir -p "$aside/${file%/*}"
    mv "$records/$file" "$aside/$file"
done
rm -rf content/signed issuers/*/status issuers/*/rendered badges/*/rendered
$laurels issue
links=$($laurels links --csv)
naming | while read -r file name; do
    id=$(printf '%s\n' "$links" | sed -n "s|^$name,.*/c/\([a-z2-7]\{26\}\)/.*|\1|p")
    sed -i "s#\(^revoke: \|/c/\)[a-z2-7]\{26\}#\1${id:?}#" "$aside/$file"
    cp "$aside/$file" "$records/$file"
done
$laurels issue
