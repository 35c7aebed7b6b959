import type { Share } from '../../../../src-shared/contract/shares.ts';
import { session } from '../../../stores/session.svelte.ts';
import { ShareEditor } from './share-editor.svelte.ts';

/** A new share in the language of the owner's app, where pages have it. */
export function newEditor(
  customerId: number | null,
  projectId: number | null,
  like?: Share,
): ShareEditor {
  const locale = document.documentElement.lang.replace('-', '_') || 'en';
  return new ShareEditor({
    locale: session.status?.locales.includes(locale) ? locale : 'en',
    customerId,
    projectId: customerId === null ? null : projectId,
    ...(like ? { like } : {}),
  });
}
