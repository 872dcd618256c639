/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the parts of the module share: a board, and how it is asked. */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include "../wasi_hw_board.h"

/* An adapter, a controller or a chip. Its removal gives its reference to the board back. */
struct whb_object {
	struct whb_board *board;
	u16 number;
	struct work_struct removal;
};

struct whb_board {
	refcount_t refs;		/* the file's, and those of the objects */
	unsigned long limit;		/* in jiffies */
	struct mutex adding;
	spinlock_t lock;		/* of all below */
	struct list_head queue;		/* asked, not read */
	struct list_head sent;		/* read, not answered */
	unsigned int waiting;
	u64 last_id;
	bool broken;			/* or closed */
	wait_queue_head_t readable;
	unsigned int count;
	struct whb_object *objects[WHB_MAX_OBJECTS];
};

/* A segment, and where its bytes come from or go to. */
struct whb_part {
	struct whb_segment segment;
	const void *out;
	void *in;
};

extern struct miscdevice whb_device;

/* Makes it the board's next object, which it is once it was added. */
void whb_object_init(struct whb_object *object, struct whb_board *board, work_func_t removal);
void whb_put(struct whb_board *board);

/*
 * Asks and waits, uninterruptibly but not for long. The parts are NULL if there are none, and freed. Returns a level if
 * that is the question, otherwise 0; or an error: EIO of an object that has no board any more.
 */
int whb_ask(struct whb_object *object, enum whb_type type, u32 line, u32 value,
	    struct whb_part *parts, u32 count);

/* Each registers an object, and says what the ioctl is to return. */
int whb_i2c_add(struct whb_board *board, const struct whb_adapter *as);
int whb_spi_add(struct whb_board *board, const struct whb_controller *as);
int whb_gpio_add(struct whb_board *board, const struct whb_chip *as);

/* Of an object that may be no chip. */
int whb_gpio_edge(struct whb_object *object, u32 line, u32 level);
