import '../../extension/zod-without-eval.ts';
import { SidePanel } from '../../components/sidepanel/SidePanel.tsx';
import { startApp } from '../../components/start.tsx';
import { message } from '../../extension/i18n.ts';

startApp(message('panel.title'), <SidePanel />);
