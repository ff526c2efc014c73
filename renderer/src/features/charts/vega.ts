import { parse, View, Error as ErrorLevel, type Loader } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import { type DrawnChart } from './drawn-chart.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('a chart loads nothing'));

/** Nothing of a chart comes from an address, and nothing in it leads to one. */
const loader: Loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

/** Puts a chart into an element. Its expressions are interpreted: the page forbids code made of text. */
export async function drawInto(element: HTMLElement, spec: TopLevelSpec): Promise<DrawnChart> {
  const vega = compile(spec).spec;
  const view = new View(parse(vega, {}, { ast: true }), {
    expr: expressionInterpreter,
    loader,
    renderer: 'svg',
    container: element,
    hover: true,
    logLevel: ErrorLevel,
  });
  await view.runAsync();
  // The picture as a whole has a description; its parts have none.
  element.querySelector('svg')?.setAttribute('aria-hidden', 'true');
  return {
    resize: async (width, height) => {
      await view.width(width).height(height).runAsync();
    },
    svg: () => view.toSVG(),
    png: async () => {
      const canvas = await view.toCanvas(2);
      return new Promise((resolve, reject) => {
        canvas.toBlob((blob) => {
          if (blob === null) reject(new Error('the browser made no picture'));
          else resolve(blob);
        }, 'image/png');
      });
    },
    remove: () => {
      view.finalize();
    },
  };
}
