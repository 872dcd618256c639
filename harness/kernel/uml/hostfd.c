// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * /dev/hostfdN in User Mode Linux: file descriptor N of the process that the kernel is. `hostfd=0,1,2` on the kernel's
 * command line says which.
 *
 * A pipe of the host stays a pipe for a program inside: bytes as they are, an end of file, EPIPE with SIGPIPE, O_NONBLOCK
 * and poll(2). Neither a console nor a serial line of User Mode Linux can be one.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <irq_kern.h>
#include <os.h>

#define HOSTFD_MAX	8
#define HOSTFD_BUFFER	65536

/* One direction. Both are opened when they are first used. */
struct hostfd_way {
	struct mutex lock;
	wait_queue_head_t wait;
	int fd;				/* the host's, or -1 */
	bool irq;			/* is requested */
	bool idle;			/* the host had nothing, or no room, the last time it was asked */
	bool end;			/* of what can be read */
	u8 *buffer;
	size_t from, to;		/* what is in it and not read yet */
};

struct hostfd {
	int number;
	char name[16];
	struct miscdevice device;
	struct hostfd_way in, out;
};

static struct hostfd hostfds[HOSTFD_MAX];
static int hostfd_count;

static int __init hostfd_setup(char *list)
{
	int numbers[HOSTFD_MAX + 1];

	get_options(list, ARRAY_SIZE(numbers), numbers);
	for (hostfd_count = 0; hostfd_count < numbers[0]; hostfd_count++)
		hostfds[hostfd_count].number = numbers[hostfd_count + 1];
	return 1;
}
__setup("hostfd=", hostfd_setup);

static irqreturn_t hostfd_interrupt(int irq, void *way_)
{
	struct hostfd_way *way = way_;

	WRITE_ONCE(way->idle, false);
	wake_up_interruptible(&way->wait);
	return IRQ_HANDLED;
}

/* A terminal and a pipe are opened anew: O_NONBLOCK and O_ASYNC are not for others who have them, too. */
static int hostfd_open_way(struct hostfd *host, struct hostfd_way *way, struct openflags flags)
{
	struct uml_stat stat;
	char path[32];
	int error = 0;

	mutex_lock(&way->lock);
	if (way->fd < 0) {
		error = os_stat_fd(host->number, &stat);
		if (!error && !way->buffer) {
			way->buffer = kmalloc(HOSTFD_BUFFER, GFP_KERNEL);
			error = way->buffer ? 0 : -ENOMEM;
		}
		if (!error && (S_ISFIFO(stat.ust_mode) || S_ISCHR(stat.ust_mode))) {
			snprintf(path, sizeof(path), "/proc/self/fd/%d", host->number);
			way->fd = os_open_file(path, of_cloexec(flags), 0);
			error = min(way->fd, 0);
		} else if (!error) {
			way->fd = host->number;
		}
		if (!error && !S_ISREG(stat.ust_mode))
			error = os_set_fd_block(way->fd, 0);
	}
	mutex_unlock(&way->lock);
	return error;
}

/* Reads or writes without waiting. With the lock. */
static int hostfd_try(struct hostfd_way *way, enum um_irq_type type, void *bytes, size_t size)
{
	int done, error;

	for (;;) {
		/* Before the attempt, so that an interrupt after it is not overlooked. */
		WRITE_ONCE(way->idle, true);
		done = type == IRQ_READ ? os_read_file(way->fd, bytes, size) :
					  os_write_file(way->fd, bytes, size);
		if (done != -EAGAIN)
			WRITE_ONCE(way->idle, false);
		if (done == -EINTR)
			continue;
		if (done != -EAGAIN || way->irq)
			return done;
		error = um_request_irq(UM_IRQ_ALLOC, way->fd, type, hostfd_interrupt, 0, "hostfd", way);
		if (error < 0)
			return error;
		way->irq = true;
	}
}

