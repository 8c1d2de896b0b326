/**
 * Holding a page against a pattern: all that the templates of a release can print, with a place for each value.
 *
 * A pattern is a list of pieces: a text, which stands there as it is; ["name"], a value; ["if", "name", then, else]; ["for", "row",
 * "name", body]. Values are known, from what was signed, or one of the kinds below, for what nobody signs. page/pattern.py is the same
 * program.
 */

import { escapeText, escapeValue, fold } from "./canonical.js";
import { markdownAgrees } from "./markdown.js";

/** @typedef {any[]} Pattern */
/** @typedef {Record<string, any>} Values */

/** What may be there or not, and what it is then. */
export class Maybe {
  /** @param {any} [value] */
  constructor(value = "") {
    this.value = value;
  }
}

/** Up to so many rows, each with these values. */
export class Rows {
  /**
   * @param {number} most
   * @param {Values} values
   */
  constructor(most, values) {
    this.most = most;
    this.values = values;
  }
}

/** Markdown as it was signed; the page has what it becomes. */
export class Markdown {
  /** @param {string} source */
  constructor(source) {
    this.source = source;
  }
}

/** The first place where a page is not as its pattern: the name of the value there, "" for fixed wording and markup. */
export class Difference extends Error {}

/**
 * Throws Difference where a page is not of a pattern. text: its canonical form. values: a value for each name of the pattern.
 * @param {Pattern} pattern
 * @param {Values} values
 * @param {string} text
 */
export function matchPage(pattern, values, text) {
  const page = new Page(text, values);
  page.follow(pattern);
  if (page.at < text.length) throw new Difference(page.last);
}

/** A page that is being read: the place that was reached, and the name of the value that stood before it. */
class Page {
  at = 0;
  last = "";

  /**
   * @param {string} text
   * @param {Values} values
   */
  constructor(text, values) {
    this.text = text;
    this.values = { ...values };
  }

  /** @param {Pattern} pattern */
  follow(pattern) {
    for (const piece of pattern) {
      if (typeof piece === "string") this.fixed(piece);
      else if (piece[0] === "if") this.choice(piece[1], piece[2], piece[3]);
      else if (piece[0] === "for") this.rows(piece[1], this.named(piece[2]), piece[3]);
      else this.value(piece[0], this.named(piece[0]));
    }
  }

  /** @param {string} piece */
  fixed(piece) {
    const { text, at } = this;
    // Of two spaces with nothing between them there is one on the page.
    const isDoubled = piece[0] === " " && text[at - 1] === " " && !text.startsWith(piece, at);
    const expected = isDoubled ? piece.slice(1) : piece;
    // A value that goes on differs at once; what comes later is none of it.
    this.take(expected, text[at] === expected[0] ? "" : this.last);
    this.last = "";
  }

  /**
   * @param {string} expected
   * @param {string} name
   */
  take(expected, name) {
    if (!this.text.startsWith(expected, this.at)) throw new Difference(name);
    this.at += expected.length;
  }

  /**
   * @param {string} name
   * @param {any} value
   * @returns {void}
   */
  value(name, value) {
    const { text, at } = this;
    if (value instanceof Maybe) return this.value(name, value.value);
    if (value instanceof RegExp) {
      const form = new RegExp(value.source, "y");
      form.lastIndex = at;
      if (!form.test(text)) throw new Difference(name);
      this.at = form.lastIndex;
    } else if (value instanceof Markdown) {
      const end = text.indexOf("</div>", at);
      if (end < 0 || !markdownAgrees(text.slice(at, end), value.source)) throw new Difference(name);
      this.at = end;
    } else {
      const isInTag = text.lastIndexOf("<", at - 1) > text.lastIndexOf(">", at - 1);
      this.take(fold((isInTag ? escapeValue : escapeText)(value)), name);
    }
    this.last = name;
  }

  /**
   * @param {string} name
   * @param {Pattern} then
   * @param {Pattern} otherwise
   */
  choice(name, then, otherwise) {
    const value = this.named(name);
    if (!(value instanceof Maybe)) return this.follow(isThere(value) ? then : otherwise);
    // What is nothing is there in any case.
    const [first, second] = then.length ? [then, otherwise] : [otherwise, then];
    if (!this.tried(first)) this.follow(second);
  }

  /**
   * @param {string} row
   * @param {Rows | Values[]} value
   * @param {Pattern} body
   */
  rows(row, value, body) {
    if (value instanceof Rows) {
      this.values[row] = value.values;
      for (let count = 0; count < value.most && this.tried(body); count += 1);
      return;
    }
    for (const values of value) {
      this.values[row] = values;
      this.follow(body);
    }
  }

  /**
   * Whether the page goes on like that; if not, it is where it was.
   * @param {Pattern} pattern
   */
  tried(pattern) {
    const { at, last } = this;
    try {
      this.follow(pattern);
      return true;
    } catch (error) {
      if (!(error instanceof Difference)) throw error;
      Object.assign(this, { at, last });
      return false;
    }
  }

  /**
   * @param {string} name
   * @returns {any}
   */
  named(name) {
    return name.split(".").reduce((value, part) => {
      if (!Object.hasOwn(value, part)) throw new Error(`a page has no ${name}`);
      return value[part];
    }, this.values);
  }
}

/** @param {any} value a list, a text, whether something is there, or null */
const isThere = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
