/** What the token of a Kimai can see, before anything of it is stored. */
import type { KimaiSight } from '../../src-shared/contract/sync.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { KimaiApi } from './kimai-api.ts';

/** Bearer tokens. */
const tokensSince = 21_400;
const maxCustomers = 100;
const maxPeople = 100;
/** Before this, every token sees rates, and lists have no budgets. */
const rightsSince = 26_600;

/** `address`: of `mendAddress`. Throws what `KimaiApi` throws, and `kimai_too_old`. */
export async function lookAround(api: KimaiApi, address: string): Promise<KimaiSight> {
  const { version, versionId } = await ofPath(() => api.version());
  if (versionId < tokensSince) throw new AppError('kimai_too_old', { version });
  const me = await api.me();
  const customers = (await api.list('customer')) ?? [];
  const projects = (await api.list('project')) ?? [];
  const users = await api.list('user');
  const { rows, total } = await api.latest(50);
  const names = rows.flatMap(({ user }) => (typeof user === 'object' ? [shownName(user)] : []));
  const isOld = versionId < rightsSince;
  const first = customers[0];
  return {
    address,
    version,
    user: shownName(me),
    records: total,
    people: [...new Set(names)].sort().slice(0, maxPeople),
    customers: customers.slice(0, maxCustomers).map(({ name }) => name),
    customerCount: customers.length,
    seesRates: rows.length > 0 ? rows.some(({ rate }) => typeof rate === 'number') : isOld,
    seesBudgets: isOld
      ? first !== undefined && typeof (await api.entry('customer', first.id))?.budget === 'number'
      : [...customers, ...projects].some(({ budget }) => typeof budget === 'number'),
    seesUsers: users !== null,
    roles: me.roles,
  };
}

const shownName = ({ alias, username }: { alias?: string | null | undefined; username: string }) =>
  alias || username;

/** A Kimai that has no version has no API at this path. */
async function ofPath<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.code === 'kimai_not_found') {
      throw new AppError('kimai_path', error.params);
    }
    throw error;
  }
}
