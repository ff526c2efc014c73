/** Languages whose names of months are known besides the full English ones, which strptime reads itself. */
export const MONTH_LANGUAGES = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'sv',
  'da',
  'pl',
  'cs',
  'tr',
  'ru',
] as const;
export type MonthLanguage = (typeof MONTH_LANGUAGES)[number];

const ENGLISH = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** For each month what it is called, in small letters, longest first; patterns that both JavaScript and RE2 read. */
const NAMES: Readonly<Record<MonthLanguage, string>> = {
  en: 'january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec',
  de: 'januar|jänner|jan februar|feber|feb märz|maerz|mär|mrz april|apr mai juni|jun juli|jul august|aug september|sept|sep oktober|okt november|nov dezember|dez',
  fr: 'janvier|janv|jan février|fevrier|févr|fév mars|mar avril|avr mai juin juillet|juil août|aout septembre|sept octobre|oct novembre|nov décembre|decembre|déc',
  es: 'enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago septiembre|setiembre|sept|sep octubre|oct noviembre|nov diciembre|dic',
  it: 'gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago settembre|sett|set ottobre|ott novembre|nov dicembre|dic',
  pt: 'janeiro|jan fevereiro|fev março|marco|mar abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set outubro|out novembro|nov dezembro|dez',
  nl: 'januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sept|sep oktober|okt november|nov december|dec',
  sv: 'januari|jan februari|feb mars|mar april|apr maj juni|jun juli|jul augusti|aug september|sept|sep oktober|okt november|nov december|dec',
  da: 'januar|jan februar|feb marts|mar april|apr maj juni|jun juli|jul august|aug september|sept|sep oktober|okt november|nov december|dec',
  pl: 'stycznia|styczeń|sty lutego|luty|lut marca|marzec|mar kwietnia|kwiecień|kwi maja|maj czerwca|czerwiec|cze lipca|lipiec|lip sierpnia|sierpień|sie września|wrzesień|wrz października|październik|paź listopada|listopad|lis grudnia|grudzień|gru',
  cs: 'ledna|leden|led února|únor|úno března|březen|bře dubna|duben|dub května|květen|kvě června|červen|čvn července|červenec|čvc srpna|srpen|srp září|zář října|říjen|říj listopadu|listopad|lis prosince|prosinec|pro',
  tr: 'ocak|oca şubat|şub mart|mar nisan|nis mayıs|may haziran|haz temmuz|tem ağustos|ağu eylül|eyl ekim|eki kasım|kas aralık|ara',
  ru: 'января|янв февраля|фев марта|мар апреля|апр мая|май июня|июн июля|июл августа|авг сентября|сент|сен октября|окт ноября|ноя декабря|дек',
};

/** Between day and month, and behind a day: `5 de enero de 2024`, `1st`. */
const BETWEEN = String.raw` +(?:de|del|of) +`;
const ORDINAL = String.raw`([0-9])(?:st|nd|rd|th|er|º)([^a-z]|$)`;

function patternsOf(language: MonthLanguage): readonly string[] {
  return NAMES[language].split(' ').map((names) => `(^|[^\\p{L}])(?:${names})($|[^\\p{L}])`);
}

const COMPILED = MONTH_LANGUAGES.map((language) => ({
  language,
  months: patternsOf(language).map((pattern) => new RegExp(pattern, 'u')),
}));
const between = new RegExp(BETWEEN, 'g');
const ordinal = new RegExp(ORDINAL, 'g');

/** @returns a text with the name of its month in short English, and the language it was in; or null where it has none */
export function withEnglishMonths(text: string): readonly { text: string; language: MonthLanguage }[] {
  const plain = text.toLowerCase().replace(between, ' ').replace(ordinal, '$1$2');
  return COMPILED.flatMap(({ language, months }) => {
    const month = months.findIndex((pattern) => pattern.test(plain));
    const pattern = months[month];
    if (pattern === undefined) return [];
    return [{ language, text: plain.replace(pattern, `$1${ENGLISH[month] ?? ''}$2`) }];
  });
}

/** The same in SQL. @param quoted makes a literal of a text */
export function englishMonthsSql(
  cell: string,
  language: MonthLanguage,
  quoted: (text: string) => string,
): string {
  const replaced = (sql: string, pattern: string, by: string): string =>
    `regexp_replace(${sql}, ${quoted(pattern)}, ${quoted(by)}, 'g')`;
  const plain = replaced(replaced(`lower(${cell})`, BETWEEN, ' '), ORDINAL, String.raw`\1\2`);
  return patternsOf(language).reduce(
    (sql, pattern, month) => replaced(sql, pattern, String.raw`\1${ENGLISH[month] ?? ''}\2`),
    plain,
  );
}
