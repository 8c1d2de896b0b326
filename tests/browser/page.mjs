/**
 * A page as the browser's verifier reads it, in Node: of HTML as the templates write it, which there is one way to read.
 *
 * So much of a document as page/reader.js and page/canonical.js ask of one. The HTML of every other page is refused.
 */

import { VOID } from "../../site_builder/verification/browser/src/verification/page/canonical.js";
import { isTombstone, readPage } from "../../site_builder/verification/browser/src/verification/page/reader.js";

// As pages load it: the committed bundle, with the release that this program makes.
/** @type {typeof import("../../site_builder/verification/browser/src/entry/page.js")} */
const { compare } = await import(new URL("../../site_builder/verification/browser/dist/page.js", import.meta.url).href);

/** @typedef {{html: string, address: string}} PublishedPage the HTML of a page, and where its credential lies below the site's root */

class PageText {
  /** @param {string} data */
  constructor(data) {
    this.data = data;
  }
}

class PageElement {
  /** @type {(PageElement | PageText)[]} */
  childNodes = [];

  /**
   * @param {string} localName
   * @param {Map<string, string>} attributes
   */
  constructor(localName, attributes) {
    this.localName = localName;
    this.attributes = attributes;
  }

  get className() {
    return this.getAttribute("class") ?? "";
  }

  getAttributeNames() {
    return [...this.attributes.keys()];
  }

  /** @param {string} name */
  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }
}

Object.assign(globalThis, { Text: PageText, HTMLElement: PageElement });

const PIECE = /(?<text>[^<]+)|<(?<start>[a-z][a-z0-9]*)(?<attributes>(?:\s+[a-z][a-z0-9:-]*(?:="[^"]*")?)*)\s*>|<\/(?<end>[a-z][a-z0-9]*)>/y;
const ATTRIBUTE = /([a-z][a-z0-9:-]*)(?:="([^"]*)")?/g;
/** @type {Record<string, string>} */
const LETTERS = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\xa0", "#34": '"', "#39": "'", "#x27": "'" };

/** @param {string} text */
const unescaped = (text) => text.replace(/&([#a-z0-9]+);/g, (_, name) => LETTERS[name]);

/**
 * Every element of a page, in order.
 * @param {string} html
 */
function elementsOf(html) {
  const root = new PageElement("", new Map());
  const [open, found] = [[root], [root]];
  PIECE.lastIndex = "<!doctype html>".length;
  while (PIECE.lastIndex < html.length) {
    const { text, start, attributes, end } = PIECE.exec(html)?.groups ?? {};
    if (text) open[0].childNodes.push(new PageText(unescaped(text)));
    else if (start) {
      const named = [...attributes.matchAll(ATTRIBUTE)].map(([, name, value = ""]) => /** @type {const} */ ([name, unescaped(value)]));
      const element = new PageElement(start, new Map(named));
      open[0].childNodes.push(element);
      found.push(element);
      if (!VOID.includes(start)) open.unshift(element);
    } else if (open.shift()?.localName !== end) throw new Error("not the HTML of such a page");
  }
  return found;
}

/**
 * A page as `verifyCredential` takes it.
 * @param {PublishedPage} page
 * @returns {import("../../site_builder/verification/browser/src/verification/content/statement.js").ShownPage}
 */
export function shownPage({ html, address }) {
  const elements = elementsOf(html);
  const all = (/** @type {string[]} */ ...names) => elements.filter(({ localName }) => names.includes(localName));
  const loading = all("link", "script").filter((element) => element.getAttribute("rel") === "stylesheet" || element.getAttribute("src"));
  const [title] = all("title")[0].childNodes;
  const document = {
    title: title instanceof PageText ? title.data : "",
    documentElement: all("html")[0],
    body: all("body")[0],
    querySelector: () => all("meta").find((element) => element.getAttribute("name") === "laurels-release") ?? null,
    querySelectorAll: () => loading,
  };
  const page = readPage(/** @type {any} */ (document), address);
  return { isTombstone: isTombstone(page), compare: (...signed) => compare(page, ...signed) };
}
