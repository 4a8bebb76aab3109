import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { uiDirection, uiLanguage } from '../extension/i18n.ts';
import './app.css';

/** Starts one of the extension's own pages in the reader's language and direction. */
export function startApp(title: string, app: ReactNode): void {
  document.title = title;
  document.documentElement.lang = uiLanguage();
  document.documentElement.dir = uiDirection();
  const root = document.getElementById('root');
  if (!root) throw new Error('The page has no #root.');
  createRoot(root).render(<StrictMode>{app}</StrictMode>);
}
