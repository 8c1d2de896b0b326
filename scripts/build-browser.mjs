/**
 * Bundles the scripts of the pages: node scripts/build-browser.mjs [--check]
 *
 * The bundles are committed, so that a site can be built without Node. --check: exit 1 when one is not what the sources give.
 */

import { readFileSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BROWSER = `${ROOT}site_builder/verification/browser/`;
const RELEASES = `${ROOT}site_builder/verification/page/releases/`;
const SEARCH = `${ROOT}site_builder/site/browser/`;

/**
 * A script of the pages: dist/<name> of a folder, made from src/<source>, or from src/<name> without one.
 * isModule: it is imported, and so keeps its exports. words: a file with sentences of its own.
 * @typedef {{folder: string, name: string, source?: string, isModule: boolean, maxGzipBytes: number, words?: string}} Bundle
 */

/** @typedef {Record<string, Record<string, string>>} Sentences by group and reason, as in wording/en.json */

// A phone on a slow network waits for the first; the others are fetched when they are asked for.
/** @type {Bundle[]} */
const BUNDLES = [
  { folder: BROWSER, name: "statement.js", source: "entry/statement.js", isModule: false, maxGzipBytes: 15 * 1024 },
  { folder: BROWSER, name: "page.js", source: "entry/page.js", isModule: true, maxGzipBytes: 13 * 1024 },
  { folder: BROWSER, name: "verify.js", source: "entry/verify-web.js", isModule: false, maxGzipBytes: 30 * 1024 },
  { folder: BROWSER, name: "rdfc.js", source: "entry/rdfc.js", isModule: true, maxGzipBytes: 45 * 1024 },
  // Opened from a disk: one file, with everything in it.
  { folder: BROWSER, name: "archive.js", source: "entry/verify-archive.js", isModule: false, maxGzipBytes: 64 * 1024, words: "en-archive.json" },
  { folder: SEARCH, name: "search.js", isModule: true, maxGzipBytes: 10 * 1024 },
];

// Forms that only a step of verifying finds; a page of a credential names no others.
const FORMS_OF_STEPS = ["contexts", "no_suite", "not_did", "other_status"];
const { form } = JSON.parse(readFileSync(`${ROOT}site_builder/verification/wording/en.json`, "utf8"));
const OTHER_FORMS = Object.keys(form).filter((name) => !FORMS_OF_STEPS.includes(name)).map((name) => `form.${name}`);

// Sentences of wording/en.json that a script never says. What is said of a site's folder, Python says alone.
/** @type {Record<string, string[]>} */
const UNSAID = {
  "statement.js": ["current", "platform", "address", ...OTHER_FORMS, "headline.holds_unknown_page", "headline.demo_unknown_page", "headline.superseded", "headline.signed_anew", "status.superseded", "key.signed_anew", "key.not_in_folder", "images", "check.images", "page.not_checked", "layout", "label", "head", "download", "past", "reason", "altered"],
  "page.js": ["headline", "signed", "current", "form", "platform", "result", "check", "note", "how", "match", "signature", "proof", "key", "controller", "dates", "status", "page", "images", "address", "layout", "past", "reason", "label", "head", "download", "altered.release"],
  "verify.js": ["layout", "label", "head", "download", "past", "reason", "altered", "key.not_in_folder", "images", "check.images", "headline.copy", "headline.copy_demo", "headline.copy_revoked", "headline.copy_expired", "headline.copy_not_yet_valid", "headline.file"],
  "archive.js": ["layout", "label", "head", "download", "past", "reason", "altered", "platform", "key.not_in_folder", "images", "check.images", "headline.copy", "headline.copy_demo", "headline.copy_revoked", "headline.copy_expired", "headline.copy_not_yet_valid", "headline.file"],
};

// What the libraries ask of the machine and of each other, replaced by src/entry/platform.js.
/** @type {import("esbuild").Plugin} */
const lean = {
  name: "lean",
  setup(bundle) {
    bundle.onResolve({ filter: /^(?:\.\/platform|rdf-canonize)$/ }, () => ({ path: `${BROWSER}src/entry/platform.js` }));
    bundle.onResolve({ filter: /^\.\/(?:rdfc|page)\.js$/ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
  },
};

/**
 * @param {string} file
 * @returns {Promise<Sentences>}
 */
const readJson = async (file) => JSON.parse(await readFile(file, "utf8"));

/**
 * The sentences of wording/en.json, with those of a file beside it in the place of those that bear the same names.
 * @param {string} path
 * @param {string} [file]
 * @returns {Promise<Sentences>}
 */
async function sentencesOf(path, file) {
  /** @type {Sentences[]} */
  const [shared, own] = await Promise.all([readJson(path), file ? readJson(path.replace(/en\.json$/, file)) : {}]);
  const groups = [...new Set([...Object.keys(shared), ...Object.keys(own)])];
  return Object.fromEntries(groups.map((group) => [group, { ...shared[group], ...own[group] }]));
}

// The release of the page that the scripts belong to, without the head of its pages, which a script reads in another way.
/** @type {import("esbuild").Plugin} */
const release = {
  name: "release",
  setup(bundle) {
    bundle.onLoad({ filter: /\/entry\/release\.js$/ }, async () => {
      const digest = (await readFile(`${RELEASES}current`, "ascii")).trim();
      const { claims, wording, pages } = JSON.parse(await readFile(`${RELEASES}${digest}.json`, "utf8"));
      const { statement, tombstone } = pages;
      const loads = [...new Set(JSON.stringify(statement).match(/assets\/[a-z-]+\.(?:css|js)/g))];
      const made = { digest, claims, wording, pages: { statement: bodyOf(statement), tombstone: bodyOf(tombstone) }, loads };
      return { contents: `export const RELEASE = ${JSON.stringify(made)};`, loader: "js" };
    });
  },
};

/**
 * The pattern of a page's body.
 * @param {any[]} pattern
 */
function bodyOf(pattern) {
  const at = pattern.findIndex((piece) => typeof piece === "string" && piece.includes("<body"));
  const [first, last] = [pattern[at], pattern.at(-1)];
  const [root] = /^<html[^>]*>/.exec(pattern[0]) ?? [];
  return [root + first.slice(first.indexOf("<body")), ...pattern.slice(at + 1, -1), last.replace(/ <\/html>$/, "")];
}

/**
 * JavaScript for a list of words in alphabetical order: each as the number of letters that it shares with the word before, and the rest.
 * @param {string[]} list
 */
function frontCoded(list) {
  const coded = list.map((word, index) => {
    const before = list[index - 1] ?? "";
    const shared = [...word].findIndex((letter, at) => letter !== before[at]);
    return `${shared}${word.slice(shared)}`;
  });
  return `((word) => [...${JSON.stringify(coded.join(""))}.matchAll(/(.)(\\D+)/g)].map(([, n, rest]) => (word = word.slice(0, n) + rest)))("")`;
}

/**
 * The lists of words in the form in which they are smallest, without the sentences that a script never says.
 * own: a file with sentences of its own.
 * @param {{unsaid: string[], own?: string}} options
 * @returns {import("esbuild").Plugin}
 */
const words = ({ unsaid, own }) => ({
  name: "words",
  setup(bundle) {
    bundle.onLoad({ filter: /\/verification\/wording\/en\.json$/ }, async ({ path }) => {
      const sentences = await sentencesOf(path, own);
      for (const [group, reason] of unsaid.map((name) => name.split(/\.(.+)/))) {
        const [owner, key] = reason ? [sentences[group], reason] : [sentences, group];
        if (!Object.hasOwn(owner, key)) throw new Error(`there is no sentence ${group}.${reason}`);
        delete owner[key];
      }
      return { contents: JSON.stringify(sentences), loader: "json" };
    });
    bundle.onLoad({ filter: /\/rosette\/words\.json$/ }, async ({ path }) => {
      return { contents: `export default ${frontCoded(JSON.parse(await readFile(path, "utf8")))};`, loader: "js" };
    });
  },
});

/**
 * A bundle's bytes, the same for the same sources and the same esbuild wherever it runs, and the folders of the libraries in it.
 * @param {Bundle} bundle
 */
async function bundled({ folder, name, source = name, isModule, words: own }) {
  const result = await build({
    absWorkingDir: folder,
    entryPoints: [`src/${source}`],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    charset: "ascii",
    legalComments: "none",
    loader: { ".jsonld": "json" },
    plugins: [lean, release, words({ unsaid: UNSAID[name] ?? [], own })],
    sourcemap: false,
    logLevel: "warning",
    metafile: true,
  });
  const inputs = Object.keys(result.metafile.inputs).map((path) => /node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path)?.[0]);
  const [output] = result.outputFiles;
  const made = isModule ? Buffer.from(output.contents) : enclosed(output.text);
  return { made, libraries: inputs.filter((library) => library !== undefined) };
}

/**
 * A script that leaves no names behind. Not esbuild's own form of that: with a dynamic import in it, it carries helpers that nothing calls.
 * @param {string} code
 */
const enclosed = (code) => Buffer.from(`(()=>{${code.trim()}})();\n`);

/**
 * The licences of the libraries whose code a bundle carries, as they came with them. folders: below the root.
 * @param {string} name
 * @param {string[]} folders
 */
async function licences(name, folders) {
  const parts = [...new Set(folders)].sort().map(async (folder) => {
    const { name: library, version } = JSON.parse(await readFile(`${ROOT}${folder}package.json`, "utf8"));
    const file = (await readdir(`${ROOT}${folder}`)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
    return `${library} ${version}\n\n${(await readFile(`${ROOT}${folder}${file}`, "utf8")).trim()}\n`;
  });
  return Buffer.from([`${name} contains parts of these libraries.\n`, ...(await Promise.all(parts))].join(`\n${"-".repeat(72)}\n\n`));
}

/**
 * Writes a file of a folder's dist/, or compares it.
 * @param {string} folder
 * @param {string} name
 * @param {Buffer} made
 */
async function settle(folder, name, made) {
  const file = `${folder}dist/${name}`;
  if (!process.argv.includes("--check")) {
    await mkdir(`${folder}dist`, { recursive: true });
    return writeFile(file, made);
  }
  if (made.equals(await readFile(file).catch(() => Buffer.alloc(0)))) return;
  console.error(`dist/${name} is not what the sources give: run node scripts/build-browser.mjs`);
  process.exitCode = 1;
}

for (const bundle of BUNDLES) {
  const { folder, name, maxGzipBytes } = bundle;
  const { made, libraries } = await bundled(bundle);
  const size = gzipSync(made, { level: 9 }).length;
  console.log(`dist/${name}: ${made.length} bytes, ${size} bytes with gzip`);
  if (size > maxGzipBytes) {
    console.error(`it may have ${maxGzipBytes} bytes with gzip at most`);
    process.exitCode = 1;
    continue;
  }
  await settle(folder, name, made);
  if (libraries.length) await settle(folder, name.replace(/\.js$/, ".LICENSES.txt"), await licences(name, libraries));
}
