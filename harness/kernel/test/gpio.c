// SPDX-License-Identifier: GPL-2.0 OR MIT
/* GPIO: what a host says through /dev/gpiochipN, version 2, and what the board hears. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "test.h"

#define BOTH	(GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING)
#define BURST	500

/* The line request, or -1. */
static int request(int chip, int line, uint64_t flags)
{
	struct gpio_v2_line_request request = {
		.offsets = { line }, .num_lines = 1, .consumer = "test", .event_buffer_size = BURST,
		.config.flags = flags,
	};

	return ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) ? -1 : request.fd;
}

static int get(int fd)
{
	struct gpio_v2_line_values values = { .mask = 1 };

	return ioctl(fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) ? -1 : (int)values.bits;
}

static int set(int fd, int level)
{
	return ioctl(fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &(struct gpio_v2_line_values){ .mask = 1, .bits = level });
}

static void outputs(int chip)
{
	int fd = request(chip, 1, GPIO_V2_LINE_FLAG_OUTPUT);
	struct gpio_v2_line_config input = { .flags = GPIO_V2_LINE_FLAG_INPUT };

	CHECK(fd >= 0, "an output: %s", strerror(errno));
	CHECK_LOG("gpio 3.1 request\ngpio 3.1 config 4\ngpio 3.1 output 0\n");
	CHECK_ERRNO(request(chip, 1, GPIO_V2_LINE_FLAG_INPUT), EBUSY);
	CHECK_LOG("");
	CHECK_ERRNO(set(fd, 1), 0);
	CHECK(get(fd) == 1, "not the level that was set");
	CHECK_LOG("gpio 3.1 set 1\ngpio 3.1 get\n");
	CHECK_ERRNO(ioctl(fd, GPIO_V2_LINE_SET_CONFIG_IOCTL, &input), 0);
	CHECK_LOG("gpio 3.1 input\n");
	CHECK_ERRNO(set(fd, 1), EPERM);
	close(fd);
	CHECK_LOG("gpio 3.1 free\n");
	fd = request(chip, 2, GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_OPEN_DRAIN);
	CHECK(fd >= 0, "open drain: %s", strerror(errno));
	CHECK_ERRNO(set(fd, 1), 0);
	close(fd);
	/* Whatever the chip can do, Linux lets a line with open drain go by making it an input. */
	CHECK_LOG("gpio 3.2 request\ngpio 3.2 config 5\ngpio 3.2 output 0\ngpio 3.2 input\ngpio 3.2 free\n");
	fd = request(chip, 2, GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_OPEN_SOURCE | GPIO_V2_LINE_FLAG_ACTIVE_LOW);
	CHECK(fd >= 0, "open source: %s", strerror(errno));
	close(fd);
	CHECK_LOG("gpio 3.2 request\ngpio 3.2 config 6\ngpio 3.2 output 1\ngpio 3.2 free\n");
}

static void inputs(int chip)
{
	static const struct {
		uint64_t flag;
		const char *log;
		int level;
	} bias[] = {
		{ GPIO_V2_LINE_FLAG_BIAS_PULL_UP, "gpio 3.3 request\ngpio 3.3 input\ngpio 3.3 config 2\n", 1 },
		{ GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN, "gpio 3.3 request\ngpio 3.3 input\ngpio 3.3 config 3\n", 0 },
		{ GPIO_V2_LINE_FLAG_BIAS_DISABLED, "gpio 3.3 request\ngpio 3.3 input\ngpio 3.3 config 1\n", 0 },
	};
	int fd, i;

	for (i = 0; i < 3; i++) {
		fd = request(chip, 3, GPIO_V2_LINE_FLAG_INPUT | bias[i].flag);
		CHECK(fd >= 0, "bias: %s", strerror(errno));
		CHECK_LOG(bias[i].log);
		CHECK(get(fd) == bias[i].level, "bias %d", i);
		close(fd);
		CHECK_LOG("gpio 3.3 get\ngpio 3.3 free\n");
	}
	fd = request(chip, 3, GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW);
	CHECK(get(fd) == 1, "low is not active");
	shared->error = EIO;
	CHECK(get(fd) == -1 && errno == EIO, "an error of the line is not seen");
	close(fd);
	shared->error = EPERM;
	CHECK_ERRNO(request(chip, 3, GPIO_V2_LINE_FLAG_INPUT), EPERM);
	/* A line that cannot report edges can be read all the same. */
	CHECK_ERRNO(request(chip, LINES - 1, GPIO_V2_LINE_FLAG_INPUT | BOTH), ENXIO);
	fd = request(chip, LINES - 1, GPIO_V2_LINE_FLAG_INPUT);
	CHECK(get(fd) == 0, "the last line");
	close(fd);
	shared->length = 0;
	shared->log[0] = 0;
}

