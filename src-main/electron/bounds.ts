import { readFileSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';

const boundsSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(360),
  height: z.int().min(360),
  maximised: z.boolean(),
});
export type WindowBounds = z.infer<typeof boundsSchema>;

export const defaultSize = { width: 1280, height: 860 };

/** The window as it was left; null if nothing (sensible) was kept. */
export function readBounds(file: string): WindowBounds | null {
  try {
    return boundsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export function writeBounds(file: string, bounds: WindowBounds): void {
  writeFileSync(file, JSON.stringify(bounds));
}

/**
 * Whether enough of the window's top is on one of the displays (their work areas, in the same
 * device-independent pixels) to take hold of it: a second display may be gone since.
 */
export function isReachable(bounds: Rectangle, workAreas: readonly Rectangle[]): boolean {
  const grip = 80;
  return workAreas.some(
    (area) =>
      bounds.x + bounds.width >= area.x + grip &&
      bounds.x <= area.x + area.width - grip &&
      bounds.y >= area.y &&
      bounds.y <= area.y + area.height - grip,
  );
}
