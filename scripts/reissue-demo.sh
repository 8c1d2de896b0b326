#!/bin/sh
# Signs the demo anew from nothing, as if it had never been published: only before a release that changes what is signed.
set -eu
cd "$(dirname "$0")/.."
laurels=.venv/bin/laurels
rm -rf content/signed issuers/*/status issuers/*/rendered badges/*/rendered content/records/harbour/*-withdrawn.yml
$laurels issue
id=$($laurels links --csv | grep '^Ned Withdrawn,' | sed 's|.*/c/\([a-z2-7]*\)/.*|\1|')
cat > content/records/harbour/2025-08-withdrawn.yml <<RECORD
revoke: $id
date: 2025-08-01
reason: issued-in-error
note: The practical test had been taken by somebody else of the same name.
RECORD
$laurels issue
