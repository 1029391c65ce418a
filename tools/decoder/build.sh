#!/bin/sh
# Builds src/audio/decode/decoder.wasm: FFmpeg's demuxers and audio decoders, without GPL parts. Needs Emscripten 3.1.6
# (Debian: emscripten), the sources of FFmpeg 5.1.9 and two minutes or three.
#
# usage: tools/decoder/build.sh FOLDER_OF_FFMPEG_SOURCES
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$1"

demuxers=aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,iff,loas,matroska,mlp,mov,mp3,mpc,mpc8,mpegps,mpegts,ogg,rm,tak,truehd,tta,voc,w64,wav,wv
pcm=pcm_alaw,pcm_bluray,pcm_dvd,pcm_f16le,pcm_f24le,pcm_f32be,pcm_f32le,pcm_f64be,pcm_f64le,pcm_lxf,pcm_mulaw,pcm_s16be,pcm_s16be_planar,pcm_s16le,pcm_s16le_planar,pcm_s24be,pcm_s24le,pcm_s24le_planar,pcm_s32be,pcm_s32le,pcm_s32le_planar,pcm_s64be,pcm_s64le,pcm_s8,pcm_s8_planar,pcm_u16be,pcm_u16le,pcm_u24be,pcm_u24le,pcm_u32be,pcm_u32le,pcm_u8
decoders=$pcm,aac,aac_latm,ac3,adpcm_ima_qt,adpcm_ima_wav,adpcm_ms,alac,amrnb,amrwb,ape,dca,dsd_lsbf,dsd_lsbf_planar,dsd_msbf,dsd_msbf_planar,eac3,flac,gsm,gsm_ms,mlp,mp1float,mp2float,mp3float,mpc7,mpc8,opus,speex,tak,truehd,tta,vorbis,wavpack,wmalossless,wmapro,wmav1,wmav2
parsers=aac,aac_latm,ac3,amr,dca,flac,gsm,mlp,mpegaudio,opus,tak,vorbis

patch -p1 -N < "$here/ffmpeg.patch"
emconfigure ./configure --cc=emcc --cxx=em++ --ar=emar --ranlib=emranlib --nm=emnm --enable-cross-compile \
  --target-os=none --arch=c --disable-asm --disable-inline-asm --disable-runtime-cpudetect --disable-everything \
  --disable-autodetect --disable-programs --disable-doc --disable-network --disable-pthreads --disable-debug \
  --disable-stripping --disable-avdevice --disable-avfilter --disable-swscale --disable-postproc --enable-swresample \
  --enable-demuxer=$demuxers --enable-decoder=$decoders --enable-parser=$parsers --extra-cflags=-O3
libraries="libavformat/libavformat.a libavcodec/libavcodec.a libswresample/libswresample.a libavutil/libavutil.a"
# shellcheck disable=SC2086
emmake make -j"$(nproc)" $libraries
# shellcheck disable=SC2086
emcc -O3 -I. "$here/decoder.c" $libraries --no-entry -sSTANDALONE_WASM -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=512MB \
  -sTOTAL_STACK=2MB -sMALLOC=emmalloc -sERROR_ON_UNDEFINED_SYMBOLS=0 -sEXPORTED_FUNCTIONS=_malloc,_free \
  -o "$here/../../src/audio/decode/decoder.wasm"
chmod 644 "$here/../../src/audio/decode/decoder.wasm"
