/**
 * What a recipient does with the page: share, copy, print.
 *
 * Whatever leaves the page names its canonical address, never the address bar's, which may carry a match key.
 */

import { make, makeButton } from "./dom.js";

/** Adds to the row what needs a script. Only after the page was read: these are none of its statements. */
export function offerSharing() {
  const row = document.querySelector(".yours .actions");
  const address = document.querySelector('link[rel="canonical"]')?.getAttribute("href");
  if (!row || !address) return;
  const actions = [copyButton("Copy link", () => address), makeButton("Print", () => window.print())];
  if ("share" in navigator) actions.unshift(makeButton("Share…", () => share(address)));
  row.append(...actions.map((action) => make("li", {}, action)));
  const snippet = document.querySelector(".yours .embed code");
  snippet?.parentElement?.after(copyButton("Copy", () => snippet.textContent ?? ""));
}

/** @param {string} address */
function share(address) {
  // Refused when the reader thinks better of it: nothing to say then.
  navigator.share({ title: document.title, url: address }).catch(() => {});
}

/**
 * A button that copies a text and says so in its own label, which a screen reader repeats.
 * @param {string} label
 * @param {() => string} textOf
 */
function copyButton(label, textOf) {
  const button = makeButton(label, async () => {
    try {
      await navigator.clipboard.writeText(textOf());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Could not copy";
    }
  });
  button.setAttribute("aria-live", "polite");
  button.addEventListener("blur", () => (button.textContent = label));
  return button;
}
