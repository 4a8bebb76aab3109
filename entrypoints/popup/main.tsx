import '../../extension/zod-without-eval.ts';
import { Popup } from '../../components/popup/Popup.tsx';
import { startApp } from '../../components/start.tsx';
import { message } from '../../extension/i18n.ts';

startApp(message('extension.name'), <Popup />);
