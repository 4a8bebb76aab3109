import '../../extension/zod-without-eval.ts';
import { Welcome } from '../../components/welcome/Welcome.tsx';
import { startApp } from '../../components/start.tsx';
import { message } from '../../extension/i18n.ts';

startApp(message('welcome.title'), <Welcome />);
