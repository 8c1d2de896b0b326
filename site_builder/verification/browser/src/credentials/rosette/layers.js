/**
 * The four layers of a rosette, from the outside in: border, body, ring, motif.
 *
 * Each gives path data of one sector of `order` equal ones (see lines.js). kind, 0 to 7: which figure is drawn.
 * site_builder/credentials/rosette/layers.py is the same program. content/pages/decisions/rosette.md describes it.
 */

import {
  HALF,
  QUARTER,
  TURN,
  bow,
  chord,
  circles,
  divide,
  each,
  floor,
  pencil,
  point,
  polar,
  rays,
  trochoid,
  wave,
} from "./lines.js";

// The border: between 3300 and 4000.

/**
 * A wave with narrow crests, at a quarter turn: 50000 times a number between about -0.6 and 1.
 * @param {number} angle
 */
const pointed = (angle) => 4 * wave(angle) + wave(2 * angle - QUARTER);

/**
 * Lines along an outline, which is round (0), waved (1), with points outwards (2) or inwards (3), once a sector.
 * @param {number} order
 * @param {number} outline
 */
function edgeOf(order, outline) {
  const waves = floor(52, order);
  /** How far the outline lies outside of a circle. @param {number} angle */
  const bend = (angle) => {
    const within = order * angle + QUARTER;
    if (outline < 2) return divide(outline * 120 * wave(within), 10_000);
    return divide((outline === 2 ? 30 : -30) * pointed(within), 10_000);
  };
  return {
    /** @param {number} distance */
    plain: (distance) => polar((angle) => distance + bend(angle), order, 16),
    /** @param {number} distance @param {number} height @param {number} [phase] */
    strand: (distance, height, phase = 0) =>
      polar(
        (angle) => distance + bend(angle) + divide(height * wave(order * waves * angle + phase), 10_000),
        order,
        7 * waves,
      ),
    /** @param {number} distance @param {number} arm */
    looped: (distance, arm) =>
      trochoid((angle) => distance + bend(angle), arm, { order, speed: -waves, samples: 9 * waves }),
    /** @param {number} inner @param {number} outer */
    rungs: (inner, outer) =>
      each(floor(96, order), (index) => {
        const angle = floor((TURN / order) * index, floor(96, order));
        return chord(point(inner + bend(angle), angle), point(outer + bend(angle), angle));
      }),
  };
}

/** @type {((edge: ReturnType<typeof edgeOf>) => string)[]} */
const BORDERS = [
  (edge) => each(4, (part) => edge.strand(3660, 200, (TURN * part) / 4)),
  (edge) => each(5, (line) => edge.strand(3660, 220 - 110 * line)),
  (edge) => each(8, (line) => edge.plain(3440 + 64 * line)),
  (edge) => each(6, (line) => edge.strand(3660, 220 - 60 * (line % 3), line < 3 ? 0 : HALF)),
  (edge) => edge.looped(3640, 220) + edge.looped(3640, 160),
  (edge) => each(3, (part) => edge.strand(3570, 150, (TURN * part) / 3)) + edge.plain(3800) + edge.plain(3860),
  (edge) => each(6, (line) => edge.strand(3760 - 64 * line, 80 + 30 * line)),
  (edge) =>
    edge.rungs(3440, 3760) +
    edge.plain(3440) +
    edge.plain(3760) +
    edge.strand(3860, 70) +
    edge.strand(3860, 70, HALF),
];

/**
 * The outermost layer. outline, 0 to 3: see edgeOf.
 * @param {number} kind
 * @param {number} order
 * @param {{outline: number}} options
 */
export const drawBorder = (kind, order, { outline }) => BORDERS[kind](edgeOf(order, outline));

// The body: between 1450 and 3350.

/** @typedef {(order: number, extra: number) => string} Draw */

/** @type {Draw} */
const lenses = (order, extra) =>
  pencil(11 + 2 * extra, { base: [2400, 2400], swing: [960, -960], order, lobes: order < 7 ? 2 : 1 });

/** @type {Draw} */
function whirl(order, extra) {
  /** @param {number} count @param {number} turned */
  const hand = (count, turned) => {
    const lobes = order < 7 ? 2 : 1;
    return pencil(count, { base: [3160, 1640], swing: [180, 130], phase: [0, turned], order, lobes, samples: 12 });
  };
  if (extra === 0) return hand(11, TURN) + hand(11, -TURN);
  if (extra === 3) return hand(11, HALF) + hand(11, -HALF);
  return hand(20, extra === 1 ? TURN : -TURN);
}

const SHIFTS = [
  [-48, 0, 48],
  [-72, -24, 24, 72],
  [-120, -80, 80, 120],
  [-300, -150, 0],
];

/** @type {Draw} */
const braid = (order, extra) =>
  SHIFTS[extra]
    .map((shift) => {
      const [middle, height] = [2400 + shift, 860 - shift];
      const phase = /** @type {[number, number]} */ ([0, (TURN * 3) / 4]);
      return pencil(4, { base: [middle, middle], swing: [height, height], phase, order, samples: 16 });
    })
    .join("");

/** @type {Draw} */
function petals(order, extra) {
  /** @param {number} phase */
  const half = (phase) => pencil(8 + extra, { base: [2400, 2400], swing: [950, 250], phase: [phase, phase], order });
  return half(0) + half(HALF);
}

/** @type {Draw} */
const lace = (order, extra) =>
  circles(2390, 950, { order, count: floor(48, order) }) +
  circles(2390, 760 - 120 * extra, { order, count: floor(24, order) });

