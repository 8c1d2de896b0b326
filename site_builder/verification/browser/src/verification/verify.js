/**
 * Verifying one credential in five steps: decode, resolve, proofs, status, content. Each step is a table of the forms that it knows.
 *
 * A report is a list of named checks, from evidence that is fetched there and then. Sources: Open Badges 3.0, Verification
 * (OpenBadgeCredential); VCDM 2.0, 7.1. site_builder/verification/verify.py is the same program, step by step, with the same
 * sentences.
 */

import { isDemoKey } from "../credentials/demo.js";
import { credentialIdOf, issuerIdOf } from "../credentials/openbadges3/read.js";
import { SUITES } from "../credentials/securing/data-integrity.js";
import { clip } from "../encoding.js";
import { dateOf } from "./content/dates.js";
import { checkContent } from "./content/table.js";
import { decode } from "./decode/table.js";
import { spokenDomain } from "./domain.js";
import { cached } from "./evidence/source.js";
import { checkSigned } from "./proofs/signed.js";
import { STATUS_VERDICTS, checkName, groupOf, legible, sentence, verdictOf } from "./report.js";
import { checkStatus } from "./status/table.js";

/** @typedef {[string, import("./finding.js").Finding][]} Findings */

/**
 * The report on the credential in raw (JSON). fetch: bytes at an https address, or FetchError.
 *
 * page: the credential's page, when there is one to compare. isCopy: the files lie elsewhere than they say.
 * Never throws for what the document says.
 * @param {Uint8Array} raw
 * @param {{fetch: import("./evidence/source.js").Fetch, now: Date, page?: import("./content/statement.js").ShownPage | null,
 *   where?: string, isCopy?: boolean, suites?: import("../credentials/securing/data-integrity.js").Suites}} options
 * @returns {Promise<import("./report.js").Report>}
 */
export async function verifyCredential(raw, options) {
  const { now, page = null, where = "on this computer", isCopy = false, suites = SUITES } = options;
  const context = { now, where, isCopy };
  const { document, securing, refusal } = decode(raw);
  if (refusal) return makeReport(document, [["signature", refusal]], context);
  const fetch = cached(options.fetch);
  const signed = await checkSigned(document, { securing, fetch, suites, now });
  const status = await checkStatus(document, { fetch, suites, now });
  // A key that anybody can use proves nothing, whichever others have signed, too. A page names the first of them.
  const [multibase = ""] = signed.multibases;
  const content = await checkContent({ document, page, now, status, multibase, office: signed.office });
  return makeReport(document, [...findingsOf(signed), ...content], context, signed.multibases.some(isDemoKey));
}

/**
 * What the proofs say, in the order in which a report has it.
 * @param {import("./proofs/signed.js").ProofsFound} signed
 * @returns {Findings}
 */
const findingsOf = ({ signature, proofs, key, controller }) => [
  ["signature", signature],
  ...proofs.map(([suite, outcome]) => /** @type {Findings[0]} */ ([`proof ${clip(suite, 40)}`, outcome])),
  ["key", key],
  ["controller", controller],
];

// A check that does not apply is shown and does not count.
const DO_NOT_COUNT = ["status none", "page not_checked", "page unknown_release"];

/**
 * @param {Record<string, any>} document
 * @param {Findings} findings
 * @param {{now: Date, where: string, isCopy: boolean}} context
 * @param {boolean} [isDemo]
 * @returns {import("./report.js").Report}
 */
function makeReport(document, findings, { now, where, isCopy }, isDemo = false) {
  const at = `${now.toISOString().slice(0, 19)}Z`;
  const checks = findings.map(([name, { result, reason, values, source }]) => {
    const group = groupOf(name);
    const counts = group !== "proof" && !DO_NOT_COUNT.includes(`${name} ${reason}`);
    const text = sentence(group, reason, values);
    return { name: legible(name), result, reason, sentence: text, source: legible(source), at, counts };
  });
  const [verdict, decidedBy] = verdictOf(checks, { isDemo, isCopy });
  const credential = credentialIdOf(document);
  const issuer = issuerIdOf(document);
  const headline = sentence("headline", headlineOf(verdict, checks, isCopy), {
    where,
    domain: spokenDomain({ credential, issuer }, isCopy),
    date: dateOf(document, verdict),
    check: decidedBy ? checkName(decidedBy) : "",
  });
  return { verdict, headline, checks, credential, issuer };
}

/**
 * Which headline of wording/en.json a verdict has. A copy speaks of the original's domain, and promises nothing in its name; nothing
 * says "not revoked" where no list was read.
 * @param {import("./report.js").Verdict} verdict
 * @param {import("./report.js").Check[]} checks
 * @param {boolean} isCopy
 */
function headlineOf(verdict, checks, isCopy) {
  if (isCopy && STATUS_VERDICTS.includes(verdict)) return `copy_${verdict}`;
  const isUnlisted = checks.some(({ name, counts }) => name === "status" && !counts);
  return verdict === "holds" && isUnlisted ? "holds_unlisted" : verdict;
}
