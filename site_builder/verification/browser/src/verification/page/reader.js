/**
 * A credential page as plain data: what it states in its <main>, read from the live document.
 *
 * Python reads the same from HTML; compare.js holds either against the signed JSON.
 */

import markup from "../../../../page/markup.json" with { type: "json" };
import { folded } from "./text.js";

/**
 * One statement of a page: the JSON Pointer it stands for, how it is written, its text and the targets of its links.
 * wraps: the pointers of the statements inside of it, whose text is theirs alone.
 * @typedef {{pointer: string, written_as: string, text: string, links: string[], wraps: string[]}} PageClaim
 */

/**
 * A picture in a page's statement: where it lies, and the words in its place.
 * @typedef {{src: string, alt: string}} PageImage
 */

/**
 * What a credential page states. address: path of its credential below the site's root, "" when unknown.
 * stray: text in <main> that is neither a claim nor a fixed word of the layout, and markup that no such page has.
 * @typedef {{address: string, has_main: boolean, is_tombstone: boolean, claims: PageClaim[], images: PageImage[],
 *   stray: string}} StatementPage
 */

/**
 * Where a text stands: the claim that it belongs to, whether it is fixed wording, and whether readers see it.
 * @typedef {{claim: PageClaim | null, isFixed: boolean, isHidden: boolean}} Around
 */

const HIDING = ["details", "[hidden]", ...markup.hiding.map((name) => `.${name}`)].join();

/**
 * What a credential page states in its <main>, read from the live document.
 * @param {Document} document
 * @param {string} address
 * @returns {StatementPage}
 */
export function readPage(document, address) {
  /** @type {StatementPage} */
  const page = { address, has_main: false, is_tombstone: false, claims: [], images: [], stray: "" };
  const [main, ...others] = document.querySelectorAll("main");
  if (!main) return page;
  page.has_main = true;
  page.is_tombstone = main.hasAttribute("data-tombstone");
  if (others.length || main.parentElement !== document.body) page.stray += "<main> ";
  readElement(main, { claim: null, isFixed: false, isHidden: main.closest(HIDING) !== null }, page);
  return page;
}

/**
 * @param {string} text
 * @param {Around} around
 * @param {StatementPage} page
 */
function readText(text, { claim, isFixed }, page) {
  if (claim) claim.text += text;
  else if (!isFixed && folded(text)) page.stray += `${folded(text)} `;
}

// Where a page leads besides what was signed: to the web, or to a file beside it and a place in that. Fixed wording also leads
// to the issuer's office.
const LINK_OUT = /^(?:https:\/\/[!-~]+|(?!\/\/)[a-z0-9._/-]*(?:#[a-z0-9-]+)?)$/;
const OFFICE = /^mailto:[!-~]+$/;

/**
 * @param {string} href
 * @param {boolean} isFixed
 */
const isPlainLink = (href, isFixed) => LINK_OUT.test(href) || (isFixed && OFFICE.test(href));

/**
 * @param {Element} element
 * @param {Around} around
 * @param {StatementPage} page
 */
function readElement(element, around, page) {
  const { localName, attributes } = element;
  const isKnown = [...attributes].every(({ name }) => markup.attributes.includes(name)) && markup.elements.includes(localName);
  if (!isKnown) page.stray += `<${localName}> `;
  const isHidden = around.isHidden || element.matches(HIDING);
  const isFixed = around.isFixed || element.hasAttribute("data-fixed");
  const pointer = isHidden ? null : element.getAttribute("data-claim");
  if (pointer !== null) around.claim?.wraps.push(pointer);
  const claim = pointer === null ? around.claim : newClaim(pointer, element.getAttribute("data-as") ?? "text", page);
  const href = element.getAttribute("href");
  if (claim && href !== null) claim.links.push(href);
  else if (!isPlainLink(href ?? "", isFixed)) page.stray += `<${localName}> `;
  if (localName === "img") {
    page.images.push({ src: element.getAttribute("src") ?? "", alt: element.getAttribute("alt") ?? "" });
  }
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) readText(node.nodeValue ?? "", { claim, isFixed, isHidden }, page);
    else if (node instanceof Element) readElement(node, { claim, isFixed, isHidden }, page);
  }
}

/**
 * @param {string} pointer
 * @param {string} writtenAs
 * @param {StatementPage} page
 */
function newClaim(pointer, writtenAs, page) {
  /** @type {PageClaim} */
  const claim = { pointer, written_as: writtenAs, text: "", links: [], wraps: [] };
  page.claims.push(claim);
  return claim;
}
