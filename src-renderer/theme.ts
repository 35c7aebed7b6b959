/** Light or dark as the owner wants it; `auto` leaves it to the system. */
export function setTheme(theme: 'auto' | 'light' | 'dark'): void {
  document.documentElement.dataset['theme'] = theme;
}
