import { createRequire } from 'node:module';
import { isObject } from '../../../../stages/text/json.ts';
import { Failure } from '../../../../streams/failure.ts';

const load = createRequire(import.meta.url);

/** Prepared by several doors, and mended once. */
const mended = new Set<string>();

type Method = (this: object, ...args: readonly unknown[]) => unknown;

/**
 * Replaces a method of one of kafkajs's classes by one made of the original. kafkajs is pinned and no longer developed,
 * so what is mended stays mended. Throws where the method is not, which would mean another kafkajs.
 */
export function replaceMethod(path: string, name: string, make: (original: Method) => Method): void {
  if (!isNew(`${path} ${name}`)) return;
  const exported: unknown = load(`kafkajs/src/${path}`);
  const prototype: unknown = typeof exported === 'function' ? exported.prototype : undefined;
  const original: unknown = isObject(prototype) ? Reflect.get(prototype, name) : undefined;
  if (!isObject(prototype) || typeof original !== 'function') throw otherKafkajs(`${name} in ${path}`);
  const replacement = make(function (this: object, ...args) {
    return Reflect.apply(original, this, args);
  });
  Reflect.set(prototype, name, replacement);
}

/**
 * Replaces what one of kafkajs's files exports, a function, for all files that load it from then on: to be called before the first
 * of them is loaded. Throws where there is no such function.
 */
export function replaceFunction(
  path: string,
  make: (original: (...args: readonly unknown[]) => unknown) => unknown,
): void {
  if (!isNew(path)) return;
  const name = load.resolve(`kafkajs/src/${path}`);
  const original: unknown = load(name);
  const file = load.cache[name];
  if (typeof original !== 'function' || file === undefined) throw otherKafkajs(path);
  file.exports = make((...args) => Reflect.apply(original, undefined, args));
}

function isNew(name: string): boolean {
  const { size } = mended;
  return mended.add(name).size > size;
}

function otherKafkajs(missing: string): Failure {
  return new Failure('fatal', 'other_kafkajs', `kafkajs has no ${missing}: only 2.2.4 is mended here.`);
}
