/**
 * The part of XML in which pictures carry credentials, read strictly and without a document: nothing can run or be fetched.
 *
 * A page under Trusted Types has no other reader that is inert. What a program would have to look up or work out (declarations of
 * its own, most encodings) is refused. The same program as site_builder/credentials/carriers/xml.py, step by step: two readers
 * that differ could find two credentials in one picture. Source: XML 1.0 (Fifth Edition), 2 to 4; Namespaces in XML 1.0, 2 and 6.
 */

/** Text that is not XML, or more than is read here. */
export class XmlError extends Error {}

/**
 * An element that was looked for. text: what stands in it before any other element.
 * @typedef {{attributes: Map<string, string>, text: string}} Found
 */

/** @typedef {{name: string, spaces: Map<string, string>, found: Found | null, isTextOver: boolean}} Open */

/** @typedef {{text: string, at: number}} Cursor */

// Space, names and literals. Source: XML 1.0, 2.3; a name of one part: Namespaces in XML 1.0, 4.
const S = "[ \\t\\n]";
const BEGINS =
  "A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c-\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}";
const NAME = `[${BEGINS}][\\u0300-\\u036f${BEGINS}0-9\\u203f\\u2040\\u00b7.-]*`;
const QUALIFIED = `${NAME}(?::${NAME})?`;
const LITERAL = `(?:"[^"]*"|'[^']*')`;
const ENCODED = `${S}+encoding${S}*=${S}*(?:"([A-Za-z0-9._-]+)"|'([A-Za-z0-9._-]+)')`;
const STANDALONE = `${S}+standalone${S}*=${S}*(?:"(?:yes|no)"|'(?:yes|no)')`;
const DECLARATION = new RegExp(`<\\?xml${S}+version${S}*=${S}*(?:"1\\.[0-9]"|'1\\.[0-9]')(?:${ENCODED})?(?:${STANDALONE})?${S}*\\?>`, "uy");
// Declarations of its own could give an element attributes that are not written on it.
const DOCTYPE = new RegExp(
  `<!DOCTYPE${S}+${QUALIFIED}(?:${S}+(?:SYSTEM|PUBLIC${S}+${LITERAL})${S}+${LITERAL})?${S}*(?:\\[${S}*\\]${S}*)?>`,
  "uy",
);
const COMMENT = /<!--[^]*?--(>?)/y;
const INSTRUCTION = new RegExp(`<\\?(?![Xx][Mm][Ll][ \\t\\n?])${NAME}(?:${S}[^]*?)?\\?>`, "uy");
const CDATA = /<!\[CDATA\[([^]*?)\]\]>/y;
const OPENING = new RegExp(`<(${QUALIFIED})((?:${S}+${QUALIFIED}${S}*=${S}*(?:"[^"<]*"|'[^'<]*'))*)${S}*(/?)>`, "uy");
const CLOSING = new RegExp(`</(${QUALIFIED})${S}*>`, "uy");
const ATTRIBUTE = new RegExp(`(${QUALIFIED})${S}*=${S}*(?:"([^"]*)"|'([^']*)')`, "gu");
const SPACE = new RegExp(`${S}+`, "uy");
const PLAIN = /[^<]+/y;
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#0*([0-9]{1,7})|#x0*([0-9A-Fa-f]{1,6}));|&/g;
const MEANING = new Map(Object.entries({ lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }));
// XML 1.0, 2.2: what no document may contain, not even as a reference.
const FORBIDDEN = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const XML_SPACE = "http://www.w3.org/XML/1998/namespace";
const MAX_DEPTH = 256;
const LATIN = "iso-8859-1";
const ENCODINGS = new Set(["utf-8", "us-ascii", LATIN]);

/**
 * Every element of a name in a namespace, in order. Throws XmlError.
 * @param {Uint8Array} xml
 * @param {{namespace: string, name: string}} wanted
 * @returns {Found[]}
 */
export function findElements(xml, wanted) {
  const cursor = { text: decoded(xml), at: 0 };
  if (FORBIDDEN.test(cursor.text)) throw new XmlError("a character that XML does not have");
  take(cursor, DECLARATION);
  passOver(cursor);
  take(cursor, DOCTYPE);
  passOver(cursor);
  const found = readRoot(cursor, wanted);
  passOver(cursor);
  if (cursor.at < cursor.text.length) throw new XmlError("something behind the end");
  return found;
}

/**
 * The text of a document with one kind of line ending, as its declaration says that it is encoded. Throws XmlError.
 * @param {Uint8Array} xml
 */
function decoded(xml) {
  const start = { text: latin(xml.subarray(0, 200)).replace(/\r\n?/g, "\n"), at: 0 };
  const [, double, single] = take(start, DECLARATION) ?? [];
  const encoding = (double ?? single ?? "utf-8").toLowerCase();
  if (!ENCODINGS.has(encoding)) throw new XmlError("an encoding that is not read here");
  try {
    const text = encoding === LATIN ? latin(xml) : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(xml);
    return text.replace(/\r\n?/g, "\n");
  } catch (error) {
    if (error instanceof TypeError) throw new XmlError("bytes that are no text");
    throw error;
  }
}

/**
 * ISO 8859-1, which TextDecoder takes for another one.
 * @param {Uint8Array} raw
 */
function latin(raw) {
  let text = "";
  for (let at = 0; at < raw.length; at += 4096) text += String.fromCharCode(...raw.subarray(at, at + 4096));
  return text;
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
  while (take(cursor, SPACE) || takeComment(cursor) || take(cursor, INSTRUCTION));
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
    // White space in a value is a space, unless it is written as a reference. Source: XML 1.0, 3.3.3.
    attributes.set(name, dereferenced((double ?? single).replace(/[\t\n]/g, " ")));
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
