import type { ReactNode } from 'react';
import { browser } from 'wxt/browser';
import { message } from '../../extension/i18n.ts';
import type { Item, ItemState } from '../../feedback/outbox/types.ts';

/** What became of an item, in one sentence. */
export function stateLine(state: ItemState): string {
  switch (state.type) {
    case 'queued':
      return message('feedback.stateQueued');
    case 'sending':
      return message('feedback.stateSending');
    case 'delivered':
      return state.check.ok ? message('feedback.stateDelivered') : message('feedback.stateUnverified', { problems: state.check.problems.join(', ') });
    case 'refused':
      return message('feedback.stateRefused', { reason: state.detail });
    case 'withdrawing':
      return message('feedback.stateWithdrawing');
    case 'withdrawn':
      return message('feedback.stateWithdrawn');
  }
}

/** After sending: where it is now. The page may be closed at any moment. */
export function Sent({ item }: { item: Item | null }): ReactNode {
  return (
    <section data-attune="sent" data-state={item?.state.type}>
      <p role="status">
        <strong>{item === null ? message('feedback.stateWithdrawn') : stateLine(item.state)}</strong>
      </p>
      {item?.state.type === 'delivered' && <code className="receipt">{item.state.receipt.leafHash}</code>}
      <p className="hint">{message('feedback.sentMore')}</p>
      <div className="inline">
        <button type="button" className="btn" data-attune="my-data" onClick={() => void browser.tabs.create({ url: browser.runtime.getURL('/options.html#mydata') })}>
          {message('feedback.openData')}
        </button>
      </div>
    </section>
  );
}
