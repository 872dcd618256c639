/* The program: the adapter, and when it was told to stop how much memory it took. */

#include "board/board.h"
#include "platform/platform.h"

#include <stdio.h>

/* ../c/adapter/main.c */
extern int main(void);

int board_main(void)
{
    char text[160];
    int status = main();
    struct board_usage usage = board_usage();
    snprintf(text, sizeof text, "memory: engine %u, heap %u of %u, stack %u of %u\n", (unsigned)platform_heap_most(),
             (unsigned)usage.heap, (unsigned)usage.heap_room, (unsigned)usage.stack, (unsigned)usage.stack_room);
    board_say(text);
    return status;
}
