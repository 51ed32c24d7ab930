/* A word counter by hand, the measure for the kernel: gcc -O3 -march=native. Slots of 16 bytes: bytes 0-7 | bytes 8-10, length, count;
 * longer words in a second table. Both tables double. While the table is small a word is looked up at once; once it is larger than
 * a core's cache, words are gathered and their slots fetched ahead. Words are separated by spaces and line feeds; it knows nothing of
 * bounds, carriage returns and seeds. Eleven bytes behind the text must be readable. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

enum { SHORT = 11, BEGIN_BITS = 12, FAR_BITS = 14, BATCH = 32 };
typedef struct { uint64_t first, second; } slot;
typedef struct { uint32_t tag, length, start, count; } long_slot;
typedef struct { uint64_t first, second, hash; } key;

static slot *table;
static long_slot *long_table;
static uint8_t *arena;
static uint32_t bits, filled, long_bits, long_filled;
static size_t used, room;
static uint64_t masks[SHORT + 1][2];

static inline uint64_t load8(const uint8_t *at) { uint64_t v; memcpy(&v, at, 8); return v; }
static inline uint32_t load4(const uint8_t *at) { uint32_t v; memcpy(&v, at, 4); return v; }
static inline uint64_t hash_of(uint64_t a, uint64_t b) { return (a ^ b * 0xC2B2AE3D27D4EB4FULL) * 0x9E3779B97F4A7C15ULL; }

static void *zeroed(size_t size) {
  void *memory = aligned_alloc(64, size);
  if (memory == NULL) exit(1);
  return memset(memory, 0, size);
}

static slot *seek(uint64_t a, uint64_t b) {
  for (uint32_t at = hash_of(a, b) >> (64 - bits);; at = (at + 1) & ((1u << bits) - 1)) {
    slot *s = table + at;
    if (s->second >> 32 == 0 || (s->first == a && (uint32_t)s->second == (uint32_t)b)) return s;
  }
}

static void grow(void) {
  slot *old = table;
  uint32_t size = 1u << bits;
  table = zeroed(sizeof(slot) << ++bits);
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

static void grow_long(void) {
  long_slot *old = long_table;
  uint32_t size = 1u << long_bits;
  long_table = zeroed(sizeof(long_slot) << ++long_bits);
  for (uint32_t i = 0; i < size; i++) {
    if (old[i].count == 0) continue;
    uint32_t at = old[i].tag >> (32 - long_bits);
    while (long_table[at].count) at = (at + 1) & ((1u << long_bits) - 1);
    long_table[at] = old[i];
  }
  free(old);
}

static __attribute__((noinline)) void count_long(const uint8_t *word, uint32_t length) {
  uint64_t hash = length;
  for (uint32_t i = 0; i + 8 < length; i += 8) hash = (hash ^ load8(word + i)) * 0x9E3779B97F4A7C15ULL, hash ^= hash >> 32;
  hash = (hash ^ load8(word + length - 8)) * 0xC2B2AE3D27D4EB4FULL;
  uint32_t tag = hash >> 32, at = tag >> (32 - long_bits);
  for (;; at = (at + 1) & ((1u << long_bits) - 1)) {
    long_slot *s = long_table + at;
    if (s->count == 0) break;
    if (s->tag == tag && s->length == length && !memcmp(arena + s->start, word, length)) { s->count++; return; }
  }
  if (used + length > room && !(arena = realloc(arena, room = 2 * (room + length)))) exit(1);
  memcpy(arena + used, word, length);
  long_table[at] = (long_slot){tag, length, used, 1};
  used += length;
  if (++long_filled >= (1u << long_bits) / 5 * 4) grow_long();
}

/* A bit for each space and line feed of 64 bytes. */
static inline uint64_t ends(const uint8_t *at) {
  uint64_t mask = 0;
#if defined(__AVX512BW__)
  __m512i v = _mm512_loadu_si512(at);
  mask = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(' ')) | _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n'));
#elif defined(__AVX2__)
  for (int i = 0; i < 2; i++) {
    __m256i v = _mm256_loadu_si256((const __m256i *)(at + 32 * i));
    __m256i hit = _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(' ')), _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\n')));
    mask |= (uint64_t)(uint32_t)_mm256_movemask_epi8(hit) << (32 * i);
  }
#elif defined(__SSE2__)
  for (int i = 0; i < 4; i++) {
    __m128i v = _mm_loadu_si128((const __m128i *)(at + 16 * i));
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * i);
  }
#else
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(at[i] == ' ' || at[i] == '\n') << i;
#endif
  return mask;
}

static inline void count_short(uint64_t a, uint64_t b, uint64_t hash) {
  slot *s = table + (hash >> (64 - bits));
  if (s->first == a && (uint32_t)s->second == (uint32_t)b && s->second >> 32) s->second += 1ULL << 32;
  else miss(a, b);
}

static inline void count_all(const key *keys, uint32_t size) {
  for (uint32_t i = 0; i < size; i++) count_short(keys[i].first, keys[i].second, keys[i].hash);
}

/* Counts the words that end before `end`; `word` is where the first begins. Returns where the unfinished word begins. */
static inline __attribute__((always_inline)) const uint8_t *feed_as(int ahead, const uint8_t *word, const uint8_t *from, const uint8_t *end) {
  key keys[BATCH];
  uint32_t gathered = 0;
  for (; from < end; from += 64) {
    uint64_t left = ends(from);
    if (end - from < 64) left &= (1ULL << (end - from)) - 1;
    for (; left; left &= left - 1) {
      const uint8_t *at = from + __builtin_ctzll(left), *w = word;
      uint32_t length = at - w;
      word = at + 1;
      if (length > SHORT) { count_long(w, length); continue; }
      uint64_t a = load8(w) & masks[length][0], b = (load4(w + 8) & masks[length][1]) | (uint64_t)length << 24, hash = hash_of(a, b);
      if (!ahead) { count_short(a, b, hash); continue; }
      __builtin_prefetch(table + (hash >> (64 - bits)), 1);
      keys[gathered++] = (key){a, b, hash};
      if (gathered == BATCH) { count_all(keys, BATCH); gathered = 0; }
    }
  }
  count_all(keys, gathered);
  return word;
}

static const uint8_t *feed(const uint8_t *word, const uint8_t *from, const uint8_t *end) {
  return bits < FAR_BITS ? feed_as(0, word, from, end) : feed_as(1, word, from, end);
}

static void begin(void) {
  free(table);
  free(long_table);
  bits = long_bits = BEGIN_BITS;
  filled = long_filled = used = 0;
  table = zeroed(sizeof(slot) << bits);
  long_table = zeroed(sizeof(long_slot) << long_bits);
  for (uint32_t length = 0; length <= SHORT; length++) {
    masks[length][0] = length >= 8 ? ~0ULL : (1ULL << 8 * length) - 1;
    masks[length][1] = length <= 8 ? 0 : (1ULL << 8 * (length - 8)) - 1;
  }
}
