/**
 * Whatever a caller sends, the answer says what is wrong with it: `internal` is a fault of the
 * program. Inputs are made of each method's own schema, with a hostile value here and there.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract, type MethodName } from '../../../../src-shared/contract.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.importBytes(
    'export.csv',
    'Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description\n' +
      '2025-09-03,09:00,10:00,3600,80,Ada,Harbour,Quay,Building,Wall\n',
  );
});
afterAll(() => app.close());

/** Values that belong nowhere, or break what takes them for what they seem to be. */
const hostile = fc.constantFrom<unknown>(
  '*',
  '',
  ' ',
  '\0',
  '\ud800',
  'null',
  'https://',
  'https://example.org/path',
  'http://[::1',
  'javascript:alert(1)',
  '2025-02-30',
  '9999-99-99',
  '__proto__',
  '../../etc/passwd',
  "'; DROP TABLE records; --",
  'x'.repeat(5000),
  -1,
  0.5,
  2 ** 53,
  -(2 ** 63),
  1e308,
  true,
  null,
  [],
  [[]],
  {},
  ['*'],
  JSON.parse('{"__proto__": {"a": 1}}'),
);

type Json = Record<string, unknown>;

/** Inputs as the schema describes them; one value in eight is hostile. */
function inputOf(schema: Json): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 7, arbitrary: properOf(schema) }, { weight: 1, arbitrary: hostile });
}

function properOf(schema: Json): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  if (choices) return fc.oneof(...choices.map(inputOf));
  switch (schema['type']) {
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
      const required = (schema['required'] ?? []) as string[];
      const shape = Object.fromEntries(properties.map(([key, one]) => [key, inputOf(one)]));
      return fc.record(shape, { requiredKeys: required });
    }
    case 'array':
      return fc.array(inputOf((schema['items'] ?? {}) as Json), { maxLength: 4 });
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer());
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom('2025-09-03', 'https://example.org', 'en', '#aabbcc', 'EUR'),
      );
    default:
      return hostile;
  }
}

/** These hash a password or a passphrase, which takes 0.2 to 0.5 s, far more on a busy machine. */
const fewRuns: Partial<Record<MethodName, number>> = {
  'backups.export': 15,
  'profiles.create': 15,
  'profiles.update': 15,
  'session.signIn': 15,
  'shares.create': 25,
  'shares.update': 25,
};

const isTarget = new Set<MethodName>(['alwaysOn.checkTarget', 'alwaysOn.setTarget']);
const nowhere = { kind: 'folder', folder: '/nowhere', publicUrl: 'http://127.0.0.1:1' };

describe('no input gives `internal`', () => {
  it('`*` is no origin for data.json: it is refused, with the field', async () => {
    const [customer] = await app.call('customers.list');
    const draft = { label: '', customerId: customer?.id ?? 1, options: { corsOrigins: ['*'] } };
    const reply = await app.app.call(
      { method: 'shares.exposure', input: { draft } },
      { sessionId: 'test' },
    );
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', params: { field: 'draft.options.corsOrigins.0' } },
    });
  });

  // Last, since they may end what the others need: the owner's session.
  const last: MethodName[] = [
    'profiles.create',
    'profiles.update',
    'session.signIn',
    'profiles.delete',
    'session.lock',
  ];
  const names = (Object.keys(contract) as MethodName[]).filter((name) => !last.includes(name));

  it.each([...names, ...last])('%s', { timeout: 120_000 }, async (method) => {
    const schema = z.toJSONSchema(contract[method].input, { io: 'input', unrepresentable: 'any' });
    await fc.assert(
      fc.asyncProperty(inputOf(schema as Json), async (input) => {
        // The network is not for tests.
        const sent =
          method === 'publish.set' && typeof input === 'object' && input !== null
            ? { ...input, enabled: false }
            : isTarget.has(method) && typeof input === 'object' && input !== null
              ? { ...input, config: nowhere }
              : input;
        const reply = await app.app.call({ method, input: sent }, { sessionId: 'test' });
        if (reply.ok) return;
        expect(reply.error.code, app.logged.at(-1)).not.toBe('internal');
        // Else nothing would be tried. Nobody takes rights from the owner: that is a right answer.
        if (!last.includes(method) && method !== 'permissions.set') {
          expect(['permission_denied', 'not_signed_in', 'locked']).not.toContain(reply.error.code);
        }
      }),
      { numRuns: fewRuns[method] ?? 60 },
    );
  });
});
