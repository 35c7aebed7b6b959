/** What a client's program says about itself: preview bots by name, else the kind of device. */

import { remember } from '../../src-shared/remember.ts';

/**
 * Longer names are cut before any pattern meets them: a header may have 16 kB. Programs that are
 * in use name themselves in less than 300 characters.
 */
const maxAgentChars = 512;

/** In this order: some name several. All patterns here must be linear in the text's length. */
const bots: readonly (readonly [string, RegExp])[] = [
  ['Slack', /Slackbot|Slack-ImgProxy/i],
  ['WhatsApp', /^WhatsApp\b/i],
  ['Teams', /SkypeUriPreview|MicrosoftPreview|Microsoft-?Teams/i],
  ['Outlook', /OutlookBot|BingPreview|MSOffice|ms-office|Microsoft Outlook|safelinks/i],
  ['Telegram', /TelegramBot/i],
  ['Discord', /Discordbot/i],
  ['Facebook', /facebookexternalhit|facebookcatalog|Facebot|meta-external/i],
  ['LinkedIn', /LinkedInBot/i],
  ['Twitter', /Twitterbot/i],
  ['Signal', /^Signal|SignalBot/i],
  ['Mattermost', /mattermost-bot|Mattermost Bot/i],
  // Only by their bare names: their own browsers add the name to the one of a browser.
  ['Viber', /^Viber\b/i],
  ['Skype', /^Skype\b/i],
  ['VK', /vkShare/i],
  ['Iframely', /Iframely/i],
  ['Google', /Google(bot|-InspectionTool|-PageRenderer|Other)|APIs-Google|Google-Read-Aloud/i],
  ['Bing', /bingbot/i],
  ['Apple', /Applebot/i],
  ['Yandex', /Yandex(Bot|Images|Preview)/i],
  ['DuckDuckGo', /DuckDuck(Bot|Go-Favicons)/i],
  // Cubot is a maker of phones.
  ['other', /(?<!cu)bot\b|crawler|spider|link-?preview|preview|embedly|unfurl|scraper/i],
];

/** Apple's Messages gives the names of three other bots, all of them, and never its own. */
const namedByMessages = ['facebookexternalhit', 'facebot', 'twitterbot'];

/** The name of a known preview or search bot; null for everybody else. */
export const botName = (userAgent: string): string | null =>
  rememberedBot(userAgent.slice(0, maxAgentChars)).name;

/** Each page asks, and few browsers open most of them. */
const rememberedBot = remember(500, (agent) => ({ name: findBot(agent) }));

function findBot(agent: string): string | null {
  const lower = agent.toLowerCase();
  if (namedByMessages.every((name) => lower.includes(name))) return 'iMessage';
  return bots.find(([, pattern]) => pattern.test(agent))?.[0] ?? null;
}

export type Device = 'phone' | 'tablet' | 'desktop' | 'other';

/** The class of device, as its browser tells. Nothing finer is kept. */
export const deviceClass = (userAgent: string): Device =>
  rememberedDevice(userAgent.slice(0, maxAgentChars));

const rememberedDevice = remember(500, (agent): Device => {
  if (/iPad|Tablet|PlayBook|Silk/i.test(agent)) return 'tablet';
  // Tablets with Android leave out the word that its phones have.
  if (/Android/i.test(agent)) return /Mobile/i.test(agent) ? 'phone' : 'tablet';
  if (/Mobi|iPhone|iPod/i.test(agent)) return 'phone';
  return /Windows NT|Macintosh|X11|Linux|CrOS/i.test(agent) ? 'desktop' : 'other';
});
