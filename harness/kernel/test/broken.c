// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Boards that do what they may not: the operation fails with EIO, so does every one after it, nothing hangs, and nothing
 * is left when the board is closed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <linux/spi/spi.h>
#include <linux/spi/spidev.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "test.h"

enum kind { I2C, SPI, GPIO, KINDS };

static int host_open(struct board *board, enum kind kind)
{
	char path[32];

	if (kind == I2C)
		snprintf(path, sizeof(path), "/dev/i2c-%d", board->adapter);
	else if (kind == SPI)
		snprintf(path, sizeof(path), "/dev/spidev%d.0", board->spi);
	else
		snprintf(path, sizeof(path), "%s", board->chip);
	return open(path, O_RDWR | O_CLOEXEC);
}

static int line_request(int chip, uint64_t flags)
{
	struct gpio_v2_line_request request = { .offsets = { 0 }, .num_lines = 1, .config.flags = flags };

	return ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) ? -1 : request.fd;
}

/* One operation that reads something. */
static int operate(int fd, enum kind kind)
{
	uint8_t bytes[2] = {};
	struct i2c_msg message = { TARGET, I2C_M_RD, 2, bytes };
	struct spi_ioc_transfer duplex = { .tx_buf = (uintptr_t)bytes, .rx_buf = (uintptr_t)bytes, .len = 2 };
	struct gpio_v2_line_values values = { .mask = 1 };

	if (kind == I2C)
		return ioctl(fd, I2C_RDWR, &(struct i2c_rdwr_ioctl_data){ &message, 1 });
	if (kind == SPI)
		return ioctl(fd, SPI_IOC_MESSAGE(1), &duplex);
	return ioctl(fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values);
}

static void one_manner(enum manner manner, enum kind kind)
{
	struct board board = board_start(manner == NEVER || manner == TOO_LATE ? 100 : 30000);
	int node = host_open(&board, kind), fd = kind == GPIO ? line_request(node, GPIO_V2_LINE_FLAG_INPUT) : node;
	int result, broken = manner == DIES || manner == NEVER ? 0 : EPROTO;

	CHECK(fd >= 0 && operate(fd, kind) >= 0, "manner %d, kind %d: not even the first operation", manner, kind);
	shared->manner = manner;
	result = operate(fd, kind);
	/* Who answers twice may be believed the first time, if the host wakes before the second answer. */
	CHECK((result < 0 && errno == EIO) || manner == TWICE, "manner %d, kind %d: %d, %s", manner, kind, result,
	      strerror(errno));
	/* The second answer may come even later than this. */
	while (manner == TWICE && !*(volatile int *)&shared->write_errno)
		;
	result = operate(fd, kind);
	CHECK(result < 0 && (errno == EIO || (errno == ESHUTDOWN && manner == DIES)), "manner %d, kind %d: then %d, %s",
	      manner, kind, result, strerror(errno));
	if (manner != DIES)
		board_edge(&board, 0, 1);
	CHECK(manner == DIES || shared->write_errno == EPROTO, "manner %d, kind %d: the board hears %s", manner, kind,
	      strerror(shared->write_errno));
	CHECK(!broken || shared->read_errno == EPROTO, "manner %d, kind %d: the board reads %s", manner, kind,
	      strerror(shared->read_errno));
	close(fd);
	if (kind == GPIO)
		close(node);
	if (manner == DIES)
		board_kill(&board);
	else
		board_close(&board);
	node = host_open(&board, kind);
	CHECK(node < 0 && errno == ENOENT, "manner %d, kind %d: it is there without its board", manner, kind);
}

/* The host has everything open, and a thread of it waits, when the board is killed. */
static void killed_under_a_host(void)
{
	struct board board = board_start(30000);
	int adapter = host_open(&board, I2C), device = host_open(&board, SPI), chip = host_open(&board, GPIO);
	int line = line_request(chip, GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING), status, reading[2];
	pid_t reader, caller;
	char byte;

	CHECK(adapter >= 0 && device >= 0 && line >= 0, "a host cannot open everything: %s", strerror(errno));
	CHECK(!pipe(reading), "no pipe");
	reader = fork();
	if (!reader) {
		struct gpio_v2_line_event event;

		close(reading[0]);
		_exit(write(reading[1], "r", 1) != 1 || read(line, &event, sizeof(event)) < 0);
	}
	CHECK(read(reading[0], &byte, 1) == 1, "no reader");
	shared->manner = NEVER;
	caller = fork();
	if (!caller)
		_exit(operate(adapter, I2C) < 0 && errno == EIO ? 0 : 1);
	while (*(volatile enum manner *)&shared->manner == NEVER)
		;
	board_kill(&board);
	waitpid(caller, &status, 0);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status), "an operation outlives the board, or does not fail with EIO");
	CHECK(operate(adapter, I2C) < 0 && errno == EIO, "I2C goes on: %s", strerror(errno));
	CHECK(operate(device, SPI) < 0 && errno == ESHUTDOWN, "SPI goes on: %s", strerror(errno));
	CHECK(operate(line, GPIO) < 0 && errno == EIO, "GPIO goes on: %s", strerror(errno));
	CHECK(host_open(&board, I2C) < 0 && errno == ENOENT, "the adapter can be opened");
	kill(reader, SIGKILL);
	waitpid(reader, &status, 0);
	CHECK(WIFSIGNALED(status), "nothing happened, but a reader of edges was told so");
	close(adapter);
	close(device);
	close(line);
	close(chip);
	close(reading[0]);
	close(reading[1]);
	/* A chip goes with its last line, a moment later. */
	while (!access(board.chip, F_OK))
		;
}

