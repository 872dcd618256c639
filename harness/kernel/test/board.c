// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A board: two adapters with a register file at one address, a controller with a device that gives back what it gets,
 * inverted, and a chip of eight lines. It writes down what it is asked.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <linux/i2c.h>
#include <linux/spi/spi.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "test.h"

struct order {
	char what;			/* 'e': one edge; 'E': `count` of them; 'c': close */
	int line, value;
};

static uint8_t registers[256], pointer;
static uint8_t buffer[WHB_MAX_SIZE], answer[WHB_MAX_SIZE];

static void note(const char *format, ...)
{
	size_t left = sizeof(shared->log) - shared->length;
	va_list list;

	va_start(list, format);
	shared->length += vsnprintf(shared->log + shared->length, left, format, list);
	va_end(list);
	if (shared->length >= sizeof(shared->log))
		shared->length = sizeof(shared->log) - 1;
}

static void note_bytes(const uint8_t *bytes, size_t count)
{
	size_t i;

	note(" [");
	for (i = 0; i < count && i < 8; i++)
		note("%s%02x", i ? " " : "", bytes[i]);
	note(count > 8 ? " ... %zu]" : "]", count);
}

static bool put(int fd, const void *message, size_t size)
{
	if (write(fd, message, size) == (ssize_t)size)
		return true;
	shared->write_errno = errno;
	return false;
}

/* The length of what is read, or minus an errno. */
static ssize_t i2c(const struct whb_header *request, uint8_t *reads)
{
	const struct whb_segment *segments = (const void *)(request + 1);
	const uint8_t *writes = (const void *)(segments + request->count);
	size_t length = 0;
	uint32_t i, j;

	note("i2c %u", request->object);
	for (i = 0; i < request->count; i++) {
		const struct whb_segment *one = &segments[i];

		note(", %s 0x%02x", one->flags & I2C_M_RD ? "read" : "write", one->address);
		if (one->flags & ~I2C_M_RD)
			note(" flags %04x", one->flags & ~I2C_M_RD);
		if (one->flags & I2C_M_RD)
			note(" %u", one->len);
		else
			note_bytes(writes, one->len);
		if (one->address != TARGET)
			return note("\n"), -ENXIO;
		for (j = 0; j < one->len; j++) {
			if (one->flags & I2C_M_RD)
				reads[length++] = registers[pointer++];
			else if (j || one->flags & I2C_M_NOSTART)
				registers[pointer++] = *writes++;
			else
				pointer = *writes++;
		}
	}
	note("\n");
	return length;
}

static ssize_t spi(const struct whb_header *request, uint8_t *reads)
{
	const struct whb_segment *segments = (const void *)(request + 1);
	const uint8_t *writes = (const void *)(segments + request->count);
	size_t length = 0;
	uint32_t i, j;

	note("spi %u.%u mode %x", request->object, request->line, request->value);
	for (i = 0; i < request->count; i++) {
		const struct whb_segment *one = &segments[i];
		const uint8_t *out = one->flags & WHB_SPI_WRITES ? writes : NULL;

		note(", %u Hz %u bits", one->speed_hz, one->bits_per_word);
		if (out)
			note_bytes(out, one->len);
		if (one->flags & WHB_SPI_READS)
			note(" read %u", one->len);
		if (one->delay_ns)
			note(" delay %u", one->delay_ns);
		if (one->word_delay_ns)
			note(" word-delay %u", one->word_delay_ns);
		if (one->flags & WHB_SPI_CS_CHANGE)
			note(" cs-change");
		for (j = 0; j < one->len; j++)
			if (one->flags & WHB_SPI_READS)
				reads[length++] = ~(out ? out[j] : 0);
		if (out)
			writes += one->len;
	}
	note("\n");
	return length;
}

static ssize_t gpio(const struct whb_header *request, uint32_t *value)
{
	static const char *const names[] = {
		[WHB_GPIO_REQUEST] = "request", [WHB_GPIO_FREE] = "free", [WHB_GPIO_INPUT] = "input",
		[WHB_GPIO_OUTPUT] = "output", [WHB_GPIO_GET] = "get", [WHB_GPIO_SET] = "set",
		[WHB_GPIO_CONFIG] = "config", [WHB_GPIO_WATCH] = "watch",
	};

	note("gpio %u.%u %s", request->object, request->line, names[request->type]);
	if (request->type == WHB_GPIO_OUTPUT || request->type >= WHB_GPIO_SET)
		note(" %u", request->value);
	note("\n");
	if (request->line >= LINES)
		return -EINVAL;
	if (request->type == WHB_GPIO_OUTPUT || request->type == WHB_GPIO_SET)
		shared->level[request->line] = request->value;
	if (request->type == WHB_GPIO_CONFIG && request->value == WHB_BIAS_PULL_UP)
		shared->level[request->line] = 1;
	if (request->type == WHB_GPIO_CONFIG && request->value == WHB_BIAS_PULL_DOWN)
		shared->level[request->line] = 0;
	if (request->type == WHB_GPIO_GET)
		*value = shared->level[request->line];
	return 0;
}

