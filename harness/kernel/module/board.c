// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Boards: a character device, each open file of which is one, and the requests and answers that cross it. */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/wait_bit.h>
#include "board.h"

/* Somebody who waits for an answer. Lives on their stack, and is in one of the board's lists as long as it waits. */
struct whb_op {
	struct list_head list;
	struct whb_header *request;	/* until it is read */
	struct whb_header *answer;
	u64 id;
	size_t reads;
	u32 greatest;			/* value of an answer */
	struct completion done;
};

static struct workqueue_struct *whb_removals;

void whb_put(struct whb_board *board)
{
	/* Nothing of the board is touched where somebody else may free it: its address alone finds who waits. */
	if (refcount_dec_and_test(&board->refs))
		kfree(board);
	else
		wake_up_var(&board->refs);
}

void whb_object_init(struct whb_object *object, struct whb_board *board, work_func_t removal)
{
	object->board = board;
	object->number = board->count;
	board->objects[board->count] = object;
	INIT_WORK(&object->removal, removal);
}

/* All that waits fails, and so does all that comes: the board is closed, or not to be trusted. */
static void whb_break(struct whb_board *board)
{
	struct whb_op *op, *next;

	spin_lock(&board->lock);
	board->broken = true;
	list_splice_tail_init(&board->queue, &board->sent);
	list_for_each_entry_safe(op, next, &board->sent, list) {
		list_del_init(&op->list);
		complete(&op->done);
	}
	wake_up_interruptible(&board->readable);
	spin_unlock(&board->lock);
}

int whb_ask(struct whb_object *object, enum whb_type type, u32 line, u32 value,
	    struct whb_part *parts, u32 count)
{
	size_t head = sizeof(struct whb_header) + count * sizeof(struct whb_segment), writes = 0;
	struct whb_op op = { .greatest = type == WHB_GPIO_GET };
	struct whb_board *board = object->board;
	struct whb_segment *segment;
	int result = board ? -EMSGSIZE : -EIO;
	u64 delays = 0;
	u8 *bytes;
	u32 i;

	for (i = 0; i < count && head + max(op.reads, writes) <= WHB_MAX_SIZE; i++) {
		segment = &parts[i].segment;
		op.reads += parts[i].in ? segment->len : 0;
		writes += parts[i].out ? segment->len : 0;
		delays += (u64)segment->delay_ns + segment->cs_inactive_ns +
			  (u64)segment->word_delay_ns * segment->len;
	}
	if (!board || head + max(op.reads, writes) > WHB_MAX_SIZE)
		goto end;
	result = -ENOMEM;
	op.request = kvzalloc(head + writes, GFP_KERNEL);
	if (!op.request)
		goto end;
	*op.request = (struct whb_header) {
		.size = head + writes, .type = type, .object = object->number,
		.line = line, .value = value, .count = count,
	};
	segment = (void *)(op.request + 1);
	bytes = (void *)(segment + count);
	for (i = 0; i < count; i++) {
		segment[i] = parts[i].segment;
		if (parts[i].out)
			memcpy(bytes, parts[i].out, segment[i].len);
		bytes += parts[i].out ? segment[i].len : 0;
	}

	result = -EIO;
	init_completion(&op.done);
	spin_lock(&board->lock);
	if (!board->broken && board->waiting < WHB_MAX_WAITING) {
		board->waiting++;
		op.id = op.request->id = ++board->last_id;
		list_add_tail(&op.list, &board->queue);
		wake_up_interruptible(&board->readable);
		spin_unlock(&board->lock);
		if (!wait_for_completion_timeout(&op.done, READ_ONCE(board->limit) +
							   nsecs_to_jiffies(delays)))
			whb_break(board);
		/* Whoever ends the waiting takes it out of its list before. */
		spin_lock(&board->lock);
		board->waiting--;
		/* Who answers twice was not right the first time, either. */
		if (op.answer && !board->broken)
			result = -(int)op.answer->error ?: op.answer->value;
	}
	spin_unlock(&board->lock);
	bytes = (void *)(op.answer + 1);
	for (i = 0; i < count && result >= 0; i++) {
		if (parts[i].in)
			memcpy(parts[i].in, bytes, parts[i].segment.len);
		bytes += parts[i].in ? parts[i].segment.len : 0;
	}
end:
	kvfree(op.request);
	kvfree(op.answer);
	kvfree(parts);
	return result;
}

/* Takes the answer if it is one to a request that waits. */
static int whb_answer(struct whb_board *board, struct whb_header *answer)
{
	int error = -EPROTO;
	struct whb_op *op;

	/* What the kernel has for itself, from ERESTARTSYS on, must not come in this way. */
	if (answer->error > EHWPOISON)
		return -EPROTO;
	spin_lock(&board->lock);
	list_for_each_entry(op, &board->sent, list) {
		if (op->id != answer->id || answer->value > op->greatest ||
		    answer->size != sizeof(*answer) + (answer->error ? 0 : op->reads))
			continue;
		op->answer = answer;
		list_del_init(&op->list);
		complete(&op->done);
		error = 0;
		break;
	}
	spin_unlock(&board->lock);
	return error;
}

static int whb_edge(struct whb_board *board, const struct whb_header *message)
{
	struct whb_object *object = NULL;

	spin_lock(&board->lock);
	if (message->object < board->count && !board->broken)
		object = board->objects[message->object];
	spin_unlock(&board->lock);
	if (!object || message->size != sizeof(*message))
		return -EPROTO;
	return whb_gpio_edge(object, message->line, message->value);
}

