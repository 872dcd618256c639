// SPDX-License-Identifier: GPL-2.0 OR MIT
/* I2C adapters. */
#include <linux/i2c.h>
#include "board.h"

struct whb_i2c {
	struct whb_object object;
	struct i2c_adapter adapter;
};

static int whb_i2c_xfer(struct i2c_adapter *adapter, struct i2c_msg *msgs, int count)
{
	struct whb_i2c *i2c = container_of(adapter, struct whb_i2c, adapter);
	struct whb_part *parts;
	int i;

	for (i = 0; i < count; i++)
		if (msgs[i].flags & I2C_M_RECV_LEN)
			return -EOPNOTSUPP;
	parts = kvcalloc(count, sizeof(*parts), GFP_KERNEL);
	if (!parts)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		parts[i].segment.len = msgs[i].len;
		parts[i].segment.address = msgs[i].addr;
		/* The one that i2c-dev has for itself stays here. */
		parts[i].segment.flags = msgs[i].flags & ~I2C_M_DMA_SAFE;
		parts[i].in = msgs[i].flags & I2C_M_RD ? msgs[i].buf : NULL;
		parts[i].out = parts[i].in ? NULL : msgs[i].buf;
	}
	return whb_ask(&i2c->object, WHB_I2C_TRANSFER, 0, 0, parts, count) ?: count;
}

static u32 whb_i2c_functionality(struct i2c_adapter *adapter)
{
	return (uintptr_t)adapter->algo_data;
}

static const struct i2c_algorithm whb_i2c_algorithm = {
	.master_xfer = whb_i2c_xfer,
	.functionality = whb_i2c_functionality,
};

/* Waits until nobody has the adapter open any more, which may take for ever. */
static void whb_i2c_removal(struct work_struct *work)
{
	struct whb_i2c *i2c = container_of(work, struct whb_i2c, object.removal);
	struct whb_board *board = i2c->object.board;

	i2c_del_adapter(&i2c->adapter);
	kfree(i2c);
	whb_put(board);
}

int whb_i2c_add(struct whb_board *board, const struct whb_adapter *as)
{
	struct whb_i2c *i2c;
	int error;

	if (!as->name[0] || as->name[sizeof(as->name) - 1] || !(as->functionality & I2C_FUNC_I2C) ||
	    as->functionality & ~(I2C_FUNC_I2C | I2C_FUNC_10BIT_ADDR | I2C_FUNC_NOSTART |
				  I2C_FUNC_PROTOCOL_MANGLING | I2C_FUNC_SMBUS_EMUL))
		return -EINVAL;
	i2c = kzalloc(sizeof(*i2c), GFP_KERNEL);
	if (!i2c)
		return -ENOMEM;
	i2c->adapter.owner = THIS_MODULE;
	i2c->adapter.algo = &whb_i2c_algorithm;
	i2c->adapter.algo_data = (void *)(uintptr_t)as->functionality;
	i2c->adapter.dev.parent = whb_device.this_device;
	strscpy(i2c->adapter.name, as->name, sizeof(i2c->adapter.name));
	whb_object_init(&i2c->object, board, whb_i2c_removal);
	error = i2c_add_adapter(&i2c->adapter);
	if (error)
		kfree(i2c);
	return error ?: i2c->adapter.nr;
}
