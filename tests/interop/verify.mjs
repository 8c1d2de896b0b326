/**
 * Verifies credentials with the reference implementation in JavaScript, @digitalbazaar/vc.
 *
 * usage: node tests/interop/verify.mjs FOLDER < requests > answers
 *
 * FOLDER holds every document that may be loaded, each in a file named by its address, percent-encoded; nothing is fetched.
 * A request is a line of JSON: {credential, suite, now, listNow, documents?} or {canonize}. An answer is a line, in the same order:
 * {verified, error, status} or {nquads, error}. documents: addresses whose documents are others for this request.
 */

import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {verifyCredential} from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

const FOLDER = process.argv[2];

/** A document of JSON-LD. @typedef {Record<string, any>} Json */
/** Documents by address. @typedef {Record<string, Json>} Documents */

/**
 * now, listNow: at which the credential and its list are verified.
 * @typedef {{credential: Json, suite: keyof typeof SUITES, now: string, listNow: string, documents?: Documents}} Verification
 */

/** @typedef {{canonize: Json}} Canonization */
/** @typedef {import('@digitalbazaar/vc').Failure} Failure */

const SUITES = {'eddsa-rdfc-2022': () => rdfc, 'eddsa-jcs-2022': createVerifyCryptosuite};
const MULTIKEY = 'https://w3id.org/security/multikey/v1';

/**
 * A loader of the folder's documents; the address of a key gives the entry in its DID document.
 * @param {Documents} documents
 * @returns {import('@digitalbazaar/vc').DocumentLoader}
 */
function loaderOf(documents = {}) {
  return async url => {
    const [address, fragment] = url.split('#');
    const whole = address in documents ? documents[address] : await read(address);
    const document = fragment === undefined ? whole : keyOf(whole, url);
    return {contextUrl: null, documentUrl: url, document: structuredClone(document)};
  };
}

/**
 * @param {string} address
 * @returns {Promise<Json>}
 */
async function read(address) {
  return JSON.parse(await readFile(join(FOLDER, encodeURIComponent(address)), 'utf8'));
}

/**
 * @param {Json} document
 * @param {string} url
 */
function keyOf(document, url) {
  /** @type {Json[]} */
  const methods = document.verificationMethod;
  const entry = methods.find(method => method.id === url);
  if(!entry) {
    throw new Error(`${url} is not listed`);
  }
  return {'@context': MULTIKEY, ...entry};
}

/** @param {Verification} request */
async function verify({credential, suite: name, now, listNow, documents}) {
  const suite = new DataIntegrityProof({cryptosuite: SUITES[name]()});
  const documentLoader = loaderOf(documents);
  const options = {suite, documentLoader, now};
  // The list is verified here and not within checkStatus, which knows no other time than this machine's.
  const status = async () => {
    const {document: list} = await documentLoader(credential.credentialStatus.statusListCredential);
    const answer = await verifyCredential({...options, credential: list, now: listNow});
    return answer.verified ?
      checkStatus({credential, documentLoader, suite, verifyBitstringStatusListCredential: false}) : answer;
  };
  const answer = await verifyCredential({...options, credential: structuredClone(credential), checkStatus: status});
  // `verified` says only that the status could be read; whether it is set stands in its results.
  const set = (answer.statusResult?.results ?? []).map(result => result.status);
  return {verified: answer.verified, error: answer.verified ? '' : reasonsOf(answer), status: set};
}

/**
 * Every message in an answer: they lie at different depths.
 * @param {import('@digitalbazaar/vc').Answer} answer
 */
function reasonsOf(answer) {
  const found = [];
  /** @type {(Failure | Failure[] | undefined)[]} */
  const pending = [answer.error, answer.statusResult?.error];
  while(pending.length > 0) {
    const error = pending.pop();
    if(Array.isArray(error)) {
      pending.push(...error);
    } else if(error) {
      found.push(error.message);
      pending.push(error.errors, error.cause);
    }
  }
  return found.filter(Boolean).join('; ') || 'not verified';
}

/** @param {Verification | Canonization} request */
async function answerTo(request) {
  if(!('canonize' in request)) {
    return verify(request);
  }
  return {nquads: await rdfc.canonize(request.canonize, {documentLoader: loaderOf()}), error: ''};
}

for await (const line of createInterface({input: process.stdin})) {
  const answer = await answerTo(JSON.parse(line)).catch(error => ({verified: false, error: String(error)}));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
