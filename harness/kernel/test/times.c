// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * How long things take. `times run.sh` on the host prints it; `times echo SIZE`, `times operations` and `times mute N` are the parts
 * of it, and of test.sh, that run inside.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../wasi_hw_board.h"

#define LINE	135		/* bytes of a message of the adapter protocol */
#define TIMES	2000

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print(const char *what, double *took, int count)
{
	qsort(took, count, sizeof(*took), by_size);
	printf("%-44s median %6.0f us, least %6.0f us, of %d\n", what, took[count / 2], took[0], count);
	fflush(stdout);
}

static void all(int fd, char *bytes, size_t size, int writes)
{
	size_t done = 0;
	ssize_t moved;

	while (done < size) {
		moved = writes ? write(fd, bytes + done, size - done) : read(fd, bytes + done, size - done);
		if (moved <= 0)
			exit(1);
		done += moved;
	}
}

static pid_t start(const char **words, int *to, int *from)
{
	int in[2], out[2];
	pid_t child;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		exit(1);
	child = fork();
	if (!child) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execv(words[0], (char **)words);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	*to = in[1];
	*from = out[0];
	return child;
}

static void round_trips(const char *what, const char **words, size_t size, int count)
{
	static double took[TIMES];
	char *line = calloc(1, size);
	int to, from, i;
	pid_t child = start(words, &to, &from);

	for (i = -10; i < count; i++) {
		double before = now();

		all(to, line, size, 1);
		all(from, line, size, 0);
		if (i >= 0)
			took[i] = now() - before;
	}
	print(what, took, count);
	close(to);
	waitpid(child, NULL, 0);
	close(from);
	free(line);
}

static void starts(const char *run)
{
	const char *words[] = { run, "true", NULL };
	double took[20];
	int i, to, from;

	for (i = 0; i < 20; i++) {
		double before = now();
		pid_t child = start(words, &to, &from);

		waitpid(child, NULL, 0);
		took[i] = now() - before;
		close(to);
		close(from);
	}
	print("start, /bin/true, end", took, 20);
}

/* Gives lines of a size back, each as a whole. */
static void echo(size_t size)
{
	char *line = malloc(size);

	for (;;) {
		all(0, line, size, 0);
		all(1, line, size, 1);
	}
}

static void answer(int fd, int to)
{
	static char request[WHB_MAX_SIZE];
	struct whb_header *header = (void *)request;

	if (write(to, "r", 1) != 1)
		return;
	while (read(fd, request, sizeof(request)) > 0) {
		*header = (struct whb_header){ .size = sizeof(*header), .type = WHB_REPLY, .id = header->id };
		if (write(fd, header, sizeof(*header)) < 0)
			return;
	}
}

static int board_open(int *number)
{
	struct whb_adapter adapter = { "times", I2C_FUNC_I2C };
	int fd = open("/dev/wasi-hw-board", O_RDWR | O_CLOEXEC);

	*number = fd < 0 ? -1 : ioctl(fd, WHB_IOC_ADD_I2C, &adapter);
	if (*number < 0) {
		perror("/dev/wasi-hw-board");
		exit(1);
	}
	return fd;
}

static int write_one(int fd)
{
	uint8_t byte = 0;
	struct i2c_msg message = { 0x48, 0, 1, &byte };

	return ioctl(fd, I2C_RDWR, &(struct i2c_rdwr_ioctl_data){ &message, 1 });
}

static int operations(void)
{
	static double took[TIMES];
	int ready[2], number, i, fd, board = board_open(&number);
	char path[32], byte;

	snprintf(path, sizeof(path), "/dev/i2c-%d", number);
	if (pipe(ready))
		return 1;
	if (!fork()) {
		answer(board, ready[1]);
		_exit(0);
	}
	close(board);
	if (read(ready[0], &byte, 1) != 1)
		return 1;
	fd = open(path, O_RDWR);
	for (i = 0; i < TIMES; i++) {
		double before = now();

		if (write_one(fd) < 0)
			return 1;
		took[i] = now() - before;
	}
	print("an I2C write, answered by a process inside", took, TIMES);
	for (i = 0; i < TIMES; i++) {
		double before = now();

		syscall(-1);
		took[i] = now() - before;
	}
	print("a system call that does nothing", took, TIMES);
	return 0;
}

/* A board that never answers, with the longest limit, and somebody who waits for it. */
static int mute(const char *status)
{
	int number, fd, board = board_open(&number);
	char path[32];

	ioctl(board, WHB_IOC_LIMIT, WHB_MAX_LIMIT_MS);
	snprintf(path, sizeof(path), "/dev/i2c-%d", number);
	fd = open(path, O_RDWR);
	if (!fork()) {
		write_one(fd);
		_exit(0);
	}
	/* The request is there: somebody waits. */
	if (read(board, path, sizeof(path)) >= 0 || errno != EMSGSIZE)
		return 1;
	return atoi(status);
}

int main(int count, char **words)
{
	char self[4096] = {};

	if (count == 3 && !strcmp(words[1], "echo"))
		echo(atoi(words[2]));
	if (count == 2 && !strcmp(words[1], "operations"))
		return operations();
	if (count == 3 && !strcmp(words[1], "mute"))
		return mute(words[2]);
	if (count != 2 || readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 1;
	const char *outside[] = { self, "echo", "135", NULL }, *inside[] = { words[1], self, "echo", "135", NULL };
	const char *large[] = { words[1], self, "echo", "1048576", NULL };
	const char *work[] = { words[1], self, "operations", NULL };

	starts(words[1]);
	round_trips("a line there and back, without the machine", outside, LINE, TIMES);
	round_trips("a line there and back", inside, LINE, TIMES);
	round_trips("1 MiB there and back", large, 1 << 20, 20);
	execv(work[0], (char **)work);
	return 1;
}
