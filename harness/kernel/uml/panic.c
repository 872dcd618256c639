// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The last words of a kernel that panics, on the standard error of its process.
 *
 * No console is there to take them: those of User Mode Linux would make a terminal raw, or write to the standard output.
 */
#include <linux/init.h>
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <os.h>

static int say_why(struct notifier_block *self, unsigned long unused, void *why)
{
	os_warn("wasi-hw: kernel panic: %s\n", (const char *)why);
	return NOTIFY_DONE;
}

/* The notifier of User Mode Linux ends the process, and is the one after the first. */
static struct notifier_block before_the_end = {
	.notifier_call = say_why,
	.priority = INT_MAX,
};

static int __init panic_init(void)
{
	return atomic_notifier_chain_register(&panic_notifier_list, &before_the_end);
}
early_initcall(panic_init);
