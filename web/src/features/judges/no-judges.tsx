/** How to start the first one. */
export function NoJudges() {
  return (
    <section class="card no-judges">
      <h2>No shadow judge has been at work here</h2>
      <p>
        Before you switch to another judge, let it work beside the live one: another model, prompt or
        threshold, on the same candidates. This page then shows how far both agree, where they differ, and
        what each costs.
      </p>
      <pre>
        <code>millrace run questions.jsonl --shadow strict=gpt-4o</code>
      </pre>
      <p class="faint">
        The name is yours; after the sign stands the model. The run, its outcomes and its dataset stay as they
        are.
      </p>
    </section>
  );
}
