#!/bin/sh
# Separates all songs below a folder, as many at a time as there are processors. Needs GNU parallel and unsung.
#
#   separate-folder.sh SONGS STEMS [FLAGS OF UNSUNG...]
#
# STEMS/FOLDER/song.mp3/ gets the stems of SONGS/FOLDER/song.mp3. Run it again after it was ended: finished songs are left
# alone, others are separated, failed ones too. STEMS/jobs.tsv tells which song took how long; STEMS/songs.txt is the list
# of songs, made in the first run. PARALLEL='--jobs 1' changes parallel's flags.
set -eu
songs=$1 stems=$2
shift 2
mkdir -p "$stems"
stems=$(cd "$stems" && pwd)
cd "$songs"
# parallel knows finished songs by their place in the list, so the list stays as it is.
if [ ! -e "$stems/songs.txt" ]; then
  find . -type f -regextype posix-extended -iregex '.*\.(wav|mp3|flac|ogg|opus|m4a|aac|webm)' | sort > "$stems/songs.txt.part"
  mv "$stems/songs.txt.part" "$stems/songs.txt"
fi
exec parallel --quote --joblog "$stems/jobs.tsv" --resume-failed --retries 2 --memfree 1G \
  unsung {} --out "$stems/{}" "$@" :::: "$stems/songs.txt"
