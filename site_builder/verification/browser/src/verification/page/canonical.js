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

/**
 * The canonical form of a page's body. Of its own attributes only the class counts: others are those of a reader's extensions.
 * @param {Document} document
 */
export function canonicalBody({ body }) {
  const inner = [...body.childNodes].map(written).join("");
  return fold(`<body class="${escapeValue(body.className)}">${inner}</body>`);
}

/**
 * @param {Node} node
 * @returns {string}
 */
function written(node) {
  if (node instanceof Text) return escapeText(node.data);
  // A comment, or an element of a drawing: no page has one.
  if (!(node instanceof HTMLElement)) return "<!>";
  const names = node.getAttributeNames().sort();
  const start = names.map((name) => ` ${name}="${escapeValue(node.getAttribute(name) ?? "")}"`).join("");
  const tag = node.localName;
  const inner = [...node.childNodes].map(written).join("");
  return `<${tag}${start}>${VOID.includes(tag) ? "" : `${inner}</${tag}>`}`;
}
