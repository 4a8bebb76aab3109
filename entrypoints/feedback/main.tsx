import '../../extension/zod-without-eval.ts';
import { FeedbackPage } from '../../components/feedback/FeedbackPage.tsx';
import { startApp } from '../../components/start.tsx';
import { message } from '../../extension/i18n.ts';

startApp(message('feedback.title'), <FeedbackPage />);
