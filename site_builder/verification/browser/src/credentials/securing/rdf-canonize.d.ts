/** The parts of rdf-canonize 5.0.0 that are loaded here, as its sources have them: it comes without types. */

declare module "*/node_modules/rdf-canonize/lib/NQuads.js" {
  export default class NQuads {
    static parse(text: string): import("./nquads.js").Quad[];
  }
}

declare module "*/node_modules/rdf-canonize/lib/RDFC10.js" {
  export default class RDFC10 {
    constructor(options: { maxDeepIterations: number });
    /** The canonical N-Quads. Throws an Error beyond maxDeepIterations. */
    main(dataset: import("./nquads.js").Quad[]): Promise<string>;
  }
}

declare module "*/node_modules/rdf-canonize/lib/IdentifierIssuer.js" {
  export default class IdentifierIssuer {
    constructor(prefix: string);
  }
}
