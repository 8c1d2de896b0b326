/**
 * Ways in which documents are secured. A new one is a module beside this and a row here; a new cryptosuite of Data Integrity is
 * one more of the suites that a page has loaded.
 */

import { DATA_INTEGRITY } from "../../credentials/securing/data-integrity.js";
import { holds, readProofs } from "./data-integrity.js";

/** @typedef {import("./claimed.js").ClaimedProof} ClaimedProof */
/** @typedef {import("../../credentials/securing/data-integrity.js").Suites} Suites */
/** @typedef {ClaimedProof[] | import("../finding.js").Finding} ReadProofs */

/**
 * A securing mechanism (VCDM 2.0, 4.12).
 *
 * read: the proofs that a document claims, at least one, or what is found without any: why they are refused, or what its own
 * address says of it. holds: whether one of them holds. Neither throws FetchError.
 * @typedef {{
 *   read: (document: Record<string, any>, fetch: import("../evidence/source.js").Fetch) => ReadProofs | Promise<ReadProofs>,
 *   holds: (document: Record<string, any>, proof: ClaimedProof, options: {publicKey: CryptoKey, suites: Suites}) => Promise<boolean>,
 * }} Mechanism
 */

/** @type {Record<string, Mechanism>} */
export const MECHANISMS = { [DATA_INTEGRITY]: { read: readProofs, holds } };
