import { useState } from 'preact/hooks';
import { ApiError } from './api.ts';
import { AskForToken } from './components/ask-for-token.tsx';
import { Header } from './components/header.tsx';
import { ProblemNotice } from './components/problem.tsx';
import { DatasetView } from './features/dataset/dataset-view.tsx';
import { FlowView } from './features/flow/flow-view.tsx';
import { JudgesView } from './features/judges/judges-view.tsx';
import { QuestionsView } from './features/questions/questions-view.tsx';
import { StoryView } from './features/questions/story-view.tsx';
import { DeadLettersView } from './features/redrive/dead-letters-view.tsx';
import { ReviewView } from './features/review/review-view.tsx';
import { SourcesView } from './features/sources/sources-view.tsx';
import { usePlace } from './router.ts';
import { useFlow } from './use-flow.ts';

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
        {problem !== undefined && flow === undefined && <ProblemNotice error={problem} />}
        {view === 'flow' && flow !== undefined && <FlowView flow={flow} />}
        {view === 'questions' && id === undefined && <QuestionsView place={place} flow={flow} />}
        {view === 'questions' && id !== undefined && (
          <StoryView id={id} lane={place.query['lane'] ?? 'main'} />
        )}
        {view === 'review' && <ReviewView place={place} />}
        {view === 'judges' && <JudgesView name={id} />}
        {view === 'sources' && <SourcesView place={place} />}
        {view === 'dataset' && <DatasetView lane={flow?.lane ?? 'main'} />}
        {view === 'dead-letters' && <DeadLettersView place={place} />}
      </main>
    </>
  );
}
