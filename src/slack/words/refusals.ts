/** Refusal words: what a refusal says in each language, and what is said when something broke. */
import { REFUSALS, type RefusalCode } from '../../consent/refusal.ts';
import type { SlackLocale, Words } from './language.ts';

const DE: Readonly<Record<RefusalCode, string>> = {
  // Who may act
  not_a_requester:
    'Ihnen fehlt die Rolle „Anfragende“, daher wurde nichts begonnen. Bitte wenden Sie sich an Ihre Administration.',
  not_an_approver:
    'Ihnen fehlt die Rolle „Freigebende“, daher wurde nichts entschieden. Bitte wenden Sie sich an Ihre Administration.',
  approver_is_requester:
    'Über die eigene Anfrage können Sie nicht entscheiden, daher wurde nichts entschieden. Das muss eine andere Person tun, die freigeben darf.',
  not_an_admin: 'Das ist der Administration vorbehalten, daher wurde nichts geändert.',
  not_allowed_here:
    'Gäste, Bots und Personen aus anderen Workspaces können Assent nicht verwenden.',
  // Audience
  audience_empty:
    'Es wurde kein Import und kein Tag gewählt, also gibt es niemanden zu ändern. Bitte wählen Sie mindestens einen Eintrag.',
  audience_not_found:
    'Ein gewählter Import oder Tag existiert nicht mehr. Es wurde nichts abgeschickt; bitte wählen Sie neu.',
  audience_too_many:
    'In eine Anfrage passen höchstens 10 Importe und Tags. Bitte wählen Sie weniger.',
  fields_empty: 'Es wurde kein E-Mail-Feld gewählt. Bitte wählen Sie mindestens eines.',
  nothing_to_change:
    'Keine Adresse dieser Zielgruppe würde geändert oder angefragt, daher wurde keine Anfrage abgeschickt. Die Zahlen zeigen, warum.',
  // How obtained
  provenance_incomplete: 'Die Fragen zur Herkunft der Adressen sind nicht alle beantwortet.',
  provenance_refused:
    'So gewonnene Adressen können nicht angemeldet werden, daher wurde nichts geändert. Die Ablehnung ist protokolliert.',
  provenance_too_old:
    'Diese Adressen wurden vor mehr als 24 Monaten erhoben und können daher nicht angemeldet werden.',
  must_ask:
    'Diese Adressen wurden vor mehr als 6 Monaten erhoben: Die Anfrage muss um Bestätigung bitten, und wer nicht antwortet, wird nicht mehr angeschrieben.',
  evidence_wrong_type:
    'Eine Datei ist nicht, was ihr Name sagt, oder weder pdf, png, jpg, csv noch eml (bis 10 MB); sie wurde daher nicht übernommen. Bitte wählen Sie eine andere.',
  evidence_not_found:
    'Eine als Beleg mitgegebene Datei ist nicht mehr da, daher wurde nichts abgeschickt. Bitte entfernen Sie sie, und geben Sie sie neu mit.',
  reason_missing: 'Eine Abmeldung braucht einen Grund. Es wurde nichts abgeschickt.',
  // Life of a request
  request_not_found: 'Diese Anfrage gibt es nicht (mehr). Es wurde nichts getan.',
  request_not_open:
    'Diese Anfrage wurde inzwischen entschieden oder geändert. Auf ihrer Karte steht, von wem und wann.',
  request_expired:
    'Diese Anfrage ist abgelaufen, bevor jemand entschieden hat. Es wurde nichts geändert; bitte stellen Sie sie neu.',
  plan_changed:
    'Der Plan hat sich geändert, seit Sie ihn gesehen haben; Ihr Klick hat daher nichts bewirkt. Die Karte zeigt den neuen Plan, bitte prüfen Sie ihn.',
  number_mismatch:
    'Die eingegebene Zahl ist nicht die Zahl des Plans, daher wurde nichts freigegeben.',
  reject_needs_reason:
    'Eine Ablehnung braucht einen Grund, damit die anfragende Person nachbessern kann.',
  run_at_past:
    'Der gewählte Zeitpunkt ist vorbei. Bitte wählen Sie einen späteren oder beginnen Sie sofort.',
  draft_changed:
    'Dieser Entwurf wurde in einem anderen Fenster geändert, daher wurde hier nichts gespeichert. Bitte schließen Sie dieses Fenster und arbeiten Sie dort weiter.',
  draft_not_found:
    'Dieser Entwurf ist abgelaufen. Es wurde nichts abgeschickt; bitte beginnen Sie neu.',
  // Asking
  mail_not_configured:
    'Assent kann noch keine E-Mails versenden (SMTP_URL ist nicht gesetzt), daher ist keine Anfrage möglich, bei der per E-Mail um Bestätigung gebeten wird.',
  template_not_found:
    'Die gewählte E-Mail-Vorlage gibt es nicht (mehr). Bitte wählen Sie eine andere.',
  template_fails_lint:
    'Die E-Mail-Vorlage dieser Anfrage besteht die Prüfung nicht mehr, daher wurde nichts freigegeben. Bessern Sie die Vorlage nach und fragen Sie erneut an.',
  template_name_wrong:
    'Der Name einer Vorlage besteht aus bis zu 40 Kleinbuchstaben, Ziffern und Bindestrichen, zum Beispiel fruehjahrs-frage. Es wurde nichts gespeichert.',
  template_name_taken:
    'Assent hat selbst eine Vorlage dieses Namens, daher wurde nichts gespeichert. Bitte wählen Sie einen anderen Namen.',
  template_too_large:
    'Eine Vorlage hat höchstens 120 Dateien zu je 60 kB, daher wurde nichts gespeichert. Bitte kürzen Sie sie.',
  reminder_days_wrong:
    'Eine Erinnerung geht ganze Tage nach der E-Mail hinaus, bevor deren Link endet. Es wurde nichts abgeschickt; bitte wählen Sie einen anderen Tag.',
  // Campaigns
  campaign_not_found: 'Diese Kampagne gibt es nicht. Es wurde nichts getan.',
  campaign_not_open:
    'Über diese Kampagne wurde inzwischen entschieden, oder sie wurde geändert; daher wurde nichts getan.',
  campaign_changed:
    'Die Bedingungen dieser Kampagne sind nicht mehr die, die Sie gesehen haben; Ihr Klick hat daher nichts bewirkt. Bitte öffnen Sie sie erneut.',
  campaign_terms_wrong:
    'Die Bedingungen dieser Kampagne sind nicht vollständig, daher wurde sie nicht abgeschickt. Bitte prüfen Sie Zeitplan und Zeitzone.',
  // Import
  permission_unanswered:
    'Bitte geben Sie an, ob diese Personen in den Erhalt von E-Mails eingewilligt haben (ja oder nein). Es wurde nichts importiert.',
  interview_missing:
    'Zur Einwilligung „ja“ gehören die Antworten auf die Fragen nach der Herkunft der Adressen. Es wurde nichts importiert.',
  tag_not_usable:
    'Ein Tag hat 1 bis 80 Zeichen in einer Zeile. Es wurde nichts importiert; bitte wählen Sie einen anderen Tag.',
  import_no_good_row:
    'Keine Zeile dieser Datei konnte übernommen werden, daher wurde nichts importiert. Die Gründe erhalten Sie als Direktnachricht.',
  import_differs:
    'Genau diese Datei wurde mit anderen Antworten (Einwilligung, Tags oder Spalten) zur Hälfte importiert, daher wurde nichts getan. Mit denselben Antworten geht es weiter; mit „Noch einmal importieren“ beginnt es von vorn.',
  import_unfinished:
    'Genau diese Datei wurde zur Hälfte importiert, daher kann ein Probelauf sie nicht zählen. Es wurde nichts geändert; importieren Sie sie ohne Probelauf, um fortzufahren.',
  import_already_done:
    'Genau diese Datei wurde bereits importiert, daher wurde nichts getan. Mit „Noch einmal importieren“ wird sie erneut importiert.',
  import_running:
    'Genau diese Datei wird gerade importiert. Es wurde nichts ein zweites Mal begonnen.',
  // Settings
  settings_changed:
    'Inzwischen hat jemand anderes die Einstellungen geändert, daher wurde nichts gespeichert. Bitte öffnen Sie sie neu.',
  not_set_up:
    'Es ist noch kein Kanal gewählt, in dem Freigebende Anfragen sehen, daher wurde nichts begonnen. Die Administration wählt ihn mit /assent settings.',
  settings_invalid:
    'Einige dieser Einstellungen sind so nicht möglich, daher wurde nichts gespeichert.',
  // Reading
  address_not_known:
    'Ein Kontakt mit dieser Adresse wurde in diesem Workspace noch nie importiert.',
  not_an_address: 'Das ist keine E-Mail-Adresse, daher gibt es nichts nachzuschlagen.',
};

/** The command line names its options in these; here they name what the form has. */
const EN: Readonly<Record<RefusalCode, string>> = {
  ...REFUSALS,
  import_differs:
    'This very file was half imported with other answers (permission, tags or columns), so nothing was done. Give the same ones to continue, or choose “Import it once more” to begin anew.',
  import_no_good_row:
    'No row of this file could be taken, so nothing was imported. A direct message tells you why.',
  import_already_done:
    'This very file was imported before, so nothing was done. Choose “Import it once more” if you want it again.',
};

/** The sentence of each refusal. A new code needs one in both languages, or nothing compiles. */
const REFUSAL_WORDS: Words<Readonly<Record<RefusalCode, string>>> = { en: EN, de: DE };

/** The sentence of a refusal. */
export function refusalSentence(code: RefusalCode, locale: SlackLocale): string {
  return REFUSAL_WORDS[locale][code];
}
