// SPDX-License-Identifier: LGPL-2.1-or-later
// The page: what is chosen becomes one request, which is planned while it changes and started once.
import { Client } from './client.js';

const at = id => document.getElementById(id);
const shown = (id, is) => { at(id).hidden = !is; };
let client = null;
let isHere = true;  // whether the service reads and writes the buckets itself

// ---- errors -------------------------------------------------------------------------------------

function showError(error) {
  at('error').textContent = error ? `${error.code || error.name}: ${error.message}` : '';
}

/** An event's handler whose errors are shown, and which clears what was shown before. */
const handler = work => async event => {
  event?.preventDefault?.();
  showError(null);
  try {
    await work(event);
  } catch (error) {
    showError(error);
  }
};

// ---- the request --------------------------------------------------------------------------------

// A number as it is written, so that 29.97 stays exact; what is none is for the service to refuse.
function number(id) {
  const text = at(id).value.trim();
  return text === '' ? undefined : Number.isNaN(Number(text)) ? text : Number(text);
}

function request() {
  const bucket = at('bucket').value;
  if (!bucket) throw new Error('there is no bucket');
  const look = {
    Format: document.querySelector('[name=format]:checked').value,
    URI: `oss://${bucket}/${at('target').value}`, Interval: number('interval'),
    FrameRate: number('frame-rate'), Width: number('width'), Height: number('height'),
    ScaleType: at('scale-type').value };
  const source = { URI: `oss://${bucket}/${at('key').value}`, StartTime: number('start'),
    Duration: number('duration') };
  return { ProjectName: at('project').value, Sources: [source],
    Targets: [{ Image: { Animations: [look] } }] };
}

// ---- the plan -----------------------------------------------------------------------------------

const seconds = value => value === undefined ? 'unknown' : `${Number(value.toFixed(2))} s`;

function showPlan(output) {
  at('frames').textContent = output ? output.FrameCount ?? 'unknown' : '–';
  at('length').textContent = output ? seconds(output.Duration) : '–';
  at('size').textContent = output ? `${output.Width} × ${output.Height}` : '–';
}

let planning = new AbortController();

// The plan before it ends.
async function plan() {
  planning.abort();
  planning = new AbortController();
  const { signal } = planning;
  at('advice').textContent = '';
  if (!at('key').value) return showPlan(null);
  try {
    const { Plan } = await client.call('PlanMediaConvertTask', request(), signal);
    if (signal.aborted) return;
    showPlan(Plan.Outputs[0]);
    at('advice').textContent = Plan.Warnings.join(' ');
  } catch (error) {
    if (signal.aborted) return;
    showPlan(null);
    showError(error);
  }
}

let waiting = 0;

function planSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => { showError(null); plan(); }, 300);
}

// ---- the video ----------------------------------------------------------------------------------

async function showKeys() {
  const bucket = at('bucket').value;
  const { keys, isCut } = bucket && isHere ? await client.keys(bucket) : { keys: [], isCut: false };
  at('keys').replaceChildren(...keys.map(key => new Option(key, key)));
  at('more').textContent = isCut ? `The first ${keys.length} objects are offered; type the others.` : '';
}

async function showVideo() {
  const key = at('key').value;
  const isPlayed = key !== '' && isHere;
  shown('video', isPlayed);
  if (isPlayed) at('video').src = await client.objectUrl(`/${at('bucket').value}/${key}`);
  planSoon();
}

// A key of that name which is free: what others have put there stays.
async function freeKey(bucket, name) {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 1; number <= 100; ++number) {
    const key = `uploads/${number === 1 ? name : `${stem}-${number}${ending}`}`;
    if (!await client.has(`/${bucket}/${key}`)) return key;
  }
  throw new Error(`there are a hundred uploads named ${name}; give the file another name`);
}

async function upload(file) {
  if (!at('bucket').value) throw new Error('there is no bucket: make a folder in the storage root');
  const key = await freeKey(at('bucket').value, file.name.replace(/^\.+/, ''));
  shown('sent', true);
  try {
    await client.put(`/${at('bucket').value}/${key}`, file, part => { at('sent').value = part; });
  } finally {
    shown('sent', false);
  }
  at('key').value = key;
  await showKeys();
  await showVideo();
}

// ---- the task -----------------------------------------------------------------------------------

const pause = time => new Promise(resolve => setTimeout(resolve, time));

// The task when it has ended. It runs on while the service is busy or away.
async function ended(id, project) {
  const fields = { ProjectName: project, TaskType: 'MediaConvert', TaskId: id };
  for (let wait = 300;;) {
    try {
      const task = await client.call('GetTask', fields);
      if (task.Status !== 'Running') return task;
      at('progress').value = task.Progress;
      at('state').textContent = `Running: ${task.Progress} %`;
      wait = 300;
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) throw error;
      wait = Math.min(2 * wait, 10000);
      at('state').textContent = `Running; asking again (${error.message})`;
    }
    await pause(wait);
  }
}

