/**
 * What the last step looks at: a credential's document, with the page that states the same, null for no page.
 *
 * now: when it is read. status: what the step before found. multibase: the key that signed, "" when none was found.
 * office: the mailto address that the issuer's DID document names, "" for none.
 * @typedef {{document: Record<string, any>, page: ShownPage | null, now: Date, status: import("../finding.js").Finding,
 *   multibase: string, office: string}} Statement
 */

/** @typedef {(document: Record<string, any>, multibase: string, office: string) => Promise<string>} Compare */

/**
 * A page, and what compares it with a document: where they differ, in words, "" when they agree (page/compare.js).
 * @typedef {{isTombstone: boolean, compare: Compare}} ShownPage
 */

export {};
