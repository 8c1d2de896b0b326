/**
 * A document without what could stand in the place of what it says.
 *
 * An element with a name can stand in the place of one of the document's own members, `body` among them; a shadow is shown in the place of
 * an element's content, and no script sees one that is closed. Sources: HTML Living Standard, 3.1.7 (named properties of a document) and
 * 13.2.6.4.4 (declarative shadow roots).
 */

/**
 * Takes away what bears the name of a member. A comment is left in its place, which no page has.
 * @param {Document} document
 */
export function withoutMasks(document) {
  const masks = Document.prototype.querySelectorAll.call(document, "form,iframe,object,embed,[name]:not(meta)");
  for (const element of masks) Element.prototype.replaceWith.call(element, new Comment());
}

/**
 * Puts the body's own elements, made anew, in its place: a copy has no shadow. Only after masks were taken away.
 * @param {Document} document
 */
export function withoutShadows({ body }) {
  body.replaceWith(copyOf(body));
}

/**
 * @param {Node} node
 * @returns {Node}
 */
function copyOf(node) {
  // Text, and what no page has.
  if (!(node instanceof HTMLElement)) return node.cloneNode();
  const copy = document.createElement(node.localName);
  for (const attribute of node.attributes) copy.setAttributeNode(/** @type {Attr} */ (attribute.cloneNode()));
  copy.append(...[...node.childNodes].map(copyOf));
  return copy;
}
