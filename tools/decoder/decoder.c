/*
 * FFmpeg's demuxers and audio decoders behind a few functions, for WebAssembly. src/audio/decode/decoder-module.ts calls
 * them. All memory is that of the module; a song is a pointer.
 */
#include <emscripten.h>
#include <math.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/intreadwrite.h>
#include <libswresample/swresample.h>

#define MAX_CHANNELS 64
/* Bytes that are read at a time, and that are read at most to find out what a file is. */
#define IO_BYTES 65536
#define PROBE_BYTES (1 << 20)
/* One allocation of a damaged file must not take all memory. */
#define MAX_ALLOCATION (256 << 20)
/* Seconds that are decoded before a place: reservoirs of bits, overlapping blocks and filters have settled then. */
#define PREROLL_SECONDS 1

/* Reads `count` bytes of a source from `position` on. Returns how many; 0 at the end; less than 0 if it cannot be read. */
extern int read_source(int source, double position, uint8_t *to, int count);

typedef struct Song {
  AVFormatContext *format;
  AVIOContext *io;
  AVStream *stream;
  AVCodecContext *codec;
  AVPacket *packet;
  AVFrame *frame;
  int source, recognised;
  int64_t position, size;

  /* `packet` begins a chained stream, and waits until the decoder has given all of the one before. */
  int held;
  /* Set when the file was read to its end, and when nothing more comes out of the decoder. */
  int read_all, ended;
  /* A frame was received, but is not yet converted. */
  int pending;
  /* Packets that the decoder refused, and the error that ended reading early. */
  int refused, failure;
  /* Time of the first packet, and of the first frame, in their stream's units. */
  int64_t first_time, start_time;
  /* Samples of the first frame. */
  int start_count;
  /* Packets that end before this time are not decoded. */
  int64_t skip_to;

  /* Hertz of the song: that of its first frame. */
  int rate;
  SwrContext *converter;
  int in_rate, in_format;
  AVChannelLayout in_layout;
  uint8_t *planes[MAX_CHANNELS];
  int capacity;

  /* The last samples: where they are, how many, their channels, and the time of the first in seconds. */
  uint8_t **data;
  int count, channels;
  double layout, seconds;
} Song;

static int read_bytes(void *opaque, uint8_t *to, int count) {
  Song *song = opaque;
  int got = read_source(song->source, (double)song->position, to, count);
  if (got < 0) return AVERROR(EIO);
  if (got == 0) return AVERROR_EOF;
  song->position += got;
  return got;
}

static int64_t seek_bytes(void *opaque, int64_t offset, int whence) {
  Song *song = opaque;
  if (whence & AVSEEK_SIZE) return song->size;
  whence &= ~AVSEEK_FORCE;
  if (whence == SEEK_CUR) offset += song->position;
  else if (whence == SEEK_END) offset += song->size;
  if (offset < 0) return AVERROR(EINVAL);
  return song->position = offset;
}

EMSCRIPTEN_KEEPALIVE void song_close(Song *song) {
  if (!song) return;
  avcodec_free_context(&song->codec);
  swr_free(&song->converter);
  av_channel_layout_uninit(&song->in_layout);
  av_frame_free(&song->frame);
  av_packet_free(&song->packet);
  if (song->planes[0]) av_freep(&song->planes[0]);
  avformat_close_input(&song->format);
  if (song->io) av_freep(&song->io->buffer);
  avio_context_free(&song->io);
  av_free(song);
}

/* A song with no file yet; NULL if there is no memory. */
EMSCRIPTEN_KEEPALIVE Song *song_new(int source, double size) {
  av_log_set_level(AV_LOG_QUIET);
  av_max_alloc(MAX_ALLOCATION);
  Song *song = av_mallocz(sizeof(Song));
  if (!song) return NULL;
  song->source = source;
  song->size = (int64_t)size;
  uint8_t *buffer = av_malloc(IO_BYTES);
  song->io = buffer ? avio_alloc_context(buffer, IO_BYTES, 0, song, read_bytes, NULL, seek_bytes) : NULL;
  song->packet = av_packet_alloc();
  song->frame = av_frame_alloc();
  song->format = avformat_alloc_context();
  if (song->io && song->packet && song->frame && song->format) return song;
  if (!song->io) av_free(buffer);
  song_close(song);
  return NULL;
}

