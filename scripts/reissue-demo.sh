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
harbour/2026-05-corrected.yml Emilie du Chatelet
lantern/2026-05-revoked.yml Hercules Copypaste
lantern/2026-08-erased.yml Somebody Forgotten
LIST
}

aside=$(mktemp -d)
# Of what is erased no row is left: it is written for the first signature only.
erased=$records/lantern/2026-08-to-be-erased.yml
# Whatever happens, what was set aside comes back.
trap 'cp -R "$aside/." "$records/" && rm -rf "$aside" "$erased"' EXIT
naming | while read -r file _name; do
    mkdir -p "$aside/${file%/*}"
    mv "$records/$file" "$aside/$file"
done
printf 'badge: code-review\nawarded: 2026-04-30\nname: Somebody Forgotten\n' > "$erased"
# What says since when the repository remembers stays.
rm -rf content/signed/*/ issuers/*/status issuers/*/rendered badges/*/rendered
$laurels issue
links=$($laurels links --csv)
rm "$erased"
naming | while read -r file name; do
    id=$(printf '%s\n' "$links" | sed -n "s|^$name,.*/c/\([a-z2-7]\{26\}\)/.*|\1|p")
    sed -i "s#\(^revoke: \|^correct: \|^renew: \|^erase: \)[a-z2-7]\{26\}#\1${id:?}#" "$aside/$file"
    cp "$aside/$file" "$records/$file"
done
$laurels issue
