/** What a verification found: named checks, one verdict, and the sentences for people. */

import words from "../../../wording/en.json" with { type: "json" };
import { clip } from "../encoding.js";

/** @typedef {import("./finding.js").Outcome} Outcome */
/** @typedef {"holds" | "demo" | "copy" | "revoked" | "superseded" | "expired" | "not_yet_valid" | "fails" | "unknown"
 *   | "not_supported"} Verdict */

/**
 * One named check. reason: which sentence of wording/en.json. counts: whether the verdict depends on it.
 * source: from where the evidence was read, "" for the document itself. at: when, UTC.
 * form: the name of the form that is not supported, left out of every other result.
 * @typedef {{name: string, result: Outcome, reason: string, sentence: string, source: string, at: string, counts: boolean,
 *   form?: string}} Check
 */

/**
 * The verdict on one credential and the checks that it rests on.
 *
 * successor: address of the page where what has taken its place is found; left out when nothing is known to.
 * form: the name of the form that is not supported, left out of every other verdict.
 * @typedef {{verdict: Verdict, headline: string, checks: Check[], credential: string, issuer: string, successor?: string,
 *   form?: string}} Report
 */

// What can happen to a sound credential, by the reason of the check that shows it. Every other failure means that it is not one.
export const STATUS_VERDICTS = ["revoked", "expired", "not_yet_valid"];

// What steers a terminal, breaks a line or turns the direction of reading: with it, a document could write its own report.
const STEERING = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const MAX_QUOTED = 500;

/**
 * Words of a document as a report quotes them: the first of them, on one line.
 * @param {string} text
 */
export const legible = (text) => clip(text, MAX_QUOTED).replace(STEERING, "\ufffd");

/** @typedef {typeof import("../../../wording/en-archive.json")} ArchiveWords the sentences that an archive's page has of its own */

/**
 * A sentence of wording/en.json, the one list that Python and the page share.
 * @param {keyof typeof words | keyof ArchiveWords} group
 * @param {string} reason
 * @param {Record<string, string>} [values]
 * @returns {string}
 */
export function sentence(group, reason, values = {}) {
  const sentences = /** @type {Record<string, Record<string, string>>} */ (words)[group];
  // In one go: what a value quotes is never filled in again.
  return sentences[reason].replace(/\{(\w+)\}/g, (place, key) => legible(values[key] ?? place));
}

/**
 * The group of sentences that a check belongs to: the first word of its name.
 * @param {string} name
 */
export const groupOf = (name) => /** @type {keyof typeof words.check} */ (name.split(" ")[0]);

/**
 * What people call a check.
 * @param {string} name
 */
export const checkName = (name) => words.check[groupOf(name)];

/**
 * Whether there is a sentence on how this is checked.
 * @param {string} name
 */
export const hasHow = (name) => Object.hasOwn(words.how, name);

/**
 * What people call the result of a check.
 * @param {Outcome} result
 */
export const resultWord = (result) => words.result[result];

/**
 * The verdict, and the check that decided it (null when all passed).
 *
 * Only checks that count matter. What was withdrawn or has expired is called so only when the rest, on which that rests,
 * was checked. Demo key and copy override the good word only.
 * @param {Check[]} checks
 * @param {{isDemo: boolean, isCopy: boolean}} options
 * @returns {[Verdict, Check | null]}
 */
export function verdictOf(checks, { isDemo, isCopy }) {
  const counting = checks.filter((check) => check.counts);
  const failed = counting.filter((check) => check.result === "failed");
  // A signature that could not be checked without its key is explained by what is said of the key.
  const missing = counting.filter(({ result, reason }) => result !== "passed" && result !== "failed" && reason !== "no_key");
  const unsound = failed.find((check) => !STATUS_VERDICTS.includes(check.reason));
  if (unsound) return ["fails", unsound];
  const unproven = firstMissing(missing.filter(({ name }) => name !== "status" && name !== "dates"));
  if (unproven) return unproven;
  const ended = failed.find((check) => check.name === "status") ?? failed[0];
  if (ended) return [/** @type {Verdict} */ (ended.reason), ended];
  return firstMissing(missing) ?? [isDemo ? "demo" : isCopy ? "copy" : "holds", null];
}

/**
 * Of what was not checked, the check that is told: trying again never helps where a form is not supported.
 * @param {Check[]} missing
 * @returns {[Verdict, Check] | null}
 */
function firstMissing(missing) {
  const other = missing.find(({ result }) => result === "not_supported");
  if (other) return ["not_supported", other];
  return missing.length ? ["unknown", missing[0]] : null;
}
