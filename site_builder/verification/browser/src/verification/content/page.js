/** The page of a credential: it must state what was signed, and nothing besides. */

import { finding } from "../finding.js";
import { comparePage } from "../page/compare.js";

/**
 * Whether the page agrees with the signed document, and with the status that was found.
 * @param {import("./statement.js").Statement} statement
 */
export async function checkPage({ document, page, status }) {
  if (page === null) return finding("not_checked", "not_checked");
  // An old browser, or a page that came without https: its four words cannot be worked out.
  if (!globalThis.crypto?.subtle) return finding("could_not_check", "no_crypto");
  const isUnfounded = page.is_tombstone && ["passed", "not_checked"].includes(status.result);
  const difference = isUnfounded
    ? "it says that the credential was withdrawn, but no revocation list says so"
    : await comparePage(page, document);
  if (difference) return finding("failed", "failed", { reason: difference });
  return finding("passed", page.is_tombstone ? "tombstone" : "passed");
}
