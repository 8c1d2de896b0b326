/**
 * The part of XML in which pictures carry credentials, read strictly and without a document: nothing can run or be fetched.
 *
 * A page under Trusted Types has no other reader that is inert. What a program would have to look up or work out (entities of
 * its own, other encodings) is refused. Source: XML 1.0 (Fifth Edition), 2 to 4; Namespaces in XML 1.0, 2 and 6.
 */

/** Text that is not XML, or more than is read here. */
export class XmlError extends Error {}

/**
 * An element that was looked for. text: what stands in it before any other element.
 * @typedef {{attributes: Map<string, string>, text: string}} Found
 */

/** @typedef {{name: string, spaces: Map<string, string>, found: Found | null, isTextOver: boolean}} Open */

/** @typedef {{text: string, at: number}} Cursor */

const NAME = "[A-Za-z_\\u00c0-\\u{10ffff}][\\w.\\u00b7-\\u{10ffff}-]*";
const QUALIFIED = `${NAME}(?::${NAME})?`;
const DECLARATION = /<\?xml\s+version\s*=\s*["']1\.[0-9]["'](?:\s+encoding\s*=\s*["'](?:UTF-8|US-ASCII)["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/iy;
const DOCTYPE = /<!DOCTYPE\s[^[\]<>]*(?:\[(?:[^\]]*)\]\s*)?>/y;
const COMMENT = /<!--[^]*?--(>?)/y;
const INSTRUCTION = /<\?(?!xml[\s?])[^]*?\?>/iy;
const CDATA = /<!\[CDATA\[([^]*?)\]\]>/y;
const OPENING = new RegExp(`<(${QUALIFIED})((?:\\s+${QUALIFIED}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, "uy");
const CLOSING = new RegExp(`</(${QUALIFIED})\\s*>`, "uy");
const ATTRIBUTE = new RegExp(`(${QUALIFIED})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "gu");
const PLAIN = /[^<]+/y;
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&/g;
const MEANING = new Map(Object.entries({ lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }));
// XML 1.0, 2.2: what no document may contain, not even as a reference.
const FORBIDDEN = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const XML_SPACE = "http://www.w3.org/XML/1998/namespace";
const MAX_DEPTH = 256;

/**
 * Every element of a name in a namespace, in order. Throws XmlError.
 * @param {string} xml
 * @param {{namespace: string, name: string}} wanted
 * @returns {Found[]}
 */
export function findElements(xml, wanted) {
  if (FORBIDDEN.test(xml)) throw new XmlError("a character that XML does not have");
  const cursor = { text: xml.replace(/\r\n?/g, "\n"), at: 0 };
  take(cursor, DECLARATION);
  passOver(cursor);
  const doctype = take(cursor, DOCTYPE)?.[0] ?? "";
  if (doctype.includes("<!ENTITY")) throw new XmlError("entities of its own");
  passOver(cursor);
  const found = readRoot(cursor, wanted);
  passOver(cursor);
  if (cursor.at < cursor.text.length) throw new XmlError("something behind the end");
  return found;
}

/**
 * @param {Cursor} cursor
 * @param {RegExp} pattern
 */
function take(cursor, pattern) {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found) cursor.at += found[0].length;
  return found;
}

/**
 * Moves behind comments, instructions and white space.
 * @param {Cursor} cursor
 */
function passOver(cursor) {
  while (take(cursor, /\s+/y) || takeComment(cursor) || take(cursor, INSTRUCTION));
}

/** @param {Cursor} cursor */
function takeComment(cursor) {
  const comment = take(cursor, COMMENT);
  // XML 1.0, 2.5: two hyphens end it.
  if (comment && !comment[1]) throw new XmlError("a comment that does not end");
  return comment;
}

/**
 * @param {Cursor} cursor
 * @param {{namespace: string, name: string}} wanted
 */
function readRoot(cursor, wanted) {
  /** @type {Found[]} */
  const found = [];
  /** @type {Open[]} */
  const open = [];
  do {
    const opening = take(cursor, OPENING);
    if (opening) openElement(opening, { open, found, wanted });
    else if (!takeContent(cursor, open)) throw new XmlError("not well-formed");
  } while (open.length);
  if (cursor.at === 0) throw new XmlError("no element");
  return found;
}

/**
 * @param {RegExpExecArray} opening
 * @param {{open: Open[], found: Found[], wanted: {namespace: string, name: string}}} state
 */
function openElement([, name, written, isEmpty], { open, found, wanted }) {
  const parent = open.at(-1);
  if (parent) parent.isTextOver = true;
  const attributes = readAttributes(written);
  const spaces = spacesOf(parent?.spaces ?? new Map([["xml", XML_SPACE]]), attributes);
  for (const qualified of [name, ...attributes.keys()]) resolve(qualified, spaces);
  const [namespace, local] = resolve(name, spaces);
  const isWanted = namespace === wanted.namespace && local === wanted.name;
  const element = isWanted ? { attributes, text: "" } : null;
  if (element) found.push(element);
  if (!isEmpty) open.push({ name, spaces, found: element, isTextOver: false });
  if (open.length > MAX_DEPTH) throw new XmlError("nested too deeply");
}

/** @param {string} written */
function readAttributes(written) {
  /** @type {Map<string, string>} */
  const attributes = new Map();
  for (const [, name, double, single] of written.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new XmlError("an attribute twice");
    attributes.set(name, dereferenced(double ?? single));
  }
  return attributes;
}

/**
 * @param {Map<string, string>} outer
 * @param {Map<string, string>} attributes
 */
function spacesOf(outer, attributes) {
  const spaces = new Map(outer);
  for (const [name, value] of attributes) {
    if (name === "xmlns") spaces.set("", value);
    else if (name.startsWith("xmlns:")) spaces.set(name.slice(6), value);
  }
  return spaces;
}

/**
 * Namespace and local name.
 * @param {string} qualified
 * @param {Map<string, string>} spaces
 */
function resolve(qualified, spaces) {
  const [prefix, local] = qualified.includes(":") ? qualified.split(":") : ["", qualified];
  if (prefix === "xmlns") return ["", local];
  if (prefix && !spaces.get(prefix)) throw new XmlError("a prefix of no namespace");
  return [spaces.get(prefix) ?? "", local];
}

/**
 * Whether the cursor stood before text, a comment, an instruction or the end of the innermost element.
 * @param {Cursor} cursor
 * @param {Open[]} open
 */
function takeContent(cursor, open) {
  const inner = open.at(-1);
  if (!inner) return false;
  const closing = take(cursor, CLOSING);
  if (closing) {
    open.pop();
    return closing[1] === inner.name;
  }
  const section = take(cursor, CDATA);
  const plain = section ?? take(cursor, PLAIN);
  if (plain && !section && plain[0].includes("]]>")) return false;
  if (plain && inner.found && !inner.isTextOver) inner.found.text += section ? section[1] : dereferenced(plain[0]);
  else if (plain && !section) dereferenced(plain[0]);
  return plain !== null || takeComment(cursor) !== null || take(cursor, INSTRUCTION) !== null;
}

/** @param {string} text */
const dereferenced = (text) =>
  text.replace(REFERENCE, (_all, name, decimal, hex) => {
    const made = name ? MEANING.get(name) : characterOf(decimal ? Number(decimal) : Number(`0x${hex}`));
    if (made === undefined) throw new XmlError("an entity that is not known");
    return made;
  });

/** @param {number} code */
function characterOf(code) {
  if (!(code <= 0x10ffff)) return undefined;
  const character = String.fromCodePoint(code);
  return FORBIDDEN.test(character) ? undefined : character;
}
