/**
 * RDF Dataset Canonicalization of JSON-LD documents, closed against lost claims: the same program as
 * site_builder/credentials/securing/claims.py, check by check, with the same sentences.
 *
 * Sources: RDF Dataset Canonicalization (RDFC-1.0); VC Data Integrity 1.0, 2.4.3 (a term that JSON-LD drops is an unsigned
 * claim and must be an error). Of jsonld.js only expansion and the way to RDF are loaded: nothing here can fetch.
 */

import contextApi from "../../../../../../node_modules/jsonld/lib/context.js";
import ContextResolver from "../../../../../../node_modules/jsonld/lib/ContextResolver.js";
import events from "../../../../../../node_modules/jsonld/lib/events.js";
import expandApi from "../../../../../../node_modules/jsonld/lib/expand.js";
import toRdfApi from "../../../../../../node_modules/jsonld/lib/toRdf.js";
import jsonldUtil from "../../../../../../node_modules/jsonld/lib/util.js";
import { clip, isObject } from "../../encoding.js";
import { CanonicalizationError, canonicalizeDataset } from "./nquads.js";

/** @typedef {Map<string, unknown>} Contexts the documents that @context may name, by address */

// JSON-LD compares each entry of a list with each other; a credential has a hundred.
const MAX_LIST_ENTRIES = 1_000;
const NOT_JSON_LD = "this document is not valid JSON-LD";
const UNDEFINED_TERM = "this document has a term that its contexts do not define, so nothing signs it";

/**
 * Canonical N-Quads of a JSON-LD document. Throws CanonicalizationError for an unknown context, for every claim that
 * JSON-LD would drop, and for poison graphs.
 * @param {Record<string, any>} document
 * @param {{contexts: Contexts}} options
 */
export async function canonicalizeRdf(document, { contexts }) {
  checkSource(document);
  try {
    return await canonicalizeDataset(await datasetOf(document, contexts));
  } catch (error) {
    throw asRefusal(error);
  }
}

/**
 * @param {Record<string, any>} document
 * @param {Contexts} contexts
 */
async function datasetOf(document, contexts) {
  /** @type {string[]} */
  const unsafe = [];
  const options = optionsWith(contexts, unsafe);
  const activeCtx = contextApi.getInitialContext(options);
  const element = jsonldUtil.clone(document);
  const expanded = [await expandApi.expand({ activeCtx, element, options })].flat().filter((node) => node !== null);
  if (unsafe.includes("invalid property")) throw new CanonicalizationError(UNDEFINED_TERM);
  checkExpanded(expanded);
  const dataset = toRdfApi.toRDF(expanded, options);
  // Whatever else jsonld.js's own safe mode would refuse.
  if (unsafe.length) throw new CanonicalizationError(NOT_JSON_LD);
  return dataset;
}

/**
 * What jsonld.js is told. unsafe: receives the name of each event at which its safe mode would stop.
 * @param {Contexts} contexts
 * @param {string[]} unsafe
 * @returns {JsonLdOptions}
 */
function optionsWith(contexts, unsafe) {
  return {
    base: null,
    processingMode: "json-ld-1.1",
    documentLoader: loader(contexts),
    contextResolver: new ContextResolver({ sharedCache: new Map() }),
    produceGeneralizedRdf: false,
    // Without it, nothing would sign @direction.
    rdfDirection: "i18n-datatype",
    eventHandler: [(told) => isSafe(told) || unsafe.push(told.event.code)],
  };
}

/** @param {{event: {code: string}}} told */
function isSafe(told) {
  try {
    events.safeEventHandler({ ...told, next: () => {} });
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {Contexts} contexts
 * @returns {JsonLdOptions["documentLoader"]}
 */
const loader = (contexts) => async (url) => {
  if (!contexts.has(url)) {
    throw new CanonicalizationError(`this document needs the JSON-LD context ${shown(url)}, which is not one that Laurels knows`);
  }
  return { contextUrl: null, documentUrl: url, document: contexts.get(url), tag: "static" };
};

/**
 * Our refusal, which jsonld.js may have wrapped, or our word for what it does not check itself.
 * @param {any} error
 */
function asRefusal(error) {
  for (let cause = error; cause; cause = cause.details?.cause) {
    if (cause instanceof CanonicalizationError) return cause;
  }
  if (error instanceof RangeError) return new CanonicalizationError("this document is nested too deeply");
  const isKnown = error?.name?.startsWith("jsonld.") || error instanceof TypeError;
  return isKnown ? new CanonicalizationError(NOT_JSON_LD) : error;
}

/**
 * The beginning of a value, as a sentence quotes it.
 * @param {unknown} value
 */
const shown = (value) => clip(JSON.stringify(value), 80);

// What may stand in a document: everything else can vanish in JSON-LD processing without a word.
const VALUE_KEYS = ["@value", "@language", "@direction"];
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** @param {Record<string, any>} document */
function checkSource(document) {
  if (!("@context" in document)) throw new CanonicalizationError("this document has no @context");
  /** @type {any[]} */
  const pending = [document];
  let entries = 0;
  while (pending.length) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      entries += checkedList(value).length;
      if (entries > MAX_LIST_ENTRIES) throw new CanonicalizationError("this document has more than 1,000 entries in its lists");
      pending.push(...value);
    } else if (isObject(value)) {
      checkObject(value);
      pending.push(...Object.keys(value), ...Object.values(value));
    } else checkScalar(value);
  }
}

