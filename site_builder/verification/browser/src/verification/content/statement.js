/**
 * What the last step looks at: a credential's document, with the page that states the same, null for no page.
 *
 * now: when it is read. status: what the step before found.
 * @typedef {{document: Record<string, any>, page: import("../page/reader.js").StatementPage | null, now: Date,
 *   status: import("../finding.js").Finding}} Statement
 */

export {};