/**
 * Pointed petals, one within another, and lower ones between them.
 * @type {Draw}
 */
function lotus(order, extra) {
  /** @param {number} high @param {number} phase */
  const petal = (high, phase) => {
    const middle = floor(high + 1450, 2);
    return polar(
      (angle) => middle + divide((high - 1450) * pointed(order * angle + phase), 100_000),
      order,
      16,
    );
  };
  /** @param {number} count @param {number} high @param {number} phase */
  const flower = (count, high, phase) =>
    each(count, (line) => petal(high - floor((high - 1450) * line, count + 1), phase));
  return flower(10 + extra, 3400, QUARTER) + flower(7 + extra, 2900, QUARTER + HALF);
}

/** @type {Draw} */
function weave(order, extra) {
  /** @param {number} turned */
  const half = (turned) =>
    pencil(8 + extra, { base: [2400, 2400], swing: [930, 450], phase: [0, turned], order, samples: 16 });
  return half(HALF) + half(-HALF);
}

/** @type {Draw} */
function loops(order, extra) {
  // Few and wide sectors would leave a plain star.
  const speed = (order < 7 ? 2 : 1) * (extra % 2 ? -1 : 1);
  /** @param {number} index @param {number} phase */
  const line = (index, phase) =>
    trochoid(() => 2400 - 20 * index, 930 - 70 * index, { order, speed, phase, samples: 32 });
  return each(7, (index) => line(index, 0)) + each(2 + extra, (index) => line(index, HALF));
}

const BODIES = [lenses, whirl, braid, petals, lace, lotus, weave, loops];

/**
 * The widest layer. extra, 0 to 3: more lines, or lines that turn another way.
 * @param {number} kind
 * @param {number} order
 * @param {{extra: number}} options
 */
export const drawBody = (kind, order, { extra }) => BODIES[kind](order, extra);

// The ring: between 1080 and 1400.

/**
 * @param {number} count
 * @param {{lobes: number, turned: number, order: number}} options
 */
const band = (count, { lobes, turned, order }) =>
  pencil(count, { base: [1240, 1240], swing: [150, 150], phase: [0, turned], order, lobes, samples: 8 });

/** @type {((order: number, twice: number) => string)[]} */
const RINGS = [
  (order, twice) => band(4, { lobes: 2 * twice, turned: (TURN * 3) / 4, order }),
  (order, twice) => pencil(5, { base: [1240, 1240], swing: [170, -170], order, lobes: twice, samples: 8 }),
  (order, twice) => circles(1240, 150, { order, count: 6 * twice }),
  (order) => pencil(6, { base: [1090, 1390], swing: [0, 0], order, samples: 8 }),
  (order, twice) => band(6, { lobes: 3 * twice, turned: (TURN * 5) / 6, order }),
  (order, twice) =>
    rays(1090, 1390, { order, count: floor(60 * twice, order) }) +
    pencil(2, { base: [1090, 1390], swing: [0, 0], order, samples: 8 }),
  (order, twice) => trochoid(() => 1240, 150, { order, speed: -3 * twice, samples: 27 * twice }),
  (order, twice) => band(2, { lobes: twice, turned: HALF, order }),
];

/**
 * The narrow layer around the motif.
 * @param {number} kind
 * @param {number} order
 */
export const drawRing = (kind, order) => RINGS[kind](order, order < 8 ? 2 : 1);

// The motif: within 1000, one figure two or three times.

/**
 * The figure in the middle.
 * @param {number} kind
 * @param {number} order
 */
export function drawMotif(kind, order) {
  const sizes = [0, 2, 3, 7].includes(kind) && order < 8 ? [10, 8, 6] : [10, 7];
  return sizes.map((size, index) => FIGURES[kind](order, size, index % 2)).join("");
}

/**
 * How many points further each chord leads.
 * @type {Record<number, number>}
 */
const REACH = { 5: 1, 7: 3, 8: 3, 9: 4, 10: 3, 12: 5, 14: 5, 16: 7 };

/**
 * The figures of the motif. size: in tenths. turned: 1 for each second one, which the chords turn by half a sector.
 * @type {((order: number, size: number, turned: number) => string)[]}
 */
const FIGURES = [
  (order, size) =>
    polar(
      (angle) => 62 * size + divide((order < 5 ? 24 : 34) * size * wave(order * angle + QUARTER), 10_000),
      order,
      14,
    ),
  (order, size) => {
    const inner = point(40 * size, floor(TURN / order, 2));
    return chord(point(98 * size, 0), inner) + chord(inner, point(98 * size, TURN / order));
  },
  (order, size) => circles(49 * size, 46 * size, { order, count: 1 }),
  (order, size) => {
    const sector = TURN / order;
    const tip = point(98 * size, floor(sector, 2));
    return (
      bow(point(15 * size, 0), point(70 * size, floor(sector, 8)), tip) +
      bow(tip, point(70 * size, floor(sector * 7, 8)), point(15 * size, sector))
    );
  },
  (order, size) =>
    bow([0, 0], point(70 * size, floor((TURN / order) * 2, 3)), point(98 * size, 0)) +
    polar(() => 98 * size, order, 4),
  (order, size) => trochoid(() => 56 * size, 40 * size, { order, speed: order < 5 ? -2 : -1, samples: 32 }),
  (order, size, turned) => {
    const sector = TURN / order;
    const start = floor(sector, 2) * turned;
    return chord(point(98 * size, start), point(98 * size, start + sector * REACH[order]));
  },
  (order, size) => trochoid(() => 62 * size, 36 * size, { order, speed: order < 5 ? 2 : 1, samples: 32 }),
];
