/** Starts the viewer in a document of a share that is always on, or in a snapshot. */
import { insideFiles, webFiles, type Inside } from './files.ts';
import { requestWords, takeEarly } from './requests.ts';
import { readJson, readSettings, type ViewerSettings, type Words } from './settings.ts';
import { Viewer } from './viewer.ts';

async function readWords(texts: ViewerSettings['texts']): Promise<Words> {
  if (typeof texts !== 'string') return texts;
  const response = await (takeEarly('words') ?? requestWords(texts));
  return (await response.json()) as Words;
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
  const settings = readSettings();
  const files =
    settings.data === null ? insideFiles(readJson('#files') as Inside) : webFiles(settings.data);
  const viewer = new Viewer(settings, files, await readWords(settings.texts));
  listen(viewer);
  await viewer.open();
}

void start();
