/** The browser's verifier in Node, with the answers of the web given. */

import { webcrypto } from "node:crypto";
import { RDFC, SUITES } from "../../site_builder/verification/browser/src/credentials/securing/data-integrity.js";
import { otherForm } from "../../site_builder/verification/browser/src/verification/decode/other-forms.js";
import { FetchError } from "../../site_builder/verification/browser/src/verification/evidence/source.js";
import { verifyAndFollow } from "../../site_builder/verification/browser/src/verification/successor.js";
import { shownPage } from "./page.mjs";

// Node 18, which Debian 12 has, keeps it in a module only.
globalThis.crypto ??= /** @type {Crypto} */ (webcrypto);

// As pages load it: the committed bundle.
/** @type {typeof import("../../site_builder/verification/browser/src/entry/rdfc.js")} */
const { canonicalize } = await import(new URL("../../site_builder/verification/browser/dist/rdfc.js", import.meta.url).href);
const ALL = new Map([...SUITES, [RDFC, canonicalize]]);

/**
 * How a credential is verified: bytes, also of the responses by address; suites by name. Any other address cannot be reached.
 * @typedef {{raw: Uint8Array, responses: Map<string, Uint8Array>, now: string, page: import("./page.mjs").PublishedPage | null, suites: string[]}} Verification
 */

/**
 * The report on a credential, which says also what has taken its place.
 * @param {Verification} verification
 */
export function reportOn({ raw, responses, now, page, suites }) {
  const loaded = new Map([...ALL].filter(([name]) => suites.includes(name)));
  const shown = page && shownPage(page);
  return verifyAndFollow(raw, { fetch: fetchFrom(responses), now: new Date(now), page: shown, suites: loaded, nameForm: otherForm });
}

/**
 * @param {Map<string, Uint8Array>} responses
 * @returns {(url: string) => Promise<Uint8Array>}
 */
function fetchFrom(responses) {
  return async (url) => {
    const response = responses.get(url);
    if (response === undefined) throw new FetchError("not among the responses");
    return response;
  };
}