// Of a task that has succeeded, whether it can be shown or not.
async function showAnimation(uri) {
  at('facts').textContent = uri;
  let isShown = isHere;
  try {
    if (isHere) await loadAnimation(uri);
  } catch {
    isShown = false;
    at('facts').textContent = `${uri} cannot be shown here`;
  }
  shown('animation', isShown);
  shown('download', isShown);
  shown('result', true);
}

// The object's path, from the plan's URI: the templates in it are filled in there.
async function loadAnimation(uri) {
  const path = uri.replace(/^oss:\//, '');
  at('animation').src = at('download').href = await client.objectUrl(path);
  at('download').download = path.slice(path.lastIndexOf('/') + 1);
  await at('animation').decode();
  at('facts').textContent = `${uri}, ${at('animation').naturalWidth} × ${at('animation').naturalHeight}`;
}

async function start() {
  at('start-task').disabled = true;
  shown('result', false);
  shown('progress', true);
  at('progress').value = 0;
  at('state').textContent = 'Starting';
  try {
    const task = request();
    // The plan says where the animation will be. Without one the task says what is wrong, if anything.
    const [output] = await client.call('PlanMediaConvertTask', task)
      .then(({ Plan }) => Plan.Outputs, () => [{ URI: task.Targets[0].Image.Animations[0].URI }]);
    const { TaskId } = await client.call('CreateMediaConvertTask', task);
    const { Status, Code, Message } = await ended(TaskId, task.ProjectName);
    if (Status !== 'Succeeded') throw Object.assign(new Error(Message), { code: Code });
    await showAnimation(output.URI);
    at('state').textContent = 'Done';
  } catch (error) {
    at('state').textContent = 'Failed';
    throw error;
  } finally {
    at('start-task').disabled = false;
    shown('progress', false);
  }
}

// ---- signing in ---------------------------------------------------------------------------------

const fill = (id, names) => at(id).replaceChildren(...names.map(name => new Option(name, name)));

// Buckets that are in an object store are named by hand; the service converts what is in them, but
// neither shows it nor takes uploads.
async function showBuckets() {
  try {
    fill('bucket', await client.buckets());
  } catch (error) {
    if (error.code !== 'OperationNotSupported') throw error;
    isHere = false;
    at('elsewhere').textContent = `Here is neither an upload nor a preview: ${error.message}. ` +
      'Type the bucket and the object; the animation is written there, too.';
    const typed = Object.assign(document.createElement('input'), { id: 'bucket', spellcheck: false });
    typed.addEventListener('change', handler(showVideo));
    at('bucket').replaceWith(typed);
  }
  shown('elsewhere', !isHere);
  shown('drop', isHere);
}

async function signIn() {
  if (!globalThis.crypto?.subtle) {
    throw new Error('the browser signs on localhost and over HTTPS alone');
  }
  const attempt = new Client(at('key-id').value.trim(), at('secret').value);
  const { Projects } = await attempt.call('ListProjects', {});
  client = attempt;
  sessionStorage.setItem('key', JSON.stringify([attempt.id, attempt.secret]));
  fill('project', Projects.map(project => project.ProjectName));
  await showBuckets();
  await showKeys();
  for (const child of at('access').children) child.hidden = !child.classList.contains('inside');
  at('signed-in').textContent = `Signed in as ${client.id}`;
  shown('work', true);
  at(isHere ? 'file' : 'bucket').focus();
}

// Nothing of the key stays: the page begins anew.
function signOut() {
  sessionStorage.clear();
  location.reload();
}

at('access').addEventListener('submit', handler(signIn));
at('sign-out').addEventListener('click', signOut);
at('file').addEventListener('change', handler(async event => {
  const [file] = event.target.files;
  event.target.value = '';  // so that the same one may be chosen again
  if (file) await upload(file);
}));
for (const type of ['dragover', 'dragleave', 'drop']) {
  at('drop').addEventListener(type, event => {
    event.preventDefault();
    at('drop').classList.toggle('over', type === 'dragover');
  });
}
at('drop').addEventListener('drop', handler(async event => {
  if (event.dataTransfer.files.length) await upload(event.dataTransfer.files[0]);
}));
at('bucket').addEventListener('change', handler(async () => { await showKeys(); await showVideo(); }));
at('key').addEventListener('change', handler(showVideo));
at('look').addEventListener('input', planSoon);
at('look').addEventListener('submit', event => event.preventDefault());
at('start-task').addEventListener('click', handler(start));
at('copy').addEventListener('click', handler(async () => {
  await navigator.clipboard.writeText(JSON.stringify(request(), null, 2));
  at('state').textContent = 'The request is in the clipboard';
}));

const [id, secret] = JSON.parse(sessionStorage.getItem('key') || '[]');
if (id) {
  [at('key-id').value, at('secret').value] = [id, secret];
  handler(signIn)();
}