static void misbehave(int fd, enum manner manner, struct whb_header *reply)
{
	struct whb_header edge = { .size = sizeof(edge), .type = WHB_GPIO_EDGE, .object = 3, .value = 1 };

	switch (manner) {
	case NEVER:
		return;
	case TOO_LATE:
		/* The limit is shorter; a board that is broken is readable. */
		poll(&(struct pollfd){ .fd = fd, .events = POLLERR }, 1, 10000);
		break;
	case TWICE:
		put(fd, reply, reply->size);
		break;
	case DIES:
		raise(SIGKILL);
		break;
	case OTHER_ID:
		reply->id += 100;
		break;
	case OTHER_TYPE:
		reply->type = WHB_I2C_TRANSFER;
		break;
	case SHORT_SIZE:
		reply->size--;
		put(fd, reply, reply->size + 1);
		return;
	case LONG_SIZE:
		reply->size = UINT32_MAX;
		put(fd, reply, sizeof(*reply));
		return;
	case NO_HEADER:
		put(fd, reply, sizeof(*reply) - 1);
		return;
	case TOO_MUCH:
		reply->size++;
		break;
	case TOO_LITTLE:
		reply->size--;
		break;
	case ODD_ERRNO:
		reply->error = 134;
		reply->size = sizeof(*reply);
		break;
	case KERNEL_ERRNO:
		/* ERESTARTSYS: the call would be made again for ever. */
		reply->error = 512;
		reply->size = sizeof(*reply);
		break;
	case ODD_LEVEL:
		reply->value = 2;
		break;
	case EDGE_OF_NO_CHIP:
		edge.object = 0;
		put(fd, &edge, sizeof(edge));
		return;
	case EDGE_OF_NO_LINE:
		edge.line = LINES;
		put(fd, &edge, sizeof(edge));
		return;
	default:
		break;
	}
	put(fd, reply, reply->size);
}

static void serve(int fd)
{
	static uint8_t held[8][4096];
	static int count;
	const struct whb_header *request = (const void *)buffer;
	struct whb_header *reply = (void *)answer;
	enum manner manner = shared->manner;
	ssize_t length;

	if (read(fd, buffer, sizeof(buffer)) < 0) {
		shared->read_errno = errno;
		return;
	}
	*reply = (struct whb_header){ .type = WHB_REPLY, .id = request->id };
	if (request->type == WHB_I2C_TRANSFER)
		length = i2c(request, (void *)(reply + 1));
	else if (request->type == WHB_SPI_MESSAGE)
		length = spi(request, (void *)(reply + 1));
	else
		length = gpio(request, &reply->value);
	if (shared->error) {
		length = -shared->error;
		reply->value = 0;
		shared->error = 0;
	}
	reply->error = length < 0 ? -length : 0;
	reply->size = sizeof(*reply) + (length > 0 ? length : 0);
	if (shared->held) {
		memcpy(held[count++], reply, reply->size);
		if (count < shared->held)
			return;
		while (count) {
			reply = (void *)held[--count];
			put(fd, reply, reply->size);
		}
		shared->held = 0;
		return;
	}
	shared->manner = AS_IT_SHOULD;
	misbehave(fd, manner, reply);
}

static void edge(int fd, int line, int level)
{
	struct whb_header message = {
		.size = sizeof(message), .type = WHB_GPIO_EDGE, .object = 3, .line = line, .value = level,
	};

	shared->level[line] = level;
	put(fd, &message, sizeof(message));
}

static int add(int fd, unsigned long command, const void *what)
{
	int number = ioctl(fd, command, what);

	if (number < 0) {
		perror("describing the board");
		_exit(1);
	}
	return number;
}

