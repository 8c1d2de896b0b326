/**
 * Ed25519 public keys as Multikey text, and the strict check that makes all verifiers agree about a key.
 *
 * Source: Controlled Identifiers 1.0, 2.2.2 (Multikey); Data Integrity EdDSA Cryptosuites 1.0, 2.1.1; RFC 8032.
 */

import { EncodingError, formatBase58btc, parseBase58btc } from "../../encoding.js";

/** Text that is not an Ed25519 Multikey, or a key on which verifiers would disagree. */
export class KeyTextError extends Error {}

/**
 * The 32 bytes of the public key written as publicKeyMultibase.
 *
 * Refuses keys that are not canonical, of small order or outside the prime-order group: on those, Ed25519
 * implementations give different answers for one signature. Throws KeyTextError.
 * @param {string} multibase
 */
export function parsePublicKey(multibase) {
  const raw = decode(multibase);
  if (!sound.has(multibase) && !isPrimeOrder(raw)) {
    throw new KeyTextError("this public key is not a sound Ed25519 key (not canonical, or of small or mixed order)");
  }
  sound.add(multibase);
  return raw;
}

// Keys that were found sound: a credential and its list are signed by the same one, and the check takes longest of all.
const sound = new Set();

/**
 * publicKeyMultibase of the 32 bytes of a key, sound or not.
 * @param {Uint8Array} raw
 */
export const formatPublicBytes = (raw) => `z${formatBase58btc(Uint8Array.of(0xed, 0x01, ...raw))}`;

/** @param {string} text */
function decode(text) {
  if (!text.startsWith("z")) throw new KeyTextError("a key is one line of text that begins with z6Mk");
  const raw = decodeBase58(text.slice(1));
  if (raw[0] !== 0xed || raw[1] !== 0x01 || raw.length !== 34) {
    throw new KeyTextError("an Ed25519 key begins with z6Mk and has 32 bytes");
  }
  return raw.slice(2);
}

/** @param {string} text */
function decodeBase58(text) {
  try {
    return parseBase58btc(text, { maxCharacters: 64 });
  } catch (error) {
    if (error instanceof EncodingError) throw new KeyTextError("this is not the text of a key");
    throw error;
  }
}

// Edwards curve arithmetic, only to judge public keys: never with secrets (it is not constant-time).
// Source: RFC 8032, 5.1 (parameters), 5.1.3 (decoding), 5.1.4 (addition in extended coordinates).
/** @typedef {[bigint, bigint, bigint, bigint]} Point */
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = modulo(-121665n * invert(121666n));
/** @type {Point} */
const NEUTRAL = [0n, 1n, 1n, 0n];

/** @param {bigint} number */
function modulo(number) {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
}

/**
 * @param {bigint} base
 * @param {bigint} exponent
 */
function power(base, exponent) {
  let [result, square] = [1n, modulo(base)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** @param {bigint} number */
function invert(number) {
  return power(number, P - 2n);
}

/** @param {Uint8Array} raw */
function isPrimeOrder(raw) {
  const point = decodePoint(raw);
  return point !== null && !isNeutral(point) && isNeutral(multiply(ORDER, point));
}

/**
 * @param {Uint8Array} raw
 * @returns {Point | null}
 */
function decodePoint(raw) {
  const encoded = raw.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
  const [y, sign] = [encoded & (2n ** 255n - 1n), encoded >> 255n];
  if (y >= P) return null;
  const square = modulo((y * y - 1n) * invert(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (modulo(x * x - square)) x = modulo(x * power(2n, (P - 1n) / 4n));
  if (modulo(x * x - square) || (x === 0n && sign)) return null;
  x = x % 2n === sign ? x : P - x;
  return [x, y, 1n, modulo(x * y)];
}

/**
 * @param {Point} p
 * @param {Point} q
 * @returns {Point}
 */
function add(p, q) {
  const [a, b] = [((p[1] - p[0]) * (q[1] - q[0])) % P, ((p[1] + p[0]) * (q[1] + q[0])) % P];
  const [c, d] = [(((2n * p[3] * q[3]) % P) * D) % P, (2n * p[2] * q[2]) % P];
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
}

/**
 * @param {bigint} scalar
 * @param {Point} point
 */
function multiply(scalar, point) {
  let [result, double] = [NEUTRAL, point];
  for (let left = scalar; left > 0n; left >>= 1n) {
    if (left & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

/** @param {Point} point */
function isNeutral(point) {
  return point[0] % P === 0n && (point[1] - point[2]) % P === 0n;
}
