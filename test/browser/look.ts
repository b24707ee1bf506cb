/** Look: a page as one person has it before them, and what keeps somebody from using it. */
import { readFile } from 'node:fs/promises';
import type axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Only browsers run it, so nothing of it is loaded here. */
const AXE = await readFile('node_modules/axe-core/axe.min.js', 'utf8');

/** @param complaints gets what scripts and the content policy complain about */
export async function newPage(
  chromium: Browser,
  options: BrowserContextOptions,
  complaints: string[],
): Promise<Page> {
  const context = await chromium.newContext({ reducedMotion: 'reduce', ...options });
  context.on('weberror', (fault) => complaints.push(String(fault.error())));
  context.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text());
  });
  return context.newPage();
}

/** What axe finds wrong that keeps somebody from using the page, each with its place. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found: axe.AxeResults = await page.evaluate(
    // What passes is not told, which halves the work.
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
}

/** How many pixels the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
