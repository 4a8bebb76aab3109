import { useEffect, useState } from 'react';
import { readOutbox, watchOutbox } from '../../extension/feedback/store.ts';
import type { OutboxView } from '../../feedback/outbox/types.ts';

/** What is in the outbox, kept up to date; null until it is read. */
export function useOutbox(): OutboxView | null {
  const [outbox, setOutbox] = useState<OutboxView | null>(null);
  useEffect(() => {
    let live = true;
    const look = (): void => {
      void readOutbox().then((next) => {
        if (live) setOutbox(next);
      });
    };
    look();
    const stop = watchOutbox(look);
    return () => {
      live = false;
      stop();
    };
  }, []);
  return outbox;
}
