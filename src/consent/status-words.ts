/**
 * Status words: what other systems write to say that somebody may not be mailed (any more).
 *
 * Seven languages (en de fr es pt nl it). A word that is in no list is not guessed at: taking
 * "pending" for permission would be as wrong as taking it for an opt-out.
 */
import { plainWord } from './column-words.ts';
import { remembering } from './remembering.ts';

/** How an imported person left the old system; the strongest first. */
const IMPORTED_STATUSES = ['complained', 'unsubscribed', 'bounced'] as const;
export type ImportedStatus = (typeof IMPORTED_STATUSES)[number];

/** `none`: the word says that nothing stands against mailing. */
type StatusMeaning = ImportedStatus | 'none';

const NONE = `
  subscribed | subscriber | active | enabled | confirmed | opted in | opt-in | opted-in | ok | valid
  double opt-in | doi | single opt-in | soi | soft bounce | soft bounced | deliverable
  marketing contact | consented | express consent
  abonniert | angemeldet | aktiv | bestätigt | eingewilligt | abonnent | eingetragen
  abonné | abonnée | inscrit | inscrite | actif | active | confirmé | confirmée
  suscrito | suscrita | activo | activa | confirmado | confirmada | inscrito | inscrita
  subscrito | subscrita | assinante | ativo | ativa | cadastrado | cadastrada
  ingeschreven | actief | geabonneerd | aangemeld | bevestigd
  iscritto | iscritta | attivo | attiva | confermato | confermata
`;

const UNSUBSCRIBED = `
  unsubscribed | unsubscribe | unsub | opt-out | opted out | opted-out | optout | removed
  unsubscribed by user | globally unsubscribed | do not contact | do not e-mail | do not mail
  blocklisted | blacklisted | suppressed | revoked | withdrawn | declined | opt out by user
  abgemeldet | abbestellt | ausgetragen | widerrufen | gesperrt | blockiert | abgemeldet vom nutzer
  désabonné | désabonnée | désinscrit | désinscrite | bloqué | bloquée | refusé | refusée
  liste noire | retiré | retirée
  baja | dado de baja | dada de baja | desuscrito | desuscrita | cancelado | cancelada
  bloqueado | bloqueada | eliminado de la lista | rechazado
  descadastrado | descadastrada | cancelou a inscrição | cancelou a subscrição
  inscrição cancelada | subscrição cancelada | removido | removida
  uitgeschreven | afgemeld | opgezegd | geblokkeerd | uitschrijving
  disiscritto | disiscritta | cancellato | cancellata | bloccato | bloccata | rimosso | rimossa
`;

const BOUNCED = `
  bounced | bounce | hard bounce | hard bounced | hard | cleaned | undeliverable | invalid
  invalid e-mail | non-deliverable | not deliverable | permanent failure | dead | permanent bounce
  unzustellbar | zurückgewiesen | ungültig | nicht zustellbar | harter bounce | rückläufer
  rejeté | rejetée | non distribuable | non délivrable | invalide | adresse invalide
  rebotado | rebotada | rebote | rebote duro | inválido | inválida | no entregable | devuelto
  devuelta | devolvido | devolvida | inválido permanente | não entregue | hard bounce permanente
  gebounced | onbestelbaar | ongeldig | onbezorgbaar
  rimbalzato | rimbalzata | non recapitabile | non valido | non valida | respinto | respinta
`;

const COMPLAINED = `
  complained | complaint | spam | spam complaint | marked as spam | abuse | abuse complaint
  reported as spam | spam report | abuse report | spam reported | junk | marked spam
  beschwerde | als spam gemeldet | spam-beschwerde | spammeldung | beschwert | spam gemeldet
  plainte | plainte pour spam | signalé comme spam | marqué comme spam | plaignant
  queja | denuncia de spam | marcado como spam | queja de spam | denunciado | queja por spam
  reclamação | denúncia de spam | marcou como spam | reclamou | reclamação de spam
  klacht | spamklacht | gemeld als spam | als spam gemarkeerd | als spam gemeld
  reclamo | segnalato come spam | segnalazione spam | contrassegnato come spam
`;

const YES = `
  yes | y | true | t | 1 | x | on | ja | j | wahr | oui | o | vrai | sí | s | verdadero
  sim | verdadeiro | waar | sì | vero | checked | ✓
`;

/** `soft`: a soft bounce is no reason to give an address up. */
const NO = `
  no | n | false | f | 0 | off | nein | falsch | non | faux | falso | não | nee | onwaar
  unchecked | never | nie | soft
`;

const listed = <Meaning>(list: string, meaning: Meaning): [string, Meaning][] =>
  list
    .split(/[|\n]/)
    .map((word) => keyOf(word))
    .filter((word) => word !== '')
    .map((word) => [word, meaning]);

/** A lone symbol (`✓`) has no letters to compare. */
const keyOf = (text: string): string => plainWord(text) || text.trim();

const MEANINGS: ReadonlyMap<string, StatusMeaning> = new Map([
  ...listed<StatusMeaning>(NONE, 'none'),
  ...listed<StatusMeaning>(UNSUBSCRIBED, 'unsubscribed'),
  ...listed<StatusMeaning>(BOUNCED, 'bounced'),
  ...listed<StatusMeaning>(COMPLAINED, 'complained'),
]);

const FLAGS: ReadonlyMap<string, boolean> = new Map([...listed(YES, true), ...listed(NO, false)]);

/** What a cell of a status column means; undefined for a word that is not known. */
export const statusMeaning = remembering((text) => MEANINGS.get(keyOf(text)));

/** What a cell of a column of yes and no means; some write the status there instead. */
export const flagMeaning = remembering((text) => {
  const flag = FLAGS.get(keyOf(text));
  const status = statusMeaning(text);
  return flag ?? (status === undefined ? undefined : status !== 'none');
});

export function strongerStatus(
  a: ImportedStatus | undefined,
  b: ImportedStatus | undefined,
): ImportedStatus | undefined {
  return IMPORTED_STATUSES.find((status) => status === a || status === b);
}
