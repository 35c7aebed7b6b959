import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cookieFor,
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';
import type { PageJson } from '../../../../src-server/view-model/page-json.ts';

let portal: GuardedPortal;
beforeAll(async () => {
  portal = await startGuardedPortal();
});
afterAll(() => portal.close());

const origin = 'https://tool.example';
const shared = (options = {}, passwordHash: string | null = null) =>
  portal.share({ passwordHash, options: { json: true, corsOrigins: [origin], ...options } });

async function jsonOf(path: string): Promise<PageJson> {
  const response = await portal.request(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('application/json; charset=utf-8');
  return (await response.json()) as PageJson;
}

describe('data.json', () => {
  it('is off by default', async () => {
    const off = portal.share();
    expect((await portal.request(`${off.path}/data.json`)).status).toBe(404);
    const preflight = await portal.request(`${off.path}/data.json`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(404);
  });

  it('is the page as data, without what the share hides', async () => {
    const model = await jsonOf(`${shared().path}/data.json`);
    expect(model).toMatchObject({
      page: 'customer',
      heading: 'Acme',
      period: { month: '2026-11' },
    });
    expect(model.details).toMatchObject({ view: 'table', footer: { durationS: 10_800 } });
    expect(JSON.stringify(model)).not.toMatch(/rateE4|"user"|"ann"|"bob"|budget/);
    const withMore = await jsonOf(`${shared({ showRates: true, showUser: true }).path}/data.json`);
    expect(withMore.details).toMatchObject({ footer: { durationS: 10_800, rateE4: 2_400_000 } });
    expect(JSON.stringify(withMore)).toMatch(/"user":"ann"/);
  });

  it('follows month, view and project, and puts a wrong month right', async () => {
    const share = shared();
    const chart = await jsonOf(`${share.path}/data.json?year=2026&month=11&details=chart`);
    expect(chart.details.view).toBe('chart');
    const project = await jsonOf(`${share.path}/data.json?project=${portal.projectIds.open}`);
    expect(project).toMatchObject({ page: 'project', heading: 'Open work' });
    const moved = await portal.request(`${share.path}/data.json?year=1999&month=13`);
    expect([moved.status, moved.headers.get('Location')]).toEqual([
      302,
      `${share.path}/data.json?year=2026&month=11&details=table`,
    ]);
    const one = `project=${portal.projectIds.open}`;
    const kept = await portal.request(`${share.path}/data.json?${one}&year=1999&month=13`);
    expect(kept.headers.get('Location')).toContain(`?${one}&year=2026`);
    for (const id of ['987654', '0', 'abc', '-1', '1e3']) {
      expect((await portal.request(`${share.path}/data.json?project=${id}`)).status, id).toBe(404);
    }
  });

  it('answers doubled parameters as the page does', async () => {
    const share = shared();
    for (const doubled of [
      'year=2026&year=2025&month=11',
      'year=2026&month=11&month=10',
      'year=2026&month=11&details=chart&details=table',
      'year=2026&year=2026&month=11',
    ]) {
      const answers = await Promise.all(
        [share.path, `${share.path}/data.json`].map(async (path) => {
          const answer = await portal.request(`${path}?${doubled}`);
          const location = new URL(answer.headers.get('Location') ?? '', portal.url);
          const read = (name: string) => location.searchParams.get(name);
          return [answer.status, read('year'), read('month'), read('details') ?? 'table'];
        }),
      );
      expect(answers, doubled).toEqual(Array(2).fill([302, '2026', '11', 'table']));
    }
    const { open, other } = portal.projectIds;
    const two = await portal.request(`${share.path}/data.json?project=${open}&project=${other}`);
    expect(two.status).toBe(404);
  });

  it('asks for the password like the page', async () => {
    const share = shared({}, quickHash('right'));
    const refused = await portal.request(`${share.path}/data.json`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({ error: 'not_signed_in' });
    // HEAD tells a length, which is data as well.
    const head = await portal.request(`${share.path}/data.json`, { method: 'HEAD' });
    expect(head.status).toBe(401);
    const cookie = cookieFor(await portal.post(share.path, 'right'), share.path)!;
    const response = await portal.request(`${share.path}/data.json`, { headers: { cookie } });
    expect(response.status).toBe(200);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  it('may be read by the listed origins, without cookies, and by no others', async () => {
    const share = shared();
    const path = `${share.path}/data.json`;
    const listed = await portal.request(path, { headers: { Origin: origin } });
    expect(listed.headers.get('Access-Control-Allow-Origin')).toBe(origin);
    expect(listed.headers.get('Access-Control-Allow-Credentials')).toBeNull();
    expect(listed.headers.get('Vary')).toContain('Origin');
    const preflight = await portal.request(path, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('Access-Control-Allow-Methods')).toBe('GET');
    for (const other of [
      'https://evil.example',
      'null',
      `${origin}.evil.example`,
      'http://tool.example',
    ]) {
      for (const method of ['GET', 'OPTIONS']) {
        const headers = { Origin: other, 'Access-Control-Request-Method': 'GET' };
        const refused = await portal.request(path, { method, headers });
        expect(refused.headers.get('Access-Control-Allow-Origin'), other).toBeNull();
      }
    }
  });

  it('leads listed origins to the language of their browser, since the address may have none', async () => {
    const path = `${shared().path}/data.json`.replace('/en/', '/');
    const ask = (from: string) => portal.request(path, { headers: { Origin: from } });
    const listed = await ask(origin);
    expect(listed.status).toBe(302);
    expect(listed.headers.get('Access-Control-Allow-Origin')).toBe(origin);
    expect(listed.headers.get('Vary')).toBe('Origin, Accept-Language');
    const followed = await portal.request(listed.headers.get('Location')!, {
      headers: { Origin: origin },
    });
    expect(followed.status).toBe(200);
    expect(followed.headers.get('Access-Control-Allow-Origin')).toBe(origin);
    const other = await ask('https://evil.example');
    expect(other.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('pages themselves may be read by no other origin', async () => {
    const page = await portal.request(shared().path, { headers: { Origin: origin } });
    expect(page.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});
