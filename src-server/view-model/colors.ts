/** Colours of projects, readable as a dot or a bar on both themes' ground. */

import { remember } from '../../src-shared/remember.ts';

/** Surfaces of the two themes, as in src-shared/styles/tokens.css. */
const lightSurface = '#ffffff';
const darkSurface = '#191f22';
/** WCAG 2.2, 1.4.11: what is not text needs 3:1. */
const neededContrast = 3;

export interface ThemeColors {
  light: string;
  dark: string;
}

/**
 * The colour of a project for each theme: Kimai's, made darker or lighter until it can be seen;
 * without one, a steady hue from the project's id (golden angle: neighbours differ clearly).
 */
export function projectColors(color: string | null, projectId: number): ThemeColors {
  const base =
    color !== null && /^#[0-9a-f]{6}$/i.test(color)
      ? parseColor(color)
      : fromHue((projectId * 137.508) % 360);
  return { light: adjust(base, lightSurface, 0), dark: adjust(base, darkSurface, 255) };
}

/** The colours as custom properties of a `style` attribute. */
export const colorStyle = (color: string | null, projectId: number): string =>
  rememberedStyle(`${projectId} ${color ?? ''}`);

/** Each row of a page asks for the colour of its project: it is worked out once. */
const rememberedStyle = remember(5000, (key) => {
  const id = Number.parseInt(key, 10);
  const { light, dark } = projectColors(key.slice(key.indexOf(' ') + 1), id);
  return `--light:${light};--dark:${dark}`;
});

type Rgb = readonly [number, number, number];

/** Reads `#rrggbb`. */
export const parseColor = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

const format = (rgb: Rgb): string =>
  `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** Mixes with black (0) or white (255), in small steps, until the contrast is enough. */
function adjust(color: Rgb, surface: string, towards: 0 | 255): string {
  for (let step = 0; step < 20; step++) {
    const share = step / 20;
    const mixed = color.map((part) =>
      Math.round(part + (towards - part) * share),
    ) as unknown as Rgb;
    if (contrast(mixed, parseColor(surface)) >= neededContrast) return format(mixed);
  }
  return format([towards, towards, towards]);
}

/** WCAG's contrast ratio, 1–21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const value = part / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Saturation 45 %, lightness 45 %. */
function fromHue(hue: number): Rgb {
  const chroma = 0.45 * (1 - Math.abs(2 * 0.45 - 1));
  const part = (shift: number) => {
    const k = (shift + hue / 30) % 12;
    return 255 * (0.45 - (chroma / 2) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [part(0), part(8), part(4)];
}
