/**
 * Whether Markdown text is the source of what a page shows. The same program as records/fields/markdown_source.py, which says why.
 */

/* eslint max-lines-per-function: off -- one walk: its steps share its state, and names of properties would weigh more than they say */

/**
 * An open element, as in Python.
 * @typedef {{tag: string, mark: string, start: number, base: number, number: string}} Open
 */

const MAX_LETTERS = 30_000;
const MAX_DEPTH = 64;
const TOKEN =
  /<(?:(a) href="([^"<>]*)" rel="nofollow noopener noreferrer ugc"|(ol) start="([0-9]{1,9})"|(\/?(?:p|em|strong|[uo]l|li|code|pre|blockquote|h[3-6])|\/a|[bh]r))>|([^<>]+)|[^]/g;
const NESTED =
  /^(?:(?:|li|blockquote) (?:p|[uo]l|pre|blockquote|h.)|[uo]l li|pre code|code text|(?:p|li|h.|em|strong) (?:em|strong|a|code|br|text)|a (?:em|strong|code|br|text))$/;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const PIECE = /\s+|[^\s!-/:-@[-`{-~]+|[^]/g;
const LINE_END = "[^\\S\\n]*(?=\\n|$)";
const MARKED = "(?= |\\n|$)";
const CODE = "(`+)(?!`)(?:(?!\\n[ >]*[\\n*+=#~`0-9-])[^])*?[^`]\\1(?!`)";
const BREAK = "(?:[^\\S\\n]*\\\\|[^\\S\\n]+(?<=  ))(?=\\n)";
/** @type {Record<string, string>} */
const REFERENCES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'" };

class Differs extends Error {}

/** @param {string} text */
const unescaped = (text) => text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (reference) => REFERENCES[reference]);

/**
 * Text with its tabs as spaces, to columns of four.
 * @param {string} text
 */
function expanded(text) {
  let column = 0;
  return text.replace(/\r\n?/g, "\n").replace(/[\n\t]|[^\n\t]+/g, (piece) => {
    const spaces = 4 - (column % 4);
    column = piece === "\n" ? 0 : column + (piece === "\t" ? spaces : [...piece].length);
    return piece === "\t" ? " ".repeat(spaces) : piece;
  });
}

/** @param {unknown} holds */
function need(holds) {
  if (!holds) throw new Differs();
}

/**
 * @param {string} html
 * @param {string} text
 */
