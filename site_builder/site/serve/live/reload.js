// Loads the page anew when the site was built anew. Only `mkdocs serve` sends this, and as a file: no page of ours allows inline code.
// What it asks is MkDocs' own: GET /livereload/<epoch>/<request> answers with the epoch of the site, at once if it is a later one.
"use strict";

const { epoch, request } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
const PAUSE_MS = 1000;

/** @param {AbortSignal} signal @returns {Promise<void>} */
async function waitForBuild(signal) {
  while (!signal.aborted) {
    try {
      const answer = await fetch(`/livereload/${epoch}/${request}`, { signal });
      const text = answer.ok ? await answer.text() : "";
      if (!/^\d+$/.test(text)) throw new Error("no epoch");
      if (Number(text) > Number(epoch)) return location.reload();
    } catch {
      if (!signal.aborted) await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    }
  }
}

// Browsers hold few connections to one host: pages in the background give theirs up.
let asking = new AbortController();
function watchWhileVisible() {
  asking.abort();
  asking = new AbortController();
  if (document.visibilityState === "visible") waitForBuild(asking.signal);
}
document.addEventListener("visibilitychange", watchWhileVisible);
watchWhileVisible();
