/**
 * Column words: what a column of each kind is called, in seven languages (en de fr es pt nl it) and
 * in the exports of well-known mail systems.
 *
 * Written as people write them; compared without case, accents, spaces and punctuation, so
 * `E-Mail-Adresse` and `emailadresse` are one word. `E-mail 1 - Value` is Google's, `OPTIN_TIME`
 * Mailchimp's, `Has Opted Out Of Email` Salesforce's.
 */

/** Anything that compares equal: `E-Mail: ` → `email`, `Prénom` → `prenom`, `Größe` → `grosse`. */
export function plainWord(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('œ', 'oe')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** `Email`, also with a number: `Email 2`. */
const EMAIL = `
  e-mail | mail | e-mail address | mail address | e-mail id | primary e-mail | main e-mail
  contact e-mail | subscriber | subscriber e-mail | e-mail value | your e-mail
  e-mail-adresse | mailadresse | haupt-e-mail
  courriel | mél | adresse e-mail | adresse mail | adresse électronique | adresse courriel
  adresse de courriel | adresse de messagerie | e-mail principal | adresse e-mail principale
  correo | correo electrónico | dirección de correo electrónico | dirección de correo
  dirección de e-mail | dirección e-mail | correo principal | correo electrónico principal
  correio eletrónico | correio eletrônico | endereço de e-mail | endereço eletrónico
  endereço eletrônico | endereço de correio eletrónico | endereço de correio eletrônico
  e-mailadres | mailadres
  indirizzo e-mail | indirizzo mail | posta elettronica | indirizzo di posta elettronica
  indirizzo di posta | e-mail principale
`;

/** A further address, whose number is not said or said in words. */
const FURTHER_EMAIL = `
  second e-mail | secondary e-mail | 2nd e-mail | third e-mail | 3rd e-mail | other e-mail
  alternate e-mail | alternative e-mail | additional e-mail | backup e-mail
  work e-mail | business e-mail | company e-mail | home e-mail | private e-mail | personal e-mail
  second e-mail address | secondary e-mail address | other e-mail address
  alternate e-mail address | alternative e-mail address | third e-mail address
  zweite e-mail | dritte e-mail | weitere e-mail | andere e-mail | zweite e-mail-adresse
  dritte e-mail-adresse | weitere e-mail-adresse | alternative e-mail-adresse
  geschäftliche e-mail | e-mail geschäftlich | e-mail privat | private e-mail-adresse
  deuxième e-mail | troisième e-mail | autre e-mail | e-mail secondaire | deuxième adresse e-mail
  autre adresse e-mail | adresse e-mail secondaire | e-mail professionnel | e-mail personnel
  segundo correo | tercer correo | otro correo | correo secundario | correo alternativo
  segundo correo electrónico | otro correo electrónico | correo electrónico secundario
  segundo e-mail | terceiro e-mail | outro e-mail | e-mail secundário | e-mail alternativo
  e-mail pessoal | e-mail profissional
  tweede e-mail | derde e-mail | andere e-mail | tweede e-mailadres | derde e-mailadres
  ander e-mailadres | e-mail werk | e-mail privé
  seconda e-mail | terza e-mail | altra e-mail | e-mail secondaria | secondo indirizzo e-mail
  altro indirizzo e-mail | e-mail alternativa
`;

const FIRST_NAME = `
  first name | first | fname | given name | forename | christian name
  vorname | rufname | prénom | nombre de pila | primer nombre | primeiro nome | nome próprio
  voornaam | roepnaam | primo nome
`;

const LAST_NAME = `
  last name | last | lname | surname | family name
  nachname | familienname | zuname | nom de famille | apellido | apellidos | primer apellido
  sobrenome | apelido | apelidos | último nome | achternaam | familienaam | cognome
`;

/** `name` in the language that says `nom`, `nombre`, `nome` may be one half: see `NAME_PAIRS`. */
const NAME = `
  name | full name | contact name | display name | subscriber name | customer name
  vollständiger name | voller name | kontaktname | nom | nom complet | nom et prénom | prénom nom
  nombre | nombre completo | nombre y apellidos | nome | nome completo | nome e sobrenome
  naam | volledige naam | nome e cognome | cognome e nome | nominativo
`;

const TAGS = `
  tag | tags | label | labels | keyword | keywords | group | groups | segment | segments
  category | categories | tag list
  schlagwort | schlagworte | schlagwörter | stichwort | stichworte | stichwörter | etikett
  etiketten | gruppe | gruppen | segmente | kategorie | kategorien
  étiquette | étiquettes | mot-clé | mots-clés | groupe | groupes | catégorie | catégories
  etiqueta | etiquetas | grupo | grupos | segmento | segmentos | categoría | categorías
  palabras clave | marcador | marcadores | palavras-chave
  groep | groepen | trefwoord | trefwoorden | categorie | categorieën | segmenten
  etichetta | etichette | gruppo | gruppi | segmenti | parole chiave
`;

const LANGUAGE = `
  language | lang | locale | preferred language | language code | contact language
  sprache | bevorzugte sprache | sprachcode | korrespondenzsprache | langue | langue préférée
  idioma | idioma preferido | lengua | lenguaje | língua | taal | voorkeurstaal | taalcode
  lingua | lingua preferita
`;

const TIME_ZONE = `
  time zone | tz | contact time zone | zeitzone | fuseau horaire | fuseau | zona horaria
  huso horario | fuso horário | tijdzone | fuso orario
`;

const CONSENT_DATE = `
  consent date | consent time | consent timestamp | consent at | consented at | consented on
  date of consent | consent given at | opt-in date | opt-in time | opt-in timestamp | opt-in at
  opted in at | opted in on | date of opt-in | subscription date | subscribe date | subscribed at
  subscribed on | date subscribed | date of subscription | sign-up date | signed up at
  signed up on | date of sign-up | e-mail marketing consent timestamp | permission date
  einwilligungsdatum | einwilligung am | datum der einwilligung | zustimmungsdatum
  datum der zustimmung | opt-in-datum | anmeldedatum | angemeldet am | datum der anmeldung
  eingewilligt am
  date de consentement | date du consentement | date d'inscription | date d'abonnement
  date d'opt-in | date opt-in | inscrit le | abonné le
  fecha de consentimiento | fecha del consentimiento | fecha de suscripción | fecha de alta
  fecha de inscripción | fecha de opt-in | fecha opt-in
  data de consentimento | data do consentimento | data de inscrição | data da inscrição
  data de subscrição | data de adesão | data de opt-in
  toestemmingsdatum | datum toestemming | datum van toestemming | inschrijfdatum | aanmelddatum
  datum van inschrijving | ingeschreven op | datum inschrijving
  data di consenso | data del consenso | data consenso | data di iscrizione | data iscrizione
  iscritto il
`;

const STATUS = `
  status | e-mail status | mail status | subscription status | subscriber status | contact status
  subscribe status | member status | mailing status | opt-in status | consent status
  permission status | e-mail permission status | marketing status | marketing contact status
  newsletter status | e-mail marketing consent | e-mail marketing status | list status
  e-mail opt status | e-mail consent
  abonnementstatus | abostatus | anmeldestatus | einwilligungsstatus | kontaktstatus
  statut | statut de l'abonnement | statut d'abonnement | statut d'inscription | statut e-mail
  statut du contact | estado | estado de suscripción | estado de la suscripción
  estado del contacto | estado del correo | estado de correo | situação | estado da subscrição
  estado da inscrição | status da inscrição | status da assinatura | estado do contacto
  status do contato | abonnementsstatus | inschrijfstatus | inschrijvingsstatus | contactstatus
  stato | stato iscrizione | stato dell'iscrizione | stato di iscrizione | stato contatto
  stato e-mail
`;

const UNSUBSCRIBED = `
  unsubscribed | unsubscribe | unsub | unsubscribed at | unsubscribed on | unsubscribe date
  unsubscribe time | unsub time | date unsubscribed | is unsubscribed | opt-out | opted out
  opted out at | opted out on | opt-out date | opt-out time | is opted out | e-mail opt-out
  has opted out of e-mail | e-mail opted out | unsubscribed from all e-mail | do not e-mail
  do not contact | do not mail | no e-mail | globally unsubscribed
  abgemeldet | abgemeldet am | abmeldedatum | abmeldung | abbestellt | abbestellt am | ausgetragen
  widerruf | widerrufen | widerrufen am | deaktiviert | keine e-mails
  désabonné | désabonné le | désinscrit | désinscrit le | date de désabonnement
  date de désinscription | désabonnement | désinscription
  baja | dado de baja | fecha de baja | dada de baja | desuscrito
  descadastrado | descadastrado em | data de descadastro | descadastro | cancelou a inscrição
  data de cancelamento | cancelou a subscrição
  uitgeschreven | uitgeschreven op | uitschrijfdatum | afgemeld | afgemeld op | afmelddatum
  disiscritto | disiscritto il | data di disiscrizione | disiscrizione
  data di cancellazione
`;

const BOUNCED = `
  bounced | bounce | bounced at | bounced on | bounce date | is bounced | hard bounce
  hard bounced | e-mail bounced | e-mail bounced date | clean time | cleaned | undeliverable
  unzustellbar | unzustellbar seit | hardbounce am | rebotado | rebote | fecha de rebote
  non distribuable | rejeté | devolvido | gebounced | onbestelbaar | rimbalzato
`;

const EXTERNAL_ID = `
  id | external id | contact id | customer id | subscriber id | record id | user id | member id
  person id | crm id | lead id | uuid | customer number | leid | klaviyo id
  kundennummer | kunden-id | kunden-nr | kundennr | kontakt-id | externe id | kontaktnummer
  identifiant | identifiant client | numéro client | numéro de client | id client | id externe
  identificador | número de cliente | id de cliente | id externo | id cliente | id do cliente
  número do cliente | klantnummer | klant-id | contact-id | codice cliente | numero cliente
  id esterno
`;

const NUMBERED = /^(?<before>\D*)(?<number>\d{1,2})(?<after>\D*)$/;

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(
    list
      .split(/[|\n]/)
      .map(plainWord)
      .filter((word) => word !== ''),
  );
}

