/** Lint colours: how CSS writes a colour, and how well two of them stand out from each other. */

export type Rgb = readonly [number, number, number];
export const BLACK: Rgb = [0, 0, 0];
export const WHITE: Rgb = [255, 255, 255];
const NAMES: Readonly<Record<string, Rgb>> = {
  black: BLACK,
  white: WHITE,
  silver: [192, 192, 192],
  lightgray: [211, 211, 211],
  lightgrey: [211, 211, 211],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
  red: [255, 0, 0],
  maroon: [128, 0, 0],
  yellow: [255, 255, 0],
  lime: [0, 255, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  navy: [0, 0, 128],
  orange: [255, 165, 0],
};

/** Hex, `rgb()` of whole numbers, and the common names; undefined for anything else. */
export function parseColour(value: string): Rgb | undefined {
  const colour = value.trim().toLowerCase();
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/u.exec(colour)?.[1];
  if (hex !== undefined) {
    const digits = hex.length === 3 ? hex.replaceAll(/./gu, '$&$&') : hex;
    const part = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16);
    return [part(0), part(2), part(4)];
  }
  const parts = /^rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)$/u.exec(colour);
  if (parts !== null) return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return Object.hasOwn(NAMES, colour) ? NAMES[colour] : undefined;
}

/** WCAG 2.2, contrast ratio: from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
