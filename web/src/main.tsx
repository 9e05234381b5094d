import { render } from 'preact';
import { App } from './app.tsx';
import { takeTokenFromAddress, tellOtherTabs } from './token.ts';
import './styles/theme.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/flow.css';
import './styles/story.css';
import './styles/desk.css';
import './styles/item.css';
import './styles/decision.css';
import './styles/record.css';
import './styles/judges.css';
import './styles/dataset.css';
import './styles/sources.css';
import 'uplot/dist/uPlot.min.css';

takeTokenFromAddress();
tellOtherTabs();
// A link that is opened again where the page is open already.
addEventListener('hashchange', () => takeTokenFromAddress() && location.reload());

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
