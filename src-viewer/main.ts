/** Starts the viewer in a document of a share that is always on, or in a snapshot. */
import type { Messages } from '../src-server/source.ts';
import { insideFiles, webFiles, type Inside } from './files.ts';
import type { ViewerSettings } from './settings.ts';
import { Viewer } from './viewer.ts';

const jsonOf = (selector: string): unknown =>
  JSON.parse(document.querySelector(selector)!.textContent);

async function readTexts(texts: ViewerSettings['texts']): Promise<Messages> {
  if (typeof texts !== 'string') return texts;
  return (await (await fetch(texts)).json()) as Messages;
}

function listen(viewer: Viewer): void {
  addEventListener('hashchange', () => {
    void viewer.navigate().then(() => {
      scrollTo(0, 0);
    });
  });
  document.addEventListener('click', (event) => {
    // The fragment is the secret's place: the link to a part of the page only moves there.
    const link = (event.target as Element).closest('a.skip');
    if (!link) return;
    event.preventDefault();
    document.querySelector(link.getAttribute('href')!)?.scrollIntoView();
  });
  document.addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const password = form.querySelector<HTMLInputElement>('#password');
    if (password === null) {
      void viewer.logOut();
      return;
    }
    const button = form.querySelector('button')!;
    button.disabled = true;
    form.setAttribute('aria-busy', 'true');
    // The browser paints before scrypt takes its second.
    requestAnimationFrame(() => setTimeout(() => void viewer.logIn(password.value)));
  });
}

async function start(): Promise<void> {
  const settings = jsonOf('#viewer') as ViewerSettings;
  const files =
    settings.data === null ? insideFiles(jsonOf('#files') as Inside) : webFiles(settings.data);
  const viewer = new Viewer(settings, files, await readTexts(settings.texts));
  listen(viewer);
  await viewer.open();
}

void start();
