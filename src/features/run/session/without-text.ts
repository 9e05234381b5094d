import { stageSlot } from '../../../stages/added/stage-slot.ts';
import type { Lane } from '../../../stages/lanes/lane.ts';
import { addedRows } from '../../../stages/table.ts';

/** What a person is told of stages that are registered here and came after the lane: it goes on without them. */
export function withoutTexts({ name, recipes }: Pick<Lane, 'name' | 'recipes'>): readonly string[] {
  const has = new Set(recipes.stages?.map((stage) => stage.name));
  return addedRows()
    .filter((row) => !has.has(row.name))
    .map((row) => {
      const { name: plugin = '', version = '' } = stageSlot.sourceOf(row.name) ?? {};
      return `Lane ${name} was opened before the stage ${row.name} of ${plugin} ${version}, and goes on without it. To give it to the lane: --new-recipe.`;
    });
}
