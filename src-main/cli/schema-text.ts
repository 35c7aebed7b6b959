import { z } from 'zod';

/** The parts of JSON Schema that the contract's schemas become. */
interface JsonSchema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  format?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  maxLength?: number;
}

/** A schema as a person reads it: `{ id: integer ≥ 1, label?: text = "" }`, one field a line. */
export function describeSchema(schema: z.ZodType, io: 'input' | 'output'): string {
  return describe(z.toJSONSchema(schema, { io }) as JsonSchema, '');
}

/** Whether a schema takes or gives nothing: `{}`. */
export function isEmptySchema(schema: z.ZodType): boolean {
  const { properties } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  return properties !== undefined && Object.keys(properties).length === 0;
}

/** The fields of an input on one line, optional ones with a question mark. */
export function summariseInput(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  const names = Object.keys(properties);
  return names.map((name) => (required.includes(name) ? name : `${name}?`)).join(', ');
}

function describe(schema: JsonSchema, indent: string): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((one) => describe(one, indent)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  }
  if (schema.type === 'array') return `list of ${describe(schema.items ?? {}, indent)}`;
  if (schema.type === 'object') return describeObject(schema, indent);
  if (schema.type === 'integer' || schema.type === 'number') return describeNumber(schema);
  if (schema.type === 'string') return describeString(schema);
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  return schema.type ?? 'anything';
}

function describeObject(schema: JsonSchema, indent: string): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, field]) => {
    const optional = required.includes(name) ? '' : '?';
    const fallback = field.default === undefined ? '' : ` = ${JSON.stringify(field.default)}`;
    return `${inner}${name}${optional}: ${describe(field, inner)}${fallback}`;
  });
  if (typeof additionalProperties === 'object') {
    lines.push(`${inner}[name]: ${describe(additionalProperties, inner)}`);
  }
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}

function describeNumber({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const low = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  // Every integer of zod is bounded by what a double holds; saying so helps nobody.
  const safe = (limit: number | undefined): limit is number =>
    limit !== undefined && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;
  if (safe(low) && safe(maximum)) return `${String(type)} ${low}–${maximum}`;
  return safe(low) ? `${String(type)} ≥ ${low}` : String(type);
}

function describeString({ format, maxLength }: JsonSchema): string {
  if (format === 'date') return 'YYYY-MM-DD';
  if (format === 'uri') return 'address';
  return maxLength === undefined ? 'text' : `text (at most ${maxLength})`;
}
