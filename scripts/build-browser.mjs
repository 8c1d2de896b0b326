/**
 * Bundles the scripts of pages: node scripts/build-browser.mjs [--check]
 *
 * The bundles are committed, so that a site can be built without Node. --check: exit 1 when one is not what its sources give.
 */

import { readFile, mkdir, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PACKAGE = `${ROOT}site_builder/`;
// A phone on a slow network waits for the first; the second is fetched when the manual's search field is used.
// licence: of the library within, which asks to be named in every copy.
const BUNDLES = [
  { folder: "verification/browser/", name: "statement.js", format: "iife", maxGzipBytes: 15 * 1024 },
  { folder: "site/browser/", name: "search.js", format: "esm", maxGzipBytes: 10 * 1024, licence: "node_modules/minisearch/LICENSE.txt" },
];

/** A bundle's bytes: the same for the same sources and the same esbuild, wherever it runs. */
async function bundle({ folder, name, format, licence }) {
  const result = await build({
    absWorkingDir: PACKAGE + folder,
    entryPoints: [`src/${name}`],
    bundle: true,
    write: false,
    format,
    target: "es2022",
    minify: true,
    charset: "ascii",
    banner: licence === undefined ? {} : { js: `/*!\n${await readFile(ROOT + licence, "utf-8")}*/` },
    legalComments: "none",
    sourcemap: false,
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

for (const one of BUNDLES) {
  const made = await bundle(one);
  const file = `${PACKAGE}${one.folder}dist/${one.name}`;
  const size = gzipSync(made, { level: 9 }).length;
  console.log(`dist/${one.name}: ${made.length} bytes, ${size} bytes with gzip`);
  if (size > one.maxGzipBytes) {
    console.error(`it may have ${one.maxGzipBytes} bytes with gzip at most`);
    process.exitCode = 1;
  } else if (!process.argv.includes("--check")) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, made);
  } else if (!made.equals(await readFile(file).catch(() => Buffer.alloc(0)))) {
    console.error(`dist/${one.name} is not what the sources give: run node scripts/build-browser.mjs`);
    process.exitCode = 1;
  }
}
