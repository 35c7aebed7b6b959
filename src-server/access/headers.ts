import type { Next } from 'koa';
import { styleHash } from '../assets/assets.ts';
import type { AnyContext } from '../context.ts';

/**
 * Scripts, styles and images come from the portal itself only. Attributes with styles are allowed,
 * since frappe-charts places its tooltips with them; of style elements only the pages' own, and no
 * inline script.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${styleHash}`,
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer of the portal. */
export const portalHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Puts the security headers on every answer; what says nothing about caching is not stored. */
export async function securityHeaders(ctx: AnyContext, next: Next): Promise<void> {
  ctx.set(portalHeaders);
  ctx.set('Cache-Control', 'no-store');
  await next();
}
