// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * PID 1 in User Mode Linux: runs one command on a copy of the host's files, and ends the machine with its exit status.
 *
 * On the kernel's command line stands `-- N`. File descriptor N of the host (see hostfd.c) says what to run, in strings each
 * ended by a zero byte, up to its end; the first letter of a string says what it is:
 *
 *   C<path>   the working directory
 *   A<word>   the command, then its arguments
 *   E<a=b>    a variable of the environment
 *   W<path>   a directory of the host that can be written, and keeps what is written
 *
 * The command has the host's file descriptors 0, 1 and 2. What it writes anywhere else is gone in the end. The exit status
 * of the kernel's process is that of the command, 128 + N after signal N, 127 or 126 if there is no such command, and
 * 125 if the machine did not get so far.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_BYTES	(4 << 20)
#define MOST_STRINGS	65536

static char **arguments, **variables, **writable;
static const char *directory = "/";

static void set_status(int status)
{
	int fd = open("/proc/exitcode", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		dprintf(fd, "%d", status);
		close(fd);
	}
}

static void end(int status)
{
	set_status(status);
	if (writable && writable[0])
		sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void fail(const char *what, const char *which)
{
	dprintf(2, "wasi-hw: the machine did not start: %s %s: %s\n", what, which, strerror(errno));
	end(125);
}

static void need_mount(const char *type, const char *on, const char *options)
{
	if (mount(type, on, type, 0, options))
		fail(type, on);
}

/* Where a directory is missing on this host, what would be there is done without. */
static void want_mount(const char *type, const char *on)
{
	if (mount(type, on, type, 0, NULL) && errno != ENOENT)
		fail(type, on);
}

static void read_job(const char *number)
{
	char path[32], *job = malloc(MOST_BYTES + 1);
	size_t size = 0, start, left = MOST_STRINGS;
	char **a, **v, **w;
	ssize_t got;
	int fd;

	arguments = a = calloc(3 * (MOST_STRINGS + 1), sizeof(char *));
	variables = v = arguments + MOST_STRINGS + 1;
	writable = w = variables + MOST_STRINGS + 1;
	snprintf(path, sizeof(path), "/dev/hostfd%s", number);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || !job || !arguments)
		fail("open", path);
	while ((got = read(fd, job + size, MOST_BYTES - size)) > 0)
		size += got;
	close(fd);
	errno = got < 0 ? errno : size == MOST_BYTES ? E2BIG : EINVAL;
	if (got < 0 || size == MOST_BYTES || (size && job[size - 1]))
		fail("read", path);
	for (start = 0; start < size && left; start += strlen(job + start) + 1, left--) {
		switch (job[start]) {
		case 'A':
			*a++ = job + start + 1;
			break;
		case 'E':
			*v++ = job + start + 1;
			break;
		case 'W':
			*w++ = job + start + 1;
			break;
		case 'C':
			directory = job + start + 1;
			break;
		default:
			left = 1;
		}
	}
	if (!left || a == arguments)
		fail("understand", path);
}

/* The host's files, with a layer in memory that takes what is written. */
static void make_root(void)
{
	char path[4096];
	char **w;

	need_mount("tmpfs", "/sys", NULL);
	if (mkdir("/sys/upper", 0755) || mkdir("/sys/work", 0755) || mkdir("/sys/root", 0755))
		fail("mkdir", "/sys");
	need_mount("overlay", "/sys/root", "lowerdir=/,upperdir=/sys/upper,workdir=/sys/work");
	for (w = writable; *w; w++) {
		snprintf(path, sizeof(path), "/sys/root%s", *w);
		if (mount("hostfs", path, "hostfs", 0, *w))
			fail("hostfs", *w);
	}
	if (chdir("/sys/root") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		fail("chroot", "/sys/root");
	need_mount("proc", "/proc", NULL);
	need_mount("sysfs", "/sys", NULL);
	need_mount("devtmpfs", "/dev", NULL);
	if (mkdir("/dev/pts", 0755) || mkdir("/dev/shm", 01777))
		fail("mkdir", "/dev/pts");
	need_mount("devpts", "/dev/pts", "ptmxmode=0666");
	need_mount("tmpfs", "/dev/shm", NULL);
	want_mount("configfs", "/sys/kernel/config");
	want_mount("debugfs", "/sys/kernel/debug");
}

static void raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		fail("ioctl", "lo");
	close(fd);
}

static void host_descriptor(int number)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/hostfd%d", number);
	close(number);
	fd = open(path, number ? O_WRONLY : O_RDONLY);
	if (fd < 0)
		fd = open("/dev/null", O_RDWR);
	if (fd >= 0 && fd != number) {
		dup2(fd, number);
		close(fd);
	}
}

static void command(void)
{
	setsid();
	if (chdir(directory)) {
		dprintf(2, "wasi-hw: %s: %s\n", directory, strerror(errno));
		_exit(126);
	}
	environ = variables;
	execvp(arguments[0], arguments);
	dprintf(2, "wasi-hw: %s: %s\n", arguments[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

int main(int count, char **words)
{
	pid_t child, gone;
	int number, status;

	umask(022);
	need_mount("proc", "/proc", NULL);
	set_status(125);
	need_mount("devtmpfs", "/dev", NULL);
	for (number = 0; number < 3; number++)
		host_descriptor(number);
	errno = EINVAL;
	if (count < 2)
		fail("the kernel's command line lacks", "-- N");
	read_job(words[1]);
	make_root();
	raise_loopback();
	sethostname("wasi-hw", strlen("wasi-hw"));
	child = fork();
	if (child < 0)
		fail("fork", arguments[0]);
	if (!child)
		command();
	do {
		gone = wait(&status);
	} while (gone != child && (gone > 0 || errno == EINTR));
	end(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}
