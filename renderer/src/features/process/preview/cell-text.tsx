const LONGEST = 200;

/** A cell as it is: missing and empty are told apart, and blanks at its ends can be seen. */
export function CellText({ text }: { readonly text: string | null }) {
  if (text === null) return <i className="dim cell-word">missing</i>;
  if (text === '') return <i className="dim cell-word">empty</i>;
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/su.exec(text) ?? [];
  const cut = inner.length > LONGEST ? `${inner.slice(0, LONGEST)}…` : inner;
  return (
    <span title={text.length > 24 ? text : undefined}>
      <Blanks text={before} />
      {cut}
      <Blanks text={after} />
    </span>
  );
}

function Blanks({ text }: { readonly text: string }) {
  return text === '' ? null : (
    <span className="cell-blanks" title="White space">
      {'·'.repeat(Math.min(text.length, 8))}
    </span>
  );
}