static ssize_t whb_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	struct whb_board *board = file->private_data;
	struct whb_header *message = NULL;
	int error = -EPROTO;
	u16 type;

	if (size >= sizeof(*message) && size <= WHB_MAX_SIZE)
		message = vmemdup_user(from, size);
	if (IS_ERR(message))
		return PTR_ERR(message);
	type = message && message->size == size ? message->type : 0;
	if (type == WHB_REPLY)
		error = whb_answer(board, message);
	else if (type == WHB_GPIO_EDGE)
		error = whb_edge(board, message);
	if (error)
		whb_break(board);
	/* An answer that was taken belongs to who waited for it. */
	if (error || type != WHB_REPLY)
		kvfree(message);
	return error ?: size;
}

static bool whb_readable(struct whb_board *board)
{
	return READ_ONCE(board->broken) || !list_empty_careful(&board->queue);
}

static ssize_t whb_read(struct file *file, char __user *to, size_t room, loff_t *at)
{
	struct whb_board *board = file->private_data;
	struct whb_header *request = NULL;
	struct whb_op *op;
	ssize_t size;

	do {
		if (!(file->f_flags & O_NONBLOCK) &&
		    wait_event_interruptible(board->readable, whb_readable(board)))
			return -ERESTARTSYS;
		spin_lock(&board->lock);
		op = list_first_entry_or_null(&board->queue, struct whb_op, list);
		size = board->broken ? -EPROTO : !op ? -EAGAIN : (ssize_t)op->request->size;
		if (size > 0 && size <= room) {
			request = op->request;
			op->request = NULL;
			list_move_tail(&op->list, &board->sent);
		}
		spin_unlock(&board->lock);
	} while (size == -EAGAIN && !(file->f_flags & O_NONBLOCK));
	if (!request)
		return size > 0 ? -EMSGSIZE : size;
	if (copy_to_user(to, request, size)) {
		/* It is lost, so nobody can answer it. */
		whb_break(board);
		size = -EFAULT;
	}
	kvfree(request);
	return size;
}

static __poll_t whb_poll(struct file *file, poll_table *wait)
{
	struct whb_board *board = file->private_data;

	poll_wait(file, &board->readable, wait);
	return EPOLLOUT | EPOLLWRNORM | (whb_readable(board) ? EPOLLIN | EPOLLRDNORM : 0) |
	       (READ_ONCE(board->broken) ? EPOLLERR : 0);
}

static long whb_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct whb_board *board = file->private_data;
	int result = -ENOTTY;
	void *as;

	if (command == WHB_IOC_LIMIT) {
		if (!argument || argument > WHB_MAX_LIMIT_MS)
			return -EINVAL;
		WRITE_ONCE(board->limit, msecs_to_jiffies(argument));
		return 0;
	}
	as = memdup_user((void __user *)argument, _IOC_SIZE(command));
	if (IS_ERR(as))
		return PTR_ERR(as);
	mutex_lock(&board->adding);
	if (board->count == WHB_MAX_OBJECTS)
		result = -ENOSPC;
	else if (command == WHB_IOC_ADD_I2C)
		result = whb_i2c_add(board, as);
	else if (command == WHB_IOC_ADD_SPI)
		result = whb_spi_add(board, as);
	else if (command == WHB_IOC_ADD_GPIO)
		result = whb_gpio_add(board, as);
	if (result >= 0) {
		refcount_inc(&board->refs);
		spin_lock(&board->lock);
		board->count++;
		spin_unlock(&board->lock);
	}
	mutex_unlock(&board->adding);
	kfree(as);
	return result;
}

static int whb_open(struct inode *inode, struct file *file)
{
	struct whb_board *board = kzalloc(sizeof(*board), GFP_KERNEL);

	if (!board)
		return -ENOMEM;
	refcount_set(&board->refs, 1);
	board->limit = msecs_to_jiffies(WHB_LIMIT_MS);
	mutex_init(&board->adding);
	spin_lock_init(&board->lock);
	INIT_LIST_HEAD(&board->queue);
	INIT_LIST_HEAD(&board->sent);
	init_waitqueue_head(&board->readable);
	file->private_data = board;
	return stream_open(inode, file);
}

/* What somebody still has open goes when they let go of it. That is not waited for, only what goes at once. */
static int whb_release(struct inode *inode, struct file *file)
{
	struct whb_board *board = file->private_data;

	whb_break(board);
	for (unsigned int i = 0; i < board->count; i++)
		queue_work(whb_removals, &board->objects[i]->removal);
	wait_var_event_timeout(&board->refs, refcount_read(&board->refs) == 1, HZ / 5);
	whb_put(board);
	return 0;
}

static const struct file_operations whb_operations = {
	.owner = THIS_MODULE,
	.open = whb_open,
	.read = whb_read,
	.write = whb_write,
	.poll = whb_poll,
	.unlocked_ioctl = whb_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = whb_release,
};

struct miscdevice whb_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "wasi-hw-board",
	.mode = 0600,
	.fops = &whb_operations,
};

static int __init whb_load(void)
{
	int error;

	whb_removals = alloc_workqueue("wasi-hw-board", WQ_UNBOUND, 0);
	if (!whb_removals)
		return -ENOMEM;
	error = misc_register(&whb_device);
	if (error)
		destroy_workqueue(whb_removals);
	return error;
}

static void __exit whb_unload(void)
{
	misc_deregister(&whb_device);
	destroy_workqueue(whb_removals);
}

module_init(whb_load);
module_exit(whb_unload);

MODULE_DESCRIPTION("I2C adapters, SPI controllers and GPIO chips whose operations a process answers");
MODULE_LICENSE("Dual MIT/GPL");
