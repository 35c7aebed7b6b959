import type { Component } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { PlaceId } from '../shell/places.ts';

/** A place, or the page of all components, which none of the places leads to. */
export type LazyId = PlaceId | 'ui';

type Page = Component<{ segments: readonly string[] }>;

/** Pages that are fetched when they are first opened: the app starts without them. */
const loaders: Partial<Record<LazyId, () => Promise<{ default: unknown }>>> = {
  imports: () => import('./imports/ImportsPage.svelte'),
  shares: () => import('./shares/SharesPage.svelte'),
  publish: () => import('./publish/PublishPage.svelte'),
  profiles: () => import('./profiles/ProfilesPage.svelte'),
  settings: () => import('./settings/SettingsPage.svelte'),
  ui: () => import('./ui/UiPage.svelte'),
};

const loaded = new SvelteMap<LazyId, Page>();

export const isLazy = (place: LazyId): boolean => place in loaders;

/** The page of a place if it is here already; undefined: it is not, or it is no such page. */
export const loadedPage = (place: LazyId): Page | undefined => loaded.get(place);

/** Fetches the page of a place. Rejects if its file does not come, as after an update. */
export async function loadPage(place: LazyId): Promise<void> {
  const load = loaders[place];
  if (load === undefined || loaded.has(place)) return;
  // A page without parts in its address ignores them.
  loaded.set(place, (await load()).default as Page);
}
