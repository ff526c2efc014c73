import { html, line, type Markup } from '#main/markup';
import { formatCount } from '#shared/lib';

const WIDTH = 480;
const HEIGHT = 120;

/** Equal-width counts. Any that is not zero is at least a pixel high. */
export function histogram(
  counts: readonly number[],
  { label, from, to }: { readonly label: string; readonly from: string; readonly to: string },
): Markup {
  const most = Math.max(1, ...counts);
  const step = WIDTH / counts.length;
  const bars = counts.map((count, index) => {
    const height = count === 0 ? 0 : Math.max(1, (count / most) * HEIGHT);
    return html`<rect
      x="${(index * step + 0.5).toFixed(1)}"
      y="${(HEIGHT - height).toFixed(1)}"
      width="${Math.max(0.5, step - 1).toFixed(1)}"
      height="${height.toFixed(1)}"
    >
      <title>${formatCount(count)}</title>
    </rect>`;
  });
  return html`<figure>
    <svg viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT + 1)}" role="img" aria-label="${label}">
      ${bars}
      <line x1="0" y1="${String(HEIGHT + 0.5)}" x2="${String(WIDTH)}" y2="${String(HEIGHT + 0.5)}" />
    </svg>
    <figcaption><span>${line(from)}</span><span>${line(to)}</span></figcaption>
  </figure>`;
}

/** The most common values, each with how often it comes. */
export function bars(
  top: readonly { readonly value: string; readonly count: number }[],
  rows: number,
): Markup {
  const most = Math.max(1, ...top.map(({ count }) => count));
  return html`<table class="top">
    <caption>
      Most common
    </caption>
    <tbody>
      ${top.map(
        ({ value, count }) =>
          html`<tr>
            <th scope="row">${value === '' ? html`<i>empty</i>` : line(value.slice(0, 80))}</th>
            <td class="bar">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect x="0" y="1" width="${((count / most) * 100).toFixed(1)}" height="8" />
              </svg>
            </td>
            <td class="number">${formatCount(count)}</td>
            <td class="number dim">${rows === 0 ? '' : `${((count / rows) * 100).toFixed(1)} %`}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
