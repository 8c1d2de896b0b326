/**
 * The browser's verifier for the Python tests: JSON lines in, one JSON line out for each.
 *
 * {"raw", "responses", "now", "page", "suites"?}: the report (raw and responses in base64); an address that is not among
 * the responses cannot be reached. {"json"}: {"ok"}, its canonical form or null. {"key"}: {"ok"}, "" or why it is refused.
 * {"file"} in base64: {"ok", "reason"}, the credential in it. {"html", "page"}: {"ok"}, where the page's credential lies.
 * {"begins"} in base64: {"ok"}, whether that is a page. {"shown", "document", "multibase"} (a page; base64; the key that signed): {"ok"},
 * where the page differs.
 * {"rdf", "contexts"} and {"nquads"}: {"ok", "reason"}, the canonical N-Quads of a JSON-LD document (JSON in base64) or of N-Quads.
 * {"rosette"}: digest (hex), words and drawing of a document (base64); {"digest"}: words and drawing of a digest (hex).
 */

import { createInterface } from "node:readline";
import { EncodingError, parseJson } from "../../site_builder/verification/browser/src/encoding.js";
import { formatJcs } from "../../site_builder/verification/browser/src/credentials/securing/jcs.js";
import { KeyTextError, parsePublicKey } from "../../site_builder/verification/browser/src/credentials/identifiers/multikey.js";
import { credentialAddress, isHtml } from "../../site_builder/verification/browser/src/verification/evidence/address.js";
import { FileError, unbaked } from "../../site_builder/verification/browser/src/verification/decode/file.js";
import { canonicalizeRdf } from "../../site_builder/verification/browser/src/credentials/securing/canonical.js";
import { CanonicalizationError, canonicalizeNquads } from "../../site_builder/verification/browser/src/credentials/securing/nquads.js";
import { rosetteDigest, rosettePaths, rosetteSvg, rosetteWords } from "../../site_builder/verification/browser/src/credentials/rosette/drawing.js";
import { shownPage } from "./page.mjs";
import { reportOn } from "./verifier.mjs";

/**
 * How a credential is verified: raw, and responses by address, in base64; suites by name.
 * @typedef {{raw: string, responses: Record<string, string>, now: string, page: import("./page.mjs").PublishedPage | null, suites: string[]}} Verification
 */

/** @typedef {{rdf: string, contexts?: Record<string, unknown>} | {nquads: string}} Canonicalization */
/** @typedef {{json: string} | {key: string} | {file: string} | {html: string, page: string} | {begins: string}} Reading */
/** @typedef {{shown: import("./page.mjs").PublishedPage, document: string, multibase: string}} Comparison */
/** @typedef {Verification | Canonicalization | Reading | Comparison | {rosette: string} | {digest: string}} Question */

/** @param {string} text base64 */
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

/** @param {Verification} question */
function report({ raw, responses, ...rest }) {
  const answers = new Map(Object.entries(responses).map(([url, body]) => [url, bytes(body)]));
  return reportOn({ raw: bytes(raw), responses: answers, ...rest });
}

/** @param {Canonicalization} question */
function canonicalized(question) {
  if ("nquads" in question) return canonicalizeNquads(question.nquads);
  const contexts = new Map(Object.entries(question.contexts ?? {}));
  return canonicalizeRdf(parseJson(bytes(question.rdf)), { contexts });
}

/** @param {Canonicalization} question */
async function nquads(question) {
  try {
    return { ok: Buffer.from(await canonicalized(question)).toString("utf8"), reason: "" };
  } catch (error) {
    if (error instanceof CanonicalizationError || error instanceof EncodingError) return { ok: null, reason: error.message };
    throw error;
  }
}

/** @param {string} text */
function canonical(text) {
  try {
    return { ok: formatJcs(parseJson(bytes(text))), reason: "" };
  } catch (error) {
    if (error instanceof EncodingError) return { ok: null, reason: error.message };
    throw error;
  }
}

/** @param {string} raw */
function file(raw) {
  try {
    return { ok: Buffer.from(unbaked(bytes(raw))).toString("base64"), reason: "" };
  } catch (error) {
    if (error instanceof FileError) return { ok: null, reason: error.message };
    throw error;
  }
}

/** @param {string} text */
function key(text) {
  try {
    return { ok: Buffer.from(parsePublicKey(text)).toString("hex"), reason: "" };
  } catch (error) {
    if (error instanceof KeyTextError) return { ok: null, reason: error.message };
    throw error;
  }
}

/** @param {Uint8Array} digest */
const drawn = (digest) => ({
  digest: Buffer.from(digest).toString("hex"),
  words: rosetteWords(digest),
  svg: rosetteSvg(digest),
  paths: rosettePaths(digest).paths,
});

/** @param {Question} question */
async function answer(question) {
  if ("rosette" in question) return drawn(await rosetteDigest(parseJson(bytes(question.rosette))));
  if ("digest" in question) return drawn(new Uint8Array(Buffer.from(question.digest, "hex")));
  if ("shown" in question) return { ok: await shownPage(question.shown).compare(parseJson(bytes(question.document)), question.multibase, "") };
  if ("json" in question) return canonical(question.json);
  if ("file" in question) return file(question.file);
  if ("begins" in question) return { ok: isHtml(bytes(question.begins)) };
  if ("html" in question) return { ok: credentialAddress(question.html, { page: question.page }) };
  if ("rdf" in question || "nquads" in question) return nquads(question);
  return "key" in question ? key(question.key) : report(question);
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
