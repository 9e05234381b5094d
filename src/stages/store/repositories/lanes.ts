import { z } from 'zod';
import type { LaneName } from '../../../streams/work/work.ts';
import { laneText } from '../../lanes/extra-bodies.ts';
import { type Lane, type LaneRepository, laneSchema } from '../../lanes/lane.ts';
import { jsonText, readStored } from '../table/read-stored.ts';
import { insert, put, type Tables, tableOf } from '../table/table.ts';

/** By name. */
export const LANES = tableOf('lanes', { id: 'text', lane: 'text' });

const laneRow = z.object({ lane: jsonText(laneSchema) });

/** The lanes and the recipes they carry. */
export class Lanes implements LaneRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async get(name: LaneName): Promise<Lane | undefined> {
    const row = await this.#tables.get(LANES, name);
    return row === undefined ? undefined : readStored(laneRow, row).lane;
  }

  async open(lane: Lane): Promise<Lane> {
    await this.#tables.write([insert(LANES, { id: lane.name, lane: laneText(lane) })]);
    return (await this.get(lane.name)) ?? lane;
  }

  async put(lane: Lane): Promise<void> {
    await this.#tables.write([put(LANES, { id: lane.name, lane: laneText(lane) })]);
  }

  /** All of them, by name. */
  async list(): Promise<readonly Lane[]> {
    const rows = await this.#tables.page(LANES, { where: {}, order: ['id'] });
    return rows.map((row) => readStored(laneRow, row).lane);
  }
}
