/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * /dev/wasi-hw-board: I2C adapters, SPI controllers and GPIO chips, each operation of which a process answers.
 *
 * Each open file is a board of its own. The process that opens it
 *
 *   1. says by ioctl(2) what the board has, one object after the other: WHB_IOC_ADD_I2C, _SPI, _GPIO,
 *   2. reads requests, and writes a WHB_REPLY with its id to each, in any order, from any thread,
 *   3. writes a WHB_GPIO_EDGE when the level of a watched line changes.
 *
 * Closing the file, or dying, removes everything from the system.
 *
 * A read(2) takes one message and a write(2) gives one, the header and what follows it, in the byte order of the machine.
 * Give a read room for WHB_MAX_SIZE bytes; with less it may fail with EMSGSIZE, and takes nothing. Without a message a
 * read blocks, or fails with EAGAIN under O_NONBLOCK. poll(2) says POLLIN if there is one.
 *
 * A board is trusted until it does what this page does not allow: a reply to what was not asked or is answered already, a
 * size that does not fit, an errno out of range, a level that is none, no reply within the limit. Then all that waits
 * fails with EIO, all that comes fails with EIO, read(2) and write(2) fail with EPROTO, and poll(2) says POLLERR, until
 * the file is closed.
 */
#ifndef _UAPI_WASI_HW_BOARD_H
#define _UAPI_WASI_HW_BOARD_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Bounds; what is beyond them is refused. */
#define WHB_MAX_SIZE		(1 << 20)	/* bytes of a message; an operation that needs more: EMSGSIZE */
#define WHB_MAX_OBJECTS		16		/* of a board; ENOSPC */
#define WHB_MAX_CHIP_SELECTS	8		/* of a controller */
#define WHB_MAX_LINES		64		/* of a chip */
#define WHB_MAX_WAITING		64		/* operations at once; the next one fails with EIO */
#define WHB_LIMIT_MS		5000		/* for an answer, unless WHB_IOC_LIMIT says otherwise */
#define WHB_MAX_LIMIT_MS	60000

/* ---- What a board has. Objects are numbered from 0 as they are added. ---- */

/*
 * functionality: I2C_FUNC_I2C and, of linux/i2c.h, what there is to be of I2C_FUNC_10BIT_ADDR, _PROTOCOL_MANGLING,
 * _NOSTART and the parts of _SMBUS_EMUL. SMBus calls arrive as the messages that they are made of.
 */
struct whb_adapter {
	char	name[48];		/* not empty, ended by 0 */
	__u32	functionality;
};

struct whb_controller {
	__u32	mode_bits;		/* of linux/spi/spi.h: what devices may ask for; others the kernel refuses */
	__u32	bits_per_word_mask;	/* bit n - 1 for words of n bits; 0: 8 only */
	__u32	min_hz;			/* 0: no limit */
	__u32	max_hz;			/* 0: no limit */
	__u32	count;			/* devices, at least 1; at chip selects 0, 1, ... */
	struct {
		__u32	mode;		/* that it begins with; within `mode_bits` */
		__u32	max_hz;		/* that it begins with; 0: the controller's */
	} devices[WHB_MAX_CHIP_SELECTS];
};

#define WHB_CHIP_BIAS	1		/* asked for bias; without it the kernel ignores requests for one */
#define WHB_CHIP_DRIVE	2		/* asked for open drain and source; without it the kernel makes do by inputs */

#define WHB_LINE_EDGES	1		/* can report edges; without it the kernel refuses a request for them */

struct whb_chip {
	char	label[32];		/* not empty, ended by 0 */
	__u32	flags;			/* WHB_CHIP_* */
	__u32	count;			/* lines, at least 1 */
	struct {
		char	name[32];	/* ended by 0; empty: no name */
		__u32	flags;		/* WHB_LINE_* */
	} lines[WHB_MAX_LINES];
};

/*
 * Each returns N of i2c-N, N of spidevN.*, or 0: a chip is found by its label. EINVAL: the description makes no sense; ENODEV:
 * spidev is not there. A failed one adds nothing.
 */
