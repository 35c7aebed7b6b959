import type { Page } from 'playwright';

/**
 * What does not fit in a page, as sentences: the document scrolls sideways; a text is wider or
 * higher than what holds it, lies outside the window, or runs over another text. Charts in SVG draw
 * their own, and texts for screen readers only lie in a clipped element: neither counts.
 */
export const misfits = (page: Page): Promise<string[]> => page.evaluate(findMisfits);

declare global {
  /** In a page that `keepFindMisfits` was called for, until it goes to another address. */
  var findMisfits: (() => string[]) | undefined;
}

/** For scripts of a test that look more than once: each call into a page costs milliseconds. */
export const keepFindMisfits = (page: Page): Promise<void> =>
  page.evaluate(`globalThis.findMisfits = ${String(findMisfits)}`);

/** Runs in the page. */
function findMisfits(): string[] {
  interface Box {
    left: number;
    top: number;
    right: number;
    bottom: number;
  }
  /** What an element has from those that hold it. */
  interface Place {
    isUnseen: boolean;
    /** The element that lies over others on purpose, such as a dialog or a bar that stays. */
    layer: Element | null;
    /** Elements that show nothing of what is beyond their edges. */
    clips: { box: Box; hasBars: { across: boolean; down: boolean } }[];
  }
  const found = new Set<string>();
  const places = new Map<Element, Place>();
  function placeOf(element: Element): Place {
    const known = places.get(element);
    if (known) return known;
    const above = element.parentElement
      ? placeOf(element.parentElement)
      : { isUnseen: false, layer: null, clips: [] };
    const { clip, clipPath, display, overflowX, overflowY, position } = getComputedStyle(element);
    const isOnTop =
      element.matches('dialog, [popover]') || position === 'fixed' || position === 'sticky';
    const hasClip = display !== 'inline' && (overflowX !== 'visible' || overflowY !== 'visible');
    const isBar = (overflow: string): boolean => overflow === 'auto' || overflow === 'scroll';
    const place = {
      isUnseen:
        above.isUnseen ||
        element.tagName === 'svg' ||
        clipPath === 'inset(50%)' ||
        clip === 'rect(0px, 0px, 0px, 0px)',
      layer: isOnTop ? element : above.layer,
      clips: hasClip
        ? [
            {
              box: element.getBoundingClientRect(),
              hasBars: { across: isBar(overflowX), down: isBar(overflowY) },
            },
            ...above.clips,
          ]
        : above.clips,
    };
    places.set(element, place);
    return place;
  }
  const nameOf = (element: Element): string =>
    `${element.tagName}: ${element.textContent!.trim().replaceAll(/\s+/g, ' ').slice(0, 60)}`;

  /** What is seen of a line of text; null: nothing. Tells of a text that is cut without a scroll bar. */
  function seenOf(element: Element, line: Box): Box | null {
    let { left, top, right, bottom } = line;
    // Accents and tails may stick out: a third of a line is more than that.
    const third = (bottom - top) / 3;
    for (const { box, hasBars } of placeOf(element).clips) {
      const isCut =
        (!hasBars.across && (left < box.left - 1 || right > box.right + 1)) ||
        (!hasBars.down && (top < box.top - third || bottom > box.bottom + third));
      if (isCut) found.add(`cut: ${nameOf(element)}`);
      left = Math.max(left, box.left);
      right = Math.min(right, box.right);
      top = Math.max(top, box.top);
      bottom = Math.min(bottom, box.bottom);
      if (left >= right || top >= bottom) return null;
    }
    return { left, top, right, bottom };
  }

  const over = document.documentElement.scrollWidth - window.innerWidth;
  if (over > 0) found.add(`the page is ${over} px too wide`);
  /** Of each line of text its middle: letters of two lines that are close have boxes that touch. */
  const lines: (Box & { element: Element; layer: Element | null })[] = [];
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const texts = [...element.childNodes].filter(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '',
    );
    if (texts.length === 0 || placeOf(element).isUnseen) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = element.getBoundingClientRect();
    // Put away, until the keyboard comes to it.
    if (box.right < -1000 || box.left > window.innerWidth + 1000) continue;
    const isOutside = box.left < -1 || box.right > window.innerWidth + 1;
    if (isOutside) found.add(`outside: ${nameOf(element)}`);
    const { display, overflowX } = getComputedStyle(element);
    const isWider = element.scrollWidth > element.clientWidth + 1;
    if (isWider && overflowX !== 'visible' && display !== 'inline')
      found.add(`wider than its place: ${nameOf(element)}`);
    const { layer } = placeOf(element);
    for (const text of texts) {
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const line of range.getClientRects()) {
        const seen = line.width < 1 || line.height < 1 ? null : seenOf(element, line);
        if (!seen) continue;
        const edge = (seen.bottom - seen.top) * 0.3;
        lines.push({
          left: seen.left + 1,
          right: seen.right - 1,
          top: seen.top + edge,
          bottom: seen.bottom - edge,
          element,
          layer,
        });
      }
    }
  }
  // From top to bottom, so that a line has few others to be compared with.
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((line, index) => {
    for (let next = index + 1; next < lines.length; next++) {
      const other = lines[next]!;
      if (other.top >= line.bottom) break;
      const isOver =
        line.layer === other.layer && line.left < other.right && other.left < line.right;
      if (isOver)
        found.add(`one over the other: ${nameOf(line.element)} · ${nameOf(other.element)}`);
    }
  });
  return [...found];
}
