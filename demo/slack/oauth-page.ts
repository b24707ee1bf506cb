/**
 * OAuth page: Slack's page on which somebody allows an app, for people with a browser: which
 * workspace, what the app asks for, yes or no. It works without scripts.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Html, html } from '../../src/web/html.ts';
import type { Consent } from './oauth-register.ts';

/** A form with two fields. */
const BODY_BYTES_MAX = 10_000;

/** A workspace that the page can be answered for. */
export interface Offer {
  readonly consent: Consent;
  readonly team: string;
  readonly person: string;
}

export interface AllowDesk {
  /** @throws Error with what Slack's page would complain of */
  asked(url: string): { readonly scopes: string; readonly redirectUrl: string };
  readonly offers: readonly Offer[];
  /** Both: @returns where the browser is sent */
  allow(url: string, consent: Consent): string;
  decline(url: string): string;
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f4f4f4, #16181a); color: light-dark(#1d1c1d, #e8e8e8); }
main { max-width: 32rem; margin: 2rem auto; padding: 1.5rem; background: light-dark(#fff, #222529);
  border: 1px solid light-dark(#ccc, #555); border-radius: .75rem; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 1rem; }
h2 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
fieldset { border: 0; margin: 0; padding: 0; }
legend { font-weight: 700; padding: 0; }
label { display: block; padding: .4rem 0; }
ul { margin: 0; padding-left: 1.2rem; }
code { overflow-wrap: anywhere; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button { font: inherit; font-weight: 700; padding: .5rem 1.25rem; border-radius: .5rem; cursor: pointer;
  border: 1px solid light-dark(#777, #999); background: transparent; color: inherit; }
button.primary { background: #1f6b4a; border-color: #1f6b4a; color: #fff; }
:focus-visible { outline: 3px solid light-dark(#1259a5, #8cc2ff); outline-offset: 2px; }
.quiet { color: light-dark(#555, #bbb); font-size: .9rem; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Shows the page, or takes its answer and sends the browser back to the app. */
export async function serveAllowPage(
  request: IncomingMessage,
  response: ServerResponse,
  desk: AllowDesk,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1').href;
  try {
    const { scopes, redirectUrl } = desk.asked(url);
    if (request.method === 'POST') {
      response.writeHead(303, { Location: answerTo(desk, url, await readForm(request)) }).end();
      return;
    }
    const { origin } = new URL(redirectUrl);
    send(response, 200, origin, question(desk.offers, scopes.split(',')));
  } catch (error) {
    const because = error instanceof Error ? error.message : 'unknown';
    send(response, 400, '', trouble(because));
  }
}

function answerTo(desk: AllowDesk, url: string, form: URLSearchParams): string {
  if (form.get('answer') !== 'allow') return desk.decline(url);
  const offer = desk.offers.find(({ consent }) => consent.team === form.get('team'));
  if (offer === undefined) throw new Error('no workspace was chosen');
  return desk.allow(url, offer.consent);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw new Error('the answer is too large');
    chunks.push(Buffer.from(chunk));
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** The form's answer ends at the app, by a redirect, which browsers hold against form-action too. */
function send(response: ServerResponse, status: number, goesTo: string, body: Html): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${goesTo === '' ? '' : ` ${goesTo}`}; frame-ancestors 'none'; base-uri 'none'`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body.text);
}

const page = (title: string, body: Html): Html => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Slack (demo)</title><style>${new Html(
  STYLE,
)}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;

function question(offers: readonly Offer[], scopes: readonly string[]): Html {
  const choices = offers.map(
    ({ consent, team, person }, index) =>
      html`<label><input type="radio" name="team" value="${consent.team}"${
        index === offers.length - 1 ? html` checked` : undefined
      }> ${team} <span class="quiet">as ${person}</span></label>`,
  );
  return page(
    'Assent is requesting permission to access a Slack workspace',
    html`<form method="post"><fieldset><legend>Which workspace?</legend>${choices}</fieldset><h2>What will Assent be able to do?</h2><ul>${scopes.map(
      (scope) => html`<li><code>${scope}</code></li>`,
    )}</ul><div class="buttons"><button class="primary" name="answer" value="allow">Allow</button><button name="answer" value="decline">Cancel</button></div></form><p class="quiet">This page stands in for Slack’s own: the demo has no Slack.</p>`,
  );
}

const trouble = (because: string): Html =>
  page(
    'Something went wrong',
    html`<p>Slack’s page cannot be shown: <code>${because}</code>. Nothing was installed. Begin again at the app’s page.</p>`,
  );
