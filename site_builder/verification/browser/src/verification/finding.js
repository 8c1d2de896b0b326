/** What one step of a verification found: the outcome of a check, with the sentence that says it. */

/** @typedef {"passed" | "failed" | "not_checked" | "could_not_check"} Outcome */

/**
 * The outcome of one check: reason and values name a sentence of wording/en.json. source: where the evidence came from.
 * @typedef {{result: Outcome, reason: string, values: Record<string, string>, source: string}} Finding
 */

/**
 * A finding.
 * @param {Outcome} result
 * @param {string} reason
 * @param {Record<string, string>} [values]
 * @param {string} [source]
 * @returns {Finding}
 */
export const finding = (result, reason, values = {}, source = "") => ({ result, reason, values, source });
