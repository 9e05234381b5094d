/** Something did not work, in words that say what to do. */
export function ProblemNotice({ error }: Readonly<{ error: Error }>) {
  return (
    <p class="problem" role="alert">
      {error.message}
    </p>
  );
}