function walk(html, text) {
  const source = expanded(text);
  let [at, line, column, quotes, depth, lines, ticks, closed] = [0, 0, 0, 0, 0, 0, 0, MAX_LETTERS];
  let [beginsLine, beginsBlock, hasSpace, last] = [true, true, false, ""];
  /** @type {Open[]} */
  const open = [{ tag: "", mark: "", start: 0, base: 0, number: "" }];
  const inner = () => open[open.length - 1];
  const inBlockOfCode = () => open[open.length - 2].tag === "pre";
  const base = () => open.findLast(({ tag }) => ["li", "blockquote", ""].includes(tag))?.base ?? 0;

  /** @param {string} pattern */
  function look(pattern) {
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = at;
    return sticky.exec(source)?.[0];
  }

  /** @param {string} pattern */
  function find(pattern) {
    const found = look(pattern);
    at += found?.length ?? 0;
    return found;
  }

  /** @param {string} pattern */
  function take(pattern) {
    const found = find(pattern);
    need(found !== undefined);
    return /** @type {string} */ (found);
  }

  /** @param {string} exact */
  function exactly(exact) {
    need(source.startsWith(exact, at));
    at += exact.length;
  }

  /** @param {boolean} [anyLines] */
  function skip(anyLines) {
    const from = at;
    for (lines = 0; ; ) {
      find(" *");
      column = at - line;
      const isOdd = find("[^\\S\\n]+");
      if ((anyLines || !lines || isOdd) && find("\n")) {
        [line, quotes, beginsLine] = [at, 0, true];
        lines += 1;
      } else if (beginsLine && quotes < depth && find("> ?")) {
        line = at;
        quotes += 1;
      } else return at > from;
    }
  }

  /** @param {string} [tag] */
  function block(tag) {
    skip(true);
    need(beginsLine && quotes === depth && base() <= column && column < closed);
    need(column < base() + 4 || tag === "pre");
    need(lines > 1 || tag !== "p" || last !== "/p");
    [closed, beginsBlock, hasSpace] = [MAX_LETTERS, false, false];
  }

  function inline() {
    if (beginsBlock) block();
    else if (hasSpace) need(skip(inBlockOfCode()));
    hasSpace = false;
  }

  function literal() {
    if (find(`\\\\(?=${PUNCTUATION.source})`)) return;
    need(!beginsLine || !look("```|~~~"));
    need(!look("<https://[^\\s<>]*>") || inner().mark === ">");
    if (at < ticks || !look("`")) return;
    need(!look(CODE));
    ticks = at + (look("`*") ?? "").length;
  }

  /** @param {string} shown */
  function readText(shown) {
    const { tag } = inner();
    for (const piece of (tag === "code" ? shown.trim() : shown).match(PIECE) ?? []) {
      if (/\s/.test(piece)) hasSpace = !beginsBlock;
      else {
        need(NESTED.test(`${tag} text`));
        inline();
        if (tag !== "code") literal();
        exactly(piece);
        beginsLine = false;
      }
    }
  }

  /** @param {boolean} isEnd */
  function flank(isEnd) {
    const mark = source[at];
    need(mark === "*" || mark === "_");
    let [first, next] = [at, at];
    while (source[first - 1] === mark) first -= 1;
    while (source[next] === mark) next += 1;
    const around = [source[first - 1] ?? "", source[next] ?? ""];
    const [outside, inside] = isEnd ? around.reverse() : around;
    need(inside.trim());
    need(!/[0-9A-Za-z]/.test(outside) || !(mark === "_" || PUNCTUATION.test(inside)));
  }

  /**
   * @param {Open} list
   * @param {Open} item
   */
  function readMarker(list, item) {
    const indent = column;
    const marker = take(list.tag === "ul" ? `[-+*]${MARKED}` : `[0-9]{1,9}[.)]${MARKED}`);
    const kind = marker.slice(-1);
    need(list.mark ? list.mark === kind : list.tag === "ul" || Number(marker.slice(0, -1)) === Number(list.number));
    list.mark = kind;
    item.base = indent + marker.length + (look(" {1,4}(?![ \\n])")?.length ?? 1);
  }

  /**
   * @param {string} tag
   * @param {string} href
   * @param {boolean} isBare
   * @param {string} number
   */
  function start(tag, href, isBare, number) {
    const outer = inner();
    need(NESTED.test(`${outer.tag} ${tag}`) && open.length < MAX_DEPTH);
    const opened = { tag, mark: "", start: 0, base: base(), number };
    const isCode = tag === "code" && outer.tag !== "pre";
    if (tag === "br") hasSpace = false;
    if (isCode || /^(?:em|strong|a|br)$/.test(tag)) inline();
    else if (!/^(?:[uo]l|code)$/.test(tag)) block(tag);
    if (tag === "em" || tag === "strong") {
      flank(false);
      opened.mark = take(tag === "em" ? "[*_]" : "\\*\\*|__");
    } else if (tag === "a") {
      const isAddress = isBare && source.startsWith(`<${href}>`, at);
      opened.mark = isAddress ? ">" : `](${href})`;
      need(/^https:\/\/[^\s()<>]+$/.test(href));
      exactly(isAddress ? "<" : "[");
    } else if (tag === "br") {
      if (!find(BREAK)) {
        skip();
        take(BREAK);
      }
    } else if (isCode) {
      opened.mark = take("`+");
      skip();
    } else if (tag === "code") skip(true);
    else if (tag === "li") readMarker(outer, opened);
    else if (tag === "blockquote") {
      take("> ?");
      [line, opened.base] = [at, 0];
      depth += 1;
      quotes += 1;
    } else if (tag === "hr") take(`([-*_])(?: *\\1){2,}${LINE_END}`);
    else if (tag === "pre") {
      if (column < opened.base + 4) opened.mark = take(`(?:\`\`\`+|~~~+)${LINE_END}`).trim();
    } else if (tag[0] === "h") {
      const level = Number(tag[1]) - 2;
      const isMarked = find(`#{${level}${level > 3 ? ",6" : ""}}${MARKED}[^\\S\\n]*`);
      opened.mark = isMarked ? "#" : level < 2 ? "=" : "-";
      need(isMarked || level < 3);
    }
    opened.start = at;
    if (tag !== "br" && tag !== "hr") open.push(opened);
    beginsLine &&= /^(?:p|[uo]l|li|blockquote)$/.test(tag);
    beginsBlock = /^(?:[uo]l|li|blockquote|hr)$/.test(tag);
  }

  /** @param {string} tag */
  function end(tag) {
    const ended = inner();
    need(ended.tag === tag);
    const isCode = tag === "code" && !inBlockOfCode();
    const isInline = isCode || /^(?:em|strong|a)$/.test(tag);
    if (isInline) {
      if (isCode) skip();
      else inline();
      if (tag === "em" || tag === "strong") {
        need(at > ended.start);
        flank(true);
      }
      exactly(ended.mark);
      need(!isCode || source[at] !== "`");
    } else if (ended.mark === "#") {
      need(!source.slice(ended.start, at).includes("\n"));
      take(`(?: +#+)?${LINE_END}`);
    } else if (tag[0] === "h") {
      skip();
      take(`${ended.mark}+${LINE_END}`);
    } else if (tag === "pre" && ended.mark) {
      skip(true);
      need(at === source.length || find(`${ended.mark}${ended.mark[0]}*${LINE_END}`));
    } else if (/^[uo]l$/.test(tag)) need(ended.mark);
    else if (tag === "li") closed = ended.base;
    else if (tag === "blockquote") {
      depth -= 1;
      closed = MAX_LETTERS;
      find("(?: *\\n[ >]*(?=\\n|$))*");
    }
    open.pop();
    if (!isInline && tag !== "code") [beginsBlock, hasSpace] = [true, false];
  }

  for (const { 0: token, index, 1: link, 2: href, 3: list, 4: number, 5: other, 6: shown } of html.matchAll(TOKEN)) {
    const name = link ?? list ?? other;
    need(shown ?? name);
    if (shown) readText(unescaped(shown));
    else if (name.startsWith("/")) end(name.slice(1));
    else start(name, unescaped(href ?? ""), html.startsWith(`${href}</a>`, index + token.length), number ?? "1");
    last = name ?? last;
  }
  skip(true);
  need(at === source.length && open.length === 1);
}

/**
 * Whether a page's region shows exactly what Markdown text says. html is in the form of canonical.js.
 * @param {string} html
 * @param {string} source
 */
export function markdownAgrees(html, source) {
  if ([...source].length > MAX_LETTERS) return false;
  try {
    walk(html, source);
    return true;
  } catch (error) {
    if (error instanceof Differs) return false;
    throw error;
  }
}
