/* A word counter by hand, as a measure for the kernel: gcc -O3 -march=native. Reads a file as often as it is told and prints the CPU
 * milliseconds of each round, then the distinct words and all. Slots of 16 bytes: bytes 0-7 | bytes 8-10, length, count; longer words
 * in a second table. Words are separated by spaces and line feeds; it knows nothing of bounds, carriage returns and seeds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <immintrin.h>

enum { CHUNK = 1 << 16, SHORT = 11, LONG_BITS = 17 };
typedef struct { uint64_t first, second; } slot;
typedef struct { uint32_t hash, length, start, count; } long_slot;

static slot *table;
static uint32_t bits, filled, long_filled;
static long_slot long_table[1 << LONG_BITS];
static uint8_t arena[1 << 24];
static uint32_t used;
static uint64_t masks[SHORT + 1][2];

static inline uint64_t load8(const uint8_t *at) { uint64_t v; memcpy(&v, at, 8); return v; }
static inline uint32_t load4(const uint8_t *at) { uint32_t v; memcpy(&v, at, 4); return v; }
static inline uint32_t place(uint64_t a, uint64_t b) {
  return (uint32_t)(((a ^ b * 0xC2B2AE3D27D4EB4FULL) * 0x9E3779B97F4A7C15ULL) >> (64 - bits));
}

static slot *seek(uint64_t a, uint64_t b) {
  for (uint32_t at = place(a, b);; at = (at + 1) & ((1u << bits) - 1)) {
    slot *s = table + at;
    if (s->second >> 32 == 0 || (s->first == a && (uint32_t)s->second == (uint32_t)b)) return s;
  }
}

static void grow(void) {
  slot *old = table;
  uint32_t size = 1u << bits;
  bits++;
  table = aligned_alloc(64, sizeof(slot) << bits);
  memset(table, 0, sizeof(slot) << bits);
  for (uint32_t i = 0; i < size; i++)
    if (old[i].second >> 32) *seek(old[i].first, (uint32_t)old[i].second) = old[i];
  free(old);
}

static __attribute__((noinline)) void miss(uint64_t a, uint64_t b) {
  slot *s = seek(a, b);
  if (s->second >> 32) { s->second += 1ULL << 32; return; }
  if (filled >= (1u << bits) / 5 * 4) { grow(); s = seek(a, b); }
  s->first = a;
  s->second = b | 1ULL << 32;
  filled++;
}

static __attribute__((noinline)) void count_long(const uint8_t *word, uint32_t length) {
  uint64_t hash = length;
  for (uint32_t i = 0; i + 8 < length; i += 8) hash = (hash ^ load8(word + i)) * 0x9E3779B97F4A7C15ULL, hash ^= hash >> 32;
  hash = (hash ^ load8(word + length - 8)) * 0xC2B2AE3D27D4EB4FULL;
  uint32_t tag = hash >> 32;
  for (uint32_t at = tag >> (32 - LONG_BITS);; at = (at + 1) & ((1 << LONG_BITS) - 1)) {
    long_slot *s = long_table + at;
    if (s->count && s->hash == tag && s->length == length && !memcmp(arena + s->start, word, length)) { s->count++; return; }
    if (s->count) continue;
    *s = (long_slot){tag, length, used, 1};
    memcpy(arena + used, word, length);
    used += length;
    long_filled++;
    return;
  }
}

/* A bit for each space and line feed of 64 bytes. */
static inline uint64_t ends(const uint8_t *at) {
#ifdef __AVX512BW__
  __m512i v = _mm512_loadu_si512(at);
  return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(' ')) | _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n'));
#else
  uint64_t mask = 0;
  for (int i = 0; i < 4; i++) {
    __m128i v = _mm_loadu_si128((const __m128i *)(at + 16 * i));
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * i);
  }
  return mask;
#endif
}

/* Returns where the unfinished word begins. */
static const uint8_t *feed(const uint8_t *word, const uint8_t *from, const uint8_t *end) {
  for (; from < end; from += 64) {
    uint64_t left = ends(from);
    if (end - from < 64) left &= (1ULL << (end - from)) - 1;
    for (; left; left &= left - 1) {
      const uint8_t *at = from + __builtin_ctzll(left), *w = word;
      uint32_t length = at - w;
      word = at + 1;
      if (length > SHORT) { count_long(w, length); continue; }
      uint64_t a = load8(w) & masks[length][0], b = (load4(w + 8) & masks[length][1]) | (uint64_t)length << 24;
      slot *s = table + place(a, b);
      if (s->first == a && (uint32_t)s->second == (uint32_t)b && s->second >> 32) s->second += 1ULL << 32;
      else miss(a, b);
    }
  }
  return word;
}

static void begin(void) {
  free(table);
  bits = 12;
  filled = long_filled = used = 0;
  table = aligned_alloc(64, sizeof(slot) << bits);
  memset(table, 0, sizeof(slot) << bits);
  memset(long_table, 0, sizeof long_table);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 1;
  fseek(file, 0, SEEK_END);
  size_t size = ftell(file);
  rewind(file);
  uint8_t *text = calloc(1, size + 128);
  if (fread(text, 1, size, file) != size) return 1;
  for (uint32_t length = 0; length <= SHORT; length++) {
    masks[length][0] = length >= 8 ? ~0ULL : (1ULL << 8 * length) - 1;
    masks[length][1] = length <= 8 ? 0 : (1ULL << 8 * (length - 8)) - 1;
  }
  for (int round = atoi(argv[2]); round > 0; round--) {
    clock_t start = clock();
    begin();
    const uint8_t *word = text;
    for (size_t at = 0; at < size; at += CHUNK) word = feed(word, text + at, text + (at + CHUNK < size ? at + CHUNK : size));
    printf("%.3f\n", (clock() - start) * 1e3 / CLOCKS_PER_SEC);
  }
  uint64_t words = 0;
  for (uint32_t i = 0; i < 1u << bits; i++) words += table[i].second >> 32;
  for (uint32_t i = 0; i < 1 << LONG_BITS; i++) words += long_table[i].count;
  printf("%u %llu\n", filled + long_filled, (unsigned long long)words);
  return 0;
}
