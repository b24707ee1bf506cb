/**
 * Lint words: what advertising, courtesy, claimed consent and false urgency look like, in the seven
 * languages that we have words in. `*` ends a word that may go on ("rabatt*").
 *
 * A list cannot know every slogan: it finds the common ones, the approver reads the rest.
 */

export interface WordLists {
  /** Selling. */
  readonly promotion: readonly string[];
  /** Friendly words that a strict court took for advertising. */
  readonly courtesies: readonly string[];
  /** Says that consent is there, or comes from silence. */
  readonly claims: readonly string[];
  /** Subjects that pretend. */
  readonly deceptive: readonly string[];
}

const list = (text: string): string[] => text.split('|').map((phrase) => phrase.trim());

export const WORD_LISTS: Readonly<Record<string, WordLists>> = {
  en: {
    promotion: list(
      'buy|buy now|shop now|order now|sale|sales|discount*|special offer*|our offer*|offers|deal|deals|bargain*|save up to|save now|savings|for free|free gift|free shipping|free trial|voucher*|coupon*|gift|gifts|prize*|win|limited time|while stocks last|exclusive*|don’t miss|best price*|price|prices|cheap*|promo*|subscribe now|sign up now|click here|act now|hurry|new collection|bestseller*|loyalty points|percent off|half price|money back',
    ),
    courtesies: list(
      'welcome|questions? contact us|contact us|follow us|discover|visit our|visit us|our products|our services|our shop|our website|benefits|benefit from|stay up to date|stay tuned|look forward to|thank you for your interest|great news|good news|download',
    ),
    claims: list(
      'you have already agreed|you have agreed|you already agreed|you are subscribed|you have been subscribed|you are now subscribed|automatically subscribed|automatically confirmed|no answer means yes|no reply means yes|silence means yes|unless you object|if you do not object|if you do not reply, you agree|by opening this e-mail|by opening this email|by reading this e-mail|by reading this email|we assume that you agree|we assume you agree|you consent by',
    ),
    deceptive: list(
      'urgent*|last chance|final notice|action required|act now|immediate*|account suspended|your account|verify your account|invoice*|payment*|overdue|you have won|you won|winner*|security alert|security warning|password|important|alert|delivery failed|your order|your package',
    ),
  },
  de: {
    promotion: list(
      'kaufen sie|jetzt kaufen|jetzt bestellen|jetzt sichern|jetzt anmelden|jetzt shoppen|sale|rabatt*|sonderangebot*|angebot|angebote|angeboten|schnäppchen|sparen sie|sie sparen|ersparnis*|gratis|kostenlos*|geschenk*|gutschein*|gewinn*|prämie*|preis|preise|preisvorteil*|bestpreis*|günstig*|billig*|exklusiv*|nur für kurze zeit|solange der vorrat reicht|nicht verpassen|verpassen sie|aktion|aktionen|aktionspreis*|neue kollektion|bestseller*|treuepunkte|klicken sie hier|hier klicken|schnell sein|zugreifen',
    ),
    courtesies: list(
      'willkommen|herzlich willkommen|fragen? kontaktieren sie uns|haben sie fragen|bei fragen|kontaktieren sie uns|folgen sie uns|entdecken sie|besuchen sie|unsere produkte|unseren produkten|unsere leistungen|unser shop|unserem shop|unsere website|vorteile|profitieren|auf dem laufenden|wir freuen uns|schön, dass|vielen dank für ihr interesse|gute nachrichten|herunterladen|freuen sie sich',
    ),
    claims: list(
      'sie haben bereits zugestimmt|sie haben zugestimmt|sie sind angemeldet|sie wurden angemeldet|sie sind jetzt angemeldet|automatisch angemeldet|automatisch bestätigt|keine antwort bedeutet ja|keine antwort gilt als|schweigen gilt als|sofern sie nicht widersprechen|wenn sie nicht widersprechen|falls sie nicht widersprechen|mit dem öffnen dieser e-mail|durch das öffnen dieser e-mail|mit dem lesen dieser|gehen wir von ihrem einverständnis aus|gehen wir von ihrer zustimmung aus|gilt ihre zustimmung als erteilt',
    ),
    deceptive: list(
      'dringend*|letzte chance|letzte mahnung|mahnung|handlungsbedarf|handeln sie|sofort|ihr konto|konto gesperrt|rechnung*|zahlung*|überfällig*|sie haben gewonnen|gewinner*|sicherheitswarnung|passwort|wichtig*|achtung|warnung|zustellung fehlgeschlagen|ihre bestellung|ihr paket',
    ),
  },
  fr: {
    promotion: list(
      'achetez|acheter maintenant|commandez|soldes|remise*|réduction*|rabais|offre spéciale|offre|offres|promo*|bon plan|bons plans|bonne affaire|économisez|économies|gratuit*|cadeau*|bon d’achat|bons d’achat|code promo|gagnez|gagner|à gagner|prix|meilleur prix|pas cher|exclusi*|durée limitée|ne manquez pas|profitez|inscrivez-vous maintenant|cliquez ici|dépêchez-vous|nouvelle collection|meilleures ventes|points de fidélité|moitié prix|satisfait ou remboursé',
    ),
    courtesies: list(
      'bienvenue|des questions|contactez-nous|nous contacter|suivez-nous|découvrez|visitez|rendez-vous sur|nos produits|nos services|notre boutique|notre site|avantages|restez au courant|restez informé*|au plaisir|merci de votre intérêt|bonne nouvelle|téléchargez',
    ),
    claims: list(
      'vous avez déjà accepté|vous avez accepté|vous êtes inscrit*|vous avez été inscrit*|inscription automatique|inscrit automatiquement|confirmé automatiquement|l’absence de réponse vaut|sans réponse de votre part, vous acceptez|votre silence vaut|sauf opposition|sauf avis contraire|en ouvrant cet e-mail|en lisant cet e-mail|nous considérons que vous acceptez|nous supposons que vous acceptez',
    ),
    deceptive: list(
      'urgent*|dernière chance|dernier avis|dernier rappel avant|action requise|immédiat*|votre compte|compte suspendu|facture*|paiement*|impayé*|en retard|vous avez gagné|gagnant*|alerte|mot de passe|important*|échec de livraison|votre commande|votre colis',
    ),
  },
  es: {
    promotion: list(
      'compre|comprar ahora|compre ahora|pida ahora|rebaja*|descuento*|oferta especial|oferta|ofertas|promo*|ganga*|ahorre|ahorro*|gratis|gratuit*|regalo*|vale de compra*|cupón|cupones|gane|ganar|premio*|precio*|mejor precio|barat*|exclusiv*|tiempo limitado|hasta agotar existencias|no se pierda|no se lo pierda|aproveche|suscríbase ahora|haga clic aquí|dese prisa|nueva colección|más vendido*|puntos de fidelidad|mitad de precio',
    ),
    courtesies: list(
      'bienvenid*|tiene preguntas|alguna pregunta|contáctenos|póngase en contacto|síganos|descubra|visite|nuestros productos|nuestros servicios|nuestra tienda|nuestra web|nuestro sitio|ventajas|beneficios|manténgase al día|esperamos verle|gracias por su interés|buenas noticias|descargue',
    ),
    claims: list(
      'ya ha aceptado|usted ha aceptado|ya está suscrit*|está suscrit*|ha sido suscrit*|suscripción automática|confirmado automáticamente|si no responde, acepta|la falta de respuesta equivale|su silencio equivale|salvo que se oponga|si no se opone|al abrir este correo|al leer este correo|entendemos que acepta|suponemos que acepta',
    ),
    deceptive: list(
      'urgente*|última oportunidad|último aviso|acción requerida|inmediat*|su cuenta|cuenta suspendida|factura*|pago|pagos|vencid*|ha ganado|ganador*|alerta|contraseña|importante*|entrega fallida|su pedido|su paquete',
    ),
  },
  pt: {
    promotion: list(
      'compre|comprar agora|compre já|encomende|saldos|liquidação|desconto*|oferta especial|oferta|ofertas|promoç*|promo|pechincha*|poupe|poupança*|economize|grátis|gratuit*|brinde*|vale-presente*|vale de compra*|cupão|cupões|cupom|cupons|ganhe|ganhar|prémio*|prêmio*|preço*|melhor preço|barat*|exclusiv*|tempo limitado|não perca|aproveite|subscreva já|inscreva-se já|clique aqui|nova coleção|mais vendido*|pontos de fidelidade|metade do preço',
    ),
    courtesies: list(
      'bem-vind*|tem perguntas|tem dúvidas|dúvidas|contacte-nos|contate-nos|fale connosco|fale conosco|siga-nos|descubra|visite|os nossos produtos|nossos produtos|os nossos serviços|a nossa loja|nossa loja|o nosso site|vantagens|benefícios|fique a par|fique por dentro|agradecemos o seu interesse|boas notícias|transfira|baixe',
    ),
    claims: list(
      'já concordou|já aceitou|já está inscrit*|está inscrit*|foi inscrit*|inscrição automática|confirmado automaticamente|se não responder, aceita|a falta de resposta equivale|o seu silêncio equivale|salvo se se opuser|se não se opuser|ao abrir este e-mail|ao ler este e-mail|entendemos que aceita|presumimos que aceita|presumimos que concorda',
    ),
    deceptive: list(
      'urgente*|última oportunidade|última chance|último aviso|ação necessária|imediat*|a sua conta|sua conta|conta suspensa|fatura*|pagamento*|vencid*|em atraso|ganhou|vencedor*|alerta|palavra-passe|senha|importante*|falha na entrega|a sua encomenda|seu pedido',
    ),
  },
  nl: {
    promotion: list(
      'koop|koop nu|bestel nu|shop nu|uitverkoop|korting*|aanbieding*|aanbod|speciale aanbieding|actie|acties|actieprijs|koopje*|bespaar*|besparing*|gratis|cadeau*|waardebon*|kortingscode*|win|winactie|prijs|prijzen|beste prijs|goedkoop*|exclusie*|beperkte tijd|zolang de voorraad strekt|mis het niet|profiteer*|meld u nu aan|klik hier|nieuwe collectie|bestseller*|spaarpunten|halve prijs',
    ),
    courtesies: list(
      'welkom|vragen? neem contact|heeft u vragen|hebt u vragen|neem contact|volg ons|ontdek|bezoek|onze producten|onze diensten|onze winkel|onze webshop|onze website|voordelen|blijf op de hoogte|wij kijken uit naar|bedankt voor uw interesse|goed nieuws|download*',
    ),
    claims: list(
      'u hebt al toegestemd|u heeft al toegestemd|u hebt toegestemd|u bent aangemeld|u bent ingeschreven|u bent nu aangemeld|automatisch aangemeld|automatisch bevestigd|geen antwoord betekent ja|geen reactie betekent|zwijgen geldt als|tenzij u bezwaar maakt|als u geen bezwaar maakt|door deze e-mail te openen|door deze e-mail te lezen|gaan wij ervan uit dat u akkoord|nemen wij aan dat u akkoord',
    ),
    deceptive: list(
      'dringend*|laatste kans|laatste waarschuwing|aanmaning*|actie vereist|onmiddellijk*|direct handelen|uw account|account geblokkeerd|factuur|facturen|betaling*|achterstallig*|u hebt gewonnen|u heeft gewonnen|winnaar*|beveiligingswaarschuwing|wachtwoord|belangrijk*|waarschuwing|let op|bezorging mislukt|uw bestelling|uw pakket',
    ),
  },
  it: {
    promotion: list(
      'acquista*|compra|compra ora|compri|ordina ora|ordini ora|saldi|sconto|sconti|offerta speciale|offerta|offerte|promo|promozion*|affare|affari|risparmi*|gratis|gratuit*|regalo|regali|omaggio|buono sconto|buoni sconto|coupon|vinci|vinca|vincere|premio|prezzo|prezzi|miglior prezzo|economic*|esclusiv*|tempo limitato|fino a esaurimento|non perda|non perdere|approfitt*|si iscriva subito|iscriviti|clicca qui|clicchi qui|nuova collezione|più vendut*|punti fedeltà|metà prezzo',
    ),
    courtesies: list(
      'benvenut*|ha domande|domande? ci contatti|ci contatti|contattaci|ci segua|seguici|scopra|scopri|visiti|visita il|i nostri prodotti|i nostri servizi|il nostro negozio|il nostro sito|vantaggi|resti aggiornat*|non vediamo l’ora|grazie per il suo interesse|buone notizie|scarichi',
    ),
    claims: list(
      'ha già accettato|lei ha accettato|è già iscritt*|è iscritt*|è stato iscritto|è stata iscritta|iscrizione automatica|confermato automaticamente|se non risponde, accetta|la mancata risposta equivale|il suo silenzio equivale|il silenzio vale|salvo opposizione|se non si oppone|aprendo questa e-mail|leggendo questa e-mail|riteniamo che accetti|presumiamo che accetti',
    ),
    deceptive: list(
      'urgente*|ultima occasione|ultimo avviso|azione richiesta|immediat*|il suo conto|il suo account|account sospeso|fattura|fatture|pagament*|scadut*|ha vinto|vincitore|vincitrice|avviso di sicurezza|allerta|password|importante|consegna fallita|il suo ordine|il suo pacco',
    ),
  },
};

/** Signs of a sale in any language: percentages and prices. */
export const SALE_SIGNS: readonly RegExp[] = [
  /[-–−]?\d{1,9}(?:[.,]\d{1,3})?[\s\u00A0\u202F]?%/gu,
  /(?:[€£¥]|(?:US|CA|A|R)?\$)[\s\u00A0\u202F]?\d/gu,
  /\d{1,9}(?:[.,]\d{2})?[\s\u00A0\u202F]?(?:[€£¥]|(?:EUR|USD|GBP|CHF|BRL)(?![\p{L}\p{N}]))/gu,
];

/** A box that stands ticked. */
export const TICKED_SIGNS = /[☑☒✅]|\[[xX✓✔]\]/gu;
