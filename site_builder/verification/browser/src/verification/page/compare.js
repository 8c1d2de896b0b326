/**
 * The page against the JSON: a credential page must be what its release prints of the signed JSON, and nothing besides.
 *
 * page/compare.py does the same with the whole file, and with what it loads.
 */

import words from "../../../../wording/en.json" with { type: "json" };
import { fold } from "./canonical.js";
import { expectedValues, factsOf } from "./expected.js";
import { Difference, matchPage } from "./pattern.js";
import { isTombstone } from "./reader.js";
import { PageError } from "./statement.js";

/** @typedef {import("./expected.js").Release} Release */

export const UNKNOWN_RELEASE = "unknown_release";
// What an extension of the reader's browser adds is none of the page's.
const NOT_THE_PAGES = /^[a-z-]+-extension:/;

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
    // A document's title is told without white space around it.
    if (page.title !== fold(values.frame.title).replace(/^ | $/g, "")) return altered("frame.title");
    const strange = wrongLoad(page.loads, release, values.page.issuer_path);
    return strange === undefined ? "" : altered("file").replace("{file}", () => strange.slice(0, 200));
  } catch (error) {
    if (error instanceof PageError) return altered("unprintable");
    if (error instanceof Difference) return altered(error.message);
    throw error;
  }
}

/**
 * The first address that is not one of the release's, or stands there twice, or is not there; undefined when all are as they should be.
 * @param {string[]} loads
 * @param {Release} release
 * @param {string | RegExp} issuerPath
 */
function wrongLoad(loads, release, issuerPath) {
  const accent = new RegExp(`^\\.\\./\\.\\./${issuerPath instanceof RegExp ? issuerPath.source : issuerPath}accent\\.css$`);
  const own = loads.filter((url) => !NOT_THE_PAGES.test(url)).map((url) => (accent.test(url) ? "" : url));
  const right = ["", ...release.loads.map((path) => `../../${path}`)];
  return own.find((url, index) => !right.includes(url) || own.indexOf(url) < index) ?? right.find((url) => url && !own.includes(url));
}

/**
 * What is said of the place where a page differs: of a value, else of its row or part, else of all the rest.
 * @param {string} name
 */
function altered(name) {
  /** @type {Record<string, string>} */
  const sentences = words.altered;
  return sentences[name] ?? sentences[name.split(".")[0]] ?? sentences.fixed;
}
