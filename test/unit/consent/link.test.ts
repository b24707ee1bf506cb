/** Tokens in links: made by us, read by us, refused from everybody else. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeToken, readToken } from '../../../src/consent/link.ts';

const OLD = { id: 'k1', key: Buffer.alloc(32, 1) };
const NEW = { id: 'k2', key: Buffer.alloc(32, 2) };
const TARGET = { workspace: 'T0AB12', send: 'Zm9vYmFyYmF6cXV4MTIzNA' };

describe('a token', () => {
  it('names its send, under every key that is still known', () => {
    expect(readToken(makeToken(TARGET, [OLD]), [NEW, OLD])).toEqual(TARGET);
    expect(readToken(makeToken(TARGET, [NEW, OLD]), [NEW, OLD])).toEqual(TARGET);
    expect(readToken(makeToken(TARGET, [OLD]), [NEW])).toBeUndefined();
  });

  it('is one string: no change of any character is accepted', () => {
    const token = makeToken(TARGET, [OLD]);
    const alphabet = [...'ABCXYZabcxyz0189-_.=~ '];
    for (let at = 0; at < token.length; at += 1) {
      for (const character of alphabet) {
        const altered = token.slice(0, at) + character + token.slice(at + 1);
        if (altered !== token) expect(readToken(altered, [OLD])).toBeUndefined();
      }
      expect(readToken(token.slice(0, at), [OLD])).toBeUndefined();
    }
    expect(readToken(`${token}A`, [OLD])).toBeUndefined();
    expect(readToken(`${token}.`, [OLD])).toBeUndefined();
  });

  it('of another workspace is refused', () => {
    const [, ...rest] = makeToken(TARGET, [OLD]).split('.');
    expect(readToken(['T0OTHER', ...rest].join('.'), [OLD])).toBeUndefined();
  });

  it('survives anything that is thrown at it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(readToken(text, [OLD])).toBeUndefined();
      }),
    );
  });
});
