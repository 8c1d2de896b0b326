/** Bytes and text: base58btc, base64url, strict JSON in. The same program as site_builder/encoding.py. */

const MAX_JSON_BYTES = 1_048_576;
const MAX_JSON_DEPTH = 64;
// Deeper than this Python's parser stops by itself; up to here both judge the depth after reading.
const MAX_PARSER_DEPTH = 900;

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Text that is not what it claims to be encoded as. */
export class EncodingError extends Error {}

/**
 * Whether a JSON value is an object. Objects of parseJson have no prototype, so that a plain look-up finds own keys only.
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A copy of an object without one key, and without a prototype.
 * @param {Record<string, any>} object
 * @param {string} name
 * @returns {Record<string, any>}
 */
export const without = (object, name) => {
  const copy = Object.assign(Object.create(null), object);
  delete copy[name];
  return copy;
};

/**
 * The first characters of a text, counted as Python counts them (code points).
 * @param {string} text
 * @param {number} length
 */
export const clip = (text, length) => Array.from(text.slice(0, 2 * length)).slice(0, length).join("");

/**
 * The bytes of base58btc text. Throws EncodingError; the length is capped because the work grows with its square.
 * Source: Controlled Identifiers 1.0, 2.4.
 * @param {string} text
 * @param {{maxCharacters?: number}} [options]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function parseBase58btc(text, { maxCharacters = 128 } = {}) {
  if (text.length > maxCharacters || /[^1-9A-HJ-NP-Za-km-z]/.test(text)) throw new EncodingError("this is not base58btc text");
  let number = 0n;
  for (const character of text) number = number * 58n + BigInt(BASE58.indexOf(character));
  const bytes = [];
  for (let left = number; left > 0n; left >>= 8n) bytes.unshift(Number(left & 255n));
  const [zeros] = text.match(/^1*/) ?? [""];
  return Uint8Array.from([...new Array(zeros.length).fill(0), ...bytes]);
}

/**
 * Base58 (Bitcoin alphabet) of bytes of which the first is not zero, without a multibase prefix.
 * Source: Controlled Identifiers 1.0, 2.4.
 * @param {Uint8Array} raw
 */
export function formatBase58btc(raw) {
  let text = "";
  for (let left = raw.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n); left > 0n; left /= 58n) text = BASE58[Number(left % 58n)] + text;
  return text;
}

/**
 * The bytes of base64url text without padding, canonical form only. Source: RFC 4648, section 5.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function parseBase64url(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  const isText = /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1;
  const letters = isText ? atob(base64) : "";
  // atob passes over bits of the last letter that belong to no byte; the way back does not.
  if (!btoa(letters).startsWith(base64)) throw new EncodingError("this is not base64url text in its canonical form");
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/**
 * The JSON value in raw: the common ground of Python and JavaScript, so that both read the same.
 *
 * Refuses what the two read differently or what hides something: duplicate keys, NaN, integers beyond 2^53, lone
 * surrogates, a byte order mark, more than 64 levels. Source: RFC 7493 (I-JSON), section 2. Throws EncodingError.
 *
 * The same bytes object gives the same value again, which nobody may change.
 * @param {Uint8Array} raw
 * @returns {any}
 */
export function parseJson(raw) {
  if (!parsed.has(raw)) parsed.set(raw, parse(raw));
  return parsed.get(raw);
}

// A page reads its credential three times, and the issuer's document twice.
/** @type {WeakMap<Uint8Array, any>} */
const parsed = new WeakMap();

/** @param {Uint8Array} raw */
function parse(raw) {
  if (raw.length > MAX_JSON_BYTES) throw new EncodingError("this JSON is larger than 1,048,576 bytes");
  const cursor = { text: decodeUtf8(raw), at: 0 };
  take(cursor, SPACE);
  const value = readValue(cursor, 1);
  take(cursor, SPACE);
  if (cursor.at < cursor.text.length) throw notJson();
  checkDepthAndText(value);
  return value;
}

/** @typedef {{text: string, at: number}} Cursor */

