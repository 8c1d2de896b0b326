/** What STYLE says of JavaScript and a program can check: node_modules/.bin/eslint */

import js from "@eslint/js";
import globals from "globals";

const NO_HTML = "Text from a document could become markup: make elements and set their text (ui/dom.js).";
const STRICT_PARSING = "It takes '12 apples' for 12: match the text with a pattern, then use Number.";

const htmlFromText = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "createContextualFragment", "parseFromString"];

// Of the verifier, from the top down, as in the Python package: imports point down.
const LAYERS = ["entry", "ui", "verification", "credentials", "encoding.js", "wording.js"];

/** What a layer may not import: those above it. */
const above = LAYERS.slice(1).map((layer, index) => ({
  files: [`site_builder/verification/browser/src/${layer}`, `site_builder/verification/browser/src/${layer}/**`],
  rules: {
    "no-restricted-imports": ["error", { patterns: [{ group: LAYERS.slice(0, index + 1).map((name) => `**/${name}`), message: "Imports point down." }] }],
  },
}));

export default [
  // What is built, what is fetched, and other people's vectors.
  { ignores: [".venv/", "build/", "site/", "site.*/", "**/dist/", "tests/vectors/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: "error",
      "no-shadow": "error",
      "prefer-template": "error",
      "object-shorthand": "error",
      "no-else-return": "error",
      "no-throw-literal": "error",
      "no-unused-expressions": "error",
      "max-lines-per-function": ["error", { max: 40, skipComments: true }],
      // Control characters are what these patterns look for: they steer terminals and hide text.
      "no-control-regex": "off",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-restricted-globals": ["error", ...["parseInt", "parseFloat"].map((name) => ({ name, message: STRICT_PARSING }))],
      "no-restricted-properties": [
        "error",
        ...htmlFromText.map((property) => ({ property, message: NO_HTML })),
        ...["write", "writeln"].map((property) => ({ object: "document", property, message: NO_HTML })),
        ...["parseInt", "parseFloat"].map((property) => ({ object: "Number", property, message: STRICT_PARSING })),
      ],
    },
  },
  { files: ["site_builder/**/*.js", "themes/**/*.js"], languageOptions: { globals: globals.browser } },
  // Pages load these as they are, not as modules.
  { files: ["site_builder/site/serve/**/*.js", "themes/**/*.js"], languageOptions: { sourceType: "script" } },
  ...above,
  { files: ["**/*.mjs"], languageOptions: { globals: globals.node } },
];