/*
 * Finds the container and its streams. `name` (its ending hints at the format) may be NULL. Returns the score of the
 * container, 1 to 100, or an error of FFmpeg, less than 0.
 */
EMSCRIPTEN_KEEPALIVE int song_open(Song *song, const char *name) {
  const AVInputFormat *found = NULL;
  int score = av_probe_input_buffer2(song->io, &found, name ? name : "", NULL, 0, PROBE_BYTES);
  if (score < 0) return score;
  song->recognised = score >= AVPROBE_SCORE_RETRY;
  song->format->pb = song->io;
  int result = avformat_open_input(&song->format, name ? name : "", found, NULL);
  if (result < 0) return result;
  result = avformat_find_stream_info(song->format, NULL);
  return result < 0 ? result : score;
}

/* Whether opening failed in a container that was recognised. */
EMSCRIPTEN_KEEPALIVE int song_is_container(Song *song) { return song->recognised; }

EMSCRIPTEN_KEEPALIVE const char *song_container(Song *song) { return song->format->iformat->name; }

EMSCRIPTEN_KEEPALIVE int song_streams(Song *song) { return song->format->nb_streams; }

EMSCRIPTEN_KEEPALIVE int stream_is_audio(Song *song, int n) {
  return song->format->streams[n]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

EMSCRIPTEN_KEEPALIVE int stream_is_default(Song *song, int n) {
  return (song->format->streams[n]->disposition & AV_DISPOSITION_DEFAULT) != 0;
}

EMSCRIPTEN_KEEPALIVE const char *stream_codec(Song *song, int n) {
  return avcodec_get_name(song->format->streams[n]->codecpar->codec_id);
}

EMSCRIPTEN_KEEPALIVE int stream_rate(Song *song, int n) { return song->format->streams[n]->codecpar->sample_rate; }

EMSCRIPTEN_KEEPALIVE int stream_channels(Song *song, int n) {
  return song->format->streams[n]->codecpar->ch_layout.nb_channels;
}

/* Bits of a sample, where the file states them; 0: it does not. */
EMSCRIPTEN_KEEPALIVE int stream_bits(Song *song, int n) {
  AVCodecParameters *parameters = song->format->streams[n]->codecpar;
  return parameters->bits_per_raw_sample ? parameters->bits_per_raw_sample : parameters->bits_per_coded_sample;
}

/* A tag of the stream, such as "language" or "title"; NULL without one. */
EMSCRIPTEN_KEEPALIVE const char *stream_tag(Song *song, int n, const char *key) {
  AVDictionaryEntry *entry = av_dict_get(song->format->streams[n]->metadata, key, NULL, 0);
  return entry ? entry->value : NULL;
}

/* Seconds of the stream as the file states them; less than 0: unknown. */
EMSCRIPTEN_KEEPALIVE double stream_seconds(Song *song, int n) {
  AVStream *stream = song->format->streams[n];
  if (stream->duration != AV_NOPTS_VALUE) return stream->duration * av_q2d(stream->time_base);
  if (song->format->duration != AV_NOPTS_VALUE) return song->format->duration / (double)AV_TIME_BASE;
  return -1;
}

/* Seconds that the file states of this stream, not of the longest one; less than 0: unknown. */
EMSCRIPTEN_KEEPALIVE double stream_own_seconds(Song *song, int n) {
  AVStream *stream = song->format->streams[n];
  if (stream->duration != AV_NOPTS_VALUE || song->format->nb_streams == 1) return stream_seconds(song, n);
  return -1;
}

/* Whether the length follows from the size of the file and the bit rate at its start. */
EMSCRIPTEN_KEEPALIVE int song_seconds_estimated(Song *song) {
  return song->format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
}

/* Seconds at which the earliest stream starts. */
EMSCRIPTEN_KEEPALIVE double song_start(Song *song) {
  return song->format->start_time == AV_NOPTS_VALUE ? 0 : song->format->start_time / (double)AV_TIME_BASE;
}

/* Starts decoding a stream. Returns 0, AVERROR_DECODER_NOT_FOUND, or another error of FFmpeg. */
EMSCRIPTEN_KEEPALIVE int song_select(Song *song, int n) {
  song->stream = song->format->streams[n];
  for (unsigned k = 0; k < song->format->nb_streams; k++) {
    song->format->streams[k]->discard = (int)k == n ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  }
  const AVCodec *codec = avcodec_find_decoder(song->stream->codecpar->codec_id);
  if (!codec) return AVERROR_DECODER_NOT_FOUND;
  song->codec = avcodec_alloc_context3(codec);
  if (!song->codec) return AVERROR(ENOMEM);
  int result = avcodec_parameters_to_context(song->codec, song->stream->codecpar);
  if (result < 0) return result;
  song->codec->pkt_timebase = song->stream->time_base;
  song->first_time = song->start_time = song->skip_to = AV_NOPTS_VALUE;
  return avcodec_open2(song->codec, codec, NULL);
}

EMSCRIPTEN_KEEPALIVE int song_unsupported(int result) { return result == AVERROR_DECODER_NOT_FOUND; }

/* Whether a packet of Opus begins a chained stream: only the first one of a stream has samples to skip at its start. */
static int begins_stream(Song *song) {
  if (song->codec->codec_id != AV_CODEC_ID_OPUS || song->first_time == AV_NOPTS_VALUE) return 0;
  size_t size;
  const uint8_t *skip = av_packet_get_side_data(song->packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  return skip && size >= 4 && AV_RL32(skip) > 0;
}

static int is_skipped(Song *song) {
  AVPacket *packet = song->packet;
  return song->skip_to != AV_NOPTS_VALUE && packet->pts != AV_NOPTS_VALUE &&
         packet->pts + packet->duration <= song->skip_to;
}

/* The next frame of the decoder: 1, or 0 at the end. A packet that cannot be decoded is left out, as FFmpeg does. */
static int receive(Song *song) {
  for (;;) {
    int result = avcodec_receive_frame(song->codec, song->frame);
    if (result >= 0 && song->frame->nb_samples > 0 && song->frame->ch_layout.nb_channels <= MAX_CHANNELS) return 1;
    if (result == AVERROR_EOF && song->held) {
      song->held = 0;
      avcodec_flush_buffers(song->codec);
      if (avcodec_send_packet(song->codec, song->packet) < 0) song->refused++;
      av_packet_unref(song->packet);
      continue;
    }
    if (result == AVERROR_EOF) return 0;
    if (result != AVERROR(EAGAIN)) {
      if (result < 0) song->refused++;
      if (song->read_all && result < 0) return 0;
      continue;
    }
    if (song->read_all) return 0;
    result = av_read_frame(song->format, song->packet);
    if (result < 0) {
      if (result != AVERROR_EOF) song->failure = result;
      song->read_all = 1;
      avcodec_send_packet(song->codec, NULL);
      continue;
    }
    if (song->packet->stream_index == song->stream->index && !is_skipped(song)) {
      if (begins_stream(song)) {
        song->held = 1;
        avcodec_send_packet(song->codec, NULL);
        continue;
      }
      if (song->first_time == AV_NOPTS_VALUE) song->first_time = song->packet->pts;
      if (avcodec_send_packet(song->codec, song->packet) < 0) song->refused++;
    }
    av_packet_unref(song->packet);
  }
}

static int reserve(Song *song, int channels, int count) {
  if (channels * (int64_t)count <= song->capacity) {
    uint8_t *start = song->planes[0];
    for (int c = 0; c < channels; c++) song->planes[c] = start + sizeof(float) * (size_t)c * count;
    return 0;
  }
  av_freep(&song->planes[0]);
  song->capacity = 0;
  uint8_t *start = av_malloc(sizeof(float) * (size_t)channels * count);
  if (!start) return AVERROR(ENOMEM);
  song->capacity = channels * count;
  for (int c = 0; c < channels; c++) song->planes[c] = start + sizeof(float) * (size_t)c * count;
  return 0;
}

/* What is left in the converter when the stream changes or ends; only a change of the rate leaves something. */
static int drain(Song *song) {
  if (!song->converter || song->in_rate == song->rate) return 0;
  int channels = song->in_layout.nb_channels;
  int left = (int)swr_get_delay(song->converter, song->rate) + 32;
  if (reserve(song, channels, left) < 0) return 0;
  int count = swr_convert(song->converter, song->planes, left, NULL, 0);
  song->data = song->planes;
  song->channels = channels;
  song->layout = song->in_layout.order == AV_CHANNEL_ORDER_NATIVE ? (double)song->in_layout.u.mask : 0;
  return count > 0 ? count : 0;
}

static int is_same_input(Song *song) {
  AVFrame *frame = song->frame;
  return song->converter && song->in_rate == frame->sample_rate && song->in_format == frame->format &&
         av_channel_layout_compare(&song->in_layout, &frame->ch_layout) == 0;
}

static int open_converter(Song *song) {
  AVFrame *frame = song->frame;
  swr_free(&song->converter);
  song->in_rate = frame->sample_rate;
  song->in_format = frame->format;
  av_channel_layout_uninit(&song->in_layout);
  int result = av_channel_layout_copy(&song->in_layout, &frame->ch_layout);
  if (result < 0) return result;
  result = swr_alloc_set_opts2(&song->converter, &song->in_layout, AV_SAMPLE_FMT_FLTP, song->rate, &song->in_layout,
                               frame->format, frame->sample_rate, 0, NULL);
  return result < 0 ? result : swr_init(song->converter);
}

/* MP4 states the end of a song in the duration of its last packet. */
static int stated_count(Song *song) {
  AVFrame *frame = song->frame;
  AVRational base = song->stream->time_base;
  int is_exact = base.num == 1 && frame->sample_rate > 0 && base.den % frame->sample_rate == 0;
  if (!is_exact || frame->pkt_duration <= 0 || !av_match_name("mov", song->format->iformat->name)) {
    return frame->nb_samples;
  }
  int64_t stated = frame->pkt_duration / (base.den / frame->sample_rate);
  return stated < frame->nb_samples ? (int)stated : frame->nb_samples;
}

/*
 * Decodes on. Returns the number of samples in each channel, 0 at the end, or an error, less than 0. They are valid
 * until the next call.
 */
EMSCRIPTEN_KEEPALIVE int song_next(Song *song) {
  if (song->ended) return song->count = 0;
  if (!song->pending) av_frame_unref(song->frame);
  if (!song->pending && !receive(song)) {
    song->ended = 1;
    return song->count = drain(song);
  }
  AVFrame *frame = song->frame;
  song->pending = 0;
  if (song->rate == 0) song->rate = frame->sample_rate;
  int64_t time = frame->best_effort_timestamp;
  song->seconds = time == AV_NOPTS_VALUE ? 0 : time * av_q2d(song->stream->time_base);
  int count = stated_count(song);
  if (song->start_time == AV_NOPTS_VALUE) {
    song->start_time = time;
    song->start_count = count;
  }
  if (frame->format != AV_SAMPLE_FMT_FLTP || frame->sample_rate != song->rate) {
    if (!is_same_input(song)) {
      int left = drain(song);
      int result = open_converter(song);
      if (result < 0) return result;
      if (left > 0) {
        song->pending = 1;
        return song->count = left;
      }
    }
    int room = swr_get_out_samples(song->converter, count);
    int result = reserve(song, frame->ch_layout.nb_channels, room);
    if (result < 0) return result;
    count = swr_convert(song->converter, song->planes, room, (const uint8_t **)frame->extended_data, count);
    if (count < 0) return count;
    song->data = song->planes;
  } else {
    song->data = frame->extended_data;
  }
  song->channels = frame->ch_layout.nb_channels;
  song->layout = frame->ch_layout.order == AV_CHANNEL_ORDER_NATIVE ? (double)frame->ch_layout.u.mask : 0;
  song->count = count;
  return count == 0 ? song_next(song) : count;
}

/* Whether what a codec gives depends on nothing but the last second before it. */
static int can_begin_anywhere(enum AVCodecID codec) {
  switch (codec) {
    case AV_CODEC_ID_AAC:
    case AV_CODEC_ID_AC3:
    case AV_CODEC_ID_ALAC:
    case AV_CODEC_ID_DTS:
    case AV_CODEC_ID_EAC3:
    case AV_CODEC_ID_FLAC:
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
    case AV_CODEC_ID_OPUS:
    case AV_CODEC_ID_TTA:
    case AV_CODEC_ID_VORBIS:
    case AV_CODEC_ID_WAVPACK:
      return 1;
    default:
      return av_get_exact_bits_per_sample(codec) > 0;
  }
}

/* Whether the demuxer finds a place by an index, or by times that the file states, and not by its bit rate. */
static int has_exact_places(Song *song) {
  const char *exact = "aiff,au,caf,flac,matroska,mov,ogg,tta,w64,wav";
  if (!av_match_name(song->format->iformat->name, exact)) return 0;
  return !av_match_name(song->format->iformat->name, "wav,w64,caf") ||
         av_get_exact_bits_per_sample(song->codec->codec_id) > 0;
}

/*
 * Decodes on from a second before a place, in seconds from the first frame. Packets before it are at most read. Returns
 * 0, or an error if that is not possible; the song is of no use then. song_position tells where the next frames lie.
 */
EMSCRIPTEN_KEEPALIVE int song_seek(Song *song, double seconds) {
  if (!can_begin_anywhere(song->codec->codec_id) || song->start_time == AV_NOPTS_VALUE) return AVERROR(ENOSYS);
  AVRational base = song->stream->time_base;
  song->skip_to = song->start_time + (int64_t)((seconds - PREROLL_SECONDS) / av_q2d(base));
  if (has_exact_places(song)) {
    int result = av_seek_frame(song->format, song->stream->index, song->skip_to, AVSEEK_FLAG_BACKWARD);
    if (result < 0) return result;
  }
  avcodec_flush_buffers(song->codec);
  av_packet_unref(song->packet);
  av_frame_unref(song->frame);
  song->held = song->pending = song->read_all = song->ended = 0;
  return 0;
}

/* Samples of which the length of every packet is a multiple; 0: unknown. */
static int packet_grain(Song *song) {
  AVCodecParameters *parameters = song->stream->codecpar;
  switch (parameters->codec_id) {
    case AV_CODEC_ID_OPUS:
      return 120;
    case AV_CODEC_ID_FLAC:
      /* The least and the greatest length of blocks. */
      if (parameters->extradata_size < 4 || AV_RB16(parameters->extradata) != AV_RB16(parameters->extradata + 2)) return 0;
      return AV_RB16(parameters->extradata);
    case AV_CODEC_ID_AAC:
    case AV_CODEC_ID_AC3:
    case AV_CODEC_ID_DTS:
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
      return song->frame->nb_samples;
    default:
      return 0;
  }
}

/*
 * Samples of the song before the last frame, as its time tells: times that are rounded count as those of whole packets.
 * Less than 0: the time leaves it open.
 */
EMSCRIPTEN_KEEPALIVE double song_position(Song *song) {
  int64_t time = song->frame->best_effort_timestamp;
  if (time == AV_NOPTS_VALUE) return -1;
  AVRational base = song->stream->time_base;
  double samples = (time - song->start_time) * av_q2d(base) * song->rate;
  if (base.den % ((int64_t)base.num * song->rate) == 0) return round(samples);
  int grain = packet_grain(song);
  /* Both times are rounded. */
  double tolerance = av_q2d(base) * song->rate;
  if (2 * tolerance >= grain) return -1;
  double position = song->start_count + round((samples - song->start_count) / grain) * grain;
  return fabs(position - samples) <= tolerance ? position : -1;
}

/* Samples that the last call of song_next gave. */
EMSCRIPTEN_KEEPALIVE int song_count(Song *song) { return song->count; }
EMSCRIPTEN_KEEPALIVE int song_rate(Song *song) { return song->rate; }
EMSCRIPTEN_KEEPALIVE int frame_channels(Song *song) { return song->channels; }
EMSCRIPTEN_KEEPALIVE uint8_t *frame_plane(Song *song, int channel) { return song->data[channel]; }
/* Bits of the channels (AV_CH_*), in the order of the planes; 0: unknown. */
EMSCRIPTEN_KEEPALIVE double frame_layout(Song *song) { return song->layout; }
/* Whether nothing of the stream was left out before these samples. */
EMSCRIPTEN_KEEPALIVE int frame_is_first(Song *song) {
  return song->frame->best_effort_timestamp == song->first_time;
}
EMSCRIPTEN_KEEPALIVE double frame_seconds(Song *song) { return song->seconds; }
EMSCRIPTEN_KEEPALIVE int song_refused(Song *song) { return song->refused; }
EMSCRIPTEN_KEEPALIVE int song_failed(Song *song) { return song->failure; }
