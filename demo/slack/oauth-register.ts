/**
 * OAuth register: what the hub of several workspaces remembers: members, codes and tokens, and in
 * which workspace a call with a token belongs.
 */
import type { SlackDouble } from './double.ts';
import { asString, isObject, type Json } from './json.ts';

export interface HubOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** "Redirect URLs" of the app. */
  readonly redirectUrls: readonly string[];
  readonly now?: () => Date;
}

/** Who says yes on Slack's page, and where. */
export interface Consent {
  readonly team: string;
  readonly user: string;
  /** For the whole organisation of that workspace. */
  readonly orgWide?: boolean;
  /** What is granted, if it is less than what was asked for. */
  readonly scopes?: readonly string[];
}

interface Grant {
  readonly token: string;
  /** `T…` or `E…`. */
  readonly place: string;
  error: string | undefined;
}

interface Code {
  readonly consent: Consent;
  readonly scopes: string;
  readonly redirectUrl: string;
  readonly until: number;
}

export interface Membership {
  /** The organisation that the workspace belongs to, `E…`. */
  readonly enterprise?: string;
  /** What the workspace is called; `Demo` if not said. */
  readonly name?: string;
  /** Who may say yes for it on Slack's page; without one the page does not offer it. */
  readonly installer?: string;
}

interface Member extends Membership {
  readonly double: SlackDouble;
}

/** What the hub remembers. */
export class Register {
  readonly members = new Map<string, Member>();
  readonly grants: Grant[] = [];
  readonly codes = new Map<string, Code>();
  readonly options: HubOptions;
  readonly now: () => Date;

  constructor(options: HubOptions) {
    this.options = options;
    this.now = options.now ?? (() => new Date());
  }

  member(team: string): Member {
    const found = this.members.get(team);
    if (found === undefined) throw new Error(`there is no workspace ${team}; call add() first`);
    return found;
  }

  /** A workspace that installs the app again gets its double's own token again. */
  forget(place: string): void {
    const kept = this.grants.filter((grant) => grant.place !== place);
    this.grants.splice(0, this.grants.length, ...kept);
  }

  /** The first token of a workspace is its double's own, so that its files can be fetched too. */
  grant({ team, orgWide }: Consent): Grant {
    const { double, enterprise } = this.member(team);
    const place = orgWide === true ? (enterprise ?? '') : team;
    const own = this.grants.some(({ token }) => token === double.botToken);
    const token = own || orgWide === true ? `xoxb-hub-${this.grants.length}` : double.botToken;
    const grant = { token, place, error: undefined };
    this.grants.push(grant);
    return grant;
  }
}

/** An organisation's token works in all its workspaces: the one that holds what the call names. */
export function doubleOf({ members }: Register, { place }: Grant, args: Json): SlackDouble {
  const own = members.get(place);
  if (own !== undefined) return own.double;
  const all = [...members.values()].filter(({ enterprise }) => enterprise === place);
  const named = (name: string) => asString(args[name]);
  const holder = all.find(({ double: { workspace: ws } }) =>
    [
      ws.users.has(named('user')),
      ws.users.has(named('channel')),
      ws.channels.has(named('channel')),
      ws.groups.has(named('usergroup')),
      ws.triggers.has(named('trigger_id')),
      ws.views.has(named('view_id')),
    ].includes(true),
  );
  const [first] = all;
  if (first === undefined) throw new Error(`there is no workspace of ${place}`);
  return (holder ?? first).double;
}

/** Of somebody in an organisation, Slack says in which of its workspaces they are. */
export function withTeams({ members }: Register, { place }: Grant, answer: unknown): unknown {
  if (members.has(place) || !isObject(answer) || !isObject(answer['user'])) return answer;
  const { user } = answer;
  const teams = [...members.values()]
    .filter(({ double, enterprise }) => {
      return enterprise === place && double.workspace.users.has(String(user['id']));
    })
    .map(({ double }) => double.teamId);
  return { ...answer, user: { ...user, enterprise_user: { enterprise_id: place, teams } } };
}
