/**
 * Puts the page UI into its one shadow host. The host is the last child of the document element, made only when there is something to show,
 * and carries no page-visible attribute; nothing else of the page is touched.
 */
import { createRoot, type Root } from 'react-dom/client';
import type { PageActions } from './actions.ts';
import styles from './page.css?inline';
import { PageUi } from './PageUi.tsx';
import type { PageState, Store } from './store.ts';

export interface MountedUi {
  readonly host: HTMLElement;
  /** Puts the host back if the page (a re-rendered document) has thrown it out. */
  ensure(): void;
  remove(): void;
}

export const HOST_NAME = 'attune-ui';

export function mountPageUi(store: Store<PageState>, actions: PageActions): MountedUi {
  const host = document.createElement(HOST_NAME);
  const shadow = host.attachShadow({ mode: 'open' });
  addStyles(shadow);
  const container = document.createElement('div');
  shadow.append(container);
  // Keys pressed in our UI are ours: many chats turn any key on the page into typing in their composer.
  for (const type of ['keydown', 'keyup', 'keypress'] as const) host.addEventListener(type, (event) => event.stopPropagation());

  let root: Root | null = null;
  function ensure(): void {
    if (!host.isConnected) document.documentElement.append(host);
    if (root) return;
    root = createRoot(container);
    root.render(<PageUi store={store} actions={actions} host={host} />);
  }

  return {
    host,
    ensure,
    remove() {
      root?.unmount();
      root = null;
      host.remove();
    },
  };
}

/**
 * A constructed sheet is beyond the page's CSP, and stays when the page moves our element about (a `style` element is judged anew then, by the
 * page's policy). Firefox does not let content scripts adopt one; there an element is exempt from the page's policy.
 */
function addStyles(shadow: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.textContent = styles;
    shadow.append(style);
  }
}
