/** Template rule words: why the lint finds something wrong in a mail template, and what to do. */
import { LINT_RULES, type LintRule } from '../../mail/lint/rules.ts';
import type { Words } from './language.ts';

type RuleWords = Readonly<Record<LintRule, { readonly why: string; readonly fix: string }>>;

const de: RuleWords = {
  'file-name': {
    why: 'Diese Datei gehört nicht zu einer Vorlage.',
    fix: 'Nennen Sie Dateien etwa de.subject.txt, de.txt und de.html und lassen Sie andere weg.',
  },
  'file-missing': {
    why: 'Eine Sprache braucht Betreff, Text und HTML, und Englisch (en) muss dabei sein: Das erhalten alle, deren Sprache fehlt.',
    fix: 'Ergänzen Sie die Datei.',
  },
  'confirm-link': {
    why: 'Ohne ihn kann niemand die Frage beantworten.',
    fix: 'Setzen Sie <a href="{{reviewUrl}}"> in das HTML und {{reviewUrl}} in den Text.',
  },
  'decline-link': {
    why: 'Wer die E-Mail nicht möchte, muss das so leicht sagen können wie Ja.',
    fix: 'Setzen Sie <a href="{{stopUrl}}"> in das HTML und {{stopUrl}} in den Text.',
  },
  'sender-name': {
    why: 'Wer die E-Mail erhält, muss sehen, wer fragt.',
    fix: 'Schreiben Sie {{senderName}} in HTML und Text.',
  },
  'postal-address': {
    why: 'Das Recht vieler Länder verlangt die Postanschrift des Absenders in der E-Mail.',
    fix: 'Schreiben Sie {{postalAddress}} in HTML und Text.',
  },
  'needed-placeholder': {
    why: 'Wer die E-Mail erhält, muss erfahren, um welche Adresse es geht, woher sie stammt und was ohne Antwort geschieht.',
    fix: 'Schreiben Sie den Platzhalter in HTML und Text.',
  },
  'unknown-placeholder': {
    why: 'Nichts füllt diesen Platzhalter.',
    fix: 'Berichtigen Sie seinen Namen; docs/templates.md nennt alle.',
  },
  'triple-braces': {
    why: 'Drei Klammern hießen: ohne Maskierung. Das gibt es hier nicht.',
    fix: 'Schreiben Sie zwei Klammern: {{name}}.',
  },
  'template-syntax': {
    why: 'Die Vorlage ist nicht lesbar.',
    fix: 'Berichtigen Sie, was die Meldung nennt; docs/templates.md zeigt, wie Platzhalter geschrieben werden.',
  },
  'same-in-text': {
    why: 'Wer den reinen Text liest, muss dasselbe erfahren wie alle anderen.',
    fix: 'Sagen Sie in beiden dasselbe, mit denselben Platzhaltern.',
  },
  'no-images': {
    why: 'Ein Bild oder Logo macht die Frage zur Werbung, und ein fernes Bild verrät, wer sie geöffnet hat.',
    fix: 'Lassen Sie es weg; der Name des Absenders in Worten genügt.',
  },
  tracking: {
    why: 'Das verrät, wer die E-Mail geöffnet oder angeklickt hat; dem hat niemand zugestimmt.',
    fix: 'Lassen Sie es weg.',
  },
  'no-active-content': {
    why: 'E-Mail-Programme sperren Skripte, Formulare und Eingebettetes, und Filter halten sie für einen Angriff.',
    fix: 'Lassen Sie es weg; Schaltflächen sind Links.',
  },
  'no-outside-style': {
    why: 'Stile und Schriften von anderswo sind Abrufe, die verraten, wer die E-Mail geöffnet hat.',
    fix: 'Schreiben Sie den Stil in die E-Mail, mit Schriften, die jedes Gerät hat.',
  },
  'other-links': {
    why: 'Eine Frage hat zwei Antworten und ein Impressum; jeder andere Link lädt zu etwas anderem ein.',
    fix: 'Lassen Sie nur {{reviewUrl}}, {{stopUrl}} und {{privacyUrl}} stehen.',
  },
  'no-promotion': {
    why: 'Eine E-Mail, die um Einwilligung bittet, darf nicht werben: Sie wäre selbst die Werbung, nach der sie fragt.',
    fix: 'Lassen Sie es weg, und sagen Sie nur, wer fragt, warum, und was man antworten kann.',
  },
  'no-courtesies': {
    why: 'Ein Willkommen, ein Hilfsangebot oder eine Einladung zum Umsehen war einem deutschen Gericht schon Werbung (LG Stendal, 22 S 87/20).',
    fix: 'Lassen Sie es weg.',
  },
  'no-shouting': {
    why: 'Großbuchstaben, Reihen von Ausrufezeichen und Emojis bedrängen und sehen nach Spam aus.',
    fix: 'Schreiben Sie es in schlichten Worten.',
  },
  'no-claimed-consent': {
    why: 'Einwilligung ist, was auf der Seite gesagt wird; eine E-Mail darf weder behaupten, dass sie vorliegt, noch dass Schweigen sie gibt.',
    fix: 'Fragen Sie, und lassen Sie {{ifSilent}} sagen, was Schweigen bedeutet.',
  },
  'subject-length': {
    why: 'Telefone zeigen etwa 60 Zeichen eines Betreffs.',
    fix: 'Kürzen Sie ihn auf 60 Zeichen neben dem Platzhalter.',
  },
  'subject-shouting': {
    why: 'Ein Betreff mit Großbuchstaben, Ausrufezeichen oder Emojis sieht nach Spam aus.',
    fix: 'Schreiben Sie ihn als schlichte Frage.',
  },
  'subject-reply': {
    why: 'Das täuscht ein früheres Gespräch vor.',
    fix: 'Lassen Sie „Re:“, „AW:“, „Fwd:“ und Ähnliches weg.',
  },
  'subject-deceptive': {
    why: 'Der Betreff muss sagen, was die E-Mail ist: eine Frage, nichts Dringendes und keine Rechnung.',
    fix: 'Stellen Sie die Frage im Betreff.',
  },
  'header-injection': {
    why: 'Ein Betreff ist eine Zeile; was folgt, könnte eine eigene Kopfzeile werden.',
    fix: 'Schreiben Sie den Betreff in eine Zeile, ohne Steuerzeichen.',
  },
  size: {
    why: 'Eine Frage braucht nicht mehr als 30 kB, und lange E-Mails sind auf Telefonen langsam.',
    fix: 'Kürzen Sie Text oder Stil.',
  },
  'size-hard': {
    why: 'Gmail schneidet E-Mails über 102 kB ab, und mit dem Ende den Abmeldelink.',
    fix: 'Kürzen Sie Text oder Stil.',
  },
  'html-lang': {
    why: 'Ein Vorleseprogramm braucht die Sprache und ein E-Mail-Programm die Richtung.',
    fix: 'Beginnen Sie mit <html lang="…" dir="ltr"> (rtl für Arabisch, Hebräisch und Ähnliche), in der Sprache der Datei.',
  },
  'html-title': {
    why: 'Vorleseprogramme und Browser nennen die E-Mail danach.',
    fix: 'Ergänzen Sie <title>…</title>.',
  },
  'dark-scheme': {
    why: 'Ohne das kehren E-Mail-Programme die Farben um, wie sie wollen.',
    fix: 'Ergänzen Sie <meta name="color-scheme" content="light dark"> und dunkle Farben.',
  },
  contrast: {
    why: 'Text braucht gegen seinen Hintergrund einen Kontrast von 4,5 zu 1 (WCAG 2.2, 1.4.3).',
    fix: 'Wählen Sie eine dunklere oder hellere Farbe.',
  },
  'dark-contrast': {
    why: 'Auch im dunklen Schema braucht Text gegen seinen Hintergrund einen Kontrast von 4,5 zu 1 (WCAG 2.2, 1.4.3); was im Element selbst gesetzt ist, bleibt dort, wie es ist.',
    fix: 'Setzen Sie in @media (prefers-color-scheme: dark) Text und Hintergrund derselben Klassen, jeweils mit !important.',
  },
  'hidden-text': {
    why: 'Was in der E-Mail steht, muss zum Lesen da sein; nach verstecktem Text suchen Filter.',
    fix: 'Zeigen Sie ihn, oder lassen Sie ihn weg.',
  },
  'small-print': {
    why: 'Buchstaben unter 13 px sind schwer zu lesen.',
    fix: 'Nehmen Sie 16 px.',
  },
  'tricky-characters': {
    why: 'Unsichtbare Zeichen und Wechsel der Leserichtung lassen Text anders lesen, als er geschrieben ist.',
    fix: 'Entfernen Sie sie.',
  },
};

export const TEMPLATE_RULE_WORDS: Words<RuleWords> = { en: LINT_RULES, de };
