// For `node --import`: writes the list of Node's own modules that are loaded when the process connects to a server for the first time,
// and the parts of `Intl` that were made by then, to the file that MODULES_AT_FIRST_CALL names.
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';

const made = [];
for (const name of ['NumberFormat', 'Segmenter', 'Collator', 'DisplayNames'])
  Intl[name] = new Proxy(Intl[name], {
    construct(part, all) {
      made.push(`Intl ${name}`);
      return Reflect.construct(part, all);
    },
  });
const { toLocaleString: text } = Number.prototype;
Number.prototype.toLocaleString = function (...all) {
  made.push('Intl toLocaleString');
  return text.apply(this, all);
};

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...all) {
  Socket.prototype.connect = connect;
  writeFileSync(process.env.MODULES_AT_FIRST_CALL, [...process.moduleLoadList, ...made].join('\n'));
  return connect.apply(this, all);
};
