// Follows a server of this machine over many connections at once, WebSocket or Server-Sent Events, and tells when the last of them
// had each batch. A batch is a message with a "seq", and a "time" that it counts from. Every message is compared byte for byte with
// what the first follower got, so that none is lost, repeated or changed unseen.
//
//   followers PORT PATH ws|sse FOLLOWERS FROZEN WARMUP BATCHES [SAY]
//
// FROZEN of them read nothing once they are connected. SAY is what each says first over its WebSocket. Prints "connected SECONDS"
// when all are, "warm" when all have had WARMUP batches, and after BATCHES more a line of JSON; with BATCHES 0 it stays until its
// input ends.

#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include "net.h"

enum { BUFFER = 256 * 1024, EVENTS = 1024, ABREAST = 128, QUIET_S = 60, HEAD_BYTES = 16 * 1024 };
// What a frozen one's kernel takes in for it: little, as over a real network, where a segment is no 64 KiB.
enum { FROZEN_BUFFER = 4096, FROZEN_SEGMENT = 536 };
enum { HEAD, RAW, SIZE, DATA, END };

typedef struct {
  int fd, state, frozen, over;
  uint32_t chunk;  // left of an HTTP chunk, or its size so far
  long next;       // place in `batches` of what it gets next; -1 before the first
  size_t size, room;
  char *left; // the beginning of a message
} follower;

typedef struct {
  long seq, got;
  double start, first, last;
  size_t size;
  char *bytes;
} batch;

static follower *all;
static batch *batches;
static long followers, frozen, warmup, wanted, begun, connected, count, room, measured_from = -1;
static long lost, repeated, changed, gaps, closed;
static int is_ws, poller;
static const char *say;
static float *delays; // ms, of each message that is measured
static long delay_count;
static double progress;

