/** The parts of Digital Bazaar's libraries that verify.mjs and scripts/bench/peer-vc.mjs call, as their sources have them: they come without types. */

declare module "@digitalbazaar/data-integrity" {
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: object; signer?: object });
  }
}

declare module "@digitalbazaar/ed25519-multikey" {
  export function generate(options: { id: string; controller: string }): Promise<{ signer: () => object }>;
}

declare module "@digitalbazaar/eddsa-jcs-2022-cryptosuite" {
  export function createVerifyCryptosuite(): object;
}

declare module "@digitalbazaar/eddsa-rdfc-2022-cryptosuite" {
  import type { DocumentLoader } from "@digitalbazaar/vc";
  export const cryptosuite: { canonize: (document: object, options: { documentLoader: DocumentLoader }) => Promise<string> };
}

declare module "@digitalbazaar/vc" {
  export type DocumentLoader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: Record<string, any> }>;

  /** Errors are single or in lists, and hold others. */
  export interface Failure {
    message: string;
    errors?: Failure[];
    cause?: Failure;
  }

  export interface Answer {
    verified: boolean;
    error?: Failure;
    statusResult?: Status;
  }

  /** verified: that the status could be read. results: whether it is set, for each entry. */
  export interface Status {
    verified: boolean;
    error?: Failure;
    results?: { status: boolean }[];
  }

  export function issue(options: { credential: object; suite: object; documentLoader: DocumentLoader }): Promise<object>;

  export function verifyCredential(options: {
    credential: object;
    suite: object;
    documentLoader: DocumentLoader;
    now: string;
    checkStatus?: () => Promise<Status>;
  }): Promise<Answer>;
}

declare module "@digitalbazaar/vc-bitstring-status-list" {
  import type { DocumentLoader, Status } from "@digitalbazaar/vc";
  export function checkStatus(options: {
    credential: object;
    documentLoader: DocumentLoader;
    suite: object;
    verifyBitstringStatusListCredential: boolean;
  }): Promise<Status>;
}
