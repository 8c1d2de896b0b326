/** What one step of a verification found: the outcome of a check, with the sentence that says it. */

/** @typedef {"passed" | "failed" | "not_checked" | "could_not_check" | "not_supported"} Outcome */

/**
 * The outcome of one check: reason and values name a sentence of wording/en.json. source: where the evidence came from.
 * form: of what is not supported, its name; the reason is then one of the group "form".
 * @typedef {{result: Outcome, reason: string, values: Record<string, string>, source: string, form?: string}} Finding
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

/**
 * The finding on a form that is not checked here.
 * @param {string} form
 * @param {string} [reason]
 * @param {Record<string, string>} [values]
 * @returns {Finding}
 */
export const unsupported = (form, reason = form, values) => ({ ...finding("not_supported", reason, values), form });