static double wall(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

// The number or time that follows a name in a JSON text, where it stands.
static const char *field(const char *bytes, size_t size, const char *name) {
  const char *at = memmem(bytes, size, name, strlen(name));
  return at == NULL ? NULL : at + strlen(name);
}

static double start_of(const char *bytes, size_t size) {
  const char *at = field(bytes, size, "\"time\":\"");
  struct tm date = {0};
  const char *rest = at == NULL ? NULL : strptime(at, "%Y-%m-%dT%H:%M:%S", &date);
  if (rest == NULL) return 0;
  return timegm(&date) + (*rest == '.' ? atof(rest) : 0);
}

static batch *add(long seq, const char *bytes, size_t size) {
  if (count == room) batches = realloc(batches, (room = 2 * room + 64) * sizeof *batches);
  batch *new = &batches[count++];
  *new = (batch){.seq = seq, .start = start_of(bytes, size), .size = size, .bytes = malloc(size)};
  memcpy(new->bytes, bytes, size);
  return new;
}

static int is_measured(long place) { return measured_from >= 0 && place >= measured_from && place < measured_from + wanted; }

static void got(follower *f, long place, double at) {
  batch *b = &batches[place];
  if (b->got++ == 0) b->first = at;
  b->last = at;
  f->next = place + 1;
  if (is_measured(place)) delays[delay_count++] = (at - b->start) * 1e3;
}

static void take(follower *f, const char *bytes, size_t size) {
  double at = wall();
  if (f->next >= 0 && f->next < count && batches[f->next].size == size && !memcmp(batches[f->next].bytes, bytes, size)) {
    got(f, f->next, at);
    return;
  }
  const char *number = field(bytes, size, "\"seq\":");
  if (number == NULL) {
    gaps += field(bytes, size, "\"reason\":\"retention\"") != NULL;
    return;
  }
  long seq = atol(number), newest = count > 0 ? batches[count - 1].seq : seq - 1;
  if (seq > newest) {
    lost += seq - newest - 1;
    if (f->next >= 0) lost += count - f->next;
    add(seq, bytes, size);
    got(f, count - 1, at);
    return;
  }
  long place = count - 1 - (newest - seq);
  if (place < 0) return; // from before the first that any of us saw
  if (place < f->next) repeated++;
  else if (batches[place].size != size || memcmp(batches[place].bytes, bytes, size)) changed++, f->next = place + 1;
  else {
    if (f->next >= 0) lost += place - f->next;
    got(f, place, at);
  }
}

static void send_frame(follower *f, int opcode, const char *bytes, size_t size) {
  // Masked, as a client's must be, with zeros; each is short.
  char frame[1024] = {(char)(0x80 | opcode)};
  size_t at = 2;
  if (size < 126) frame[1] = (char)(0x80 | size);
  else frame[1] = (char)(0x80 | 126), frame[2] = size >> 8, frame[3] = size, at = 4;
  at += 4;
  if (size > sizeof frame - at) fail("what is said is too long");
  memcpy(frame + at, bytes, size);
  if (send(f->fd, frame, at + size, MSG_NOSIGNAL) < 0) fail("send");
}

// Takes the whole messages there are; gives how many bytes they were.
static size_t take_frames(follower *f, const char *bytes, size_t size) {
  size_t at = 0;
  while (size - at >= 2) {
    const uint8_t *head = (const uint8_t *)bytes + at;
    size_t length = head[1] & 127, begin = 2;
    if (length == 126) {
      if (size - at < 4) break;
      length = head[2] << 8 | head[3], begin = 4;
    } else if (length == 127) {
      if (size - at < 10) break;
      length = 0, begin = 10;
      for (int i = 2; i < 10; i++) length = length << 8 | head[i];
    }
    if (size - at < begin + length) break;
    int opcode = head[0] & 15;
    if (opcode == 1) take(f, bytes + at + begin, length);
    else if (opcode == 9) send_frame(f, 10, bytes + at + begin, length);
    at += begin + length;
  }
  return at;
}

static size_t take_events(follower *f, const char *bytes, size_t size) {
  size_t at = 0;
  for (const char *end; (end = memmem(bytes + at, size - at, "\n\n", 2)) != NULL; at = end + 2 - bytes)
    take(f, bytes + at, end - bytes - at);
  return at;
}

// Takes messages of what came and of what was left of before; keeps what is left now.
static void take_some(follower *f, const char *bytes, size_t size) {
  size_t (*taken)(follower *, const char *, size_t) = is_ws ? take_frames : take_events;
  if (f->size == 0) {
    size_t at = taken(f, bytes, size);
    bytes += at, size -= at;
    if (size == 0) return;
  }
  if (f->size + size > f->room) f->left = realloc(f->left, f->room = f->size + size);
  memcpy(f->left + f->size, bytes, size);
  f->size += size;
  size_t at = taken(f, f->left, f->size);
  memmove(f->left, f->left + at, f->size -= at);
  if (f->size > 0) return;
  free(f->left);
  f->left = NULL, f->room = 0;
}

static void take_chunks(follower *f, const char *bytes, size_t size) {
  for (size_t at = 0; at < size;) {
    if (f->state == DATA) {
      size_t part = size - at < f->chunk ? size - at : f->chunk;
      take_some(f, bytes + at, part);
      at += part;
      if ((f->chunk -= part) == 0) f->state = END;
      continue;
    }
    char c = bytes[at++];
    if (f->state == END) {
      if (c == '\n') f->state = SIZE;
    } else if (isxdigit(c)) f->chunk = f->chunk * 16 + (isdigit(c) ? c - '0' : (c | 32) - 'a' + 10);
    else if (c == '\n') f->state = f->chunk > 0 ? DATA : END;
  }
}

static void freeze(follower *f) { epoll_ctl(poller, EPOLL_CTL_DEL, f->fd, NULL); }

// The head of the answer may come in parts, and with what follows it.
static void take_head(follower *f, const char *bytes, size_t size) {
  if (f->left == NULL) f->left = malloc(f->room = HEAD_BYTES + BUFFER);
  memcpy(f->left + f->size, bytes, size);
  f->size += size;
  char *end = memmem(f->left, f->size, "\r\n\r\n", 4), *head = f->left;
  if (end == NULL) {
    if (f->size > HEAD_BYTES) fail("an answer without an end to its head");
    return;
  }
  *end = '\0';
  if (strncmp(head, is_ws ? "HTTP/1.1 101" : "HTTP/1.1 200", 12) != 0) {
    fprintf(stderr, "refused: %s\n", head);
    exit(1);
  }
  int is_chunked = !is_ws && strcasestr(head, "transfer-encoding: chunked") != NULL;
  size_t rest = f->size - (end + 4 - head);
  f->left = NULL, f->size = f->room = 0, f->chunk = 0;
  f->state = is_chunked ? SIZE : RAW;
  connected++;
  if (say != NULL && is_ws) send_frame(f, 1, say, strlen(say));
  if (is_chunked) take_chunks(f, end + 4, rest);
  else take_some(f, end + 4, rest);
  free(head);
  if (f->frozen) freeze(f);
}

static void receive(follower *f) {
  static char buffer[BUFFER];
  ssize_t size = recv(f->fd, buffer, BUFFER, 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) {
    if (f->state == HEAD) fail("an answer");
    closed++, f->over = 1;
    epoll_ctl(poller, EPOLL_CTL_DEL, f->fd, NULL);
    return;
  }
  if (f->state == HEAD) take_head(f, buffer, size);
  else if (f->state == RAW) take_some(f, buffer, size);
  else take_chunks(f, buffer, size);
}

static void begin_one(const char *port, const char *request) {
  follower *f = &all[begun];
  *f = (follower){.fd = socket(AF_INET, SOCK_STREAM, 0), .next = -1};
  if (f->fd < 0) fail("socket");
  f->frozen = frozen > 0 && begun % (followers / frozen) == 0 && begun / (followers / frozen) < frozen;
  begun++;
  // A reset at the end, so that no port is kept for it.
  setsockopt(f->fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
  if (f->frozen) {
    setsockopt(f->fd, SOL_SOCKET, SO_RCVBUF, &(int){FROZEN_BUFFER}, sizeof(int));
    setsockopt(f->fd, IPPROTO_TCP, TCP_MAXSEG, &(int){FROZEN_SEGMENT}, sizeof(int));
  }
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(atoi(port))};
  if (connect(f->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
  if (send(f->fd, request, strlen(request), MSG_NOSIGNAL) < 0) fail("send");
  fcntl(f->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = f};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, f->fd, &event)) fail("epoll");
}

static void wait_once(int ms) {
  static struct epoll_event events[EVENTS];
  int some = epoll_wait(poller, events, EVENTS, ms);
  if (some > 0) progress = wall();
  for (int i = 0; i < some; i++) receive(events[i].data.ptr);
}

// How many batches in a row all who read have had since they are all connected.
static long complete(long from) {
  long place = from;
  while (place < count && batches[place].got >= followers - frozen) place++;
  return place - from;
}

static int by_size(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static double share(double part) { return delay_count == 0 ? 0 : delays[(long)((delay_count - 1) * part)]; }

static void report(void) {
  for (long i = 0; i < followers; i++)
    if (!all[i].frozen && all[i].next >= 0 && all[i].next < measured_from + wanted) lost += measured_from + wanted - all[i].next;
  qsort(delays, delay_count, sizeof *delays, by_size);
  printf("{\"lost\":%ld,\"repeated\":%ld,\"changed\":%ld,\"gaps\":%ld,\"closed\":%ld,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"batches\":[", lost,
         repeated, changed, gaps, closed, share(0.5), share(0.99));
  for (long i = measured_from; i < measured_from + wanted && i < count; i++) {
    batch *b = &batches[i];
    printf("%s{\"seq\":%ld,\"bytes\":%zu,\"firstMs\":%.3f,\"lastMs\":%.3f}", i > measured_from ? "," : "", b->seq, b->size,
           (b->first - b->start) * 1e3, (b->last - b->start) * 1e3);
  }
  printf("]}\n");
}

static void tell(const char *what, double seconds) {
  printf("%s %.3f\n", what, seconds);
  fflush(stdout);
}

static char *request_of(const char *port, const char *path) {
  char *text;
  const char *rest = is_ws ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           : "Accept: text/event-stream\r\n";
  if (asprintf(&text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n%s\r\n", path, port, rest) < 0) fail("memory");
  return text;
}

int main(int argc, char **argv) {
  if (argc < 8) return fprintf(stderr, "usage: followers PORT PATH ws|sse FOLLOWERS FROZEN WARMUP BATCHES [SAY]\n"), 2;
  is_ws = strcmp(argv[3], "ws") == 0;
  followers = atol(argv[4]), frozen = atol(argv[5]), warmup = atol(argv[6]), wanted = atol(argv[7]);
  say = argc > 8 ? argv[8] : NULL;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  all = calloc(followers, sizeof *all);
  delays = malloc((wanted * followers + 1) * sizeof *delays);
  poller = epoll_create1(0);
  char *request = request_of(argv[1], argv[2]);
  double start = now();
  while (connected < followers) {
    while (begun < followers && begun - connected < ABREAST) begin_one(argv[1], request);
    wait_once(1000);
  }
  tell("connected", now() - start);
  if (wanted == 0) {
    struct pollfd ready[] = {{.fd = 0, .events = POLLIN}, {.fd = poller, .events = POLLIN}};
    while (poll(ready, 2, -1) >= 0 && ready[0].revents == 0) wait_once(0);
    return 0;
  }
  // One that was sent while they connected is not everybody's.
  long from = count + 1;
  progress = wall();
  while (complete(from) < warmup + wanted) {
    wait_once(1000);
    if (measured_from < 0 && complete(from) >= warmup) {
      measured_from = from + warmup;
      tell("warm", now() - start);
    }
    if (wall() - progress > QUIET_S) fail("no batch came");
  }
  report();
  return 0;
}