/** @param {any[]} list */
function checkedList(list) {
  if (list.length === 0) throw new CanonicalizationError("an empty list signs nothing");
  if (list.some(Array.isArray)) throw new CanonicalizationError("a list inside a list has no agreed canonical form");
  return list;
}

/** @param {unknown} value */
function checkScalar(value) {
  if (value === null) throw new CanonicalizationError("null signs nothing");
  if (typeof value === "string" && CONTROL.test(value)) {
    throw new CanonicalizationError("text with control characters has no agreed canonical form");
  }
  if (typeof value === "number" && value && (Number(value.toExponential(15)) !== value || Math.abs(value) < 1e-6)) {
    // Not all of its digits would be signed, or jsonld.js takes it for 0. Source: JSON-LD 1.1 API, 8.6.
    throw new CanonicalizationError("a number with so many digits has no agreed canonical form");
  }
}

/** @param {Record<string, any>} value */
function checkObject(value) {
  if ("@value" in value) return checkLanguageText(value);
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith("@") && key !== "@context") {
      throw new CanonicalizationError(`${clip(key, 80)} may not stand inside a document`);
    }
    // `https://www.w3.org/2018/credentials#validUntil` is signed like `validUntil`, and who reads the JSON does not find it;
    // `_:name` is not signed at all.
    if (key.includes(":")) throw new CanonicalizationError(`${shown(key)} is an address where a term of the contexts belongs`);
    // Names of contexts only: one written out inside a document could give any term another meaning.
    const isNames = Array.isArray(inner) && inner.every((entry) => typeof entry === "string");
    if (key === "@context" && !isNames) throw new CanonicalizationError("@context must be a list of addresses");
    // No context defines it, and jsonld.js would take it for the prototype of its copy.
    if (key === "__proto__") throw new CanonicalizationError(UNDEFINED_TERM);
  }
}

/**
 * Source: VCDM 2.0, 11.1.
 * @param {Record<string, any>} value
 */
function checkLanguageText(value) {
  const entries = Object.entries(value);
  if (!entries.every(([key, part]) => VALUE_KEYS.includes(key) && typeof part === "string")) {
    throw new CanonicalizationError("text with a language has @value, @language and @direction, and nothing else");
  }
  const language = value["@language"] ?? "en";
  if (!LANGUAGE.test(language)) throw new CanonicalizationError(`${shown(language)} is not a language`);
}

// jsonld.js asks for a scheme only; this one also refuses what an IRI may not contain.
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*$/;

/**
 * Every identifier and type is an absolute IRI; relative ones would be dropped on the way to RDF.
 * @param {any[]} expanded
 */
function checkExpanded(expanded) {
  if (expanded.length === 0) throw new CanonicalizationError("nothing of this document would be signed");
  const [root] = expanded;
  const pending = [...expanded];
  while (pending.length) {
    const value = pending.pop();
    if (Array.isArray(value)) pending.push(...value);
    else if (!isObject(value)) continue;
    else if ("@value" in value) checkLiteral(value);
    else pending.push(...checkedNode(value, root));
  }
}

/**
 * The values of a node's properties.
 * @param {Record<string, any>} node
 * @param {Record<string, any>} root
 */
function checkedNode(node, root) {
  for (const name of [...(node["@type"] ?? []), ...("@id" in node ? [node["@id"]] : [])]) {
    if (typeof name !== "string" || !ABSOLUTE_IRI.test(name)) {
      throw new CanonicalizationError(`${shown(name)} is not an absolute address, or not a term of the contexts`);
    }
  }
  const claims = Object.entries(node).filter(([key]) => key !== "@id" && key !== "@type");
  if (node !== root && claims.length && node["@id"] === (root["@id"] ?? "")) {
    // RDF knows one thing by this id: claims moved down into a part would stay signed, and not be found at the top.
    throw new CanonicalizationError("a part of this document has the id of the whole");
  }
  return claims.map(([, inner]) => inner);
}

const NUMBERS = ["float", "double", "decimal", "integer", "nonNegativeInteger"];

/**
 * A text, number or truth value is written as its datatype says: "false" and false give the same N-Quads.
 * @param {Record<string, any>} literal
 */
function checkLiteral(literal) {
  const { "@value": value, "@type": datatype } = literal;
  if (datatype === undefined || datatype === "@json") return;
  const name = datatype.slice(datatype.lastIndexOf("#") + 1);
  const wanted = name === "boolean" ? "boolean" : NUMBERS.includes(name) ? "number" : "string";
  if (typeof value !== wanted) throw new CanonicalizationError(`${shown(value)} is not written as a value of the kind ${name}`);
}
