import type { ReactNode } from 'react';
import { browser } from 'wxt/browser';
import { BUNDLED } from '../../extension/assets.ts';
import { BUILT_FOR } from '../../extension/feedback/built.ts';
import { message } from '../../extension/i18n.ts';
import type { EngineState } from '../hooks.ts';
import { Problem } from '../ui.tsx';

/** What this installation consists of, and what leaves the device. */
export function About({ engine }: { engine: EngineState }): ReactNode {
  return (
    <section aria-labelledby="about">
      <h2 id="about">{message('options.about')}</h2>
      <dl className="facts">
        <dt>{message('options.aboutLeaves')}</dt>
        <dd>{BUILT_FOR ? message('options.aboutLeavesFeedback', { host: new URL(BUILT_FOR.collector).host }) : message('options.aboutLeavesNothing')}</dd>
        <dt>Attune</dt>
        <dd>{message('options.aboutVersion', { version: browser.runtime.getManifest().version })}</dd>
        <dt>{message('options.aboutModel')}</dt>
        <dd data-attune="model">
          {modelLine(engine)}{' '}
          {engine.type === 'ready' && engine.engine.classifier.state === 'ready' && (
            <a href={BUNDLED.modelCard} target="_blank">
              {message('options.aboutModelCard')}
            </a>
          )}
        </dd>
        <dt>{message('options.aboutPacks')}</dt>
        <dd data-attune="packs">
          <bdi>{engine.type === 'ready' ? engine.engine.packs.split(' ').join(', ') || message('common.none') : message('common.loading')}</bdi>
        </dd>
        <dt>{message('options.aboutLicences')}</dt>
        <dd>
          {message('options.aboutLicenceText')}{' '}
          <a href={BUNDLED.licences} target="_blank">
            {message('options.aboutLicencesAll')}
          </a>
        </dd>
      </dl>
      {engine.type === 'failed' && <Problem>{engine.reason}</Problem>}
      {engine.type === 'ready' && engine.engine.problems.length > 0 && (
        <details>
          <summary>{message('options.aboutProblems')}</summary>
          <ul>
            {engine.engine.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function modelLine(engine: EngineState): ReactNode {
  if (engine.type === 'loading') return message('common.loading');
  if (engine.type === 'failed') return message('options.aboutModelNone', { reason: engine.reason });
  const { classifier } = engine.engine;
  if (classifier.state !== 'ready') return message('options.aboutModelNone', { reason: classifier.reason });
  const { model, backend } = classifier;
  return <bdi>{backend === undefined ? model : `${model} (${backend.backend === 'webgpu' ? 'WebGPU' : 'WebAssembly'}: ${backend.why})`}</bdi>;
}
