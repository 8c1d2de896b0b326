/**
 * A proof as a document claims it, before anything of it was checked.
 *
 * suite: the cryptosuite that it names. method: the DID URL of its key. proof: the whole of it, as it is written.
 * created, expires: dateTimeStamps, undefined where it states none. isChained: it follows other proofs of the document, and signs those too.
 * @typedef {{suite: string, method: string, proof: Record<string, any>, created?: string, expires?: string, isChained?: boolean}} ClaimedProof
 */

export {};
