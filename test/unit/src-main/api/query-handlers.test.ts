import { expectTypeOf, it } from 'vitest';
import type { createAlwaysOnQueries } from '../../../../src-main/api/handlers/always-on.ts';
import type { createAppQueries } from '../../../../src-main/api/handlers/app.ts';
import type { createBackupQueries } from '../../../../src-main/api/handlers/backups.ts';
import type { createCatalogQueries } from '../../../../src-main/api/handlers/catalog.ts';
import type { createDesktopQueries } from '../../../../src-main/api/handlers/desktop.ts';
import type { createDiagnosticsQueries } from '../../../../src-main/api/handlers/diagnostics.ts';
import type { createImportQueries } from '../../../../src-main/api/handlers/imports.ts';
import type { createOverviewQueries } from '../../../../src-main/api/handlers/overview.ts';
import type { createPublishQueries } from '../../../../src-main/api/handlers/publish.ts';
import type { createSessionQueries } from '../../../../src-main/api/handlers/session.ts';
import type { createShareQueries } from '../../../../src-main/api/handlers/shares.ts';
import type { createSyncQueries } from '../../../../src-main/api/handlers/sync.ts';
import type { QueriesOf } from '../../../../src-main/api/handlers.ts';
import type { QueryContext } from '../../../../src-main/context.ts';
import { pauseShare } from '../../../../src-main/store/shares/shares.ts';
import type { Contract, MethodName } from '../../../../src-shared/contract.ts';
import type { shareMethods } from '../../../../src-shared/contract/shares.ts';

/** Never called: `tsc` checks that each marked line is refused, and fails if one is not. */
export function whatDoesNotCompile(
  context: QueryContext,
): Pick<QueriesOf<typeof shareMethods>, 'shares.passphrase'> {
  return {
    'shares.passphrase': () => {
      // @ts-expect-error a function that writes does not take what a query handler has
      pauseShare(context.readStore, context, 1, true);
      // @ts-expect-error a statement of a query handler has no `run`
      context.readStore.prepare('DELETE FROM shares').run();
      // @ts-expect-error there is no connection that writes
      void context.store;
      // @ts-expect-error there is no queue to write in
      void context.writes;
      return { passphrase: '' };
    },
  };
}

/** All that makes query handlers. */
type Queries = ReturnType<typeof createAlwaysOnQueries> &
  ReturnType<typeof createAppQueries> &
  ReturnType<typeof createBackupQueries> &
  ReturnType<typeof createCatalogQueries> &
  ReturnType<typeof createDesktopQueries> &
  ReturnType<typeof createDiagnosticsQueries> &
  ReturnType<typeof createImportQueries> &
  ReturnType<typeof createOverviewQueries> &
  ReturnType<typeof createPublishQueries> &
  ReturnType<typeof createSessionQueries> &
  ReturnType<typeof createShareQueries> &
  ReturnType<typeof createSyncQueries>;

type QueryName = {
  [M in MethodName]: Contract[M]['kind'] extends 'query' ? M : never;
}[MethodName];

// Checked by `tsc` too: what is asserted here are types.
it('every query of the contract is handled by what gets no connection that writes', () => {
  expectTypeOf<keyof Queries>().toEqualTypeOf<QueryName>();
  expectTypeOf<Parameters<typeof createAppQueries>[0]>().toEqualTypeOf<QueryContext>();
  expectTypeOf<Parameters<typeof createDesktopQueries>[0]>().toEqualTypeOf<QueryContext>();
  expectTypeOf<Parameters<typeof createCatalogQueries>>().toEqualTypeOf<[QueryContext]>();
  expectTypeOf<Parameters<typeof createOverviewQueries>[0]>().toEqualTypeOf<QueryContext>();
  expectTypeOf<Parameters<typeof createSessionQueries>>().toEqualTypeOf<[QueryContext]>();
  expectTypeOf<Parameters<typeof createShareQueries>[0]>().toEqualTypeOf<QueryContext>();
  expectTypeOf<Parameters<typeof createPublishQueries>[0]>().toEqualTypeOf<QueryContext>();
  expectTypeOf<keyof Parameters<typeof createPublishQueries>[1]>().toEqualTypeOf<
    'status' | 'linkBaseAt' | 'tunnelLines' | 'cloudflared'
  >();
  expectTypeOf<keyof Parameters<typeof createAlwaysOnQueries>[0]>().toEqualTypeOf<
    'status' | 'share' | 'states'
  >();
  expectTypeOf<keyof Parameters<typeof createBackupQueries>[0]>().toEqualTypeOf<
    'list' | 'failure'
  >();
  expectTypeOf<keyof Parameters<typeof createImportQueries>[0]>().toEqualTypeOf<
    'jobs' | 'job' | 'rows' | 'list' | 'watch'
  >();
});
