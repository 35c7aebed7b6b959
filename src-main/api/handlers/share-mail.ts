import type { Output } from '../../../src-shared/contract.ts';
import type { Share } from '../../../src-shared/contract/shares.ts';
import type { Translate } from '../../../src-server/translate.ts';

/** The link of a share under a base address, which may end with a slash. */
export const linkOf = ({ path }: Pick<Share, 'path'>, baseUrl: string): string =>
  baseUrl.replace(/(?<!\/)\/+$/, '') + path;

/**
 * A mail to the client: what the page is, its link, and that it is secret. `locale`: of the mail,
 * and of the page that the link opens.
 */
export function writeMail(
  share: Share,
  link: string,
  locale: string,
  t: Translate,
): Output<'shares.message'> {
  const parts = [t('portal.mail.hello'), t('portal.mail.intro'), link, t('portal.mail.secret')];
  if (share.hasPassword) parts.push(t('portal.mail.password'));
  const name = share.projectName ?? share.customerName;
  return {
    locale,
    subject: t('portal.mail.subject', { name }),
    body: `${parts.join('\n\n')}\n`,
  };
}