// Sticky: each pattern matches at the cursor or not at all. All of them match in linear time.
const SPACE = /[ \t\n\r]*/y;
const WORD = /true|false|null|NaN|-?Infinity/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;
const PLAIN_TEXT = /[^"\\\0-\x1f]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const notJson = () => new EncodingError("this is not JSON");
const tooDeep = () => new EncodingError(`this JSON is nested more than ${MAX_JSON_DEPTH} levels deep`);

/** @param {Uint8Array} raw */
function decodeUtf8(raw) {
  try {
    // ignoreBOM keeps the byte order mark, which is then not JSON.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw new EncodingError("this is not UTF-8 text");
  }
}

/**
 * What a sticky pattern matches at the cursor, which moves behind it; null, and no move, when it does not match.
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
 * Whether the cursor stood before this character; it then stands behind it.
 * @param {Cursor} cursor
 * @param {string} character
 */
function takeSign(cursor, character) {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

/**
 * As takeSign; the cursor then stands behind the white space that follows, too.
 * @param {Cursor} cursor
 * @param {string} character
 */
const takeSignAndSpace = (cursor, character) => takeSign(cursor, character) && take(cursor, SPACE) !== null;

/**
 * @param {Cursor} cursor
 * @param {number} depth
 * @returns {any}
 */
function readValue(cursor, depth) {
  if (depth > MAX_PARSER_DEPTH) throw tooDeep();
  if (takeSignAndSpace(cursor, "{")) return readObject(cursor, depth);
  if (takeSignAndSpace(cursor, "[")) return readArray(cursor, depth);
  if (cursor.text[cursor.at] === '"') return readString(cursor);
  const word = take(cursor, WORD)?.[0];
  if (word === undefined) return readNumber(cursor);
  if (/[NI]/.test(word)) throw new EncodingError(`${word} is not JSON`);
  return JSON.parse(word);
}

/**
 * @param {Cursor} cursor
 * @param {number} depth
 */
function readArray(cursor, depth) {
  /** @type {any[]} */
  const found = [];
  if (takeSign(cursor, "]")) return found;
  for (;;) {
    found.push(readValue(cursor, depth + 1));
    take(cursor, SPACE);
    if (takeSign(cursor, "]")) return found;
    if (!takeSignAndSpace(cursor, ",")) throw notJson();
  }
}

/**
 * @param {Cursor} cursor
 * @param {number} depth
 */
function readObject(cursor, depth) {
  // Without a prototype a key "__proto__" is a key like any other.
  const found = Object.create(null);
  let isDoubled = false;
  if (takeSign(cursor, "}")) return found;
  for (;;) {
    if (cursor.text[cursor.at] !== '"') throw notJson();
    const key = readString(cursor);
    take(cursor, SPACE);
    if (!takeSignAndSpace(cursor, ":")) throw notJson();
    const value = readValue(cursor, depth + 1);
    isDoubled ||= key in found;
    found[key] = value;
    take(cursor, SPACE);
    if (takeSign(cursor, "}")) break;
    if (!takeSignAndSpace(cursor, ",")) throw notJson();
  }
  if (isDoubled) throw new EncodingError("this JSON has the same key twice in one object");
  return found;
}

/** @param {Cursor} cursor */
function readString(cursor) {
  const start = cursor.at;
  cursor.at += 1;
  while (!takeSign(cursor, '"')) if (!(take(cursor, PLAIN_TEXT) ?? take(cursor, ESCAPE))) throw notJson();
  return JSON.parse(cursor.text.slice(start, cursor.at));
}

/** @param {Cursor} cursor */
function readNumber(cursor) {
  const found = take(cursor, NUMBER);
  if (!found) throw notJson();
  const [text, fraction] = found;
  const number = Number(text);
  if (!fraction && !Number.isSafeInteger(number)) throw new EncodingError("this JSON has a whole number beyond 2^53");
  if (!Number.isFinite(number)) throw new EncodingError("this JSON has a number that is too large");
  return number;
}

/**
 * Whether text has half of a surrogate pair (such text has no UTF-8).
 * @param {string} text
 */
export const hasLoneSurrogate = (text) => /[\ud800-\udfff]/u.test(text);

/** @param {unknown} value */
function checkDepthAndText(value) {
  let level = [value];
  for (let depth = 0; depth < MAX_JSON_DEPTH; depth += 1) {
    /** @type {unknown[]} */
    const inner = [];
    for (const item of level) {
      if (Array.isArray(item)) for (const entry of item) inner.push(entry);
      else if (isObject(item)) for (const [key, entry] of Object.entries(item)) inner.push(key, entry);
      else if (typeof item === "string" && hasLoneSurrogate(item)) {
        throw new EncodingError("this JSON has half of a surrogate pair");
      }
    }
    if (inner.length === 0) return;
    level = inner;
  }
  throw tooDeep();
}