/* What is described badly is refused, and what is described well is there all the same. */
static void descriptions(void)
{
	static struct whb_chip chip = { .label = "panel", .count = 1 };
	struct whb_adapter adapter = { "", I2C_FUNC_I2C };
	struct whb_controller controller = { .mode_bits = SPI_CPHA, .count = 1, .devices = { { .max_hz = 1000 } } };
	int fd = open("/dev/wasi-hw-board", O_RDWR | O_CLOEXEC | O_NONBLOCK), i, number;
	char byte;

	CHECK_ERRNO(read(fd, &byte, 1), EAGAIN);
	CHECK_ERRNO(ioctl(fd, WHB_IOC_LIMIT, 0), EINVAL);
	CHECK_ERRNO(ioctl(fd, WHB_IOC_LIMIT, WHB_MAX_LIMIT_MS + 1), EINVAL);
	CHECK_ERRNO(ioctl(fd, _IO(0xb7, 9), 0), ENOTTY);
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_I2C, NULL), EFAULT);
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_I2C, &adapter), EINVAL);
	memset(adapter.name, 'x', sizeof(adapter.name));
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_I2C, &adapter), EINVAL);
	adapter = (struct whb_adapter){ "x", 0 };
	adapter.functionality = I2C_FUNC_I2C | I2C_FUNC_SMBUS_READ_BLOCK_DATA;
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_I2C, &adapter), EINVAL);
	controller.devices[0].mode = SPI_CPOL;
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_SPI, &controller), EINVAL);
	controller.count = WHB_MAX_CHIP_SELECTS + 1;
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_SPI, &controller), EINVAL);
	controller.count = 0;
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_SPI, &controller), EINVAL);
	chip.flags = 4;
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_GPIO, &chip), EINVAL);
	chip.flags = 0;
	chip.count = WHB_MAX_LINES + 1;
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_GPIO, &chip), EINVAL);
	chip.count = WHB_MAX_LINES;
	memset(chip.lines[WHB_MAX_LINES - 1].name, 'x', sizeof(chip.lines[0].name));
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_GPIO, &chip), EINVAL);
	adapter.functionality = I2C_FUNC_I2C;
	for (i = 0; i < WHB_MAX_OBJECTS; i++) {
		number = ioctl(fd, WHB_IOC_ADD_I2C, &adapter);
		CHECK(number >= 0, "adapter %d: %s", i, strerror(errno));
	}
	CHECK_ERRNO(ioctl(fd, WHB_IOC_ADD_I2C, &adapter), ENOSPC);
	close(fd);
}

/* More operations at once than there may be: the last one fails at once, and the others when their board goes. */
static void too_many_at_once(void)
{
	struct board board = board_start(30000);
	int adapter = host_open(&board, I2C), chip = host_open(&board, GPIO), i, status, failed = 0;
	pid_t callers[WHB_MAX_WAITING];

	shared->held = INT32_MAX;
	for (i = 0; i < WHB_MAX_WAITING; i++) {
		callers[i] = fork();
		if (!callers[i]) {
			int own = host_open(&board, i & 1 ? GPIO : I2C);

			_exit((i & 1 ? line_request(own, GPIO_V2_LINE_FLAG_INPUT) : operate(own, I2C)) < 0 ? 1 : 0);
		}
	}
	/* All but one adapter and the lines of one chip wait for a turn of their own; one line can be requested once. */
	usleep(1000);
	board_kill(&board);
	for (i = 0; i < WHB_MAX_WAITING; i++) {
		waitpid(callers[i], &status, 0);
		failed += WIFEXITED(status) && WEXITSTATUS(status) == 1;
	}
	CHECK(failed == WHB_MAX_WAITING, "%d of %d failed", failed, WHB_MAX_WAITING);
	close(adapter);
	close(chip);
}

void broken_tests(void)
{
	enum manner manner;
	enum kind kind;

	for (manner = NEVER; manner < MANNERS; manner++)
		for (kind = 0; kind < KINDS; kind++)
			/* A level is in the header, and the bytes of others are not. */
			if (manner != (kind == GPIO ? TOO_LITTLE : ODD_LEVEL))
				one_manner(manner, kind);
	killed_under_a_host();
	descriptions();
	too_many_at_once();
}
