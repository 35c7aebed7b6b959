import { BrowserWindow, Notification } from 'electron';
import type { News } from '../app.ts';
import type { DesktopSettings } from '../../src-shared/contract/desktop.ts';
import type { Translate } from '../program/texts.ts';

export interface NewsText {
  title: string;
  body: string;
  /** Where in the app it leads. */
  place: string;
}

/**
 * What the owner is told about something that happened while they looked elsewhere; null: they do
 * not want to know. `isLocked`: somebody else may sit there, so no names.
 */
export function newsText(
  t: Translate,
  news: News,
  settings: DesktopSettings,
  isLocked: boolean,
): NewsText | null {
  if (news.kind === 'first_view') {
    if (!settings.notifyFirstView) return null;
    const body = isLocked ? '' : news.label;
    return { title: t('app.news.firstView'), body, place: `/shares/${news.shareId}/activity` };
  }
  if (!settings.notifyImports) return null;
  const body = isLocked ? '' : news.fileName;
  if (news.kind === 'import_waits') {
    return { title: t('app.news.waits'), body, place: `/imports/job/${news.jobId}` };
  }
  const { inserted, updated } = news;
  const title = t(`app.news.${inserted > 0 ? 'imported' : 'changed'}`, { inserted, updated });
  return { title, body, place: '/imports' };
}

/** Kept while they are shown: Electron forgets the click of one that is garbage-collected. */
const shown = new Set<Notification>();

export function notify({ title, body, place }: NewsText, show: (place: string) => void): void {
  if (!Notification.isSupported() || BrowserWindow.getFocusedWindow() !== null) return;
  const notification = new Notification({ title, body });
  shown.add(notification);
  notification.on('click', () => show(place));
  notification.on('close', () => shown.delete(notification));
  notification.show();
}
