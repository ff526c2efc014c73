import { literal } from '../../sql/index.ts';

/** Signs by which a spreadsheet takes a text for a formula, or that hide one; full-width ones too. */
const TRIGGER = '^[=+\\-@\\t\\r\\n＝＋－＠]';
/** A number and nothing else, with a sign, thousands, an exponent or a percent sign. */
const NUMBER =
  '^[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}(\\.[0-9]{3})+)([.,][0-9]+)?([eE][+-]?[0-9]+)?%?$';

const trigger = new RegExp(TRIGGER, 'u');
const number = new RegExp(NUMBER, 'u');

/** Whether a spreadsheet that opens a text file may run this text. A number is none, whatever its sign. */
export function isFormulaLike(text: string): boolean {
  return trigger.test(text) && !number.test(text);
}

/** The text with a sign before it that makes it a text for spreadsheets. */
export function defused(text: string): string {
  return isFormulaLike(text) ? `'${text}` : text;
}

/** As `isFormulaLike`, of an expression of SQL. */
export function formulaLikeSql(text: string): string {
  return `(regexp_matches(${text}, ${literal(TRIGGER)}) AND NOT regexp_matches(${text}, ${literal(NUMBER)}))`;
}

export function defusedSql(text: string): string {
  return `CASE WHEN ${formulaLikeSql(text)} THEN '''' || ${text} ELSE ${text} END`;
}
