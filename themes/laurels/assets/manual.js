/**
 * The search field of the manual. What searches, and what is searched, is fetched when the field is used for the first time.
 */
"use strict";
(() => {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("search"));
  const field = /** @type {HTMLInputElement} */ (document.getElementById("search-words"));
  const count = /** @type {HTMLElement} */ (document.getElementById("search-count"));
  const list = /** @type {HTMLElement} */ (document.getElementById("search-results"));
  const root = new URL(form.dataset.root ?? "./", document.baseURI);

  /** @typedef {{location: string, title: string, page: string, excerpt: string}} Found */
  /** @type {Promise<(words: string) => {places: Found[], total: number}> | undefined} */
  let loading;

  /** The search, loaded once; a failed load may be tried again. */
  function load() {
    loading ??= Promise.all([
      import(new URL("assets/search.js", root).href),
      fetch(new URL("search/search_index.json", root)).then((answer) => {
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        return answer.json();
      }),
    ]).then(([{ makeSearch }, index]) => makeSearch(index));
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  }

  /** @param {string} tag @param {string} text */
  function element(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  /** @param {Found} found */
  function item({ location, title, page, excerpt }) {
    const link = document.createElement("a");
    link.href = new URL(location, root).href;
    link.append(element("b", title), element("small", page === "" ? excerpt : `${page} · ${excerpt}`));
    const made = document.createElement("li");
    made.append(link);
    return made;
  }

  /** Shows what is found for the words that stand in the field now. */
  async function show() {
    const words = field.value.trim();
    if (words === "") {
      list.replaceChildren();
      count.textContent = "";
      return;
    }
    try {
      const { places, total } = (await load())(words);
      if (field.value.trim() !== words) return;
      list.replaceChildren(...places.map(item));
      if (total === 0) count.textContent = "Nothing was found.";
      else if (places.length < total) count.textContent = `The best ${places.length} of ${total} places`;
      else count.textContent = total === 1 ? "1 place" : `${total} places`;
    } catch {
      list.replaceChildren();
      count.textContent = "The search could not be loaded.";
    }
  }

  /** Moves among field and results. @param {KeyboardEvent} event */
  function move(event) {
    const stops = [field, ...list.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      const next = stops[stops.indexOf(/** @type {HTMLInputElement} */ (document.activeElement)) + step];
      if (next !== undefined) {
        event.preventDefault();
        next.focus();
      }
    } else if (event.key === "Escape") {
      field.value = "";
      field.focus();
      void show();
    }
  }

  form.addEventListener("input", () => void show());
  form.addEventListener("keydown", move);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await show();
    list.querySelector("a")?.click();
  });
  field.addEventListener("focus", () => void load().catch(() => {}));
  form.hidden = false;
})();
