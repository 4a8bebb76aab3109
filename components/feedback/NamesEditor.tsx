import { useId, useState, type ReactNode } from 'react';
import { ownNames, parseNames } from '../../extension/feedback/names.ts';
import { message } from '../../extension/i18n.ts';
import { useSaving } from '../hooks.ts';
import { SaveProblem } from '../ui.tsx';
import { useNames } from './names.ts';

/** Names that are replaced before every preview. */
export function NamesEditor(): ReactNode {
  const id = useId();
  const names = useNames();
  const { problem, save } = useSaving();
  const [text, setText] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  if (names === null) return null;
  const shown = text ?? names.join('\n');
  return (
    <div className="field">
      <label htmlFor={id}>{message('mydata.names')}</label>
      <p className="hint" id={`${id}-hint`}>
        {message('mydata.namesHint')}
      </p>
      <textarea
        id={id}
        dir="auto"
        rows={3}
        data-attune="names"
        aria-describedby={`${id}-hint`}
        value={shown}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setSaved(false);
        }}
      />
      <div className="inline">
        <button type="button" className="btn" data-attune="save-names" onClick={() => save(ownNames.update(() => parseNames(shown)).then(() => setSaved(true)))}>
          {message('mydata.namesSave')}
        </button>
        <span role="status">{saved && message('mydata.namesSaved')}</span>
      </div>
      <SaveProblem reason={problem} />
    </div>
  );
}
