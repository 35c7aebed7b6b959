/** One running program with a published portal, and the pages of a share whose options change. */
import type { ShareOptions } from '../../../../src-shared/contract/shares.ts';
import { startProgram, type Program } from '../../../fidelity/program.ts';
import { readPage, type PageValues } from '../../../fidelity/read-page.ts';
import { exportCsv, type Entry } from './world.ts';

/** Noon of this day is the present of all tests here. */
export const today = '2026-03-20';

export interface Shown {
  status: number;
  html: string;
  values: PageValues;
  /** `YYYY-MM` of the address after redirects. */
  month: string;
}

export interface TestShare {
  id: number;
  /** Address of the share in English, without a query. */
  address: string;
}

export interface Portal {
  program: Program;
  /** Imports entries under a customer of their own; ids by project name. */
  importEntries(
    customer: string,
    entries: readonly Entry[],
    currency?: string,
  ): Promise<{ customerId: number; projectIds: Map<string, number> }>;
  share(
    customerId: number,
    projectId: number | null,
    options: Partial<ShareOptions>,
    projectIds?: number[],
  ): Promise<TestShare>;
  /** Changes the options of a share; takes effect on the next request. */
  setOptions(
    share: TestShare,
    options: Partial<ShareOptions>,
    projectIds?: number[],
  ): Promise<void>;
  /** `month`: `YYYY-MM`; `path`: added to the share's address, such as `/p/3`. */
  show(share: TestShare, month: string, query?: string, path?: string): Promise<Shown>;
  stop(): Promise<void>;
}

export async function openPortal(): Promise<Portal> {
  const program = await startProgram(today);
  const base = await program.publish();
  let nextId = 1;
  return {
    program,
    async importEntries(customer, entries, currency = 'EUR') {
      const job = await program.importBytes(
        `${customer}.csv`,
        exportCsv(entries, { customer, currency, firstId: nextId }),
      );
      if (job.preview?.counts.problems !== 0) throw new Error(`${customer}: rows with problems`);
      nextId += entries.length;
      const customers = await program.call('customers.list', {});
      const customerId = customers.find((row) => row.name === customer)!.id;
      const projects = await program.call('projects.list', { customerId });
      return { customerId, projectIds: new Map(projects.map((row) => [row.name, row.id])) };
    },
    async share(customerId, projectId, options, projectIds = []) {
      const share = await program.call('shares.create', {
        customerId,
        projectId,
        projectIds,
        options,
      });
      return { id: share.id, address: `${base}${share.path}` };
    },
    async setOptions(share, options, projectIds) {
      const { options: before } = await program.call('shares.get', { id: share.id });
      const patch = { options: { ...before, ...options }, ...(projectIds ? { projectIds } : {}) };
      await program.call('shares.update', { id: share.id, patch });
    },
    async show(share, month, query = '', path = '') {
      const [year, number] = month.split('-').map(Number);
      const response = await fetch(`${share.address}${path}?year=${year}&month=${number}${query}`);
      const html = await response.text();
      const shown = new URL(response.url).searchParams;
      return {
        status: response.status,
        html,
        values: readPage(html),
        month: `${shown.get('year')}-${(shown.get('month') ?? '').padStart(2, '0')}`,
      };
    },
    stop: () => program.close(),
  };
}
