import { useEffect, useState } from 'react';
import { ownNames } from '../../extension/feedback/names.ts';

/** The reader's list of names to replace; null until it is read. */
export function useNames(): readonly string[] | null {
  const [names, setNames] = useState<readonly string[] | null>(null);
  useEffect(() => {
    let live = true;
    const show = (next: readonly string[]): void => {
      if (live) setNames(next);
    };
    void ownNames.get().then(show);
    const stop = ownNames.watch(show);
    return () => {
      live = false;
      stop();
    };
  }, []);
  return names;
}
