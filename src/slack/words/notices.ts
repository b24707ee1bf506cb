/** Notice words: what is said around every view and answer: close, not done, something broke. */
import type { Words } from './language.ts';

const en = {
  close: 'Close',
  back: 'Back',
  next: 'Next',
  cancel: 'Cancel',
  yes: 'Yes',
  no: 'No',
  notDone: 'Not done',
  done: 'Done',
  mayClose: 'You can close this window.',
  workingTitle: 'Working…',
  working:
    'This takes a little longer. The answer will stand here; you can also close this window.',
  momentTitle: 'One moment…',
  moment: 'Assent looks up what you may do. This window goes on by itself.',
  filesAgain: 'Slack forgets files: choose them again. Everything else stands as you entered it.',
  closedMeanwhile: 'You closed a window before its answer came, and nothing was done:',
  openAgain: 'Open the form again',
  slackSilent:
    'Slack did not confirm in time who you are, so nothing was done. Please try again in a moment.',
  slackAway:
    'Slack did not take our answer, so it cannot be shown now. Please look again in a minute, and try again if what you wanted did not happen.',
  broke: (reference: string) =>
    `Something broke on our side, and we could not finish this. Please try again; if it happens again, tell an admin the reference ${reference}.`,
  old: 'This comes from an older version of Assent, so nothing was done. Type /assent for what there is now.',
  notUnderstood:
    'Assent did not understand this, so nothing was done. It may come from an older version of the app: type /assent for what there is now.',
  tooLate:
    'Slack gives an app three seconds to open a window, and they were over. Nothing was done; please try again.',
};

const de: typeof en = {
  close: 'Schließen',
  back: 'Zurück',
  next: 'Weiter',
  cancel: 'Abbrechen',
  yes: 'Ja',
  no: 'Nein',
  notDone: 'Nicht ausgeführt',
  done: 'Erledigt',
  mayClose: 'Sie können dieses Fenster schließen.',
  workingTitle: 'In Arbeit …',
  working:
    'Das dauert etwas länger. Die Antwort erscheint hier; Sie können das Fenster auch schließen.',
  momentTitle: 'Einen Moment …',
  moment: 'Assent prüft Ihre Berechtigung. Dieses Fenster geht von selbst weiter.',
  filesAgain:
    'Slack vergisst Dateien: Bitte wählen Sie sie noch einmal. Alles andere steht da, wie Sie es eingegeben haben.',
  closedMeanwhile:
    'Sie haben ein Fenster geschlossen, bevor die Antwort kam, und es wurde nichts getan:',
  openAgain: 'Formular wieder öffnen',
  slackSilent:
    'Slack hat nicht rechtzeitig bestätigt, wer Sie sind, daher wurde nichts getan. Bitte versuchen Sie es gleich noch einmal.',
  slackAway:
    'Slack hat unsere Antwort nicht angenommen, daher ist sie jetzt nicht zu sehen. Bitte sehen Sie in einer Minute noch einmal nach, und versuchen Sie es erneut, falls nicht geschehen ist, was Sie wollten.',
  broke: (reference) =>
    `Bei uns ist ein Fehler aufgetreten, und der Vorgang konnte nicht abgeschlossen werden. Bitte versuchen Sie es erneut; tritt der Fehler wieder auf, nennen Sie Ihrer Administration die Kennung ${reference}.`,
  old: 'Das stammt aus einer älteren Version von Assent, daher wurde nichts getan. Mit /assent sehen Sie, was es jetzt gibt.',
  notUnderstood:
    'Assent hat das nicht verstanden, daher wurde nichts getan. Vielleicht stammt es aus einer älteren Version der App: Mit /assent sehen Sie, was es jetzt gibt.',
  tooLate:
    'Slack gibt einer App drei Sekunden, um ein Fenster zu öffnen, und die waren vorbei. Es wurde nichts getan; bitte versuchen Sie es noch einmal.',
};

export const NOTICE_WORDS: Words<typeof en> = { en, de };
