/** Provider groups: which domains belong together, and which only look as if they did. */
import { expect, it } from '@jest/globals';
import { isBigProvider, providerOf } from '../../../src/consent/provider.ts';

it.each([
  ['ann@gmail.com', 'gmail'],
  ['Ann@GoogleMail.COM', 'gmail'],
  ['ann@outlook.com', 'outlook'],
  ['ann@hotmail.com', 'outlook'],
  ['ann@hotmail.co.uk', 'outlook'],
  ['ann@hotmail.de', 'outlook'],
  ['ann@live.com', 'outlook'],
  ['ann@live.com.ar', 'outlook'],
  ['ann@msn.com', 'outlook'],
  ['ann@windowslive.com', 'outlook'],
  ['ann@outlook.com.br', 'outlook'],
  ['ann@yahoo.com', 'yahoo'],
  ['ann@yahoo.co.jp', 'yahoo'],
  ['ann@yahoo.com.br', 'yahoo'],
  ['ann@yahoo.de', 'yahoo'],
  ['ann@aol.com', 'yahoo'],
  ['ann@aol.co.uk', 'yahoo'],
  ['ann@ymail.com', 'yahoo'],
  ['ann@rocketmail.com', 'yahoo'],
  ['ann@example.org', 'example.org'],
  ['ann@EXAMPLE.org', 'example.org'],
  ['ann@mail.gmail.com', 'mail.gmail.com'],
  ['ann@gmail.de', 'gmail.de'],
  ['ann@gmail.com.example.org', 'gmail.com.example.org'],
  ['ann@yahoo.example', 'yahoo.example'],
  ['ann@yahoo', 'yahoo'],
  ['ann@notyahoo.com', 'notyahoo.com'],
  ['ann@constructor.com', 'constructor.com'],
  ['"a@b"@gmail.com', 'gmail'],
  ['hotmail.fr', 'outlook'],
  ['ann@', 'none'],
])('%s is mail to %s', (address, provider) => {
  expect(providerOf(address)).toBe(provider);
});

it('tells the big ones, whose names may be shown, from domains that may be a person’s own', () => {
  expect(['gmail', 'outlook', 'yahoo', 'ann-smith.example'].map(isBigProvider)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
