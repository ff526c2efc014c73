/** What stands in and around tables that is no row of them, in the languages of the files we met. */

/** How notes below a table begin. */
const NOTE =
  /^(?:\*|#|--|©|\(?\d+ (?:rows?|records?|lines?|entries)\b|(?:sources?|notes?|footnotes?|legend|generated|exported|created|printed|report|page|end of|total (?:rows|records|number)|quelle|hinweis|stand|erstellt|seite|source|fuente|fonte|nota|источник|примечание)(?![\p{L}\p{N}]))/iu;

/** The label of a row of sums. */
const TOTAL =
  /^(?:(?:grand|sub|report|overall)[ -]?)?(?:totals?|sum|summe|gesamt(?:summe|betrag)?|zwischensumme|somme|total général|totale|somma|suma|soma|итого|всего|合計|总计|合计|總計|합계|toplam|razem|celkem|összesen|yhteensä|totaal|summa|sum total)(?: [\p{L}]+)?\s*[:.]?$/iu;

const COMMENT = /^\s*(?:#|\/\/|--(?: |$)|%%)/;

export function isNote(text: string): boolean {
  return NOTE.test(text);
}

export function isTotal(text: string): boolean {
  return text.length < 40 && TOTAL.test(text);
}

/** The label of a sum of some of the rows, or of all. */
const PART_TOTAL =
  /^(?:(?:sub|grand)[ -]?totals?|zwischensumme|gesamtsumme|sous-total|subtotale?|промежуточный итог)(?:\b|$)/iu;

/** Whether a label can only be that of sums, wherever its row stands. */
export function isSurelyTotal(text: string): boolean {
  return text.length < 40 && PART_TOTAL.test(text);
}

export function isComment(text: string): boolean {
  return COMMENT.test(text);
}
