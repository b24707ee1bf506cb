/** Chromium: finds the browser of this machine, for pictures and for tests. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

/** @throws Error that says how to bring one, if there is none */
function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error('CHROMIUM_PATH names a file that does not exist. Nothing was started.');
  }
  const found = USUAL_PLACES.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    'No Chromium was found, so nothing was tried in a browser. Install one (Debian: apt-get install chromium), or name it in CHROMIUM_PATH.',
  );
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    // Containers have no user namespaces, little shared memory, and no GPU: to act one costs a fifth
    // of all the work.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
