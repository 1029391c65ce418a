/** Texts of the page: progress and the list of songs. */
export const songs = {
  'progress.region': 'Progress',
  'progress.decoding': 'Reading {name}',
  'progress.loadingModel': 'Loading the model: {loaded} of {total} MB',
  'progress.probing': 'Choosing how to compute: trying {backend}',
  'progress.starting': 'Starting the network',
  'progress.separating': 'Separating {done} of {total}',
  'progress.speed': '{speed} × real time',
  'progress.left': '{time} left',
  'progress.done': 'Separated in {time}, {speed} × real time',
  'progress.cancel': 'Cancel',
  'progress.cancelled': 'Stopped at {done} of {total}. What is separated can be played.',
  'progress.notBegun': 'Not separated. The original can be played.',
  'progress.finish': 'Separate the rest',
  'progress.hear': 'Hear the accompaniment',
  'progress.partLive': '{percent} percent separated',

  // What the masks tell about a separated song
  'confidence.unsure': 'The network was often unsure: traces remain.',
  'confidence.little-voice': 'Hardly any singing was found.',

  // Long songs, on disk
  'long.decoding': 'Decoding “{name}” to the disk: {done} of {total}',
  'long.warning':
    'This recording is about {hours} hours long. It needs gigabytes of disk space until you remove it, and a few minutes of computing per hour. You can cancel at any time.',

  // The list of songs, and those that are kept
  'songs.title': 'Songs',
  'songs.opening': 'Opening the song…',
  'songs.close': 'Close the list of songs',
  'songs.add': 'Add songs',
  'songs.addFolder': 'Add a folder',
  'songs.space': '{used} MB stored in this browser',
  'songs.spaceFree': '{used} MB stored in this browser; space for about {free} GB more',
  'songs.cancelAll': 'Cancel all',
  'songs.listen': 'Open “{name}” for listening',
  'songs.progress': 'Progress of “{name}”',
  'songs.waiting': 'Waiting',
  'songs.decoding': 'Reading',
  'songs.separating': 'Separating, {percent} %',
  'songs.resting': 'Paused at {percent} %',
  'songs.cancelled': 'Cancelled',
  'songs.failed': 'Failed: {message}',
  'songs.keeping.not-yet': 'Separated',
  'songs.keeping.keeping': 'Separated; storing…',
  'songs.keeping.kept': 'Stored',
  'songs.keeping.full': 'Separated; not stored for lack of space',
  'songs.keeping.painting-not-kept': 'Stored, without your latest painting',
  'songs.keeping.unable': 'Separated; available until you close the page',
  'songs.keeping.damaged': 'Damaged: remove it, then open its file again',
  'songs.more': 'More for “{name}”',
  'songs.move': 'Move “{name}”',
  'songs.moveHint': 'Drag to another place, or press the up or down arrow key',
  'songs.up': 'Move up',
  'songs.down': 'Move down',
  'songs.moved': '“{name}” is now number {place} of {count}.',
  'songs.choose': 'Choose',
  'songs.cancel': 'Cancel',
  'songs.retry': 'Try again',
  'songs.remove': 'Remove',
  'songs.removeAsk': 'Remove “{name}” from this browser? Its file stays where it is.',
  'songs.removeAskUnkept': 'Remove “{name}”? This page has no other copy of it.',
  'songs.removeYes': 'Remove it',
  'songs.removeNo': 'Keep it',
  'songs.doneLive': '“{name}” is separated.',
  'songs.failedLive': '“{name}” could not be separated. {message}',
  'songs.again':
    '“{name}” is being separated again. What is open stays until the new stems can be played; then you can switch between both results.',
  'songs.full': 'There is no space to store “{name}” in this browser.',
  'songs.fullHint':
    'It is available until you close the page. Save its stems now, or remove other songs from the list so that it can be stored.',
  'songs.there': '“{name}” is already in the list.',
  'songs.thereKept': '“{name}” was already separated and stored: it is opened as it is.',
  'songs.thereMany': 'Songs that are already in the list: {count}. They are not separated again.',
  'songs.left': 'Files that are not songs were skipped: {count}.',
  'songs.nameless': 'A song that cannot be read',

  // The audio tracks of a file
  'track.label': 'Audio track',
  'track.number': 'Track {number}',
  'track.channels': '{count} channels',

  // Songs that are not separated yet, over a reload
  'pending.elsewhere': 'Waiting in another window',
  'pending.elsewhereNote':
    '“{name}” is being separated in another window of Unsung. You can open it here when it is done.',
  'pending.notStored.full': 'lost when you close the page, for lack of space',
  'pending.notStored.unable': 'lost when you close the page',
  'pending.full':
    'There is no space to store the file of “{name}” until it is separated: leave the page open until then.',

  'painting.full': 'Your painting on “{name}” could not be stored.',
  'painting.fullHint':
    'It is available until you close the page. Save the mask or the stems now, or remove other songs from the list so that it can be stored.',

  // Several songs of the list at once
  'batch.region': 'Chosen songs',
  'batch.all': 'Choose all',
  'batch.choose': 'Choose “{name}”',
  'batch.count': '{count} of {total} chosen',
  'batch.size': 'about {size} MB',
  'batch.save': 'Save stems, as ZIP',
  'batch.left': 'Skipped, as they are not separated yet: {count}.',
  'batch.none': 'Nothing to save yet: none of the chosen songs is separated.',
  'batch.remove': 'Remove',
  'batch.removeAsk':
    'Remove the chosen songs ({count}) from this browser? Their files stay where they are; their separated stems are deleted.',
  'batch.removeYes': 'Remove them',
  'batch.removeNo': 'Keep them',
  'batch.working': 'Writing “{name}”, {place} of {count}',
  'batch.done': 'Saved {name} ({size} MB). Songs inside: {count}.',
  'batch.unreadable': 'Left out, as they can no longer be read: {names}.',
  'batch.named': '“{name}”',
  'batch.quieter': 'Saved quieter, as they exceeded full scale: {names}.',
} as const;
