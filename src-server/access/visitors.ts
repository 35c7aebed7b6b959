/** What a client's program says about itself: preview bots by name, else the kind of device. */

/** In this order: some name several, as iMessage does. */
const bots: readonly (readonly [string, RegExp])[] = [
  ['iMessage', /facebookexternalhit.*Facebot.*Twitterbot/i],
  ['Slack', /Slackbot|Slack-ImgProxy/i],
  ['WhatsApp', /^WhatsApp\//i],
  ['Teams', /SkypeUriPreview|MicrosoftPreview|Microsoft-?Teams/i],
  ['Outlook', /OutlookBot|BingPreview|MSOffice|ms-office|Microsoft Outlook|safelinks/i],
  ['Telegram', /TelegramBot/i],
  ['Discord', /Discordbot/i],
  ['Facebook', /facebookexternalhit|facebookcatalog|Facebot|meta-external/i],
  ['LinkedIn', /LinkedInBot/i],
  ['Twitter', /Twitterbot/i],
  ['Signal', /^Signal|SignalBot/i],
  ['Mattermost', /mattermost-bot|Mattermost Bot/i],
  ['Viber', /Viber/i],
  ['Skype', /Skype/i],
  ['Google', /Google(bot|-InspectionTool|-PageRenderer|Other)|APIs-Google|Google-Read-Aloud/i],
  ['Bing', /bingbot/i],
  ['Apple', /Applebot/i],
  ['Yandex', /Yandex(Bot|Images|Preview)/i],
  ['DuckDuckGo', /DuckDuck(Bot|Go-Favicons)/i],
  // Cubot is a maker of phones.
  ['other', /(?<!cu)bot\b|crawler|spider|link-?preview|preview|embedly|unfurl|scraper/i],
];

/** The name of a known preview or search bot; null for everybody else. */
export function botName(userAgent: string): string | null {
  return bots.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? null;
}

export type Device = 'phone' | 'tablet' | 'desktop' | 'other';

/** The class of device, as its browser tells. Nothing finer is kept. */
export function deviceClass(userAgent: string): Device {
  if (/iPad|Tablet|PlayBook|Silk|Android(?!.*Mobile)/i.test(userAgent)) return 'tablet';
  if (/Mobi|iPhone|iPod|Android/i.test(userAgent)) return 'phone';
  return /Windows NT|Macintosh|X11|Linux|CrOS/i.test(userAgent) ? 'desktop' : 'other';
}
