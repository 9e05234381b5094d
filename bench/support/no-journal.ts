// Preloaded with `--import` into a measured process: its journal keeps nothing, and costs nothing.
import { JournalFiles } from '../../src/infra/journal/journal-files.ts';
import { NOT_KEPT } from '../../src/streams/work/journal.ts';

JournalFiles.prototype.arrived = () => NOT_KEPT;
