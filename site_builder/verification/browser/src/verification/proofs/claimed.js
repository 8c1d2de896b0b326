/**
 * A proof as a document claims it, before anything of it was checked.
 *
 * suite: the cryptosuite that it names. method: the DID URL of its key. proof: the whole of it, as it is written.
 * @typedef {{suite: string, method: string, proof: Record<string, any>}} ClaimedProof
 */

export {};
