/* What the platform knows of WAMR. */

#ifndef PLATFORM_H
#define PLATFORM_H

#include <stddef.h>

/* How many bytes of the heap were WAMR's at most. */
size_t platform_heap_most(void);

#endif
