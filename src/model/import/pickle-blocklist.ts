import { ModelError } from '../../core/errors.ts';

/** Modules that reach the machine, or run a text as a program. Nothing of a checkpoint comes from them. */
const SYSTEM =
  /^(os|posix|nt|sys|subprocess|shutil|socket|pty|ctypes|runpy|importlib|webbrowser|_?pickle|cPickle|marshal|builtins|__builtin__)\./;

/** Functions, and classes in small letters, of which checkpoints keep objects: settings, dates, random states. */
const HARMLESS = [
  /^(builtins|__builtin__)\.(bool|bytearray|bytes|complex|dict|float|frozenset|getattr|int|list|object|range|set)$/,
  /^(builtins|__builtin__)\.(slice|str|tuple|type)$/,
  /^(collections\.(defaultdict|deque)|copy_?reg\._reconstructor|functools\.partial)$/,
  /^datetime\.(date|datetime|time|timedelta|timezone)$/,
  /^torch\.(device|dtype|layout|memory_format|serialization\._get_layout)$/,
  /^numpy(\._?core)?\.multiarray\.scalar$/,
  /^numpy\.random\._pickle\./,
];

const isHarmless = (name: string) => HARMLESS.some((pattern) => pattern.test(name));

/**
 * Refuses what no checkpoint has a use for. Nothing of it would be run; but a file that asks for it means harm.
 *
 * @param name a class or a function of Python's: “posix.system”
 * @throws ModelError that names it
 */
export function refuseSystem(name: string, where: string): void {
  if (!SYSTEM.test(name) || isHarmless(name)) return;
  throw new ModelError('checkpoint.runs-code', { where, name });
}

/**
 * Refuses a function that makes something which is not read here. What a class makes is passed over: an optimiser, a
 * path, a list of settings. Python begins classes with a capital.
 *
 * @throws ModelError that names it
 */
export function refuseFunction(name: string, where: string): void {
  if (/\._*[A-Z]\w*$/.test(name) || isHarmless(name)) return;
  throw new ModelError('checkpoint.unread-object', { where, name });
}
