import { contract, type MethodName } from '../../src-shared/contract.ts';
import type { Method } from '../../src-shared/contract/method.ts';
import type { Translate } from '../program/texts.ts';
import { describeSchema, isEmptySchema, summariseInput } from './schema-text.ts';

/** All methods with the names of their inputs, and the options. */
export function generalHelp(t: Translate, defaultDir: string): string {
  const width = Math.max(...Object.keys(contract).map((name) => name.length));
  const methods = Object.entries(contract).map(([name, method]) =>
    `  ${name.padEnd(width)}  ${summariseInput(method.input)}`.trimEnd(),
  );
  const options: [string, string][] = [
    ['--data DIR', t('cli.help.optionData', { dataDir: defaultDir })],
    ['--file PATH', t('cli.help.optionFile')],
    ['--profile NAME', t('cli.help.optionProfile')],
    ['--yes', t('cli.help.optionYes')],
    ['--explain', t('cli.help.optionExplain')],
    ['--help [METHOD]', t('cli.help.optionHelp')],
  ];
  return [
    t('cli.help.usage'),
    t('cli.help.import'),
    '',
    t('cli.help.intro'),
    '',
    t('cli.help.methods'),
    ...methods,
    '',
    t('cli.help.options'),
    ...options.map(([option, text]) => `  ${option.padEnd(16)} ${text}`),
  ].join('\n');
}

/** All about one method: kind, permission, input and output. */
export function methodHelp(t: Translate, name: MethodName): string {
  const method: Method = contract[name];
  const schema = (of: Method['input'], io: 'input' | 'output'): string =>
    isEmptySchema(of) ? '{}' : describeSchema(of, io);
  return [
    `${name} (${method.kind})`,
    `${t('cli.help.permission')} ${method.permission}`,
    `${t('cli.help.input')} ${schema(method.input, 'input')}`,
    `${t('cli.help.output')} ${schema(method.output, 'output')}`,
  ].join('\n');
}
