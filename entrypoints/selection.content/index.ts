import { defineContentScript } from 'wxt/utils/define-content-script';
import { startSelection } from '../../extension/selection-controller.ts';
import '../../components/page/selection-highlights.css';

/** Put into a page by one click on "Review selection with Attune" (`activeTab`); a second click replaces the first script. */
export default defineContentScript({
  registration: 'runtime',
  matches: [],
  cssInjectionMode: 'manifest',
  noScriptStartedPostMessage: true,
  main: (ctx) => startSelection(ctx.signal),
});
