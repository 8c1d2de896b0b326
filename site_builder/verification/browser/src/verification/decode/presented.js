/**
 * What was presented: a document of a known form, and how it claims to be secured. Nothing of it is believed yet.
 *
 * form: its standard, as people call it, "" for none that is known. securing: the mechanism that it claims to be secured by,
 * a name in proofs/table.js. refusal: why it cannot be verified any further, null when it can. What was no JSON object has
 * the document {}.
 * @typedef {{document: Record<string, any>, form: string, securing: string, refusal: import("../finding.js").Finding | null}} Presented
 */

export {};
