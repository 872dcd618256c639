/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A board in a process of its own for each test, and what a test says and checks. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include "../wasi_hw_board.h"

#define TARGET		0x48		/* answers on both adapters; every other address is not acknowledged */
#define LINES		8

/* How the board answers: once for the next request, and as it should from then on. */
enum manner {
	AS_IT_SHOULD,
	NEVER,
	TOO_LATE,
	TWICE,
	DIES,
	OTHER_ID,
	OTHER_TYPE,
	SHORT_SIZE,
	LONG_SIZE,
	NO_HEADER,
	TOO_MUCH,
	TOO_LITTLE,
	ODD_ERRNO,
	KERNEL_ERRNO,
	ODD_LEVEL,
	EDGE_OF_NO_CHIP,
	EDGE_OF_NO_LINE,
	MANNERS,
};

/* What both processes see. */
struct shared {
	enum manner manner;
	int error;			/* for the next answer, by errno */
	int held;			/* answer this many requests at once, the last one first */
	int level[LINES];
	int write_errno;		/* of the board's last write that failed */
	int read_errno;
	size_t length;
	char log[1 << 16];		/* a line for each request */
};

struct board {
	pid_t process;
	int orders;			/* where it reads orders */
	int done;			/* and says that it has done one */
	int adapter, spi;		/* numbers of the first ones */
	char chip[32];			/* /dev/gpiochipN */
};

extern struct shared *shared;

/* board.c */
struct board board_start(unsigned int limit_ms);
void board_edge(struct board *board, int line, int level);
void board_edges(struct board *board, int line, int count);
void board_kill(struct board *board);
void board_close(struct board *board);

/* main.c */
void check(bool good, const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
#define CHECK(good, ...) check(good, __FILE__, __LINE__, __VA_ARGS__)
#define CHECK_ERRNO(result, wanted) \
	do { \
		int result_ = (result), errno_ = result_ < 0 ? errno : 0; \
		CHECK(errno_ == (wanted), "%s: %s, not %s", #result, strerror(errno_), strerror(wanted)); \
	} while (0)
/* The log since the last time, which is then empty. */
void check_log(const char *file, int line, const char *wanted);
#define CHECK_LOG(wanted) check_log(__FILE__, __LINE__, wanted)

void i2c_tests(void);
void spi_tests(void);
void gpio_tests(void);
void gpio_edge_tests(void);
void broken_tests(void);
void tool_tests(void);
