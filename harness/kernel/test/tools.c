// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Programs that others wrote, unmodified, see the board: those of Debian's i2c-tools, gpiod and spi-tools. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "test.h"

/* What the shell prints, of both streams, for a command with the numbers in it, and its exit status. */
static const char *output(int *status, const char *format, ...)
{
	static char command[512], text[8192];
	va_list list;
	size_t size;
	FILE *pipe;

	va_start(list, format);
	vsnprintf(command, sizeof(command), format, list);
	va_end(list);
	strcat(command, " 2>&1");
	pipe = popen(command, "r");
	size = pipe ? fread(text, 1, sizeof(text) - 1, pipe) : 0;
	text[size] = 0;
	*status = pipe ? pclose(pipe) : -1;
	*status = WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
	return text;
}

#define PRINTS(wanted, wanted_status, ...) \
	do { \
		int status_; \
		const char *text_ = output(&status_, __VA_ARGS__); \
		CHECK(!strcmp(text_, wanted) && status_ == (wanted_status), "status %d, printed\n%s    not\n%s", status_, \
		      text_, wanted); \
	} while (0)

void tool_tests(void)
{
	struct board board = board_start(5000);
	int i2c = board.adapter, spi = board.spi;
	const char *chip = board.chip;
	char text[256], command[128];
	FILE *monitor;

	PRINTS("sensors\nother\n", 0, "i2cdetect -l | sort -n -k 1.5 | cut -f 3 | sed 's/ *$//'");
	PRINTS("     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f\n"
	       "00:                                                 \n"
	       "10:                                                 \n"
	       "20:                                                 \n"
	       "30:                                                 \n"
	       "40:                -- -- -- 48 -- --                \n"
	       "50:                                                 \n"
	       "60:                                                 \n"
	       "70:                                                 \n", 0, "i2cdetect -y -r %d 0x45 0x4a", i2c);
	PRINTS("", 0, "i2ctransfer -y %d w3@0x48 0x0f 0xd3 0xd4", i2c);
	PRINTS("0xd3 0xd4\n", 0, "i2ctransfer -y %d w1@0x48 0x0f r2", i2c);
	PRINTS("Error: Sending messages failed: No such device or address\n", 1, "i2ctransfer -y %d r1@0x33", i2c);
	PRINTS("0xd4\n", 0, "i2cget -y %d 0x48 0x10", i2c);

	PRINTS("\x60\xfe", 0, "printf '\\237\\001' | spi-pipe -d /dev/spidev%d.1 -b 2 -n 1", spi);
	PRINTS("/dev/spidev0.1: mode=3, lsb=0, bits=8, speed=2000000, spiready=0\n", 0,
	       "spi-config -d /dev/spidev%d.1 -q | sed 's/spidev%d/spidev0/'", spi, spi);

	PRINTS("[panel] (8 lines)\n", 0, "gpiodetect | cut -d ' ' -f 2-");
	PRINTS("\tline   2:     \"line-2\"       unused   input  active-high \n", 0, "gpioinfo %s | grep line-2", chip);
	shared->level[2] = 1;
	PRINTS("1\n", 0, "gpioget %s 2", chip);
	PRINTS("0\n", 0, "gpioget -l -B pull-up %s 2", chip);
	PRINTS("", 0, "gpioset %s 1=1", chip);
	CHECK(shared->level[1] == 1, "gpioset did not set");
	snprintf(command, sizeof(command), "gpiomon -n 3 -F '%%o %%e' %s 0 2>&1", chip);
	monitor = popen(command, "r");
	while (!strstr((const char *)shared->log, "watch 3"))
		usleep(1000);
	board_edges(&board, 0, 3);
	text[fread(text, 1, sizeof(text) - 1, monitor)] = 0;
	CHECK(!pclose(monitor) && !strcmp(text, "0 1\n0 0\n0 1\n"), "gpiomon printed %s", text);
	board_close(&board);
}
