/**
 * What the evidence says of a verification method: publicKeyMultibase, controller, the dateTimeStamp of its end if it has one, and the
 * mailto address of the controller's office, "" for none.
 * @typedef {[string, string, string | undefined, string]} KeyText
 */

/**
 * A public key that its controller lists. raw: its 32 bytes. did: the DID that the method's address begins with.
 * passed: the finding, with its source. office: the mailto address of the office of that DID, "" for none.
 * @typedef {{raw: Uint8Array<ArrayBuffer>, multibase: string, controller: string, did: string,
 *   passed: import("../finding.js").Finding, office: string}} ResolvedKey
 */

export {};
