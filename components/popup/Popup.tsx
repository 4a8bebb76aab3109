import { useEffect, useState, type ReactNode } from 'react';
import { browser } from 'wxt/browser';
import { message, plural } from '../../extension/i18n.ts';
import type { Engine } from '../../extension/messages.ts';
import type { PageSnapshot } from '../../extension/page-port.ts';
import { openPanel } from '../../extension/panel.ts';
import { addSite, originPattern } from '../../extension/sites.ts';
import { applyChange, changeAudience, type Settings } from '../../extension/storage.ts';
import { LocaleSelect, SituationSelect } from '../audience.tsx';
import { useEngine, usePage, useSaving, useSettings, useTab } from '../hooks.ts';
import { Brand, Problem, SaveProblem, Switch } from '../ui.tsx';

/** The toolbar button's small page: is Attune on here, for whom, and how much has it marked. */
export function Popup(): ReactNode {
  const tabId = useTab();
  const settings = useSettings();
  const { page } = usePage(tabId);
  const engineState = useEngine();
  const engine = engineState.type === 'ready' ? engineState.engine : null;

  return (
    <main className="popup" data-attune="popup">
      <header>
        <Brand level="h1">Attune</Brand>
      </header>
      {settings && page.type === 'page' && page.snapshot.site !== null && <KnownSite snapshot={page.snapshot} settings={settings} engine={engine} />}
      {settings && (page.type === 'none' || (page.type === 'page' && page.snapshot.site === null)) && <OtherPage tabId={tabId} running={page.type === 'page'} settings={settings} />}
      {engineState.type === 'failed' && <Problem>{message('page.failed', { reason: engineState.reason })}</Problem>}
      {settings && settings.profile.locales.length === 0 && (
        <div className="card">
          <p>{message('popup.noAudience')}</p>
          <button type="button" className="btn primary" onClick={() => void browser.tabs.create({ url: browser.runtime.getURL('/welcome.html') })}>
            {message('popup.choose')}
          </button>
        </div>
      )}
      <footer>
        <button type="button" className="btn" data-attune="open-panel" disabled={tabId === null} onClick={() => tabId !== null && void openPanel(tabId).then(() => window.close())}>
          {message('popup.panel')}
        </button>
        <button type="button" className="btn" data-attune="open-options" onClick={() => void browser.runtime.openOptionsPage()}>
          {message('common.options')}
        </button>
      </footer>
    </main>
  );
}

function KnownSite({ snapshot, settings, engine }: { snapshot: PageSnapshot; settings: Settings; engine: Engine | null }): ReactNode {
  const { problem, save } = useSaving();
  const { audience, conversation, enabled } = snapshot;
  const own = settings.profile.locales;

  return (
    <div className="stack">
      <Switch
        name="site-switch"
        label={message(enabled ? 'popup.on' : 'popup.off')}
        hint={snapshot.site ?? undefined}
        checked={enabled}
        onChange={(on) => save(applyChange({ change: 'site', host: snapshot.host, on }))}
      />
      {enabled && (
        <>
          <Count snapshot={snapshot} />
          {snapshot.drift && <Problem>{message('popup.drift')}</Problem>}
          <Silence snapshot={snapshot} />
          {snapshot.withoutClassifier && <Problem>{message('popup.noClassifier')}</Problem>}
          {audience && (
            <>
              <LocaleSelect label={message('popup.audience')} name="audience" value={audience.locale} own={own} engine={engine} onChange={(locale) => save(changeAudience(conversation, { locale }))} />
              <SituationSelect value={audience.situation} onChange={(situation) => save(changeAudience(conversation, { situation }))} />
            </>
          )}
        </>
      )}
      <SaveProblem reason={problem} />
    </div>
  );
}

function Count({ snapshot }: { snapshot: PageSnapshot }): ReactNode {
  const marks = snapshot.answers.reduce((sum, { findings }) => sum + findings.filter(({ marked }) => marked).length, 0);
  const of = (type: string): number => snapshot.answers.filter(({ state }) => state.type === type).length;
  const reviewing = of('reviewing');
  const failed = of('failed');
  return (
    <div role="status" data-attune="count" data-count={marks}>
      <p>{marks > 0 ? plural('popup.marks', marks) : message('popup.noMarks')}</p>
      {reviewing > 0 && <p className="muted small">{plural('popup.reviewing', reviewing)}</p>}
      {failed > 0 && <p className="muted small">{plural('popup.failed', failed)}</p>}
    </div>
  );
}

/** Why nothing is marked although it could look as if all were fine. */
function Silence({ snapshot }: { snapshot: PageSnapshot }): ReactNode {
  const newest = snapshot.answers.findLast(({ state }) => state.type === 'reviewed')?.state;
  if (newest?.type !== 'reviewed' || snapshot.audience === null) return null;
  if (newest.silence === 'unknown-audience') return <p className="muted small">{message('panel.silentAudience')}</p>;
  return newest.silence === 'unknown-language' ? <p className="muted small">{message('panel.silentLanguage')}</p> : null;
}

type Place = { readonly type: 'loading' } | { readonly type: 'closed' } | { readonly type: 'web'; readonly pattern: string; readonly host: string };

/** The address of the tab; known to us only because the reader has just pressed the toolbar button (`activeTab`). */
function usePlace(tabId: number | null): Place {
  const [place, setPlace] = useState<Place>({ type: 'loading' });
  useEffect(() => {
    if (tabId === null) return;
    void browser.tabs.get(tabId).then(
      ({ url }) => {
        const pattern = url === undefined ? null : originPattern(url);
        setPlace(pattern === null || url === undefined ? { type: 'closed' } : { type: 'web', pattern, host: new URL(url).host });
      },
      () => setPlace({ type: 'closed' }),
    );
  }, [tabId]);
  return place;
}

function OtherPage({ tabId, running, settings }: { tabId: number | null; running: boolean; settings: Settings }): ReactNode {
  const place = usePlace(tabId);
  const [added, setAdded] = useState(false);
  const { problem, save } = useSaving();
  if (place.type === 'loading') return null;
  if (place.type === 'closed') return <p className="muted">{message('popup.forbidden')}</p>;
  const allowed = running || added || settings.sites.extra.includes(place.pattern);
  return (
    <div className="stack" data-attune="other-page">
      <p>{message('popup.unsupported')}</p>
      <p className="muted small">{message('popup.unsupportedHint')}</p>
      {allowed ? (
        <p className="muted small">{message(running || added ? 'popup.addedNoChat' : 'popup.reload')}</p>
      ) : (
        <div className="card">
          <button type="button" className="btn primary" data-attune="add-site" onClick={() => save(addSite(place.pattern, tabId ?? undefined).then(setAdded))}>
            {message('popup.addSite')}
          </button>
          <p className="muted small">{message('popup.addSiteHint', { host: place.host })}</p>
        </div>
      )}
      <SaveProblem reason={problem} />
    </div>
  );
}
