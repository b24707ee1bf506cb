/** World: the whole product with the playable Slack before it, and a Chromium, for one test file. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Browser } from '../../demo/browser/server.ts';
import { openBrowsers } from '../../demo/browsers.ts';
import { launchChromium } from '../../demo/chromium.ts';
import { importSample } from '../../demo/import-sample.ts';
import { buildStage, type Stage } from '../../demo/stage.ts';
import { newPage } from './look.ts';

export interface BrowserWorld {
  readonly stage: Stage;
  readonly demo: Browser;
  /** A page of its own, with nothing of the others. */
  page(options?: BrowserContextOptions): Promise<Page>;
  /** What the pages complained about: faults of scripts, blocked by the policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** @param contacts how many of the sample are imported; none if not said */
export async function browserWorld(contacts = 0): Promise<BrowserWorld> {
  const chromium = await launchChromium();
  const home = await mkdtemp(join(tmpdir(), 'assent-browser-'));
  const stage = await buildStage(home, () => undefined, {
    MONGODB_URI: process.env['TEST_MONGODB_URI'] ?? '',
    MONGODB_DATABASE: `browser_${randomBytes(6).toString('hex')}`,
    APPROVAL_TYPED_OVER: '5',
  });
  if (contacts > 0) await importSample(stage, contacts);
  const demo = await openBrowsers(stage, 0);
  const complaints: string[] = [];
  return {
    stage,
    demo,
    complaints,
    page: (options = {}) => newPage(chromium, options, complaints),
    async close() {
      await chromium.close();
      await demo.stop();
      await stage.resources.deps.database.db.dropDatabase();
      await stage.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
