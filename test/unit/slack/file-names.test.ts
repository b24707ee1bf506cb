/** File names: files are called after people, and nobody but their reviewer reads whom. */
import { describe, expect, it } from '@jest/globals';
import { leaksInChannel } from '../../../demo/slack/leaks.ts';
import { whyAnswer } from '../../../src/slack/command/why-answer.ts';
import {
  importFailedMessage,
  rejectsComment,
  rejectsMessage,
} from '../../../src/slack/import/message.ts';
import { approvalCard } from '../../../src/slack/request/approval-card.ts';
import { evidenceLines, shownFileName } from '../../../src/slack/request/evidence-blocks.ts';
import { audienceOption } from '../../../src/slack/wizard/who.ts';
import type { Proof } from '../../../src/workflow/read-proof.ts';
import { aRequest, aStatus } from './models.ts';

const NAMES = [
  'ann@example.org.pdf',
  'scan of ann@example.org.pdf',
  'scan_ann@example.org_2025.pdf',
  'ann%40example.org.pdf',
  'ANN%40EXAMPLE.ORG.csv',
  'ann＠example.org.pdf',
  '"ann@example.org".eml',
  'ann@example.org,bob@example.org.csv',
];
const PERSON = /ann.{0,3}example|example\.org|bob@/iu;
const NO_ADDRESS = new Map([['The row holds no e-mail address.', 2]]);
const LINK = 'https://demo.slack.com/files/U1/F1/';
const file = (name: string, link: string) => ({
  id: 'e_1',
  name,
  bytes: 1_000,
  sha256: 'f'.repeat(64),
  link,
});

describe.each(NAMES)('a file called %s', (name) => {
  it('keeps its person to itself in the card and the review, in its link too', () => {
    const evidence = [file(name, `${LINK}${name}`), file('scan.pdf', `${LINK}scan.pdf`)];
    const card = approvalCard(aStatus(aRequest({ terms: { evidence } })), 'en');
    expect(leaksInChannel('test', { ...card })).toEqual([]);
    for (const shown of [card, evidenceLines(evidence, 'de')]) {
      const text = JSON.stringify(shown);
      expect(text).not.toMatch(PERSON);
      expect(text).toContain(`<${LINK}scan.pdf|scan.pdf>`);
    }
    expect(shownFileName({ name }, 'en')).toContain('(address hidden)');
  });

  it('keeps it where a batch is called after it', () => {
    const option = audienceOption({ kind: 'batch', id: 'b_1', name, size: 12 }, 'en');
    expect(option.text.text).toBe(`${shownFileName({ name }, 'en')} · 12`);
    expect(option.text.text).not.toMatch(PERSON);
    const proof = { ...PROOF, audiences: [`batch “${name}”`] };
    const told = [
      importFailedMessage(name, { sentence: 'It stopped.', draft: undefined }, 'de'),
      rejectsMessage(name, { reasons: NO_ADDRESS, fault: 'no-scope' }, 'en'),
      rejectsComment(name, NO_ADDRESS, 'en'),
      whyAnswer(proof, 'en'),
    ];
    for (const message of told) expect(JSON.stringify(message)).not.toMatch(PERSON);
  });
});

const PROOF: Proof = {
  workspace: 'T0TEST',
  readAt: new Date('2026-03-31T10:00:00Z'),
  id: 'a'.repeat(32),
  address: 'someone@else.example',
  permission: 'single-opt-in',
  permissionSince: new Date('2026-03-31T10:00:00Z'),
  suppressions: [],
  asksInWindow: 1,
  audiences: [],
  acts: [],
  sends: [],
  faults: [],
};
