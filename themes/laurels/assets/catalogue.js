/**
 * Narrows the catalogue by the menus above it, and keeps the choice in the page's address: badges/#level=Advanced
 *
 * The page is complete without this script. The choice stands behind the #, which browsers send to nobody.
 */
"use strict";
(() => {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("filter"));
  const count = /** @type {HTMLElement} */ (document.getElementById("filter-count"));
  const reset = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const menus = [...form.querySelectorAll("select")];
  const groups = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-group]")]);
  const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-issuer]")]);

  /** Whether an entry has what every menu asks for. @param {HTMLElement} entry */
  const fits = (entry) =>
    menus.every(({ name, value }) => value === "" || (entry.dataset[name] ?? "").split("\n").includes(value));

  /** Shows the entries that fit, and says how many. */
  function show() {
    for (const entry of entries) entry.hidden = !fits(entry);
    for (const group of groups) group.hidden = group.querySelector("[data-issuer]:not([hidden])") === null;
    const shown = entries.filter((entry) => !entry.hidden).length;
    const isNarrowed = menus.some(({ value }) => value !== "");
    reset.hidden = !isNarrowed;
    if (!isNarrowed) count.textContent = `All ${entries.length} achievements`;
    else if (shown === 0) count.textContent = "No achievement fits all of these.";
    else count.textContent = `${shown} of ${entries.length} achievements`;
  }

  /** Puts the choice into the page's address, without a new entry in the browser's history. */
  function keep() {
    const chosen = new URLSearchParams(menus.filter(({ value }) => value !== "").map(({ name, value }) => [name, value]));
    const { pathname, search } = window.location;
    window.history.replaceState(null, "", chosen.size > 0 ? `#${chosen}` : pathname + search);
  }

  /** Takes the choice from the page's address. A # without = is a place in the page; a word that no menu has is no choice. */
  function read() {
    const hash = window.location.hash.slice(1);
    if (hash !== "" && !hash.includes("=")) return;
    const wanted = new URLSearchParams(hash);
    for (const menu of menus) {
      const value = wanted.get(menu.name) ?? "";
      menu.value = [...menu.options].some((option) => option.value === value) ? value : "";
    }
  }

  form.addEventListener("change", () => {
    show();
    keep();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const menu of menus) menu.value = "";
    show();
    keep();
    menus[0].focus();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => {
    read();
    show();
  });
  read();
  show();
  form.hidden = false;
})();
