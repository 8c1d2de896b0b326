/**
 * The sentence that people read first: what is wrong, or who signed it and what was checked. Nothing is claimed that no check found.
 *
 * site_builder/verification/headline.py chooses the same. Copies are of the browser alone.
 */

import { STATUS_VERDICTS, sentence } from "./report.js";

/** @typedef {import("./report.js").Check} Check */
/** @typedef {import("./report.js").Verdict} Verdict */

// Where trying again can help.
const PASSING = ["unreachable", "not_loaded"];
// What is checked on top of a signature.
const ON_TOP = ["dates", "status", "page"];

/**
 * The headline of a verdict. decidedBy: as verdictOf gives it. date: that of the verdict, as pages print it, or "".
 * @param {Verdict} verdict
 * @param {Check | null} decidedBy
 * @param {Check[]} checks
 * @param {{isDemo: boolean, isCopy: boolean, where: string, domain: string, date: string}} options
 */
export function headlineOf(verdict, decidedBy, checks, { isDemo, isCopy, ...words }) {
  const signed = sentence("signed", signedBy(verdict, checks, isDemo), words);
  const begun = signed[0].toUpperCase() + signed.slice(1);
  const text = decidedBy?.sentence ?? "";
  const values = { ...words, signed, Signed: begun, sentence: text };
  if (decidedBy && (verdict === "unknown" || verdict === "not_supported")) {
    const told = verdict === "unknown" ? sentence("headline", PASSING.includes(decidedBy.reason) ? "try_again" : verdict, values) : text;
    // Whose key is in a copy, nobody looked up.
    return ON_TOP.includes(decidedBy.name) && !isCopy ? `${begun}. ${told}` : told;
  }
  // A copy speaks of the original's domain, and promises nothing in its name.
  const name = isCopy && [...STATUS_VERDICTS, "demo"].includes(verdict) ? `copy_${verdict}` : pageOf(verdict, checks);
  return sentence("headline", name, values);
}

/**
 * Which words of the group "signed" are true: "not revoked" needs a list that was read.
 * @param {Verdict} verdict
 * @param {Check[]} checks
 * @param {boolean} isDemo
 */
function signedBy(verdict, checks, isDemo) {
  if (isDemo && verdict !== "demo") return "demo";
  const status = checks.find(({ name }) => name === "status");
  if (status?.result === "passed") return "listed";
  return status?.reason === "none" ? "unlisted" : "unread";
}

/**
 * The headline's name: a good word says so when the page itself could not be compared.
 * @param {Verdict} verdict
 * @param {Check[]} checks
 */
function pageOf(verdict, checks) {
  const isUnknown = checks.some(({ name, reason }) => name === "page" && reason === "unknown_release");
  return isUnknown && (verdict === "holds" || verdict === "demo") ? `${verdict}_unknown_page` : verdict;
}
