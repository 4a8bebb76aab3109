import '../../extension/zod-without-eval.ts';
import { Options } from '../../components/options/Options.tsx';
import { startApp } from '../../components/start.tsx';
import { message } from '../../extension/i18n.ts';

startApp(message('options.title'), <Options />);
