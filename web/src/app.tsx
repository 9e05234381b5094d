import { useState } from 'preact/hooks';
import { ApiError } from './api.ts';
import { AskForToken } from './components/ask-for-token.tsx';
import { Header } from './components/header.tsx';
import { Problem } from './components/problem.tsx';
import { usePlace } from './router.ts';
import { useFlow } from './use-flow.ts';
import { DatasetView } from './views/dataset/dataset-view.tsx';
import { DeadLettersView } from './views/dead-letters/dead-letters-view.tsx';
import { FlowView } from './views/flow/flow-view.tsx';
import { JudgesView } from './views/judges/judges-view.tsx';
import { QuestionsView } from './views/questions/questions-view.tsx';
import { StoryView } from './views/questions/story-view.tsx';
import { ReviewView } from './views/review/review-view.tsx';

export function App() {
  const place = usePlace();
  const [session, setSession] = useState(0);
  const { flow, problem } = useFlow(session);
  const [view = 'flow', id] = place.path;
  if (problem instanceof ApiError && problem.status === 401)
    return <AskForToken onToken={() => setSession(session + 1)} />;
  return (
    <>
      <Header view={view} flow={flow} connected={problem === undefined && flow !== undefined} />
      <main id="content" tabIndex={-1}>
        {problem !== undefined && flow === undefined && <Problem error={problem} />}
        {view === 'flow' && flow !== undefined && <FlowView flow={flow} />}
        {view === 'questions' && id === undefined && <QuestionsView place={place} />}
        {view === 'questions' && id !== undefined && (
          <StoryView id={id} lane={place.query['lane'] ?? 'main'} />
        )}
        {view === 'review' && <ReviewView place={place} />}
        {view === 'judges' && <JudgesView name={id} />}
        {view === 'dataset' && <DatasetView lane={flow?.lane ?? 'main'} />}
        {view === 'dead-letters' && <DeadLettersView place={place} />}
      </main>
    </>
  );
}
