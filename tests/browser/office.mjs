/**
 * What the browser says of an issuer's office, for tests/test_office.py: one JSON text in, one out.
 *
 * {"documents", "visits"}: the mailto address that each DID document names; the check of the page of each visit (raw and responses are
 * texts, page has HTML and address), and every address that was asked for.
 */

import { officeOf } from "../../site_builder/verification/browser/src/credentials/identifiers/did-web.js";
import { parseJson } from "../../site_builder/verification/browser/src/encoding.js";
import { FetchError } from "../../site_builder/verification/browser/src/verification/evidence/source.js";
import { verifyCredential } from "../../site_builder/verification/browser/src/verification/verify.js";
import { shownPage } from "./page.mjs";

/** @typedef {{raw: string, responses: Record<string, string>, now: string, page: import("./page.mjs").PublishedPage}} Visit */

const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, "utf-8"));

/** @param {Visit} visit */
async function checkOf({ raw, responses, now, page }) {
  /** @type {string[]} */
  const asked = [];
  const fetch = async (/** @type {string} */ url) => {
    asked.push(url);
    if (!(url in responses)) throw new FetchError("not among the responses");
    return bytes(responses[url]);
  };
  const { checks } = await verifyCredential(bytes(raw), { fetch, now: new Date(now), page: shownPage(page) });
  return { sentence: checks.find(({ name }) => name === "page")?.sentence, asked };
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
/** @type {{documents: unknown[], visits: Visit[]}} */
const { documents, visits } = JSON.parse(Buffer.concat(chunks).toString("utf-8"));
const offices = documents.map((document) => officeOf(/** @type {any} */ (parseJson(bytes(JSON.stringify(document))))));
console.log(JSON.stringify({ offices, visits: await Promise.all(visits.map(checkOf)) }));
