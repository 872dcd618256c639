/* What WAMR needs of a system, on a board with one thread. */

#include "platform_api_extension.h"
#include "platform_api_vmcore.h"
#include "platform.h"

#include <malloc.h>

/* --- Memory ------------------------------------------------------------------------------------------------- */

/* Where a guest's linear memory lies: one page, which one guest has at a time. */
#define PAGE 65536
__attribute__((section(".page"), aligned(8))) static uint8_t page[PAGE];
static bool page_is_taken;

/* WAMR asks here for linear memories, and for nothing else. */
void *os_mmap(void *hint, size_t size, int prot, int flags, os_file_handle file)
{
    (void)hint, (void)prot, (void)flags, (void)file;
    if (page_is_taken || size > PAGE)
        return NULL;
    page_is_taken = true;
    memset(page, 0, size);
    return page;
}

void os_munmap(void *at, size_t size)
{
    (void)at, (void)size;
    page_is_taken = false;
}

/* A memory cannot grow: there is no room for a second page. The guest's `memory.grow` says so. */
void *os_mremap(void *at, size_t size, size_t wanted)
{
    (void)size;
    return wanted <= PAGE ? at : NULL;
}

int os_mprotect(void *at, size_t size, int prot)
{
    (void)at, (void)size, (void)prot;
    return 0;
}

/* How much of the heap is WAMR's, and was at most. */
static size_t heap, heap_most;

size_t platform_heap_most(void)
{
    return heap_most;
}

static void *counted(void *at)
{
    heap += malloc_usable_size(at);
    if (heap > heap_most)
        heap_most = heap;
    return at;
}

void *os_malloc(unsigned size)
{
    return counted(malloc(size));
}

void *os_realloc(void *at, unsigned size)
{
    size_t before = malloc_usable_size(at);
    void *grown = realloc(at, size);
    if (grown == NULL)
        return NULL;
    heap -= before;
    return counted(grown);
}

void os_free(void *at)
{
    heap -= malloc_usable_size(at);
    free(at);
}

int os_dumps_proc_mem_info(char *out, unsigned size)
{
    (void)out, (void)size;
    return -1;
}

/* --- One thread ---------------------------------------------------------------------------------------------- */

extern uint8_t stack_end[];

/* Below it WAMR lets no call of a guest go. */
uint8_t *os_thread_get_stack_boundary(void)
{
    return stack_end;
}

korp_tid os_self_thread(void)
{
    return 1;
}

void os_thread_jit_write_protect_np(bool enabled)
{
    (void)enabled;
}

int os_mutex_init(korp_mutex *mutex)
{
    *mutex = 0;
    return BHT_OK;
}

int os_mutex_destroy(korp_mutex *mutex)
{
    (void)mutex;
    return BHT_OK;
}

int os_mutex_lock(korp_mutex *mutex)
{
    (void)mutex;
    return BHT_OK;
}

int os_mutex_unlock(korp_mutex *mutex)
{
    (void)mutex;
    return BHT_OK;
}

/* --- The rest ------------------------------------------------------------------------------------------------ */

int bh_platform_init(void)
{
    return 0;
}

void bh_platform_destroy(void)
{
}

/* What WAMR would log; errors come to their callers as texts. */
int os_printf(const char *format, ...)
{
    (void)format;
    return 0;
}

int os_vprintf(const char *format, va_list arguments)
{
    (void)format, (void)arguments;
    return 0;
}

/* Asked for what is logged only. */
uint64 os_time_get_boot_us(void)
{
    return 0;
}

uint64 os_time_thread_cputime_us(void)
{
    return 0;
}

void os_dcache_flush(void)
{
}

void os_icache_flush(void *start, size_t length)
{
    (void)start, (void)length;
}
