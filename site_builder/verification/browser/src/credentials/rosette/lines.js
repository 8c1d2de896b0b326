/**
 * Curves for the rosette, in integers only: the same bytes in every language and on every machine.
 *
 * Lengths are in units of a picture from -4096 to 4096, y downwards; angles in parts of TURN, clockwise from the top.
 * Each drawing function gives the SVG path data of one sector, the first of `order` equal ones: the rest are its rotations.
 * site_builder/credentials/rosette/lines.py is the same program. content/pages/decisions/rosette.md describes it.
 */

// Divisible by each order that is drawn, and by the 252 steps of the table.
export const TURN = 181_440;
export const HALF = TURN / 2;
export const QUARTER = TURN / 4;
// 10000 times the sine of i · 90° / 63, rounded, for i from 0 to 63.
const SINES = [
  0, 249, 498, 747, 996, 1243, 1490, 1736, 1981, 2225, 2468, 2708, 2948, 3185, 3420, 3653, 3884, 4113, 4339, 4562, 4783, 5000,
  5214, 5425, 5633, 5837, 6038, 6235, 6428, 6617, 6802, 6982, 7159, 7331, 7498, 7660, 7818, 7971, 8119, 8262, 8400, 8533, 8660,
  8782, 8899, 9010, 9115, 9215, 9309, 9397, 9479, 9556, 9626, 9691, 9749, 9802, 9848, 9888, 9922, 9950, 9972, 9988, 9997, 10000,
];
const STEP = 720;

/** @typedef {[number, number]} Point */

/**
 * The integer below a quotient, or the quotient itself. divisor > 0; no number here comes near 2^53.
 * @param {number} number
 * @param {number} divisor
 */
export const floor = (number, divisor) => Math.floor(number / divisor);

/**
 * The quotient, rounded to the nearest integer; halves upwards. divisor > 0.
 * @param {number} number
 * @param {number} divisor
 */
export const divide = (number, divisor) => floor(2 * number + divisor, 2 * divisor);

/**
 * The remainder, never below zero.
 * @param {number} number
 * @param {number} divisor
 */
const rest = (number, divisor) => number - divisor * floor(number, divisor);

/**
 * 10000 times the sine of an angle; between two entries of the table on the straight line.
 * @param {number} angle
 */
export function wave(angle) {
  const sign = rest(angle, TURN) < HALF ? 1 : -1;
  const within = Math.min(rest(angle, HALF), HALF - rest(angle, HALF));
  const index = floor(within, STEP);
  const beyond = within - index * STEP;
  if (beyond === 0) return sign * SINES[index];
  return sign * divide(SINES[index] * (STEP - beyond) + SINES[index + 1] * beyond, STEP);
}

/**
 * Where a radius at an angle ends. Both coordinates are even, so that the middle of two points is exact.
 * @param {number} radius
 * @param {number} angle
 * @returns {Point}
 */
export const point = (radius, angle) => [
  2 * divide(radius * wave(angle), 20_000),
  -2 * divide(radius * wave(angle + QUARTER), 20_000),
];

/** @param {number[]} numbers */
// + 0: JavaScript has a negative zero.
const join = (numbers) => numbers.map((n, index) => (index && n >= 0 ? ` ${n + 0}` : String(n + 0))).join("");

/**
 * Path data: a move, then one command with its numbers in the fewest characters.
 * @param {Point} start
 * @param {string} command
 * @param {number[]} numbers
 */
const path = (start, command, numbers) => `M${join(start)}${command}${join(numbers)}`;

/**
 * A smooth line along points: through the middle of each two, with the points between as control points.
 * @param {Point[]} points
 */
