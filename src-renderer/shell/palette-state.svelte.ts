let isOpen = $state(false);

/** Whether the command palette is open: the keyboard and the sidebar open it. */
export const palette = {
  get isOpen(): boolean {
    return isOpen;
  },
  open(): void {
    // Only one dialog at a time.
    if (!document.querySelector('dialog[open]')) isOpen = true;
  },
  closed(): void {
    isOpen = false;
  },
};

let isSheetOpen = $state(false);

/** Whether the sheet of all shortcuts is open: `?` opens it, and so does the palette. */
export const shortcutSheet = {
  get isOpen(): boolean {
    return isSheetOpen;
  },
  set isOpen(isOpen: boolean) {
    isSheetOpen = isOpen;
  },
};

/** Cmd on a Mac, as everywhere there. */
export const isMac =
  typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
