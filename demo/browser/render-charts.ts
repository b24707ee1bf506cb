/**
 * Render charts: `data_visualization` blocks as SVG, each beside a list that says the same in
 * numbers, so that nobody has to see the picture.
 */
import { Html, html } from '../../src/web/html.ts';
import { asObject, asObjects, asString, type Json } from '../slack/json.ts';

interface Point {
  readonly label: string;
  readonly value: number;
}

const RADIUS = 50;
const WIDTH = 320;
const HEIGHT = 160;
const GAP = 0.25;

export function renderChart(block: Json): Html {
  const chart = asObject(block['chart']);
  const drawn = chart['type'] === 'pie' ? pie(pointsOf(chart['segments'])) : plot(chart);
  return html`<figure class="chart"><figcaption>${asString(block['title'])}</figcaption><div class="chart-body">${drawn}</div></figure>`;
}

const pointsOf = (value: unknown): Point[] =>
  asObjects(value).map((point) => ({
    label: asString(point['label']),
    value: Number(point['value']),
  }));

function pie(points: readonly Point[]): Html {
  const total = points.reduce((sum, { value }) => sum + value, 0) || 1;
  let from = 0;
  const slices = points.map(({ value }, index) => {
    const to = from + value / total;
    const slice = sliceOf(from, to, index);
    from = to;
    return slice;
  });
  const share = ({ value }: Point) => `${((value / total) * 100).toFixed(1)} %`;
  return html`<svg viewBox="-52 -52 104 104" aria-hidden="true" class="pie">${slices}</svg>${legend(
    points.map((point) => ({
      label: point.label,
      words: `${numberWords(point.value)} · ${share(point)}`,
    })),
  )}`;
}

/** One slice, from and to as shares of the whole; a slice that is all of it is a circle. */
function sliceOf(from: number, to: number, index: number): Html {
  if (to - from > 0.9999) return new Html(`<circle r="${RADIUS}" class="c${index}"/>`);
  const [x1, y1] = pointAt(from);
  const [x2, y2] = pointAt(to);
  const large = to - from > 0.5 ? 1 : 0;
  return new Html(
    `<path class="c${index}" d="M0 0 L${x1} ${y1} A${RADIUS} ${RADIUS} 0 ${large} 1 ${x2} ${y2} Z"/>`,
  );
}

function pointAt(share: number): [string, string] {
  const angle = share * 2 * Math.PI - Math.PI / 2;
  return [(Math.cos(angle) * RADIUS).toFixed(2), (Math.sin(angle) * RADIUS).toFixed(2)];
}

/** Bars, lines and areas share their axes. */
function plot(chart: Json): Html {
  const series = asObjects(chart['series']).map((entry) => ({
    name: asString(entry['name']),
    points: pointsOf(entry['data']),
  }));
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  const highest = Math.max(1, ...values);
  const shapes = series.map(({ points }, index) =>
    chart['type'] === 'bar'
      ? bars(points, index, series.length, highest)
      : line(points, index, highest, chart['type'] === 'area'),
  );
  const rows = series.flatMap(({ name, points }, index) =>
    points.map(({ label, value }) => ({
      label: `${name}, ${label}`,
      words: numberWords(value),
      index,
    })),
  );
  return html`<svg viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" aria-hidden="true" class="plot">${shapes}<path class="axis" d="M0 ${String(
    HEIGHT,
  )} H${String(WIDTH)}"/></svg>${legend(rows)}`;
}

function bars(points: readonly Point[], index: number, of: number, highest: number): Html {
  const slot = WIDTH / Math.max(1, points.length);
  const width = (slot * (1 - GAP)) / of;
  return new Html(
    points
      .map(({ value }, at) => {
        const height = (Math.max(0, value) / highest) * HEIGHT;
        const x = at * slot + (slot * GAP) / 2 + index * width;
        return `<rect class="c${index}" x="${x.toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"/>`;
      })
      .join(''),
  );
}

function line(points: readonly Point[], index: number, highest: number, filled: boolean): Html {
  const step = WIDTH / Math.max(1, points.length - 1);
  const path = points
    .map(
      ({ value }, at) =>
        `${(at * step).toFixed(1)} ${(HEIGHT - (value / highest) * HEIGHT).toFixed(1)}`,
    )
    .join(' L');
  const area = filled
    ? `<path class="area c${index}" d="M0 ${HEIGHT} L${path} L${WIDTH} ${HEIGHT} Z"/>`
    : '';
  return new Html(`${area}<path class="line s${index}" d="M${path}"/>`);
}

function legend(rows: readonly { label: string; words: string; index?: number }[]): Html {
  const items = rows.map(
    ({ label, words, index }, at) =>
      html`<li><span class="swatch b${String(index ?? at)}"></span>${label}: <strong>${words}</strong></li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

const numberWords = (value: number): string => value.toLocaleString('en');
