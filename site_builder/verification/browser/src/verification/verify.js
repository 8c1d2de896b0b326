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
import { headlineOf } from "./headline.js";
import { checkSigned } from "./proofs/signed.js";
import { groupOf, legible, sentence, verdictOf } from "./report.js";
import { checkStatus } from "./status/table.js";

/** @typedef {[string, import("./finding.js").Finding][]} Findings */

/**
 * The report on the credential in raw (JSON). fetch: bytes at an https address, or FetchError.
 *
 * page: the credential's page, when there is one to compare. isCopy: the files lie elsewhere than they say.
 * nameForm: as decode has it.
 * Never throws for what the document says.
 * @param {Uint8Array} raw
 * @param {{fetch: import("./evidence/source.js").Fetch, now: Date, page?: import("./content/statement.js").ShownPage | null,
 *   where?: string, isCopy?: boolean, suites?: import("../credentials/securing/data-integrity.js").Suites,
 *   nameForm?: import("./decode/table.js").NameForm}} options
 * @returns {Promise<import("./report.js").Report>}
 */
export async function verifyCredential(raw, options) {
  const { now, page = null, where = "on this computer", isCopy = false, suites = SUITES, nameForm } = options;
  const context = { now, where, isCopy };
  const { document, securing, refusal } = decode(raw, nameForm);
  if (refusal) return makeReport(document, [["signature", refusal]], context);
  const fetch = cached(options.fetch);
  // At once: key and list lie at two addresses, and neither is needed to ask for the other.
  const [signed, status] = await Promise.all([
    checkSigned(document, { securing, fetch, suites, now }),
    checkStatus(document, { fetch, suites, now }),
  ]);
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
  const checks = findings.map(([name, { result, reason, values, source, form }]) => {
    const group = groupOf(name);
    const counts = group !== "proof" && !DO_NOT_COUNT.includes(`${name} ${reason}`);
    const text = sentence(form ? "form" : group, reason, values);
    return { name: legible(name), result, reason, sentence: text, source: legible(source), at, counts, ...(form && { form }) };
  });
  const [verdict, decidedBy] = verdictOf(checks, { isDemo, isCopy });
  const credential = credentialIdOf(document);
  const issuer = issuerIdOf(document);
  const domain = spokenDomain({ credential, issuer }, isCopy);
  const headline = headlineOf(verdict, decidedBy, checks, { isDemo, isCopy, where, domain, date: dateOf(document, verdict) });
  const form = verdict === "not_supported" && decidedBy?.form;
  return { verdict, headline, checks, credential, issuer, ...(form && { form }) };
}