static void describe(int fd, struct board *board)
{
	struct whb_adapter adapter = { "sensors", I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL | I2C_FUNC_10BIT_ADDR };
	struct whb_controller controller = {
		.mode_bits = SPI_CPHA | SPI_CPOL | SPI_CS_HIGH | SPI_LSB_FIRST,
		.bits_per_word_mask = 1 << 7 | 1 << 15, .min_hz = 1000, .max_hz = 10000000, .count = 2,
		.devices = { { .max_hz = 1000000 }, { .mode = SPI_CPHA | SPI_CPOL, .max_hz = 2000000 } },
	};
	struct whb_chip chip = { .label = "panel", .flags = WHB_CHIP_BIAS | WHB_CHIP_DRIVE, .count = LINES };
	int i;

	board->adapter = add(fd, WHB_IOC_ADD_I2C, &adapter);
	strcpy(adapter.name, "other");
	add(fd, WHB_IOC_ADD_I2C, &adapter);
	board->spi = add(fd, WHB_IOC_ADD_SPI, &controller);
	for (i = 0; i < LINES; i++) {
		/* The last one can report no edges and has no name. */
		chip.lines[i].flags = i < LINES - 1 ? WHB_LINE_EDGES : 0;
		if (i < LINES - 1)
			sprintf(chip.lines[i].name, "line-%d", i);
	}
	add(fd, WHB_IOC_ADD_GPIO, &chip);
}

static void find_chip(char *path, size_t size)
{
	DIR *directory = opendir("/dev");
	struct dirent *entry;

	*path = 0;
	while (directory && (entry = readdir(directory))) {
		struct gpiochip_info info = {};
		char candidate[32];
		int fd;

		if (strncmp(entry->d_name, "gpiochip", strlen("gpiochip")))
			continue;
		snprintf(candidate, sizeof(candidate), "/dev/%.24s", entry->d_name);
		fd = open(candidate, O_RDWR | O_CLOEXEC);
		if (fd >= 0 && !ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info) && !strcmp(info.label, "panel"))
			snprintf(path, size, "%s", candidate);
		close(fd);
	}
	closedir(directory);
}

static void live(struct board *board, int orders, int done, unsigned int limit_ms)
{
	int fd = open("/dev/wasi-hw-board", O_RDWR | O_CLOEXEC);
	struct order order;
	int i;

	if (fd < 0 || ioctl(fd, WHB_IOC_LIMIT, limit_ms)) {
		perror("/dev/wasi-hw-board");
		_exit(1);
	}
	describe(fd, board);
	if (write(done, board, sizeof(*board)) != sizeof(*board))
		_exit(1);
	for (;;) {
		struct pollfd polls[] = { { .fd = orders, .events = POLLIN }, { .fd = fd, .events = POLLIN } };

		poll(polls, shared->read_errno ? 1 : 2, -1);
		if (polls[1].revents)
			serve(fd);
		if (!polls[0].revents)
			continue;
		if (read(orders, &order, sizeof(order)) != sizeof(order))
			_exit(0);
		if (order.what == 'c')
			close(fd);
		else if (order.what == 'e')
			edge(fd, order.line, order.value);
		else
			for (i = 0; i < order.value; i++)
				edge(fd, order.line, !(i & 1));
		if (write(done, "d", 1) != 1 || order.what == 'c')
			_exit(0);
	}
}

struct board board_start(unsigned int limit_ms)
{
	struct board board = {};
	int orders[2], done[2];

	memset(shared, 0, sizeof(*shared));
	if (pipe2(orders, O_CLOEXEC) || pipe2(done, O_CLOEXEC))
		exit(1);
	fflush(NULL);
	board.process = fork();
	if (!board.process) {
		close(orders[1]);
		close(done[0]);
		live(&board, orders[0], done[1], limit_ms);
	}
	pid_t process = board.process;

	close(orders[0]);
	close(done[1]);
	CHECK(read(done[0], &board, sizeof(board)) == sizeof(board), "the board did not start");
	board.process = process;
	board.orders = orders[1];
	board.done = done[0];
	find_chip(board.chip, sizeof(board.chip));
	CHECK(board.chip[0], "no chip of the board's label");
	return board;
}

static void order(struct board *board, char what, int line, int value)
{
	struct order order = { what, line, value };
	char done;

	CHECK(write(board->orders, &order, sizeof(order)) == sizeof(order) && read(board->done, &done, 1) == 1,
	      "the board does not take orders");
}

void board_edge(struct board *board, int line, int level)
{
	order(board, 'e', line, level);
}

void board_edges(struct board *board, int line, int count)
{
	order(board, 'E', line, count);
}

static void board_over(struct board *board)
{
	waitpid(board->process, NULL, 0);
	close(board->orders);
	close(board->done);
}

void board_kill(struct board *board)
{
	kill(board->process, SIGKILL);
	board_over(board);
}

void board_close(struct board *board)
{
	order(board, 'c', 0, 0);
	board_over(board);
}
