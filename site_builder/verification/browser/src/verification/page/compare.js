/**
 * The page against the JSON: a credential page must be what its release prints of the signed JSON, and nothing besides.
 *
 * page/compare.py does the same with the whole file, and with what it loads.
 */

import words from "../../../../wording/en.json" with { type: "json" };
import { expectedValues, factsOf } from "./expected.js";
import { Difference, matchPage } from "./pattern.js";
import { isTombstone } from "./reader.js";
import { PageError } from "./statement.js";

/** @typedef {import("./expected.js").Release} Release */

export const UNKNOWN_RELEASE = "unknown_release";
// What an extension of the reader's browser adds is none of the page's.
const NOT_THE_PAGES = /^[a-z-]+-extension:/;
const ACCENT = /^\.\.\/\.\.\/issuers\/[a-z0-9-]{1,64}\/accent\.css$/;

/**
 * Where the page differs from the credential, in words; "" when it is as its release prints it, and UNKNOWN_RELEASE for a page of another
 * release than this script's. multibase: the key that signed, "" if unknown. office: the mailto address that the issuer's DID document
 * names, "" for none.
 * @param {import("./reader.js").StatementPage} page
 * @param {Record<string, any>} document
 * @param {{multibase: string, office: string, release: Release}} options
 */
export async function comparePage(page, document, { multibase, office, release }) {
  if (page.release !== release.digest) return UNKNOWN_RELEASE;
  try {
    const facts = factsOf(document, multibase, office);
    if (page.address && page.address !== facts.path + facts.file) return altered("address");
    const isWithdrawn = isTombstone(page);
    const values = await expectedValues(facts, release, { text: page.text, isWithdrawn });
    matchPage(release.pages[isWithdrawn ? "tombstone" : "statement"], values, page.text);
    if (page.title !== values.frame.title) return altered("frame.title");
  } catch (error) {
    if (error instanceof PageError) return altered("unprintable");
    if (error instanceof Difference) return altered(error.message);
    throw error;
  }
  const strange = page.loads.find((url) => !isLoaded(url, release));
  return strange === undefined ? "" : altered("file").replace("{file}", () => strange.slice(0, 200));
}

/**
 * @param {string} url
 * @param {Release} release
 */
const isLoaded = (url, { loads }) =>
  NOT_THE_PAGES.test(url) || ACCENT.test(url) || (url.startsWith("../../") && loads.includes(url.slice(6)));

/**
 * What is said of the place where a page differs: of a value, else of its row or part, else of all the rest.
 * @param {string} name
 */
function altered(name) {
  /** @type {Record<string, string>} */
  const sentences = words.altered;
  return sentences[name] ?? sentences[name.split(".")[0]] ?? sentences.fixed;
}
