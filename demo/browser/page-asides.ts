/**
 * Page asides: what stands beside Slack in the demo: what to play, a workflow with the app's step in
 * it, and the installation in another company's Slack.
 */
import { type Html, html } from '../../src/web/html.ts';
import { type Execution, executionsIn } from '../slack/functions.ts';
import { asString } from '../slack/json.ts';
import type { Company, Frame, Installing } from './frame.ts';
import type { Step, StepInput } from './manifest.ts';
import { formatted } from './render-moment.ts';
import { attribute, nameOf } from './scene.ts';
import { type Aside, linkTo } from './screen.ts';

const RUNS_SHOWN_MAX = 20;

export const ASIDE_NAMES: Readonly<Record<Aside, string>> = {
  guide: 'What to play',
  workflow: 'Run a workflow',
  install: 'Add to Slack',
  manage: 'Manage apps',
};

/** The pages that there is something for. */
export function asidesOf({ manifest, installing, managing, screen }: Frame): Aside[] {
  return [
    ...(installing === undefined ? [] : (['guide'] as const)),
    ...(manifest.steps.length === 0 ? [] : (['workflow'] as const)),
    ...(installing === undefined ? [] : (['install'] as const)),
    ...(managing !== undefined && screen.user.isAdmin ? (['manage'] as const) : []),
  ];
}

export function renderAside(frame: Frame, aside: Aside): Html {
  const body = {
    guide: () => renderGuide(frame),
    workflow: () => html`${frame.manifest.steps.map((step) => renderStep(frame, step))}`,
    install: () => renderInstall(frame.installing),
    manage: () => renderManage(frame),
  }[aside]();
  return html`<div class="home aside" tabindex="0" role="region" aria-label="${ASIDE_NAMES[aside]}">${body}</div>`;
}

/** The story in the order in which it is best played by hand. */
const GUIDE: readonly (readonly [title: string, how: string])[] = [
  [
    'Be refused',
    'As Rita, type /optin tag:spring-fair in # mail-approvals and say “Purchased list” at step 3.',
  ],
  [
    'Ask for an opt-in',
    'Press “Change my answers” and say “Event”, not long ago. At step 4 choose that the addresses are asked to confirm, and send it for approval.',
  ],
  [
    'Approve',
    'Rita cannot. Switch to Adam at the top, press Review on the card, type the number and decide. Try the same as Gus: guests are refused.',
  ],
  ['Pause', 'While it runs, press Pause and Resume on the progress message; its thread tells who.'],
  [
    'Answer as a recipient',
    'Open a mail in the inbox and press its button. Nothing happens before you say yes or stop.',
  ],
  [
    'Ask why',
    'Type /assent why with the address of that mail: what may be sent, and the whole proof.',
  ],
  [
    'Import',
    'Type /assent import and attach a CSV file with a column “email”; or send the file as a message and choose “Import this file” at its ⋯.',
  ],
  [
    'Campaign',
    'Type /assent campaigns, fill in a new one as Rita, approve it as Adam, then pause it.',
  ],
  ['Settings', 'As Vera, type /assent settings; /assent templates lists what is mailed.'],
  ['Read German', 'Be Hanna, whose Slack is in German, and type /optin tag:spring-fair.'],
];

function renderGuide({ screen }: Frame): Html {
  const steps = GUIDE.map(([title, how]) => html`<li><strong>${title}.</strong> ${how}</li>`);
  return html`<p>Five people share this Slack, in all roles and two languages: switch between them at the top. Their app, its database and its mail are real; only Slack is not.</p><ol class="guide">${steps}</ol><p>Then <a href="${linkTo(
    screen,
    { place: 'workflow' },
  )}">run a workflow</a> and <a href="${linkTo(screen, {
    place: 'install',
  })}">add Assent to another company’s Slack</a>; its admin can remove it there, under “Manage apps”.</p>`;
}

function renderStep(frame: Frame, step: Step): Html {
  const id = `step-${step.callbackId}`;
  return html`<section aria-labelledby="${id}"><h3 id="${id}">Run workflow step: ${step.title}</h3><p>${step.about}. It runs as the person of this page.</p><form class="step" data-step="${step.callbackId}" data-own>${step.inputs.map(
    (input) => renderInput(step, input),
  )}<button type="submit" class="button primary">Run workflow</button></form><h4 id="${id}-runs">Runs</h4>${renderRuns(
    frame,
    step,
    `${id}-runs`,
  )}</section>`;
}

