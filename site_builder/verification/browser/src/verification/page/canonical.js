/**
 * A page in the one form in which it is compared: attributes in the order of their names, white space folded. Python makes the same text
 * of HTML (page/canonical.py).
 */

export const VOID = "area base br col embed hr img input link meta source track wbr".split(" ");
/** @type {Record<string, string>} */
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/**
 * Text with each run of white space as one space: HTML's own, since a space that does not break is seen.
 * @param {string} text
 */
export const fold = (text) => text.replace(/[\t\n\f\r ]+/g, " ");

/** @param {string} text */
export const escapeText = (text) => text.replace(/[&<>]/g, (letter) => ESCAPED[letter]);

/** @param {string} text */
export const escapeValue = (text) => text.replace(/[&<>"']/g, (letter) => ESCAPED[letter]);

// A reader's extensions mark these two elements with attributes and classes of their own, but not with what hides or turns a page, speaks in
// its place, or takes the name of a part of it.
const OF_THE_ROOT = /^(?:aria-.*|contenteditable|dir|hidden|id|inert|lang|popover|role|style|title|translate)$/;
const OF_THE_BODY = new RegExp(`^class$|${OF_THE_ROOT.source}`);

/**
 * The canonical form of a page without its head.
 * @param {Document} document
 */
export function canonicalBody({ documentElement, body }) {
  const inner = [...body.childNodes].map(written).join("");
  return fold(`<html${attributesOf(documentElement, OF_THE_ROOT)}><body${attributesOf(body, OF_THE_BODY)}>${inner}</body>`);
}

/**
 * @param {Element} element
 * @param {RegExp} [counted] all, if it is left out
 */
function attributesOf(element, counted) {
  const names = element.getAttributeNames().filter((name) => !counted || counted.test(name));
  return names.sort().map((name) => ` ${name}="${escapeValue(element.getAttribute(name) ?? "")}"`).join("");
}

/**
 * @param {Node} node
 * @returns {string}
 */
function written(node) {
  if (node instanceof Text) return escapeText(node.data);
  // A comment, or an element of a drawing: no page has one.
  if (!(node instanceof HTMLElement)) return "<!>";
  const tag = node.localName;
  const inner = [...node.childNodes].map(written).join("");
  return `<${tag}${attributesOf(node)}>${VOID.includes(tag) ? "" : `${inner}</${tag}>`}`;
}