function spline(points) {
  const middles = points.slice(1).map(([c, d], index) => [(points[index][0] + c) / 2, (points[index][1] + d) / 2]);
  const [[x, y], [ex, ey]] = middles;
  const [cx, cy] = points[1];
  const steps = middles.slice(2).flatMap(([c, d], index) => [c - middles[index + 1][0], d - middles[index + 1][1]]);
  // After the first, each control point is the mirror of the one before: that is what t means.
  return `${path([x, y], "q", [cx - x, cy - y, ex - x, ey - y])}t${join(steps)}`;
}

/**
 * The line through places at equal angles, from one sector's first middle to the next sector's.
 * @param {(angle: number) => Point} place
 * @param {number} order
 * @param {number} samples
 */
function sample(place, order, samples) {
  return spline(Array.from({ length: samples + 2 }, (_, index) => place(floor((TURN / order) * index, samples))));
}

/**
 * A line whose distance from the centre is a function of the angle, which must repeat in each sector.
 * @param {(angle: number) => number} radius
 * @param {number} order
 * @param {number} samples
 */
export const polar = (radius, order, samples) => sample((angle) => point(radius(angle), angle), order, samples);

/**
 * A line with loops: a circle of size arm that runs around, turning 1 + speed · order times in a turn.
 * @param {(angle: number) => number} radius
 * @param {number} arm
 * @param {{order: number, speed: number, phase?: number, samples?: number}} options
 */
export function trochoid(radius, arm, { order, speed, phase = 0, samples = 24 }) {
  return sample(
    (angle) => {
      const own = (1 + speed * order) * angle + phase;
      const first = radius(angle);
      return [
        2 * divide(first * wave(angle) + arm * wave(own), 20_000),
        -2 * divide(first * wave(angle + QUARTER) + arm * wave(own + QUARTER), 20_000),
      ];
    },
    order,
    samples,
  );
}

/**
 * A family of waves between two. base, swing, phase: at the first and the last line. lobes: waves in a sector.
 * @param {number} count
 * @param {{base: Point, swing: Point, phase?: Point, order: number, lobes?: number, samples?: number}} options
 */
export function pencil(count, { base, swing, phase = [0, 0], order, lobes = 1, samples = 14 }) {
  return each(count, (index) => {
    const [middle, height, turned] = [base, swing, phase].map(
      ([first, last]) => first + divide((last - first) * index, Math.max(count - 1, 1)),
    );
    return polar(
      (angle) => middle + divide(height * wave(order * lobes * angle + turned), 10_000),
      order,
      samples * lobes,
    );
  });
}

/**
 * What is drawn for 0, 1, … below a count, together.
 * @param {number} count
 * @param {(index: number) => string} draw
 */
export const each = (count, draw) => Array.from({ length: count }, (_, index) => draw(index)).join("");

/**
 * count circles in a sector, each of two half arcs, their centres at a distance from the centre.
 * @param {number} distance
 * @param {number} radius
 * @param {{order: number, count: number}} options
 */
export function circles(distance, radius, { order, count }) {
  return each(count, (index) => {
    const angle = floor((TURN / order) * index, count);
    const [x, y] = point(2 * radius, angle);
    const half = `a${radius} ${radius} 0 1 0 `;
    return path(point(distance + radius, angle), half, [-x, -y]) + half + join([x, y]);
  });
}

/**
 * A straight line.
 * @param {Point} start
 * @param {Point} end
 */
export const chord = (start, end) => path(start, "l", [end[0] - start[0], end[1] - start[1]]);

/**
 * A bent line, drawn towards its control point.
 * @param {Point} start
 * @param {Point} control
 * @param {Point} end
 */
export const bow = (start, control, end) =>
  path(start, "q", [control[0] - start[0], control[1] - start[1], end[0] - start[0], end[1] - start[1]]);

/**
 * count straight lines in a sector, away from the centre.
 * @param {number} inner
 * @param {number} outer
 * @param {{order: number, count: number}} options
 */
export const rays = (inner, outer, { order, count }) =>
  each(count, (index) => {
    const angle = floor((TURN / order) * index, count);
    return chord(point(inner, angle), point(outer, angle));
  });
