/* Arena: many takes, one free. Blocks double in size up to 1 MiB; a large take gets a block of its own.
 * With SV_ARENA_EACH each take is a malloc of its own, so that the address sanitizer sees its bounds. */
#include "svitlo/base.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

typedef struct block {
    struct block *next;
    size_t size, used; /* of the bytes that follow the header */
    void *origin;      /* what to free */
} block;

/* The header takes one alignment unit, so that the bytes after it are aligned. */
_Static_assert(sizeof(block) <= ALIGNMENT, "block header fits one alignment unit");

struct sv_arena {
    block *head;
    size_t next_size;
    bool failed;
};

static _Thread_local int64_t fail_countdown = 0;

void sv_arena_fail_at(int64_t k)
{
    fail_countdown = k;
}

static bool told_to_fail(void)
{
    return fail_countdown > 0 && --fail_countdown == 0;
}

sv_arena *sv_arena_new(void)
{
    if (told_to_fail())
        return NULL;
    sv_arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL)
        arena->next_size = FIRST_BLOCK;
    return arena;
}

/* Zeroed and aligned. Large ones come from the system as zeros that cost nothing until they are touched. */
static block *get_block(size_t bytes)
{
    if (bytes > LARGEST_BLOCK && !SV_ARENA_EACH) {
        void *origin = calloc(1, bytes + ALIGNMENT);
        if (origin == NULL)
            return NULL;
        block *inside = (block *)(void *)((char *)origin + ALIGNMENT - (uintptr_t)origin % ALIGNMENT);
        inside->origin = origin;
        return inside;
    }
    block *fresh = aligned_alloc(ALIGNMENT, bytes);
    if (fresh == NULL)
        return NULL;
    memset(fresh, 0, bytes);
    fresh->origin = fresh;
    return fresh;
}

static block *add_block(sv_arena *arena, size_t size)
{
    size_t bytes = ALIGNMENT + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block *fresh = get_block(bytes);
    if (fresh == NULL)
        return NULL;
    fresh->size = size;
    fresh->next = arena->head;
    arena->head = fresh;
    return fresh;
}

static void *bytes_of(block *b)
{
    return (char *)b + ALIGNMENT;
}

/* Room in the newest block, or a new one. */
static block *block_with_room(sv_arena *arena, size_t bytes)
{
    if (SV_ARENA_EACH)
        return add_block(arena, bytes);
    if (arena->head != NULL && arena->head->size - arena->head->used >= bytes)
        return arena->head;
    size_t size = arena->next_size;
    if (bytes > size)
        return add_block(arena, bytes);
    if (arena->next_size < LARGEST_BLOCK)
        arena->next_size *= 2;
    return add_block(arena, size);
}

void *sv_arena_take(sv_arena *arena, size_t n, size_t size)
{
    size_t most = SIZE_MAX / 2 - (size_t)2 * ALIGNMENT;
    if (told_to_fail() || (size != 0 && n > most / size)) {
        arena->failed = true;
        return NULL;
    }
    size_t bytes = n * size;
    if (bytes == 0)
        bytes = 1;
    if (!SV_ARENA_EACH)
        bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block *b = block_with_room(arena, bytes);
    if (b == NULL) {
        arena->failed = true;
        return NULL;
    }
    void *taken = (char *)bytes_of(b) + b->used;
    b->used += bytes;
    return taken;
}

char *sv_arena_text(sv_arena *arena, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t n = strlen(text) + 1;
    char *copy = sv_arena_take(arena, n, 1);
    if (copy != NULL)
        memcpy(copy, text, n);
    return copy;
}

bool sv_arena_failed(const sv_arena *arena)
{
    return arena->failed;
}

void sv_arena_free(sv_arena *arena)
{
    if (arena == NULL)
        return;
    for (block *b = arena->head; b != NULL;) {
        block *next = b->next;
        free(b->origin);
        b = next;
    }
    free(arena);
}
