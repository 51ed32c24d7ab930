// The measure for delivery: sends one batch to all who are connected, at each multiple of an interval of the wall clock, by a loop of
// `send` on frames that are built once. Speaks WebSocket and Server-Sent Events; a client is a place in what was sent, as in Sluice.
//
//   broadcaster INTERVAL_MS BYTES     prints "port N"; ends when its input does

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include "net.h"

enum { EVENTS = 1024, KEPT = 64, REQUEST_BYTES = 4096, BACKLOG = 4096 };

typedef struct client {
  int fd, is_ws, is_open, is_waiting, used;
  uint64_t next; // number of the batch it gets next
  size_t sent;   // bytes of that one
  char *request;
} client;

typedef struct { size_t size; char *bytes; } frame;

static frame kept[2][KEPT]; // for Server-Sent Events, for WebSocket
static uint64_t newest;
static client **clients;
static size_t count, room;
static int poller;

static double wall(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void sha1(const uint8_t *text, size_t size, uint8_t digest[20]) {
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  uint8_t blocks[256] = {0};
  size_t padded = (size + 8) / 64 * 64 + 64;
  memcpy(blocks, text, size);
  blocks[size] = 0x80;
  for (int i = 0; i < 8; i++) blocks[padded - 1 - i] = (uint64_t)size * 8 >> 8 * i;
  for (size_t at = 0; at < padded; at += 64) {
    uint32_t w[80], v[5];
    for (int i = 0; i < 16; i++) w[i] = blocks[at + 4 * i] << 24 | blocks[at + 4 * i + 1] << 16 | blocks[at + 4 * i + 2] << 8 | blocks[at + 4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], w[i] = w[i] << 1 | w[i] >> 31;
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 80; i++) {
      uint32_t mix = i < 20 ? (v[1] & v[2]) | (~v[1] & v[3]) : i < 40 || i >= 60 ? v[1] ^ v[2] ^ v[3] : (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3]);
      uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
      uint32_t next = (v[0] << 5 | v[0] >> 27) + mix + v[4] + k + w[i];
      v[4] = v[3], v[3] = v[2], v[2] = v[1] << 30 | v[1] >> 2, v[1] = v[0], v[0] = next;
    }
    for (int i = 0; i < 5; i++) h[i] += v[i];
  }
  for (int i = 0; i < 20; i++) digest[i] = h[i / 4] >> (24 - 8 * (i % 4));
}

static void accept_key(const char *key, size_t size, char text[29]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", suffix[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  uint8_t joined[128], digest[21] = {0};
  if (size > 64) size = 64;
  memcpy(joined, key, size);
  memcpy(joined + size, suffix, sizeof suffix - 1);
  sha1(joined, size + sizeof suffix - 1, digest);
  for (int i = 0; i < 28; i++) {
    int bit = i * 6, two = digest[bit / 8] << 8 | digest[bit / 8 + 1];
    text[i] = digits[two >> (10 - bit % 8) & 63];
  }
  text[27] = '=', text[28] = '\0';
}

// Sends what there is for a client until it has all, or takes no more; what it has not had when it is overwritten it does not get.
static void pump(client *c) {
  while (c->next <= newest) {
    if (newest - c->next >= KEPT) fail("a client fell too far behind");
    frame *f = &kept[c->is_ws][c->next % KEPT];
    ssize_t sent = send(c->fd, f->bytes + c->sent, f->size - c->sent, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return;
    if (sent > 0) c->sent += sent;
    if (c->sent < f->size) {
      c->is_waiting = 1;
      epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &(struct epoll_event){.events = EPOLLIN | EPOLLOUT, .data.ptr = c});
      return;
    }
    c->next++, c->sent = 0;
  }
  if (!c->is_waiting) return;
  c->is_waiting = 0;
  epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
}

static void set(frame *f, const char *head, size_t head_size, const char *text) {
  free(f->bytes);
  size_t size = strlen(text);
  f->bytes = malloc(f->size = head_size + size);
  memcpy(f->bytes, head, head_size);
  memcpy(f->bytes + head_size, text, size);
}

