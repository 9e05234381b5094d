// For `node --import`: writes the list of Node's own modules that are loaded when the process connects to a server for the first time
// to the file that MODULES_AT_FIRST_CALL names.
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...all) {
  Socket.prototype.connect = connect;
  writeFileSync(process.env.MODULES_AT_FIRST_CALL, process.moduleLoadList.join('\n'));
  return connect.apply(this, all);
};
