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

/** Cmd on a Mac, as everywhere there. */
export const isMac =
  typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
