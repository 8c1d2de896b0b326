/** The page of a credential: it must state what was signed, and nothing besides. */

import { finding } from "../finding.js";

export const UNKNOWN_RELEASE = "unknown_release";
// Of a page and a script that belong to two releases.
export const TWO_RELEASES = "two_releases";

/**
 * Whether the page agrees with the signed document, and with the status that was found.
 * @param {import("./statement.js").Statement} statement
 */
export async function checkPage({ document, page, status, multibase, office }) {
  if (page === null) return finding("not_checked", "not_checked");
  // An old browser, or a page that came without https: its four words cannot be worked out.
  if (!globalThis.crypto?.subtle) return finding("could_not_check", "no_crypto");
  const difference = await page.compare(document, multibase, office).catch(() => null);
  if (difference === null) return finding("could_not_check", "not_loaded");
  if (difference === TWO_RELEASES) return finding("could_not_check", TWO_RELEASES);
  if (difference === UNKNOWN_RELEASE) return finding("not_checked", UNKNOWN_RELEASE);
  const isUnfounded = page.isTombstone && ["passed", "not_checked"].includes(status.result);
  if (isUnfounded) return finding("failed", "unfounded");
  if (difference) return finding("failed", "failed", { reason: difference });
  return finding("passed", page.isTombstone ? "tombstone" : "passed");
}