static void broadcast(double at, size_t bytes) {
  static char text[1 << 17], event[(1 << 17) + 128], head[32];
  uint64_t seq = newest + 1;
  time_t seconds = at + 0.0005;
  char date[32];
  strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", gmtime(&seconds));
  int size = sprintf(text, "{\"type\":\"batch\",\"seq\":%lu,\"time\":\"%s.%03dZ\",\"rest\":\"", seq, date, (int)((at - seconds) * 1000 + 0.5));
  while (size < (int)bytes - 2) text[size] = 'a' + size % 26, size++;
  strcpy(text + size, "\"}"), size += 2;
  int head_size = size < 126 ? 2 : size < 65536 ? 4 : 10;
  uint8_t ws[10] = {0x81, head_size == 2 ? size : head_size == 4 ? 126 : 127};
  for (int i = 2; i < head_size; i++) ws[i] = (uint64_t)size >> 8 * (head_size - 1 - i);
  set(&kept[1][seq % KEPT], (char *)ws, head_size, text);
  int event_size = sprintf(event, "id: c:%lu\nevent: batch\ndata: %s\n\n\r\n", seq, text) - 2;
  set(&kept[0][seq % KEPT], head, sprintf(head, "%x\r\n", event_size), event);
  newest = seq;
  for (size_t i = 0; i < count; i++)
    if (clients[i]->is_open && !clients[i]->is_waiting) pump(clients[i]);
}

static void leave(client *c) {
  close(c->fd);
  for (size_t i = 0; i < count; i++)
    if (clients[i] == c) clients[i] = clients[--count];
  free(c->request);
  free(c);
}

static void answer(client *c) {
  char text[512], *key = strcasestr(c->request, "sec-websocket-key:");
  c->is_ws = key != NULL;
  if (c->is_ws) {
    key += strlen("sec-websocket-key:");
    key += strspn(key, " ");
    char accept[29];
    accept_key(key, strcspn(key, " \r"), accept);
    sprintf(text, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
  } else
    strcpy(text, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
  if (send(c->fd, text, strlen(text), MSG_NOSIGNAL) < 0) fail("send");
  free(c->request);
  c->request = NULL, c->is_open = 1, c->next = newest + 1;
}

static void take(client *c) {
  char rest[REQUEST_BYTES], *to = c->is_open ? rest : c->request + c->used;
  ssize_t size = recv(c->fd, to, c->is_open ? sizeof rest : (size_t)(REQUEST_BYTES - 1 - c->used), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) return leave(c);
  if (c->is_open) return; // whatever a client says: it is a pong or a farewell
  c->used += size;
  c->request[c->used] = '\0';
  if (strstr(c->request, "\r\n\r\n") != NULL) answer(c);
}

static void accept_all(int listener) {
  for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    client *c = calloc(1, sizeof *c);
    c->fd = fd, c->request = malloc(REQUEST_BYTES);
    if (count == room) clients = realloc(clients, (room = 2 * room + 1024) * sizeof *clients);
    clients[count++] = c;
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
  }
}

static int listen_anywhere(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, BACKLOG)) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: broadcaster INTERVAL_MS BYTES\n"), 2;
  double interval = atof(argv[1]) / 1000;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  poller = epoll_create1(0);
  static struct epoll_event events[EVENTS];
  client input = {.fd = 0}, listener = {.fd = listen_anywhere()};
  epoll_ctl(poller, EPOLL_CTL_ADD, 0, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &input});
  epoll_ctl(poller, EPOLL_CTL_ADD, listener.fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &listener});
  for (double due = ((uint64_t)(wall() / interval) + 1) * interval;;) {
    double left = due - wall();
    // The last two ms busily: a timer is late.
    int some = epoll_wait(poller, events, EVENTS, left > 0.002 ? (int)(left * 1000) - 1 : 0);
    for (int i = 0; i < some; i++) {
      client *c = events[i].data.ptr;
      if (c == &input) return 0;
      if (c == &listener) accept_all(listener.fd);
      else {
        if (events[i].events & EPOLLOUT) pump(c);
        if (events[i].events & ~EPOLLOUT) take(c);
      }
    }
    if (wall() < due) continue;
    broadcast(due, atol(argv[2]));
    due += interval;
  }
}
