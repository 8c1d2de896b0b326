/** The parts of jsonld.js 9.0.0 that canonical.js loads, as its sources have them: it comes without types. */

/** What expansion and the way to RDF are told. Source: jsonld.js, lib/jsonld.js, expand and toRDF. */
interface JsonLdOptions {
  base: string | null;
  processingMode: "json-ld-1.1";
  documentLoader: (url: string) => Promise<JsonLdDocument>;
  contextResolver: object;
  produceGeneralizedRdf: boolean;
  rdfDirection: "i18n-datatype" | null;
  eventHandler: ((told: JsonLdTold) => void)[];
}

/** A context as it was loaded; tag "static": it may be kept. */
interface JsonLdDocument {
  contextUrl: string | null;
  documentUrl: string;
  document: unknown;
  tag: "static";
}

/** What jsonld.js tells while it works. next: hands the event to the handler after this one. */
interface JsonLdTold {
  event: { code: string };
  next: () => void;
}

declare module "*/node_modules/jsonld/lib/context.js" {
  const api: { getInitialContext: (options: JsonLdOptions) => object };
  export default api;
}

declare module "*/node_modules/jsonld/lib/ContextResolver.js" {
  export default class ContextResolver {
    constructor(options: { sharedCache: Map<string, unknown> });
  }
}

declare module "*/node_modules/jsonld/lib/events.js" {
  const api: { safeEventHandler: (told: JsonLdTold) => void };
  export default api;
}

declare module "*/node_modules/jsonld/lib/expand.js" {
  /** Null when nothing is left, a list for more than one node. */
  type Expanded = Record<string, any> | null;
  const api: { expand: (task: { activeCtx: object; element: unknown; options: JsonLdOptions }) => Promise<Expanded | Expanded[]> };
  export default api;
}

declare module "*/node_modules/jsonld/lib/toRdf.js" {
  const api: { toRDF: (expanded: Record<string, any>[], options: JsonLdOptions) => import("./nquads.js").Quad[] };
  export default api;
}

declare module "*/node_modules/jsonld/lib/util.js" {
  const api: { clone: <T>(value: T) => T };
  export default api;
}

declare module "*.jsonld" {
  const document: Record<string, unknown>;
  export default document;
}
