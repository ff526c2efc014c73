export { html, line, Markup, plain } from './markup.ts';
