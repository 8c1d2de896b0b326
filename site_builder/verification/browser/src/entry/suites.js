/**
 * The cryptosuites of a page: eddsa-jcs-2022 comes with it; eddsa-rdfc-2022, with its JSON-LD processor, is a script of
 * its own, and is fetched when the list of checks is opened or when nothing can be said without it.
 */

import { RDFC, SUITES } from "../credentials/securing/data-integrity.js";
import { verifyCredential } from "../verification/verify.js";

/** @typedef {import("../verification/report.js").Report} Report */
/** @typedef {Omit<Parameters<typeof verifyCredential>[1], "now" | "suites">} Options */

/**
 * All suites, eddsa-rdfc-2022 loaded from beside this script; null stands for it when it could not be.
 * @returns {Promise<import("../credentials/securing/data-integrity.js").Suites>}
 */
export async function allSuites() {
  try {
    const { canonicalize } = await import("./rdfc.js");
    return new Map([...SUITES, [RDFC, canonicalize ?? null]]);
  } catch {
    return new Map([...SUITES, [RDFC, null]]);
  }
}

/**
 * Verifies and shows the report; once more, with all suites, when the list of checks is opened or a proof asks for it.
 *
 * A proof that fails then turns the verdict; a suite that could not be loaded leaves it as it was.
 * @param {Uint8Array} raw
 * @param {Options} options
 * @param {{details: HTMLElement | null, show: (report: Report) => void, onError: () => void, verify?: typeof verifyCredential}} page
 */
export async function verifyAndWiden(raw, options, { details, show, onError, verify = verifyCredential }) {
  const widen = async () => show(await verify(raw, { ...options, now: new Date(), suites: await allSuites() }));
  const report = await verify(raw, { ...options, now: new Date() });
  if (isWanting(report)) return widen();
  show(report);
  details?.addEventListener("toggle", () => void widen().catch(onError), { once: true });
}

/**
 * Whether a document, or its status list, has no proof of a suite that comes with the page.
 * @param {Report} report
 */
const isWanting = ({ checks }) => checks.some(({ reason }) => reason === "no_suite" || reason === "unproven");