function renderInput(step: Step, { id, name, about, isRequired }: StepInput): Html {
  const own = `${step.callbackId}.${id}`;
  return html`<div class="field"><label for="${own}">${name}${
    isRequired ? undefined : html` <small>(optional)</small>`
  }</label><input type="text" id="${own}" name="${id}" autocomplete="off" aria-describedby="${own}.hint"${attribute('required', isRequired)}><p class="hint" id="${own}.hint">${about}</p></div>`;
}

const STATE_WORDS: Readonly<Record<Execution['state'], string>> = {
  running: '… runs',
  succeeded: '✓ Completed',
  failed: '✕ Failed',
};

function renderRuns({ ws, world }: Frame, { callbackId, outputs }: Step, label: string): Html {
  const runs = executionsIn(ws)
    .filter(({ step }) => step.callbackId === callbackId)
    .slice(-RUNS_SHOWN_MAX)
    .toReversed();
  const items = runs.map((run) => {
    const given = Object.values(run.inputs).map(asString).join(', ') || 'nothing filled in';
    const got = outputs.map((name) => `${name}: ${asString(run.outputs?.[name])}`).join(', ');
    const how = run.state === 'succeeded' ? got : (run.error ?? '');
    return html`<li id="${run.id}" class="run ${run.state}"><strong>${STATE_WORDS[run.state]}</strong> <small>${nameOf(
      world,
      run.requester,
    )}, ${formatted(world, run.at, { timeStyle: 'medium' })} · ${given}</small>${
      how === '' ? undefined : html`<p>${how}</p>`
    }</li>`;
  });
  const none = html`<li class="quiet">It has not run yet. Try tag:spring-fair, once some of its addresses are opted in.</li>`;
  return html`<ol class="runs" aria-live="polite" aria-labelledby="${label}">${items.length === 0 ? [none] : items}</ol>`;
}

function renderInstall(installing: Installing | undefined): Html {
  if (installing === undefined)
    return html`<p>This Slack stands alone: there is nothing to install.</p>`;
  return html`<p>One Assent serves many companies: each adds it to its own Slack, sees only its own contacts, and decides who may do what.</p><p><a class="button primary" href="${installing.url}" target="_blank" rel="noopener noreferrer">Open Assent’s install page</a></p><p class="quiet">It opens beside this page and goes on at a stand-in for Slack’s own page, where you choose the company and allow it.</p><h3 id="companies">Companies</h3><ul class="runs" aria-live="polite" aria-labelledby="companies">${installing
    .companies()
    .map(renderCompany)}</ul>`;
}

function renderCompany({ name, isInstalled, url }: Company): Html {
  const stands = isInstalled
    ? html`✓ Assent is installed. <a href="${url}" target="_blank" rel="noopener noreferrer">Open its Slack</a>`
    : html`Assent is not installed yet.`;
  return html`<li><strong>${name}</strong><p>${stands}</p></li>`;
}

/** What a Slack admin is asked before an app is removed. */
const REMOVE_CONFIRM = JSON.stringify({
  title: 'Remove Assent?',
  text: 'It loses its access at once. Requests that wait are cancelled, the rest pauses.',
  confirm: 'Remove the app',
  deny: 'Keep it',
  style: 'danger',
});

function renderManage({ company, managing, screen }: Frame): Html {
  if (managing === undefined || !screen.user.isAdmin)
    return html`<p>Only an admin of this Slack can remove an app.</p>`;
  if (!managing.isInstalled())
    return html`<p aria-live="polite">Assent is not installed in the Slack of ${company}. Whoever adds it again finds all that was proven, and nothing that runs.</p>`;
  return html`<h3>Assent</h3><p>Installed in the Slack of ${company}. Whoever removes it stops its work here: what waits for approval is cancelled, what runs is paused, and no other company notices anything.</p><p><button type="button" class="button danger" data-act="removeApp" data-confirm="${REMOVE_CONFIRM}">Remove app</button></p>`;
}
