/** Browsers: the story's Slack as a page, and beside it the Slack of the company next door. */
import { type Browser, startBrowser } from './browser/server.ts';
import { NEIGHBOUR, uninstall } from './installation.ts';
import type { SlackDouble } from './slack/double.ts';
import { CHANNEL, COMPANY, type Stage } from './stage.ts';

/**
 * @param port of the story's Slack; 0 for any
 * @returns the story's; stopping it stops both
 */
export async function openBrowsers(stage: Stage, port: number): Promise<Browser> {
  const { slack, neighbour, hub, inbox, cast, url } = stage;
  const managing = (double: SlackDouble) => ({
    isInstalled: () => hub.isInstalled(double.teamId),
    remove: () => uninstall(hub, double),
  });
  const next = await startBrowser({
    slack: neighbour,
    inbox,
    company: NEIGHBOUR.name,
    managing: managing(neighbour),
    first: { user: NEIGHBOUR.installer, channel: NEIGHBOUR.channel },
    port: 0,
  });
  const own = { url: '/' };
  const companies = () => [
    { name: COMPANY, isInstalled: hub.isInstalled(slack.teamId), url: own.url },
    { name: NEIGHBOUR.name, isInstalled: hub.isInstalled(neighbour.teamId), url: next.url },
  ];
  const browser = await startBrowser({
    slack,
    inbox,
    company: COMPANY,
    managing: managing(slack),
    installing: { url: `${url}/slack/install`, companies },
    first: { user: cast.rita.id, channel: CHANNEL.id },
    port,
  });
  own.url = browser.url;
  return {
    url: browser.url,
    async stop() {
      await browser.stop();
      await next.stop();
    },
  };
}
