/**
 * Signs or verifies credentials with npm's @digitalbazaar/vc and eddsa-rdfc-2022.
 *
 * usage: node peer-vc.mjs sign|verify DOCUMENTS CONTEXTS
 *
 * DOCUMENTS: a credential a line, for `sign` without proofs. CONTEXTS: documents by address, and for `verify` the key under its own; nothing
 * is fetched. Prints the seconds that the loop over all of them took: all is read before, and the contexts are cached.
 */

import { readFileSync } from "node:fs";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as Multikey from "@digitalbazaar/ed25519-multikey";
import { issue, verifyCredential } from "@digitalbazaar/vc";

const [act, file, contexts] = process.argv.slice(2);
const documents = readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const known = new Map(Object.entries(JSON.parse(readFileSync(contexts, "utf8"))));

/** @param {string} url */
async function documentLoader(url) {
  const document = known.get(url);
  if (!document) throw new Error(`${url} is not here`);
  // The tag lets jsonld keep a context that it has processed.
  return { contextUrl: null, documentUrl: url, document, tag: "static" };
}

async function sign() {
  const [{ issuer }] = documents;
  const key = await Multikey.generate({ id: `${issuer.id}#key-1`, controller: issuer.id });
  const signer = key.signer();
  const began = performance.now();
  for (const credential of documents) {
    const suite = new DataIntegrityProof({ signer, cryptosuite });
    JSON.stringify(await issue({ credential, suite, documentLoader }));
  }
  return performance.now() - began;
}

async function verify() {
  const checkStatus = async () => ({ verified: true });
  const began = performance.now();
  for (const credential of documents) {
    const suite = new DataIntegrityProof({ cryptosuite });
    const answer = await verifyCredential({ credential, suite, documentLoader, checkStatus, now: "2026-06-01T00:00:00Z" });
    if (!answer.verified) throw answer.error ?? new Error("not verified");
  }
  return performance.now() - began;
}

console.log((act === "sign" ? await sign() : await verify()) / 1000);