const EMAIL_WORDS = wordsOf(EMAIL);
const FURTHER_EMAIL_WORDS = wordsOf(FURTHER_EMAIL);

/** The kinds that words can tell, e-mail apart. */
const WORDS = [
  ['firstName', wordsOf(FIRST_NAME)],
  ['lastName', wordsOf(LAST_NAME)],
  ['name', wordsOf(NAME)],
  ['tags', wordsOf(TAGS)],
  ['language', wordsOf(LANGUAGE)],
  ['timeZone', wordsOf(TIME_ZONE)],
  ['consentDate', wordsOf(CONSENT_DATE)],
  ['status', wordsOf(STATUS)],
  ['unsubscribed', wordsOf(UNSUBSCRIBED)],
  ['bounced', wordsOf(BOUNCED)],
  ['externalId', wordsOf(EXTERNAL_ID)],
] as const;

type WordRole = (typeof WORDS)[number][0];

/** What the word says about an e-mail column: its number, or that it is a further one. */
export type EmailRank = number | 'further';

/** `Email` → 1, `Email 2` → 2, `Other e-mail` → further; undefined for anything else. */
export function emailRank(header: string): EmailRank | undefined {
  const word = plainWord(header);
  if (EMAIL_WORDS.has(word)) return 1;
  if (FURTHER_EMAIL_WORDS.has(word)) return 'further';
  const { before = '', number = '', after = '' } = NUMBERED.exec(word)?.groups ?? {};
  return number !== '' && EMAIL_WORDS.has(before + after) ? Number(number) : undefined;
}

/** The kind that a header's word tells, e-mail apart; undefined if it tells none. */
export function roleOfWord(header: string): WordRole | undefined {
  const word = plainWord(header);
  return WORDS.find(([, words]) => words.has(word))?.[0];
}

/** In these languages the word for "name" is one half where the other half has its own column. */
export const NAME_PAIRS: readonly {
  readonly name: string;
  readonly besides: readonly string[];
  readonly means: 'firstName' | 'lastName';
}[] = [
  { name: 'name', besides: ['vorname'], means: 'lastName' },
  { name: 'nom', besides: ['prenom'], means: 'lastName' },
  { name: 'naam', besides: ['voornaam', 'roepnaam'], means: 'lastName' },
  { name: 'nombre', besides: ['apellido', 'apellidos', 'primerapellido'], means: 'firstName' },
  { name: 'nome', besides: ['cognome', 'sobrenome', 'apelido', 'apelidos'], means: 'firstName' },
];
