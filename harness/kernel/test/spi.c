// SPDX-License-Identifier: GPL-2.0 OR MIT
/* SPI: what a host says through /dev/spidevB.C, and what the board hears. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/spi/spidev.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "test.h"

static int device_open(int bus, int chip_select)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/spidev%d.%d", bus, chip_select);
	return open(path, O_RDWR | O_CLOEXEC);
}

static void transfers(int fd)
{
	uint8_t out[] = { 0x9f, 1, 2, 3 }, in[4] = {}, more[3] = {};
	struct spi_ioc_transfer duplex = { .tx_buf = (uintptr_t)out, .rx_buf = (uintptr_t)in, .len = 4 };
	struct spi_ioc_transfer list[] = {
		{ .tx_buf = (uintptr_t)out, .len = 1, .speed_hz = 500000, .delay_usecs = 20, .cs_change = 1 },
		{ .rx_buf = (uintptr_t)more, .len = 3, .word_delay_usecs = 5 },
		{ .delay_usecs = 65535, .cs_change = 1 },
	};

	CHECK(ioctl(fd, SPI_IOC_MESSAGE(1), &duplex) == 4, "not four bytes: %s", strerror(errno));
	CHECK(in[0] == 0x60 && in[3] == 0xfc, "read %02x %02x %02x %02x", in[0], in[1], in[2], in[3]);
	CHECK_LOG("spi 2.0 mode 0, 1000000 Hz 8 bits [9f 01 02 03] read 4\n");
	CHECK(ioctl(fd, SPI_IOC_MESSAGE(3), list) == 4, "not four bytes: %s", strerror(errno));
	CHECK(more[0] == 0xff && more[2] == 0xff, "read %02x %02x %02x", more[0], more[1], more[2]);
	CHECK_LOG("spi 2.0 mode 0, 500000 Hz 8 bits [9f] delay 20000 cs-change, 1000000 Hz 8 bits read 3 word-delay 5000, "
		  "1000000 Hz 8 bits delay 65535000 cs-change\n");
	CHECK(write(fd, out, 2) == 2 && read(fd, in, 2) == 2, "read(2) or write(2): %s", strerror(errno));
	CHECK_LOG("spi 2.0 mode 0, 1000000 Hz 8 bits [9f 01]\nspi 2.0 mode 0, 1000000 Hz 8 bits read 2\n");
	shared->error = EIO;
	CHECK_ERRNO(ioctl(fd, SPI_IOC_MESSAGE(1), &duplex), EIO);
	shared->error = ETIMEDOUT;
	CHECK_ERRNO(ioctl(fd, SPI_IOC_MESSAGE(1), &duplex), ETIMEDOUT);
	shared->length = 0;
	shared->log[0] = 0;
}

static void settings(int fd, int other)
{
	uint8_t out[] = { 1, 2 }, bits = 16, mode = SPI_MODE_3 | SPI_LSB_FIRST, seen = 0;
	struct spi_ioc_transfer one = { .tx_buf = (uintptr_t)out, .len = 2 };
	struct spi_ioc_transfer fast = { .tx_buf = (uintptr_t)out, .len = 2, .speed_hz = 50000000 };
	struct spi_ioc_transfer slow = { .tx_buf = (uintptr_t)out, .len = 2, .speed_hz = 999 };
	uint32_t hz = 250000, loop = SPI_LOOP;

	CHECK_ERRNO(ioctl(fd, SPI_IOC_WR_MODE, &mode), 0);
	CHECK_ERRNO(ioctl(fd, SPI_IOC_WR_BITS_PER_WORD, &bits), 0);
	CHECK_ERRNO(ioctl(fd, SPI_IOC_WR_MAX_SPEED_HZ, &hz), 0);
	CHECK_ERRNO(ioctl(fd, SPI_IOC_MESSAGE(1), &one), 0);
	CHECK_LOG("spi 2.0 mode b, 250000 Hz 16 bits [01 02]\n");
	/* What the description leaves out, the kernel refuses; a rate above the greatest it lowers. */
	bits = 9;
	CHECK_ERRNO(ioctl(fd, SPI_IOC_WR_BITS_PER_WORD, &bits), EINVAL);
	CHECK_ERRNO(ioctl(fd, SPI_IOC_WR_MODE32, &loop), EINVAL);
	CHECK_ERRNO(ioctl(fd, SPI_IOC_MESSAGE(1), &slow), EINVAL);
	CHECK_ERRNO(ioctl(fd, SPI_IOC_MESSAGE(1), &fast), 0);
	CHECK_LOG("spi 2.0 mode b, 10000000 Hz 16 bits [01 02]\n");
	/* The other device has a mode of its own. */
	CHECK_ERRNO(ioctl(other, SPI_IOC_RD_MODE, &seen), 0);
	CHECK(seen == SPI_MODE_3, "mode %x", seen);
	CHECK_ERRNO(ioctl(other, SPI_IOC_MESSAGE(1), &one), 0);
	CHECK_LOG("spi 2.1 mode 3, 2000000 Hz 8 bits [01 02]\n");
}

void spi_tests(void)
{
	struct board board = board_start(5000);
	int fd = device_open(board.spi, 0), other = device_open(board.spi, 1);

	CHECK(fd >= 0 && other >= 0, "a device cannot be opened: %s", strerror(errno));
	transfers(fd);
	settings(fd, other);
	close(other);
	board_close(&board);
	/* One that is still open says that its device is gone. */
	CHECK(write(fd, "x", 1) < 0 && errno == ESHUTDOWN, "a write without a board: %s", strerror(errno));
	close(fd);
	CHECK(device_open(board.spi, 0) < 0 && errno == ENOENT, "the device is there without its board");
}