#define WHB_IOC_ADD_I2C		_IOW(0xb7, 1, struct whb_adapter)
#define WHB_IOC_ADD_SPI		_IOW(0xb7, 2, struct whb_controller)
#define WHB_IOC_ADD_GPIO	_IOW(0xb7, 3, struct whb_chip)
/* The argument itself: milliseconds that an answer may take, from 1 to WHB_MAX_LIMIT_MS, and any delays in addition. */
#define WHB_IOC_LIMIT		_IO(0xb7, 4)

/* ---- Messages ---- */

enum whb_type {
	/* To the process. A reply without an error is followed by the bytes of all segments that read, in their order. */
	WHB_I2C_TRANSFER	= 1,	/* START, the segments joined by repeated STARTs, STOP */
	WHB_SPI_MESSAGE		= 2,	/* line: chip select; value: mode now, SPI_CPHA and so on */
	WHB_GPIO_REQUEST	= 3,	/* this and all below: line: of the chip */
	WHB_GPIO_FREE		= 4,	/* the line has no user any more, whatever the reply */
	WHB_GPIO_INPUT		= 5,
	WHB_GPIO_OUTPUT		= 6,	/* value: the level to drive from the start */
	WHB_GPIO_GET		= 7,	/* value of the reply: the level */
	WHB_GPIO_SET		= 8,	/* value: the level; Linux before 6.17 does not report an error of it */
	WHB_GPIO_CONFIG		= 9,	/* value: enum whb_config */
	WHB_GPIO_WATCH		= 10,	/* value: WHB_EDGE_* from now on; 0: none. Nobody hears of an error */

	/* From the process. */
	WHB_REPLY		= 32,
	/*
	 * object, line; value: the level from now on. Levels are physical. What is not watched is ignored. The write
	 * returns when whoever watches has the event in their queue, with the kernel's time of it; the process may read and
	 * answer requests in another thread meanwhile, but none is made by the event itself.
	 */
	WHB_GPIO_EDGE		= 33,
};

enum whb_config {
	WHB_BIAS_DISABLED	= 1,
	WHB_BIAS_PULL_UP	= 2,
	WHB_BIAS_PULL_DOWN	= 3,
	WHB_DRIVE_PUSH_PULL	= 4,
	WHB_DRIVE_OPEN_DRAIN	= 5,
	WHB_DRIVE_OPEN_SOURCE	= 6,
};

#define WHB_EDGE_RISING		1
#define WHB_EDGE_FALLING	2

struct whb_header {
	__u32	size;		/* of the whole message in bytes, with this header */
	__u16	type;		/* enum whb_type */
	__u16	object;		/* not of a reply */
	__u64	id;		/* of a request, never 0, never used twice; the reply repeats it */
	__u32	error;		/* of a reply: 0, or an errno from 1 to 133, which the caller gets */
	__u32	line;
	__u32	value;		/* 0 unless enum whb_type says otherwise */
	__u32	count;		/* of segments that follow, then the bytes of all segments that write, in their order */
};

#define WHB_SPI_WRITES		1	/* has bytes that go out; without it, zeros do */
#define WHB_SPI_READS		2	/* what comes in is kept */
#define WHB_SPI_CS_CHANGE	4	/* deselect after it; after the last one: stay selected */

/* A message of an I2C transfer, or a transfer of an SPI message: the first three fields, or all but the address. */
struct whb_segment {
	__u32	len;		/* bytes */
	__u16	address;	/* not shifted */
	__u16	flags;		/* I2C_M_TEN, _RD, _STOP, _NOSTART, _REV_DIR_ADDR, _IGNORE_NAK, _NO_RD_ACK; WHB_SPI_* */
	__u32	speed_hz;	/* resolved; 0: as the controller likes */
	__u32	delay_ns;	/* after the last bit, before chip select changes or the next one begins */
	__u32	word_delay_ns;	/* between words */
	__u32	cs_inactive_ns;	/* for WHB_SPI_CS_CHANGE; 0: as the controller likes */
	__u8	bits_per_word;	/* resolved, not 0; in memory a word has the bytes that spidev has for it */
	__u8	tx_nbits;	/* data lines: 0 or 1, 2, 4, 8 */
	__u8	rx_nbits;
	__u8	reserved;
};

#endif
