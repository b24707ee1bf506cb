/**
 * Manifest: what we tell Slack about the app is what the app does, in both directions: a command
 * without a listener would time out, and a listener without an entry would never be reached.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { LISTENERS } from '../../../src/slack/listeners.ts';
import {
  ASK_RECONFIRMATION,
  STEP_INPUTS,
  STEP_OUTPUTS,
} from '../../../src/slack/request/function-step.ts';
import { SLACK_PATH } from '../../../src/slack/wire/receiver.ts';
import { BOT_SCOPES } from '../../../src/slack/wire/scopes.ts';

type Manifest = AppsManifestCreateArguments['manifest'];
type Scope = NonNullable<
  NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>['bot']
>[number];

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const SOCKET: Manifest = JSON.parse(read('manifests/manifest.json'));
const HTTP: Manifest = JSON.parse(read('manifests/manifest.http.json'));
const URL_OF_SLACK = `https://assent.example.com${SLACK_PATH}`;

/** What each Web API method that we call needs; `null`: nothing. */
const NEEDS: Readonly<Record<string, Scope | null>> = {
  'auth.test': null,
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.open': 'im:write',
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'files.info': 'files:read',
  'usergroups.list': 'usergroups:read',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
  'views.open': null,
  'views.publish': null,
  'views.push': null,
  'views.update': null,
};
/** Commands come without a method. */
const WITHOUT_METHOD: readonly Scope[] = ['commands'];

const sorted = (list: Iterable<string>) => [...new Set(list)].sort();

/** The Web API methods that stand in our code. */
function calledMethods(): string[] {
  const files = readdirSync(new URL('../../../src/slack/', import.meta.url), {
    recursive: true,
    encoding: 'utf8',
  }).filter((name) => name.endsWith('.ts'));
  const code = files.map((name) => read(`src/slack/${name}`)).join('\n');
  const calls = code.matchAll(
    /\.((?:apps|auth|chat|conversations|files|usergroups(?:\.users)?|(?<!usergroups\.)users|views)\.\w+)\(/gu,
  );
  return sorted([...calls].map(([, method = '']) => method));
}

describe.each([
  ['Socket Mode', SOCKET],
  ['HTTP', HTTP],
])('the manifest for %s', (_mode, manifest) => {
  const { features, settings, oauth_config: oauth, display_information: display } = manifest;
  const commands = features?.slash_commands ?? [];
  const shortcuts = features?.shortcuts ?? [];

  it('names every command that has a listener, and no other', () => {
    expect(sorted(commands.map(({ command }) => command))).toEqual(
      sorted(Object.keys(LISTENERS.commands)),
    );
  });

  it('names every shortcut that has a listener, and no other', () => {
    expect(sorted(shortcuts.map(({ callback_id: id }) => id))).toEqual(
      sorted(Object.keys(LISTENERS.shortcuts)),
    );
  });

  it('subscribes to every event that has a listener, and no other', () => {
    expect(sorted(settings?.event_subscriptions?.bot_events ?? [])).toEqual(
      sorted([
        ...Object.keys({ ...LISTENERS.events, ...LISTENERS.systemEvents }),
        ...(Object.keys(LISTENERS.functions ?? {}).length === 0 ? [] : ['function_executed']),
      ]),
    );
  });

  it('names every step of Workflow Builder that has a listener, with its inputs and outputs', () => {
    expect(sorted(Object.keys(manifest.functions ?? {}))).toEqual(
      sorted(Object.keys(LISTENERS.functions ?? {})),
    );
    const step = JSON.parse(JSON.stringify(manifest.functions?.[ASK_RECONFIRMATION]));
    expect(Object.keys(step.input_parameters)).toEqual([...STEP_INPUTS]);
    expect(Object.keys(step.output_parameters)).toEqual([...STEP_OUTPUTS]);
    // A builder of workflows cannot choose this one: a user id could be anybody's.
    expect(step.input_parameters.requester.type).toBe('slack#/types/user_context');
    // Slack takes steps only from apps that say so.
    expect(settings?.function_runtime).toBe('remote');
    expect(settings?.org_deploy_enabled).toBe(true);
  });

  it('asks for the scopes that our calls need, and no other', () => {
    const methods = calledMethods();
    expect(methods.filter((method) => !(method in NEEDS))).toEqual([]);
    const needed = methods.map((method) => NEEDS[method] ?? null).filter((scope) => scope !== null);
    expect(sorted(oauth?.scopes?.bot ?? [])).toEqual(sorted([...WITHOUT_METHOD, ...needed]));
    expect(sorted(BOT_SCOPES)).toEqual(sorted(oauth?.scopes?.bot ?? []));
    expect(oauth?.scopes?.user).toBeUndefined();
  });

  it('stays within what Slack takes', () => {
    expect(display.name.length).toBeLessThanOrEqual(35);
    expect(display.description?.length).toBeLessThanOrEqual(140);
    expect(display.long_description?.length).toBeGreaterThanOrEqual(175);
    expect(display.long_description?.length).toBeLessThanOrEqual(4_000);
    expect(commands.length).toBeLessThanOrEqual(50);
    for (const { command, description, usage_hint: hint = '' } of commands) {
      expect(command).toMatch(/^\/[a-z]{1,31}$/);
      expect(description.length).toBeLessThanOrEqual(2_000);
      expect(hint.length).toBeGreaterThan(0);
      expect(hint.length).toBeLessThanOrEqual(1_000);
    }
    for (const { name, description } of shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
  });

  it('lets people act, and lets the app answer in direct messages', () => {
    expect(settings?.interactivity?.is_enabled).toBe(true);
    expect(features?.app_home?.messages_tab_enabled).toBe(true);
    expect(features?.app_home?.home_tab_enabled).toBe('app_home_opened' in LISTENERS.events);
  });
});

describe('the two manifests', () => {
  it('differ in nothing but the way in', () => {
    const withoutWay = ({ settings, features, oauth_config: oauth, ...rest }: Manifest) => ({
      ...rest,
      oauth_config: { ...oauth, redirect_urls: undefined },
      features: {
        ...features,
        slash_commands: features?.slash_commands?.map(({ url: _url, ...command }) => command),
      },
      settings: {
        ...settings,
        interactivity: undefined,
        socket_mode_enabled: undefined,
        event_subscriptions: { ...settings?.event_subscriptions, request_url: undefined },
      },
    });
    expect(withoutWay(HTTP)).toEqual(withoutWay(SOCKET));
  });

  it('name one address for everything over HTTP, and none in Socket Mode', () => {
    expect(HTTP.settings?.socket_mode_enabled).toBe(false);
    expect(HTTP.settings?.interactivity).toEqual({
      is_enabled: true,
      request_url: URL_OF_SLACK,
      // Without it the search for batches and tags shows "No results".
      message_menu_options_url: URL_OF_SLACK,
    });
    for (const { url } of HTTP.features?.slash_commands ?? []) expect(url).toBe(URL_OF_SLACK);
    expect(HTTP.settings?.event_subscriptions?.request_url).toBe(URL_OF_SLACK);
    expect(HTTP.oauth_config?.redirect_urls).toEqual([
      'https://assent.example.com/slack/oauth_redirect',
    ]);
    expect(SOCKET.settings?.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(SOCKET)).not.toContain('http');
  });
});
