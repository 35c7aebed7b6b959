import type Koa from 'koa';
import { createAccess } from './access/check-access.ts';
import { createPages } from './pages/render.ts';
import { buildPortalApp } from './portal.ts';
import type { PortalDeps } from './source.ts';

/** The public portal as a Koa app; it binds no port. See `buildPortalApp` for its order. */
export function createPortal(deps: PortalDeps): Koa {
  const pages = createPages(deps.texts);
  return buildPortalApp(deps, pages, createAccess(deps, pages));
}