static void names(int chip)
{
	struct gpio_v2_line_info info = { .offset = 5 };
	struct gpiochip_info about = {};

	CHECK_ERRNO(ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, &about), 0);
	CHECK(about.lines == LINES && !strcmp(about.label, "panel"), "%u lines of %s", about.lines, about.label);
	CHECK_ERRNO(ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info), 0);
	CHECK(!strcmp(info.name, "line-5"), "line 5 is called %s", info.name);
	info = (struct gpio_v2_line_info){ .offset = LINES - 1 };
	CHECK_ERRNO(ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info), 0);
	CHECK(!info.name[0], "a line without a name is called %s", info.name);
	CHECK_LOG("");
}

void gpio_tests(void)
{
	struct board board = board_start(5000);
	int chip = open(board.chip, O_RDWR | O_CLOEXEC);

	CHECK(chip >= 0, "the chip cannot be opened: %s", strerror(errno));
	names(chip);
	outputs(chip);
	inputs(chip);
	board_close(&board);
	CHECK_ERRNO(request(chip, 0, GPIO_V2_LINE_FLAG_INPUT), ENODEV);
	close(chip);
	CHECK(access(board.chip, F_OK), "the chip is there without its board");
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static bool event(int fd, struct gpio_v2_line_event *event)
{
	return poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 0) == 1 &&
	       read(fd, event, sizeof(*event)) == sizeof(*event);
}

/* Each edge is in the queue when the board has said it, in its place and with a time in between. */
static void every_edge(struct board *board, int chip)
{
	int fd = request(chip, 0, GPIO_V2_LINE_FLAG_INPUT | BOTH), i;
	uint64_t before = now(), last = before;
	struct gpio_v2_line_event one;
	bool good = true;

	CHECK(fd >= 0, "edges: %s", strerror(errno));
	CHECK_LOG("gpio 3.0 request\ngpio 3.0 input\ngpio 3.0 watch 3\n");
	board_edges(board, 0, BURST);
	for (i = 0; i < BURST && good; i++) {
		good = event(fd, &one) && one.line_seqno == i + 1u && one.timestamp_ns >= last &&
		       one.id == (i & 1 ? GPIO_V2_LINE_EVENT_FALLING_EDGE : GPIO_V2_LINE_EVENT_RISING_EDGE);
		last = one.timestamp_ns;
	}
	CHECK(good, "edge %d of %d is missing, or wrong", i, BURST);
	CHECK(!event(fd, &one) && last <= now(), "an edge too many, or of the future");
	close(fd);
	/* Nobody asked the board for a level while it reported edges. */
	CHECK_LOG("gpio 3.0 watch 0\ngpio 3.0 free\n");
	board_edge(board, 0, 1);
	fd = request(chip, 0, GPIO_V2_LINE_FLAG_INPUT | BOTH);
	CHECK(!event(fd, &one), "an edge from before the request");
	close(fd);
	shared->length = 0;
	shared->log[0] = 0;
}

static void some_edges(struct board *board, int chip)
{
	int fd = request(chip, 4, GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_ACTIVE_LOW);
	struct gpio_v2_line_config both = { .flags = GPIO_V2_LINE_FLAG_INPUT | BOTH };
	struct gpio_v2_line_event one = {};

	CHECK_LOG("gpio 3.4 request\ngpio 3.4 input\ngpio 3.4 watch 2\n");
	board_edge(board, 4, 1);
	board_edge(board, 5, 1);
	CHECK(!event(fd, &one), "an edge that nobody asked for");
	board_edge(board, 4, 0);
	CHECK(event(fd, &one) && one.id == GPIO_V2_LINE_EVENT_RISING_EDGE, "to low is to active");
	CHECK_ERRNO(ioctl(fd, GPIO_V2_LINE_SET_CONFIG_IOCTL, &both), 0);
	board_edge(board, 4, 1);
	CHECK(event(fd, &one) && one.id == GPIO_V2_LINE_EVENT_RISING_EDGE && one.offset == 4, "after a new config");
	close(fd);
	shared->length = 0;
	shared->log[0] = 0;
}

/* The kernel's own debouncing: of a burst that ends high one edge is left, some time after it. */
static void debounced(struct board *board, int chip)
{
	struct gpio_v2_line_request request = {
		.offsets = { 6 }, .num_lines = 1, .config = {
			.flags = GPIO_V2_LINE_FLAG_INPUT | BOTH, .num_attrs = 1,
			.attrs = { { .attr = { .id = GPIO_V2_LINE_ATTR_ID_DEBOUNCE, .debounce_period_us = 1000 }, .mask = 1 } },
		},
	};
	struct gpio_v2_line_event one;

	CHECK_ERRNO(ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request), 0);
	board_edges(board, 6, 9);
	CHECK(poll(&(struct pollfd){ .fd = request.fd, .events = POLLIN }, 1, 10000) == 1, "no edge");
	CHECK(event(request.fd, &one) && one.id == GPIO_V2_LINE_EVENT_RISING_EDGE && !event(request.fd, &one),
	      "not one edge of a burst");
	close(request.fd);
}

void gpio_edge_tests(void)
{
	struct board board = board_start(5000);
	int chip = open(board.chip, O_RDWR | O_CLOEXEC);

	every_edge(&board, chip);
	some_edges(&board, chip);
	debounced(&board, chip);
	close(chip);
	board_close(&board);
}
