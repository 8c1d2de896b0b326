/**
 * The page against the JSON: what a credential page states must be what was signed, each statement once, and nothing besides.
 *
 * A page is read into plain data first (here from the document, in Python from HTML), then compared by rules that both share.
 */

import claims from "../../../page/claims.json" with { type: "json" };
import { isObject } from "../encoding.js";
import { formatJcs } from "../credentials/securing/jcs.js";
import { rosetteDigest, rosetteWords } from "../credentials/rosette/drawing.js";
import markup from "../../../page/markup.json" with { type: "json" };

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

const MONTHS = ["January", "February", "March", "April", "May", "June", "July"];
MONTHS.push("August", "September", "October", "November", "December");

// What Python calls white space; \s of JavaScript differs (byte order mark, U+001C to U+001F, U+0085).
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES = new RegExp(`[${SPACE}]+`, "g");
const LINK = new RegExp(`\\]\\((https://[^${SPACE}()<>]+)\\)`, "g");
const AUTOLINK = new RegExp(`<(https://[^${SPACE}<>]+)>`, "g");
// Not ^ with the flag m: it would also match after a carriage return, which Python does not take for the end of a line.
const LIST_NUMBER = /(^|\n) {0,9}[0-9]{1,9}[.)](?= )/g;
// White space and ASCII punctuation are what Markdown adds or takes away; everything else must appear unchanged.
const IGNORED = new RegExp(`[${SPACE}!-/:-@\\[-\`{-~]+`, "g");

/**
 * The date part of a dateTimeStamp as pages print it, e.g. 14 May 2026; never converted to another zone.
 * @param {string} stamp
 */
export function formatDate(stamp) {
  const [year, month, day] = stamp.slice(0, 10).split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/**
 * A JSON value as a page prints it: text as it is, numbers in their canonical form.
 * @param {unknown} value
 */
export const visibleText = (value) => (typeof value === "string" ? value : formatJcs(value));

/** @param {string} text */
const folded = (text) => text.replace(SPACES, " ").replace(/^ | $/g, "");

const OUTER_SPACE = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");

/**
 * Text without white space around it, as Python trims it.
 * @param {string} text
 */
export const trimmed = (text) => text.replace(OUTER_SPACE, "");

/**
 * Text without white space and ASCII punctuation.
 * @param {string} text
 */
export const comparableText = (text) => text.replace(IGNORED, "");

/**
 * What a page must show of Markdown text: its characters (see comparableText) and its link targets in order.
 * @param {string} text
 * @returns {[string, string[]]}
 */
export function comparableMarkdown(text) {
  const links = [LINK, AUTOLINK].flatMap((pattern) => [...text.matchAll(pattern)]).sort((a, b) => a.index - b.index);
  const shown = text.replace(LINK, "]").replace(LIST_NUMBER, "$1");
  return [comparableText(shown), links.map((match) => match[1])];
}

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

/**
 * Where the page differs from the credential, in words; "" when it states exactly what was signed.
 * @param {StatementPage} page
 * @param {Record<string, any>} credential
 */
export async function comparePage(page, credential) {
  if (!page.has_main) return "it has no statement";
  if (page.address && !String(credential.id).endsWith(`/${page.address}`)) {
    return "it lies at another address than its credential";
  }
  const expected = await expectedOf(credential, page.is_tombstone);
  for (const [pointer, [writtenAs, value]] of expected) {
    const found = page.claims.filter((claim) => claim.pointer === pointer);
    if (found.length !== 1) return `it states ${named(pointer)} ${found.length ? "more than once" : "nowhere"}`;
    if (found[0].written_as !== writtenAs || !agrees(found[0], value)) return `${named(pointer)} is another`;
  }
  const unsigned = page.claims.find((claim) => !expected.has(claim.pointer));
  if (unsigned) return `it states ${named(unsigned.pointer)}, which was not signed`;
  if (!page.images.every((image) => isSignedImage(image, page, credential))) return "it shows another picture";
  return page.stray ? "it says more than was signed" : "";
}

/**
 * A place in the credential for people; the whole of it is stated by its words.
 * @param {string} pointer
 */
const named = (pointer) => pointer || "the row of four words";

/**
 * The signed picture, from this site or its copy, the QR code or the rosette; the words in its place are the signed ones or none.
 * @param {PageImage} image
 * @param {StatementPage} page
 * @param {Record<string, any>} credential
 */
function isSignedImage({ src, alt }, page, credential) {
  if (src === "qr.svg" || src === "rosette.svg") return alt === "";
  const signed = credential.credentialSubject.achievement.image;
  if (!isObject(signed) || !src.startsWith("../../")) return false;
  const base = String(credential.id).slice(0, -page.address.length || undefined);
  return signed.id === base + src.slice(6) && ["", signed.caption ?? ""].includes(alt);
}

/**
 * How it is written and its value, by pointer, of everything that a page must state.
 * @param {Record<string, any>} credential
 * @param {boolean} isTombstone
 * @returns {Promise<Map<string, [string, unknown]>>}
 */
async function expectedOf(credential, isTombstone) {
  /** @type {Map<string, [string, unknown]>} */
  const found = new Map();
  for (const { pointer, as, tombstone } of claims) {
    if (!tombstone && isTombstone) continue;
    if (as === "words") found.set(pointer, [as, rosetteWords(await rosetteDigest(credential)).join(" ")]);
    else lookUp(credential, pointer.split("/").slice(1), "").forEach(([place, value]) => found.set(place, [as, value]));
  }
  return found;
}

/**
 * Pointer and value of every place that a pointer with * for any index leads to.
 * @param {any} value
 * @param {string[]} steps
 * @param {string} pointer
 * @returns {[string, unknown][]}
 */
function lookUp(value, steps, pointer) {
  if (steps.length === 0) return ["string", "number", "boolean"].includes(typeof value) ? [[pointer, value]] : [];
  const [step, ...rest] = steps;
  if (step === "*" && Array.isArray(value)) {
    return value.flatMap((inner, index) => lookUp(inner, rest, `${pointer}/${index}`));
  }
  if (/^[0-9]+$/.test(step) && Array.isArray(value)) {
    return Number(step) < value.length ? lookUp(value[Number(step)], rest, `${pointer}/${step}`) : [];
  }
  return isObject(value) && step in value ? lookUp(value[step], rest, `${pointer}/${step}`) : [];
}

/**
 * @param {PageClaim} claim
 * @param {unknown} value
 */
function agrees(claim, value) {
  const text = visibleText(value);
  if (claim.written_as === "markdown") {
    const [shown, links] = comparableMarkdown(text);
    return comparableText(claim.text) === shown && isSame(claim.links, links);
  }
  if (claim.written_as === "url") return folded(claim.text) === folded(text) && isSame(claim.links, [text]);
  if (claim.written_as === "link") {
    // The words of the link are a statement of their own: the name of what it leads to.
    const name = claim.pointer.replace(/targetUrl$/, "targetName");
    return !folded(claim.text) && isSame(claim.links, [text]) && isSame(claim.wraps, [name]);
  }
  // A statement may be a link (the issuer's name to its site is not one): text claims carry none.
  if (claim.links.length > 0) return false;
  if (claim.written_as !== "date") return folded(claim.text) === folded(text);
  // A page cannot print what is not a date, so nothing that it prints agrees.
  return /^[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}/.test(text) && folded(claim.text) === formatDate(text);
}

/**
 * @param {string[]} some
 * @param {string[]} others
 */
const isSame = (some, others) => some.length === others.length && some.every((item, index) => item === others[index]);
