/**
 * Bundles the credential page's script: node scripts/build-browser.mjs [--check]
 *
 * The bundle is committed, so that a site can be built without Node. --check: exit 1 when it is not what the sources give.
 */

import { readFile, mkdir, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const BROWSER = fileURLToPath(new URL("../site_builder/verification/browser/", import.meta.url));
const BUNDLE = `${BROWSER}dist/statement.js`;
// One page load; a phone on a slow network waits for it.
const MAX_GZIP_BYTES = 15 * 1024;

/** The bundle's bytes: the same for the same sources and the same esbuild, wherever it runs. */
async function bundle() {
  const result = await build({
    absWorkingDir: BROWSER,
    entryPoints: ["src/statement.js"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    charset: "ascii",
    legalComments: "none",
    sourcemap: false,
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

const made = await bundle();
const size = gzipSync(made, { level: 9 }).length;
console.log(`dist/statement.js: ${made.length} bytes, ${size} bytes with gzip`);
if (size > MAX_GZIP_BYTES) {
  console.error(`it may have ${MAX_GZIP_BYTES} bytes with gzip at most`);
  process.exitCode = 1;
} else if (!process.argv.includes("--check")) {
  await mkdir(`${BROWSER}dist`, { recursive: true });
  await writeFile(BUNDLE, made);
} else if (!made.equals(await readFile(BUNDLE).catch(() => Buffer.alloc(0)))) {
  console.error("dist/statement.js is not what the sources give: run node scripts/build-browser.mjs");
  process.exitCode = 1;
}
