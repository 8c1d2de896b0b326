/**
 * A proof as a document claims it, before anything of it was checked.
 *
 * suite: the cryptosuite that it names, or its type where that is of another kind. method: the DID URL of its key, "" where it
 * names none. proof: the whole of it, as it is written.
 * complaint: why it is no proof of this suite at all, by its sentence's name; only who has loaded the suite can tell.
 * created, expires: dateTimeStamps, undefined where it states none. isChained: it follows other proofs of the document, and signs those too.
 * @typedef {{suite: string, method: string, proof: Record<string, any>, created?: string, expires?: string, isChained?: boolean,
 *   complaint?: string}} ClaimedProof
 */

export {};
