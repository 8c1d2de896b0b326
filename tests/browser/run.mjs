/**
 * The browser's verifier for the Python tests: JSON lines in, one JSON line out for each.
 *
 * {"raw", "responses", "now", "page", "suites"?}: the report (raw and responses in base64); an address that is not among
 * the responses cannot be reached. {"json"}: {"ok"}, its canonical form or null. {"key"}: {"ok"}, "" or why it is refused.
 * {"file"} in base64: {"ok", "reason"}, the credential in it. {"html", "page"}: {"ok"}, where the page's credential lies.
 * {"rdf", "contexts"} and {"nquads"}: {"ok", "reason"}, the canonical N-Quads of a JSON-LD document (JSON in base64) or of N-Quads.
 * {"rosette"}: digest (hex), words and drawing of a document (base64); {"digest"}: words and drawing of a digest (hex).
 */

import { webcrypto } from "node:crypto";
import { createInterface } from "node:readline";
import { EncodingError, parseJson } from "../../site_builder/verification/browser/src/encoding.js";
import { formatJcs } from "../../site_builder/verification/browser/src/credentials/securing/jcs.js";
import { KeyTextError, parsePublicKey } from "../../site_builder/verification/browser/src/credentials/identifiers/multikey.js";
import { credentialAddress } from "../../site_builder/verification/browser/src/verification/evidence/address.js";
import { FileError, unbaked } from "../../site_builder/verification/browser/src/verification/evidence/file.js";
import { canonicalizeRdf } from "../../site_builder/verification/browser/src/credentials/securing/canonical.js";
import { CanonicalizationError, canonicalizeNquads } from "../../site_builder/verification/browser/src/credentials/securing/nquads.js";
import { RDFC, SUITES } from "../../site_builder/verification/browser/src/credentials/securing/data-integrity.js";
import { rosetteDigest, rosettePaths, rosetteSvg, rosetteWords } from "../../site_builder/verification/browser/src/credentials/rosette/drawing.js";
import { FetchError } from "../../site_builder/verification/browser/src/verification/signed.js";
import { verifyAndFollow } from "../../site_builder/verification/browser/src/verification/successor.js";

// Node 18, which Debian 12 has, keeps it in a module only.
globalThis.crypto ??= webcrypto;

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

function fetchFrom(responses) {
  const known = new Map(Object.entries(responses));
  return async (url) => {
    if (!known.has(url)) throw new FetchError("not among the responses");
    return bytes(known.get(url));
  };
}

// As pages load it: the committed bundle.
const { canonicalize } = await import("../../site_builder/verification/browser/dist/rdfc.js");
const ALL = new Map([...SUITES, [RDFC, canonicalize]]);

function report({ raw, responses, now, page, suites }) {
  const loaded = new Map(suites.map((name) => [name, ALL.get(name)]));
  return verifyAndFollow(bytes(raw), { fetch: fetchFrom(responses), now: new Date(now), page, suites: loaded });
}

async function nquads(question) {
  try {
    const contexts = new Map(Object.entries(question.contexts ?? {}));
    const made = "nquads" in question ? canonicalizeNquads(question.nquads) : canonicalizeRdf(parseJson(bytes(question.rdf)), { contexts });
    return { ok: Buffer.from(await made).toString("utf8"), reason: "" };
  } catch (error) {
    if (error instanceof CanonicalizationError || error instanceof EncodingError) return { ok: null, reason: error.message };
    throw error;
  }
}

function canonical(text) {
  try {
    return { ok: formatJcs(parseJson(bytes(text))), reason: "" };
  } catch (error) {
    if (error instanceof EncodingError) return { ok: null, reason: error.message };
    throw error;
  }
}

function file(raw) {
  try {
    return { ok: Buffer.from(unbaked(bytes(raw))).toString("base64"), reason: "" };
  } catch (error) {
    if (error instanceof FileError) return { ok: null, reason: error.message };
    throw error;
  }
}

function key(text) {
  try {
    return { ok: Buffer.from(parsePublicKey(text)).toString("hex"), reason: "" };
  } catch (error) {
    if (error instanceof KeyTextError) return { ok: null, reason: error.message };
    throw error;
  }
}

const drawn = (digest) => ({
  digest: Buffer.from(digest).toString("hex"),
  words: rosetteWords(digest),
  svg: rosetteSvg(digest),
  paths: rosettePaths(digest).paths,
});

async function answer(question) {
  if ("rosette" in question) return drawn(await rosetteDigest(parseJson(bytes(question.rosette))));
  if ("digest" in question) return drawn(new Uint8Array(Buffer.from(question.digest, "hex")));
  if ("json" in question) return canonical(question.json);
  if ("file" in question) return file(question.file);
  if ("html" in question) return { ok: credentialAddress(question.html, { page: question.page }) };
  if ("rdf" in question || "nquads" in question) return nquads(question);
  return "key" in question ? key(question.key) : report(question);
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
