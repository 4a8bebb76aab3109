import { useState, type ReactNode } from 'react';
import { message } from '../../extension/i18n.ts';
import { deleteData, exportData } from '../../extension/storage.ts';
import { download } from '../download.ts';
import { useSaving } from '../hooks.ts';
import { SaveProblem } from '../ui.tsx';

type Step = 'idle' | 'asking' | 'deleted';

/** Everything stored, in the reader's hands: a file of it, and an end of it. */
export function YourData(): ReactNode {
  const { problem, save } = useSaving();
  const [step, setStep] = useState<Step>('idle');
  return (
    <section aria-labelledby="data">
      <h2 id="data">{message('options.data')}</h2>
      <p className="hint">{message('options.dataHint')}</p>
      {step === 'asking' ? (
        <div className="card" role="group" aria-label={message('options.deleteConfirm')}>
          <p>{message('options.deleteConfirm')}</p>
          <div className="inline">
            <button type="button" className="btn danger" data-attune="delete-yes" onClick={() => save(deleteData().then(() => setStep('deleted')))}>
              {message('options.deleteYes')}
            </button>
            <button type="button" className="btn" autoFocus onClick={() => setStep('idle')}>
              {message('options.deleteNo')}
            </button>
          </div>
        </div>
      ) : (
        <div className="inline">
          <button type="button" className="btn" data-attune="export" onClick={() => save(exportData().then((json) => download(json, 'attune-data.json')))}>
            {message('options.export')}
          </button>
          <button type="button" className="btn danger" data-attune="delete" onClick={() => setStep('asking')}>
            {message('options.delete')}
          </button>
        </div>
      )}
      <p role="status" className={step === 'deleted' ? undefined : 'visually-hidden'}>
        {step === 'deleted' && message('options.deleted')}
      </p>
      <SaveProblem reason={problem} />
    </section>
  );
}
