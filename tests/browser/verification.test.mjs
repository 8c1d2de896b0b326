/** The browser's verifier reports of every case in tests/vectors/verification what its file says: node --test tests/browser */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { reportOn } from "./verifier.mjs";

const FOLDER = new URL("../vectors/verification/", import.meta.url);

/** @param {string} path below the folder of the cases */
const read = (path) => new Uint8Array(readFileSync(new URL(path, FOLDER)));

/** @param {string} path */
const readText = (path) => readFileSync(new URL(path, FOLDER), "utf8");

/** @param {string} path */
const readJson = (path) => JSON.parse(readText(path));

/** @param {{address: string, html: string, old: string, new: string}} page */
const edited = ({ address, html, old, new: made }) => ({ address, html: readText(html).replace(old, () => made) });

/** @param {string} path */
const filesIn = (path) => readdirSync(new URL(path, FOLDER)).sort().map((name) => `${path}${name}`);

const CASES = filesIn("cases/").flatMap((group) => filesIn(`${group}/`));

for (const path of CASES) {
  test(path, async () => {
    const { raw, responses, now, page, runs } = readJson(path);
    const answers = new Map(Object.entries(responses).map(([url, file]) => [url, read(file)]));
    for (const { suites, report } of runs) {
      const made = await reportOn({ raw: read(raw), responses: answers, now, page: page && edited(page), suites });
      assert.deepEqual(JSON.parse(JSON.stringify(made)), report);
    }
  });
}

test("there are cases", () => assert.ok(CASES.length > 300));
