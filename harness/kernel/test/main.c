// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The test of the module. Runs as root on a machine that has /dev/wasi-hw-board and nobody else's board, such as that of
 * run.sh. Exits with 0 if all is good; otherwise it says what was not, and exits with 1.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "test.h"

/* No test is to take so long, so that one that hangs ends, too. */
#define WATCHDOG	60

struct shared *shared;
static int checks, failures;

void check(bool good, const char *file, int line, const char *format, ...)
{
	va_list list;

	checks++;
	if (good)
		return;
	failures++;
	printf("  %s:%d: ", file, line);
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	printf("\n");
}

void check_log(const char *file, int line, const char *wanted)
{
	check(!strcmp(shared->log, wanted), file, line, "the board was asked\n%s    not\n%s", shared->log, wanted);
	shared->length = 0;
	shared->log[0] = 0;
}

/* The kernel's own complaints, those of lockdep and of KASAN among them, if they are compiled in. */
static void kernel_log(void)
{
	static const char *const bad[] = { "WARNING", "BUG", "Oops", "KASAN", "possible", "INFO: ", "STILL REQUESTED" };
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8192];
	ssize_t size;
	size_t i;

	CHECK(fd >= 0, "/dev/kmsg cannot be read");
	while ((size = read(fd, record, sizeof(record) - 1)) > 0) {
		record[size] = 0;
		for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
			CHECK(!strstr(record, bad[i]), "the kernel says: %s", record);
	}
	close(fd);
}

int main(int count, char **words)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "i2c", i2c_tests }, { "spi", spi_tests }, { "gpio", gpio_tests }, { "edges", gpio_edge_tests },
		{ "broken", broken_tests }, { "tools", tool_tests }, { "log", kernel_log },
	};
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	for (i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		int before = failures;

		if (count > 1 && strcmp(words[1], tests[i].name))
			continue;
		alarm(WATCHDOG);
		tests[i].run();
		printf("%s %s\n", failures == before ? "ok  " : "FAIL", tests[i].name);
	}
	printf("%d checks, %d failed\n", checks, failures);
	return !checks || failures;
}
