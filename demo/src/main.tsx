import { createRoot } from 'react-dom/client';
import type { Conversation } from '../conversations/schema.ts';
import { App } from './app.tsx';
import { settingsFrom } from './settings.ts';
import { simulator } from './simulator.ts';
import { ChatStore } from './store.ts';

// The unit tests check the files against their schema; the page trusts them.
const samples = Object.values(import.meta.glob<Conversation>('../conversations/*.json', { eager: true, import: 'default' }));

const settings = settingsFrom(new URLSearchParams(location.search));
const store = new ChatStore(samples, settings, location.pathname);

window.attuneDemo = simulator(store, settings);
window.addEventListener('popstate', () => {
  store.show(location.pathname);
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App store={store} settings={settings} />);
