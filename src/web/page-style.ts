/** Page style: the one style sheet, put into each page: a page is one request and needs nothing else. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Html } from './html.ts';

export interface PageStyle {
  readonly css: Html;
  /** For the content security policy: the browser applies this very text and no other. */
  readonly hash: string;
}

/** @throws Error if the sheet could end its own element */
export async function loadPageStyle(folder: string): Promise<PageStyle> {
  const css = await readFile(join(folder, 'style.css'), 'utf8');
  if (css.includes('</')) throw new Error('style.css must not hold "</": it would end its element');
  const hash = createHash('sha256').update(css).digest('base64');
  return { css: new Html(css), hash: `sha256-${hash}` };
}