/* Sees to it that there is something in the buffer, or the end. With the lock. */
static int hostfd_fill(struct hostfd_way *way)
{
	int got;

	if (way->from < way->to || way->end)
		return 0;
	got = hostfd_try(way, IRQ_READ, way->buffer, HOSTFD_BUFFER);
	if (got < 0)
		return got;
	way->from = 0;
	way->to = got;
	way->end = !got;
	return 0;
}

/* Not for ever: nothing tells who waits for room in a full pipe that its reader is gone. */
static int hostfd_wait(struct file *file, struct hostfd_way *way)
{
	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	return min(wait_event_interruptible_timeout(way->wait, !READ_ONCE(way->idle), HZ / 4), 0L);
}

static ssize_t hostfd_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	struct hostfd_way *way = &((struct hostfd *)file->private_data)->in;
	ssize_t got;

	do {
		mutex_lock(&way->lock);
		got = hostfd_fill(way);
		if (!got) {
			got = min(size, way->to - way->from);
			if (copy_to_user(to, way->buffer + way->from, got))
				got = -EFAULT;
			else
				way->from += got;
		}
		mutex_unlock(&way->lock);
	} while (got == -EAGAIN && !(got = hostfd_wait(file, way)));
	return got;
}

static ssize_t hostfd_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	struct hostfd_way *way = &((struct hostfd *)file->private_data)->out;
	size_t done = 0;
	int put = 0;

	while (done < size) {
		mutex_lock(&way->lock);
		put = min_t(size_t, size - done, HOSTFD_BUFFER);
		if (copy_from_user(way->buffer, from + done, put))
			put = -EFAULT;
		else
			put = hostfd_try(way, IRQ_WRITE, way->buffer, put);
		mutex_unlock(&way->lock);
		if (put == -EAGAIN)
			put = hostfd_wait(file, way);
		if (put < 0)
			break;
		done += put;
	}
	if (put == -EPIPE)
		send_sig(SIGPIPE, current, 0);
	return done ?: put;
}

static __poll_t hostfd_poll(struct file *file, poll_table *wait)
{
	struct hostfd *host = file->private_data;
	__poll_t events = 0;

	if (file->f_mode & FMODE_READ) {
		poll_wait(file, &host->in.wait, wait);
		mutex_lock(&host->in.lock);
		if (hostfd_fill(&host->in) != -EAGAIN)
			events |= EPOLLIN | EPOLLRDNORM;
		if (host->in.end)
			events |= EPOLLHUP;
		mutex_unlock(&host->in.lock);
	}
	if (file->f_mode & FMODE_WRITE) {
		poll_wait(file, &host->out.wait, wait);
		if (!READ_ONCE(host->out.idle))
			events |= EPOLLOUT | EPOLLWRNORM;
	}
	return events;
}

static int hostfd_open(struct inode *inode, struct file *file)
{
	struct hostfd *host = container_of(file->private_data, struct hostfd, device);
	int error = 0;

	if (file->f_mode & FMODE_READ)
		error = hostfd_open_way(host, &host->in, of_read(OPENFLAGS()));
	if (!error && file->f_mode & FMODE_WRITE)
		error = hostfd_open_way(host, &host->out, of_write(OPENFLAGS()));
	file->private_data = host;
	return error ?: stream_open(inode, file);
}

static const struct file_operations hostfd_operations = {
	.open = hostfd_open,
	.read = hostfd_read,
	.write = hostfd_write,
	.poll = hostfd_poll,
};

static int __init hostfd_init(void)
{
	int i, error;

	for (i = 0; i < hostfd_count; i++) {
		struct hostfd *host = &hostfds[i];

		host->in.fd = host->out.fd = -1;
		mutex_init(&host->in.lock);
		mutex_init(&host->out.lock);
		init_waitqueue_head(&host->in.wait);
		init_waitqueue_head(&host->out.wait);
		snprintf(host->name, sizeof(host->name), "hostfd%d", host->number);
		host->device.minor = MISC_DYNAMIC_MINOR;
		host->device.name = host->name;
		host->device.mode = 0666;
		host->device.fops = &hostfd_operations;
		error = misc_register(&host->device);
		if (error)
			return error;
	}
	return 0;
}
device_initcall(hostfd_init);
