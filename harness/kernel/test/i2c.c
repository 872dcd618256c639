// SPDX-License-Identifier: GPL-2.0 OR MIT
/* I2C: what a host says through /dev/i2c-N, and what the board hears. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "test.h"

static int adapter_open(int number)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/i2c-%d", number);
	return open(path, O_RDWR | O_CLOEXEC);
}

static int transfer(int fd, struct i2c_msg *messages, int count)
{
	return ioctl(fd, I2C_RDWR, &(struct i2c_rdwr_ioctl_data){ messages, count });
}

static void flags_and_errors(int fd)
{
	uint8_t out[] = { 0x0f, 0xd3, 0xd4 }, in[2] = {};
	struct i2c_msg write = { TARGET, 0, 3, out }, absent = { 0x33, 0, 1, out };
	struct i2c_msg both[] = { { TARGET, 0, 1, out }, { TARGET, I2C_M_RD, 2, in } };
	struct i2c_msg parts[] = { { TARGET, 0, 1, out }, { TARGET, I2C_M_NOSTART, 2, out + 1 } };
	struct i2c_msg ten = { 0x248, I2C_M_TEN, 1, out }, nothing = { TARGET, 0, 0, out };
	uint8_t block[I2C_SMBUS_BLOCK_MAX + 2] = { 1 };
	struct i2c_msg counted = { TARGET, I2C_M_RD | I2C_M_RECV_LEN, sizeof(block), block };

	CHECK_ERRNO(transfer(fd, &write, 1), 0);
	CHECK_LOG("i2c 0, write 0x48 [0f d3 d4]\n");
	CHECK(transfer(fd, both, 2) == 2, "not both messages");
	CHECK(in[0] == 0xd3 && in[1] == 0xd4, "read %02x %02x", in[0], in[1]);
	CHECK_LOG("i2c 0, write 0x48 [0f], read 0x48 2\n");
	CHECK_ERRNO(transfer(fd, parts, 2), 0);
	CHECK_LOG("i2c 0, write 0x48 [0f], write 0x48 flags 4000 [d3 d4]\n");
	CHECK_ERRNO(transfer(fd, &nothing, 1), 0);
	CHECK_LOG("i2c 0, write 0x48 []\n");
	CHECK_ERRNO(transfer(fd, &absent, 1), ENXIO);
	CHECK_ERRNO(transfer(fd, &ten, 1), ENXIO);
	CHECK_LOG("i2c 0, write 0x33 [0f]\ni2c 0, write 0x248 flags 0010 [0f]\n");
	/* A length that a target chooses is not for a board. */
	CHECK_ERRNO(transfer(fd, &counted, 1), EOPNOTSUPP);
	shared->error = EREMOTEIO;
	CHECK_ERRNO(transfer(fd, &write, 1), EREMOTEIO);
	shared->error = EAGAIN;
	CHECK_ERRNO(transfer(fd, both, 2), EAGAIN);
	CHECK_LOG("i2c 0, write 0x48 [0f d3 d4]\ni2c 0, write 0x48 [0f], read 0x48 2\n");
}

/* The most that i2c-dev takes: 42 messages of 8192 bytes. */
static void large(int fd)
{
	static uint8_t bytes[42][8192];
	struct i2c_msg messages[42];
	bool good = true;
	int i;

	for (i = 0; i < 42; i++)
		messages[i] = (struct i2c_msg){ TARGET, i ? I2C_M_RD : 0, 8192, bytes[i] };
	for (i = 0; i < 8192; i++)
		bytes[0][i] = i * 7 + (i >> 8);
	CHECK_ERRNO(transfer(fd, messages, 42), 0);
	for (i = 0; i < 8192 - 512; i++)
		good &= bytes[1][i] == bytes[1][i + 256];
	CHECK(good && memcmp(bytes[1], bytes[41], 8192) == 0, "a long transfer is mixed up");
	shared->length = 0;
}

static void smbus(int fd)
{
	union i2c_smbus_data data = { .byte = 0x5a };
	struct i2c_smbus_ioctl_data call = { I2C_SMBUS_WRITE, 0x20, I2C_SMBUS_BYTE_DATA, &data };
	unsigned long functionality = 0;

	CHECK_ERRNO(ioctl(fd, I2C_FUNCS, &functionality), 0);
	CHECK(functionality == (I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL | I2C_FUNC_10BIT_ADDR), "functionality %lx",
	      functionality);
	CHECK_ERRNO(ioctl(fd, I2C_SLAVE, TARGET), 0);
	CHECK_ERRNO(ioctl(fd, I2C_SMBUS, &call), 0);
	data.byte = 0;
	call.read_write = I2C_SMBUS_READ;
	CHECK_ERRNO(ioctl(fd, I2C_SMBUS, &call), 0);
	CHECK(data.byte == 0x5a, "read %02x", data.byte);
	CHECK_LOG("i2c 0, write 0x48 [20 5a]\ni2c 0, write 0x48 [20], read 0x48 1\n");
}

struct caller {
	pthread_t thread;
	int fd;
	uint8_t in;
	int result;
};

static void *call(void *of)
{
	struct caller *caller = of;
	struct i2c_msg message = { TARGET, I2C_M_RD, 1, &caller->in };

	caller->result = transfer(caller->fd, &message, 1);
	return NULL;
}

/* Two adapters at once, answered in the wrong order: who asked first hears last, and each hears what is theirs. */
static void two_at_once(struct board *board)
{
	struct caller callers[2] = { { .fd = adapter_open(board->adapter) }, { .fd = adapter_open(board->adapter + 1) } };
	uint8_t bytes[] = { 0x0f, 0xd3, 0xd4 };
	struct i2c_msg fill = { TARGET, 0, 3, bytes }, rewind = { TARGET, 0, 1, bytes };
	int i;

	CHECK_ERRNO(transfer(callers[0].fd, &fill, 1), 0);
	CHECK_ERRNO(transfer(callers[0].fd, &rewind, 1), 0);
	shared->held = 2;
	for (i = 0; i < 2; i++)
		pthread_create(&callers[i].thread, NULL, call, &callers[i]);
	for (i = 0; i < 2; i++)
		pthread_join(callers[i].thread, NULL);
	CHECK(callers[0].result == 1 && callers[1].result == 1, "one of two failed");
	CHECK((callers[0].in == 0xd3 && callers[1].in == 0xd4) || (callers[0].in == 0xd4 && callers[1].in == 0xd3),
	      "read %02x and %02x", callers[0].in, callers[1].in);
	for (i = 0; i < 2; i++)
		close(callers[i].fd);
}

void i2c_tests(void)
{
	struct board board = board_start(5000);
	int fd = adapter_open(board.adapter);

	CHECK(fd >= 0, "the adapter cannot be opened: %s", strerror(errno));
	flags_and_errors(fd);
	large(fd);
	smbus(fd);
	two_at_once(&board);
	close(fd);
	board_close(&board);
	CHECK(adapter_open(board.adapter) < 0 && errno == ENOENT, "the adapter is there without its board");
}
