/** What is drawn between a header and its rows, and around them. */
const RULE = /^(?=.*(?:--|==|__|[─━═]))[\s|+:=_\-─━═│┃║┼├┤┌┐└┘┬┴╔╗╚╝╠╣╦╩╬╪╞╡]+$/;

export function isRule(line: string): boolean {
  return line.length < 100_000 && RULE.test(line);
}
