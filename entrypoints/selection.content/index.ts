import '../../extension/zod-without-eval.ts';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { startSelection } from '../../extension/selection-controller.ts';
import '../../components/page/selection-highlights.css';

const ORPHAN_CHECK_MS = 1_500;

/** Put into a page by one click on "Review selection with Attune" (`activeTab`); a second click replaces the first script. */
export default defineContentScript({
  registration: 'runtime',
  matches: [],
  cssInjectionMode: 'manifest',
  noScriptStartedPostMessage: true,
  main(ctx) {
    // An update or removal of the extension orphans this script without telling it; each tick of a context's own clock finds out.
    ctx.setInterval(() => undefined, ORPHAN_CHECK_MS);
    return startSelection(ctx.signal);
  },
});
