/** How the simulated chatbot behaves; read from the address, so that a test or a bug report is one link. */
export interface Settings {
  /** Tokens per second; `Infinity` for the whole answer at once. */
  speed: number;
  /** `replace` throws all nodes of the answer away and builds new ones, every `every` tokens. */
  rerender: 'grow' | 'replace';
  every: number;
  /** Unmount turns that are far outside the window, as long chats do. */
  virtualise: boolean;
}

export function settingsFrom(query: URLSearchParams): Settings {
  return {
    speed: positive(query.get('speed'), 45),
    rerender: query.get('rerender') === 'replace' ? 'replace' : 'grow',
    every: positive(query.get('every'), 1),
    virtualise: query.get('virtualise') === '1',
  };
}

function positive(value: string | null, otherwise: number): number {
  if (value === 'max') return Infinity;
  const number = Number(value);
  return value !== null && number > 0 ? number : otherwise;
}
