import type { Attachment } from 'svelte/attachments';

/** For a bar that sticks to the bottom of the window: messages are shown above it, not over it. */
export const bottomBar: Attachment<HTMLElement> = (bar) => {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() =>
    style.setProperty('--bottom-bar', `${bar.offsetHeight}px`),
  );
  observer.observe(bar);
  return () => {
    observer.disconnect();
    style.removeProperty('--bottom-bar');
  };
};
