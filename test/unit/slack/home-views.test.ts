/** Home views: within Slack's limits whatever happened, in both languages, and nobody's data in them. */
import { describe, expect, it } from '@jest/globals';
import { leaves } from '../../../demo/slack/json.ts';
import { leaksInChannel, leaksInHiding } from '../../../demo/slack/leaks.ts';
import { validateView } from '../../../demo/slack/validate.ts';
import { REQUEST_STATES } from '../../../src/consent/request.ts';
import { dashboardModal, guestView, homeView } from '../../../src/slack/home/home-view.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import { aRequest, aStatus } from './models.ts';
import { aCampaign, aDashboard, worstDashboard } from './standing-models.ts';

const BLOCKS_MAX = 60;
const version = '0.1.0';
const NO_ROLES = { requester: false, approver: false, admin: false };

const actionsIn = (view: object): string[] =>
  leaves(view)
    .filter(({ at }) => at.endsWith('/action_id'))
    .map(({ text }) => text);
const shown = (view: object): string => JSON.stringify(view);

describe.each(SLACK_LOCALES)('in %s', (locale) => {
  it.each([
    ['a new workspace', aDashboard()],
    ['everything at once', worstDashboard()],
    ['nobody’s role', aDashboard({ roles: NO_ROLES })],
    ['a requester', { ...worstDashboard(), roles: { ...NO_ROLES, requester: true } }],
  ])('Home of %s is what Slack takes', (_what, dashboard) => {
    const home = homeView({ dashboard, version }, locale);
    expect(validateView(home, 'home')).toEqual([]);
    expect(home.blocks.length).toBeLessThanOrEqual(BLOCKS_MAX);
    expect(home.blocks.length).toBeGreaterThan(1);
    expectSafe(home);
    const modal = dashboardModal({ dashboard, version }, locale);
    expect(validateView(modal, 'modal')).toEqual([]);
    expect(actionsIn(modal)).toEqual([]);
    expectSafe(modal);
  });

  it('guests read a polite page and nothing else', () => {
    const guest = guestView(locale);
    expect(validateView(guest, 'home')).toEqual([]);
    expect(actionsIn(guest)).toEqual([]);
  });

  it.each(REQUEST_STATES)('the menu of a request that is %s offers what may be done', (state) => {
    const dashboard = aDashboard({ recent: [aRequest({ state })] });
    const values = leaves(homeView({ dashboard, version }, locale))
      .filter(({ at }) => at.endsWith('/value'))
      .map(({ text }) => text)
      .filter((text) => text.includes(':'));
    const may = { processing: 'pause', asking: 'pause', paused: 'resume' } as const;
    const more = state in may ? [`${may[state as keyof typeof may]}:q_1a2b3c4d5e6f`] : [];
    expect(values).toEqual(['details:q_1a2b3c4d5e6f', ...more]);
  });
});

/** Whatever somebody typed pings nobody, and no address is shown to many eyes. */
function expectSafe(view: object): void {
  const text = leaves(view)
    .filter(({ at }) => at.endsWith('/text'))
    .map((leaf) => leaf.text)
    .join('\n');
  expect(text).not.toContain('<!channel>');
  expect(text).not.toContain('<@U0ADMIN>');
  expect(leaksInChannel('test', { ...view })).toEqual([]);
  expect(leaksInHiding('test', { ...view })).toEqual([]);
}

describe('Home', () => {
  it('lists what is set up and what is not, as long as something is open', () => {
    const setup = {
      channel: true,
      requesters: true,
      approvers: false,
      mail: false,
      imported: true,
    };
    const recent = [aRequest()];
    const text = shown(homeView({ dashboard: aDashboard({ setup, recent }), version }, 'en'));
    expect(text).toContain(':white_check_mark: A channel for approval cards (done)');
    expect(text).toContain(':white_large_square: Another person who approves (open)');
    expect(shown(homeView({ dashboard: aDashboard({ recent }), version }, 'en'))).not.toContain(
      'First steps',
    );
    expect(shown(homeView({ dashboard: aDashboard(), version }, 'en'))).toContain(
      'Everything is set up.',
    );
  });

  it('shows at most five that wait, and how many more there are', () => {
    const dashboard = aDashboard({ waiting: [aRequest()], waitingCount: 8 });
    expect(shown(homeView({ dashboard, version }, 'en'))).toContain('and 7 more');
  });

  it('says how it stands with campaigns, and lets them be paused', () => {
    const campaigns = [aCampaign('active'), aCampaign('paused', { over: { id: 'c_2' } })];
    const home = homeView({ dashboard: aDashboard({ campaigns }), version }, 'en');
    expect(shown(home)).toContain('on the 1st of each quarter at 09:00 (Europe/Berlin)');
    expect(actionsIn(home).filter((id) => id.endsWith('-campaign'))).toEqual([
      'review-campaign',
      'pause-campaign',
      'end-campaign',
      'review-campaign',
      'resume-campaign',
      'end-campaign',
      'create-campaign',
    ]);
  });

  it('does not say that nobody asked for anything while a request runs', () => {
    const running = [aStatus(aRequest({ state: 'processing' }))];
    for (const model of [aDashboard({ running }), aDashboard({})]) {
      const runs = model.running.length > 0;
      for (const view of [homeView, dashboardModal]) {
        const text = shown(view({ dashboard: model, version }, 'en'));
        expect(text.includes('Nobody has asked for anything yet')).toBe(!runs);
        expect(text.includes('Recent requests')).toBe(!runs);
      }
    }
  });

  it('says which version runs', () => {
    expect(shown(homeView({ dashboard: aDashboard(), version: '1.2.3' }, 'de'))).toContain(
      'Assent 1.2.3',
    );
  });
});
