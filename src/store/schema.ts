/**
 * Schema: a zod schema as MongoDB's `$jsonSchema`, so that the database refuses what the code must
 * never write.
 *
 * zod's draft-4 output is the dialect that MongoDB speaks, but for its types: `integer` does not
 * exist there, dates are a BSON type, and a few annotations are unknown and refused.
 */
import { z } from 'zod';

type Json = Record<string, unknown>;

const UNKNOWN_TO_MONGO = new Set([
  '$schema',
  'format',
  'default',
  'id',
  '$id',
  'propertyNames',
  'examples',
  'contentEncoding',
]);
const BSON_TYPES: Readonly<Record<string, string | string[]>> = {
  string: 'string',
  boolean: 'bool',
  object: 'object',
  array: 'array',
  null: 'null',
  number: ['int', 'long', 'double'],
  integer: ['int', 'long', 'double'],
};
const NESTED_SCHEMAS = new Set(['items', 'anyOf', 'oneOf', 'allOf', 'not', 'additionalProperties']);
const NAMED_SCHEMAS = new Set(['properties', 'patternProperties']);

const made = new WeakMap<z.ZodType, { $jsonSchema: Json }>();

/**
 * The collection validator of a document schema; each is made once, as databases are opened often
 * in tests. @throws Error on a recursive schema
 */
export function mongoSchema(schema: z.ZodType): { $jsonSchema: Json } {
  const validator = made.get(schema) ?? validatorOf(schema);
  made.set(schema, validator);
  return validator;
}

function validatorOf(schema: z.ZodType): { $jsonSchema: Json } {
  const json = z.toJSONSchema(schema, {
    target: 'draft-4',
    io: 'output',
    reused: 'inline',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') {
        (jsonSchema as Json)['bsonType'] = 'date';
      }
    },
  });
  return { $jsonSchema: translate(json) as Json };
}

function translate(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(translate);
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: Json = {};
  for (const [key, value] of Object.entries(schema))
    Object.assign(result, translateKey(key, value));
  return result;
}

function translateKey(key: string, value: unknown): Json {
  if (UNKNOWN_TO_MONGO.has(key)) return {};
  if (key === '$ref') throw new Error('A recursive schema cannot be a MongoDB validator.');
  if (key === 'type') {
    const bsonType = bsonTypeOf(value as string | string[]);
    return value === 'integer' ? { bsonType, multipleOf: 1 } : { bsonType };
  }
  if (NAMED_SCHEMAS.has(key)) {
    const named = Object.entries(value as Json).map(([name, item]) => [name, translate(item)]);
    return { [key]: Object.fromEntries(named) };
  }
  if (NESTED_SCHEMAS.has(key)) return { [key]: translate(value) };
  const isBound = key === 'minimum' || key === 'maximum';
  if (isBound && Math.abs(value as number) === Number.MAX_SAFE_INTEGER) return {};
  return { [key]: value };
}

function bsonTypeOf(type: string | string[]): string | string[] | undefined {
  if (!Array.isArray(type)) return BSON_TYPES[type];
  return [...new Set(type.flatMap((name) => BSON_TYPES[name] ?? []))];
}
