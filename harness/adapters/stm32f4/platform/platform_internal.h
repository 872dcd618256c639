/* The system as WAMR sees it: one thread, and no files. WAMR includes this by its name. */

#ifndef PLATFORM_INTERNAL_H
#define PLATFORM_INTERNAL_H

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BH_APPLET_PRESERVED_STACK_SIZE 1024
#define BH_THREAD_DEFAULT_PRIORITY 0

/* Names that WAMR's headers use; nothing here has threads or files. */
typedef int korp_tid, korp_thread, korp_mutex, korp_cond, korp_rwlock, korp_sem;
typedef int os_file_handle, os_raw_file_handle, os_poll_file_handle, os_timespec;
typedef unsigned int os_nfds_t;
typedef void *os_dir_stream;

static inline os_file_handle os_get_invalid_handle(void)
{
    return -1;
}

static inline int os_getpagesize(void)
{
    return 1024;
}

#endif
