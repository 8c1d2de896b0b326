/** A credential page as it is shown, which compare.js holds against the signed JSON. */

import { canonicalBody } from "./canonical.js";

/**
 * A credential page. address: path of its credential below the site's root, "" when unknown. release: the one that it says made it, "" for
 * none. text: the canonical form of its body. loads: the addresses of its style sheets and scripts, as they are written, and of
 * what they would be relative to.
 * @typedef {{address: string, release: string, title: string, text: string, loads: string[]}} StatementPage
 */

/**
 * The live page, before anything is shown on it.
 * @param {Document} document
 * @param {string} address
 * @returns {StatementPage}
 */
export function readPage(document, address) {
  const release = document.querySelector('meta[name="laurels-release"]')?.getAttribute("content") ?? "";
  const loading = document.querySelectorAll("base,link[rel~=stylesheet],script[src]");
  const loads = [...loading].map((element) => element.getAttribute("href") ?? element.getAttribute("src") ?? "");
  return { address, release, title: document.title, text: canonicalBody(document), loads };
}

/**
 * Whether the page says that its credential was withdrawn.
 * @param {StatementPage} page
 */
export const isTombstone = ({ text }) => text.includes('<main data-statement="" data-tombstone="" id="content">');
