/**
 * Canonical N-Quads of an RDF dataset, with the limits of site_builder/credentials/securing/full_rdfc.py: the same program.
 *
 * Source: RDF Dataset Canonicalization (RDFC-1.0), 4.4 and 7.1 (poison graphs). RDFC10 is the pure JavaScript path of
 * rdf-canonize; its digests are the browser's own.
 */

import NQuads from "../../../../../../node_modules/rdf-canonize/lib/NQuads.js";
import RDFC10 from "../../../../../../node_modules/rdf-canonize/lib/RDFC10.js";

const MAX_BLANK_NODES = 256;
const MAX_ALIKE = 32;
const MAX_ALIKE_NEIGHBOURS = 5;
const MAX_HASH_STEPS = 20_000;
const POISON = "this document has too many parts that look alike to be put in order (a poison graph)";

/** A document that has no safe canonical form. */
export class CanonicalizationError extends Error {
  // The checker is loaded apart, with an Error of its own: data-integrity.js knows it by this name.
  name = "CanonicalizationError";
}

/**
 * A term of a quad, as rdf-canonize has them. @see https://rdf.js.org/data-model-spec/
 * @typedef {{termType: string, value: string, datatype?: {value: string}, language?: string}} Term
 */

/** @typedef {{subject: Term, predicate: Term, object: Term, graph: Term}} Quad */

/**
 * Canonical N-Quads of N-Quads: for the specification's own test vectors.
 * @param {string} text
 */
export const canonicalizeNquads = (text) => canonicalizeDataset(NQuads.parse(text));

/**
 * The bytes of a dataset's canonical form. Throws CanonicalizationError for a poison graph, and for texts that
 * implementations put into different orders.
 * @param {Quad[]} dataset
 */
export async function canonicalizeDataset(dataset) {
  refusePoison(dataset);
  const nquads = await inOrder(dataset);
  checkOrder(nquads);
  return new TextEncoder().encode(nquads);
}

/**
 * @param {Quad[]} dataset
 * @returns {Promise<string>}
 */
async function inOrder(dataset) {
  try {
    return await new RDFC10({ maxDeepIterations: MAX_HASH_STEPS }).main(dataset);
  } catch (error) {
    if (String(error).includes("Maximum deep iterations")) throw new CanonicalizationError(POISON);
    throw error;
  }
}

/**
 * RDFC-1.0 sorts by code points, rdf-canonize by UTF-16 units: an emoji and U+E000 to U+FFFF come in another order there.
 * @param {string} nquads
 */
function checkOrder(nquads) {
  const lines = nquads.replace(/_:c14n[0-9]+/g, "_:").split("\n").sort();
  const byCodePoints = [...lines].sort(compareCodePoints);
  if (lines.some((line, index) => line !== byCodePoints[index])) {
    throw new CanonicalizationError("this document has texts that implementations put into different orders");
  }
}

/**
 * @param {string} one
 * @param {string} other
 */
function compareCodePoints(one, other) {
  const length = Math.min(one.length, other.length);
  let index = 0;
  while (index < length && one[index] === other[index]) index += 1;
  return index === length ? one.length - other.length : rank(one.charCodeAt(index)) - rank(other.charCodeAt(index));
}

/**
 * Where a UTF-16 unit stands among code points: surrogates, of which the highest are made, behind all others.
 * @param {number} unit
 */
const rank = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

/**
 * Counts blank nodes that cannot be told apart by their own quads: ordering n of them may take n! steps.
 *
 * Runs before the canonicaliser. Source: RDFC-1.0, 7.1 (dataset poisoning).
 * @param {Quad[]} dataset
 */
function refusePoison(dataset) {
  const { own, neighbours } = blankNodes(dataset);
  if (own.size > MAX_BLANK_NODES) throw new CanonicalizationError(POISON);
  const look = new Map([...own].map(([node, lines]) => [node, lines.sort().join("\n")]));
  const count = counted([...look.values()]);
  const isAlike = (/** @type {string} */ node) => /** @type {number} */ (count.get(look.get(node) ?? "")) > 1;
  const alike = [...look.keys()].filter(isAlike);
  const crowds = [...neighbours.values()].map((near) => counted([...near].filter(isAlike).map((other) => look.get(other) ?? "")));
  if (alike.length > MAX_ALIKE || crowds.some((crowd) => Math.max(0, ...crowd.values()) > MAX_ALIKE_NEIGHBOURS)) {
    throw new CanonicalizationError(POISON);
  }
}

/**
 * For each blank node its own quads, as it sees them, and the blank nodes that it stands beside.
 * @param {Quad[]} dataset
 */
function blankNodes(dataset) {
  /** @type {Map<string, string[]>} */
  const own = new Map();
  /** @type {Map<string, Set<string>>} */
  const neighbours = new Map();
  for (const { subject, predicate, object, graph } of dataset) {
    const blank = [subject, object, graph].filter(isBlank).map((term) => term.value);
    for (const node of blank) {
      const line = [subject, predicate, object, graph].map((term) => seenFrom(node, term)).join(" ");
      if (!own.has(node)) own.set(node, []);
      if (!neighbours.has(node)) neighbours.set(node, new Set());
      own.get(node)?.push(line);
      for (const other of blank) if (other !== node) neighbours.get(node)?.add(other);
    }
  }
  return { own, neighbours };
}

/** @param {Term} term */
const isBlank = (term) => term.termType === "BlankNode";

/**
 * @param {string} node
 * @param {Term} term
 */
function seenFrom(node, term) {
  if (isBlank(term)) return term.value === node ? "_:a" : "_:z";
  return JSON.stringify([term.termType, term.value, term.datatype?.value, term.language]);
}

/**
 * How often each text occurs.
 * @param {string[]} texts
 */
function counted(texts) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const text of texts) found.set(text, (found.get(text) ?? 0) + 1);
  return found;
}
