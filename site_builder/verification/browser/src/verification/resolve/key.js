/**
 * A public key that its controller lists. raw: its 32 bytes. did: the DID that the method's address begins with.
 * passed: the finding, with its source.
 * @typedef {{raw: Uint8Array<ArrayBuffer>, multibase: string, controller: string, did: string,
 *   passed: import("../finding.js").Finding}} ResolvedKey
 */

export {};
