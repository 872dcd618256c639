// SPDX-License-Identifier: GPL-2.0 OR MIT
/* GPIO chips. An edge that the board reports is an interrupt. */
#include <linux/gpio/driver.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/wait_bit.h>
#include "board.h"

struct whb_pins {
	struct whb_object object;
	struct gpio_chip chip;
	struct whb_chip as;
	const char *names[WHB_MAX_LINES];
	atomic_t requested;		/* lines */
	struct mutex watch;		/* of what interrupts want, and of this: */
	u8 told[WHB_MAX_LINES];		/* what the board knows of that */
	struct mutex edge;		/* one edge at a time: */
	int edge_line;			/* its line, or -1, */
	int edge_level;			/* and the level of it since then */
};

static_assert(WHB_EDGE_RISING == IRQ_TYPE_EDGE_RISING && WHB_EDGE_FALLING == IRQ_TYPE_EDGE_FALLING);

static int whb_gpio_ask(struct gpio_chip *chip, enum whb_type type, u32 line, u32 value)
{
	struct whb_pins *pins = gpiochip_get_data(chip);

	return whb_ask(&pins->object, type, line, value, NULL, 0);
}

/* The count is down whatever comes of it, and up before it is known what will. */
static void whb_gpio_free(struct gpio_chip *chip, unsigned int line)
{
	struct whb_pins *pins = gpiochip_get_data(chip);

	whb_gpio_ask(chip, WHB_GPIO_FREE, line, 0);
	atomic_dec(&pins->requested);
	wake_up_var(&pins->requested);
}

static int whb_gpio_request(struct gpio_chip *chip, unsigned int line)
{
	struct whb_pins *pins = gpiochip_get_data(chip);
	int error;

	atomic_inc(&pins->requested);
	error = whb_gpio_ask(chip, WHB_GPIO_REQUEST, line, 0);
	if (error && atomic_dec_and_test(&pins->requested))
		wake_up_var(&pins->requested);
	return error;
}

static int whb_gpio_input(struct gpio_chip *chip, unsigned int line)
{
	return whb_gpio_ask(chip, WHB_GPIO_INPUT, line, 0);
}

static int whb_gpio_output(struct gpio_chip *chip, unsigned int line, int level)
{
	return whb_gpio_ask(chip, WHB_GPIO_OUTPUT, line, !!level);
}

static int whb_gpio_get(struct gpio_chip *chip, unsigned int line)
{
	struct whb_pins *pins = gpiochip_get_data(chip);

	/*
	 * Who handles an edge asks for the level, while the board waits until it is handled. Pairs with the
	 * releases in whb_gpio_edge(): with the line goes its level.
	 */
	if (smp_load_acquire(&pins->edge_line) == line)
		return pins->edge_level;
	return whb_gpio_ask(chip, WHB_GPIO_GET, line, 0);
}

static void whb_gpio_set(struct gpio_chip *chip, unsigned int line, int level)
{
	whb_gpio_ask(chip, WHB_GPIO_SET, line, !!level);
}

/* What is not supported gpiolib does by itself, or does without. */
static int whb_gpio_set_config(struct gpio_chip *chip, unsigned int line, unsigned long config)
{
	static const u8 params[] = {
		[WHB_BIAS_DISABLED] = PIN_CONFIG_BIAS_DISABLE,
		[WHB_BIAS_PULL_UP] = PIN_CONFIG_BIAS_PULL_UP,
		[WHB_BIAS_PULL_DOWN] = PIN_CONFIG_BIAS_PULL_DOWN,
		[WHB_DRIVE_PUSH_PULL] = PIN_CONFIG_DRIVE_PUSH_PULL,
		[WHB_DRIVE_OPEN_DRAIN] = PIN_CONFIG_DRIVE_OPEN_DRAIN,
		[WHB_DRIVE_OPEN_SOURCE] = PIN_CONFIG_DRIVE_OPEN_SOURCE,
	};
	struct whb_pins *pins = gpiochip_get_data(chip);
	u32 value;

	for (value = WHB_BIAS_DISABLED; value < ARRAY_SIZE(params); value++)
		if (params[value] == pinconf_to_config_param(config) &&
		    pins->as.flags & (value < WHB_DRIVE_PUSH_PULL ? WHB_CHIP_BIAS : WHB_CHIP_DRIVE))
			return whb_gpio_ask(chip, WHB_GPIO_CONFIG, line, value);
	return -ENOTSUPP;
}

static void whb_irq_mask(struct irq_data *data)
{
	gpiochip_disable_irq(irq_data_get_irq_chip_data(data), data->hwirq);
}

static void whb_irq_unmask(struct irq_data *data)
{
	gpiochip_enable_irq(irq_data_get_irq_chip_data(data), data->hwirq);
}

static int whb_irq_set_type(struct irq_data *data, unsigned int type)
{
	return type & ~IRQ_TYPE_EDGE_BOTH ? -EINVAL : 0;
}

/* With the lock. */
static u8 whb_irq_wanted(struct irq_data *data)
{
	return irqd_irq_disabled(data) ? 0 : irqd_get_trigger_type(data);
}

static void whb_irq_bus_lock(struct irq_data *data)
{
	struct whb_pins *pins = gpiochip_get_data(irq_data_get_irq_chip_data(data));

	mutex_lock(&pins->watch);
}

/* The board is told without the lock: it may be in the middle of an edge, which wants it. */
static void whb_irq_bus_sync_unlock(struct irq_data *data)
{
	struct gpio_chip *chip = irq_data_get_irq_chip_data(data);
	struct whb_pins *pins = gpiochip_get_data(chip);
	u8 *told = &pins->told[data->hwirq], wanted = whb_irq_wanted(data);
	bool changed = *told != wanted;

	*told = wanted;
	mutex_unlock(&pins->watch);
	if (changed)
		whb_gpio_ask(chip, WHB_GPIO_WATCH, data->hwirq, wanted);
}

static const struct irq_chip whb_irq_chip = {
	.name = "wasi-hw-board",
	.irq_mask = whb_irq_mask,
	.irq_unmask = whb_irq_unmask,
	.irq_set_type = whb_irq_set_type,
	.irq_bus_lock = whb_irq_bus_lock,
	.irq_bus_sync_unlock = whb_irq_bus_sync_unlock,
	.flags = IRQCHIP_IMMUTABLE,
	GPIOCHIP_IRQ_RESOURCE_HELPERS,
};

static void whb_irq_valid(struct gpio_chip *chip, unsigned long *valid, unsigned int lines)
{
	struct whb_pins *pins = gpiochip_get_data(chip);

	for (unsigned int i = 0; i < lines; i++)
		__assign_bit(i, valid, pins->as.lines[i].flags & WHB_LINE_EDGES);
}

/* Waits until no line is in use, because Linux 6.1 loses a line, and the interrupt of it, whose chip goes before. */
static void whb_gpio_removal(struct work_struct *work)
{
	struct whb_pins *pins = container_of(work, struct whb_pins, object.removal);
	struct whb_board *board = pins->object.board;

	wait_var_event(&pins->requested, !atomic_read(&pins->requested));
	gpiochip_remove(&pins->chip);
	kfree(pins);
	whb_put(board);
}

/* Waits until the edge is in the queue of whoever watches: an interrupt's thread loses those that come too fast. */
int whb_gpio_edge(struct whb_object *object, u32 line, u32 level)
{
	struct whb_pins *pins = container_of(object, struct whb_pins, object);
	unsigned int irq;

	if (object->removal.func != whb_gpio_removal || line >= pins->chip.ngpio || level > 1)
		return -EPROTO;
	irq = irq_find_mapping(pins->chip.irq.domain, line);
	if (!irq)
		return 0;
	mutex_lock(&pins->edge);
	mutex_lock(&pins->watch);
	if (whb_irq_wanted(irq_get_irq_data(irq)) & (level ? WHB_EDGE_RISING : WHB_EDGE_FALLING)) {
		pins->edge_level = level;
		/* Pairs with whb_gpio_get(). */
		smp_store_release(&pins->edge_line, line);
		generic_handle_irq_safe(irq);
	}
	mutex_unlock(&pins->watch);
	synchronize_irq(irq);
	/* Pairs with whb_gpio_get(). */
	smp_store_release(&pins->edge_line, -1);
	mutex_unlock(&pins->edge);
	return 0;
}

int whb_gpio_add(struct whb_board *board, const struct whb_chip *as)
{
	struct whb_pins *pins;
	int error;
	u32 i;

	if (!as->label[0] || as->label[sizeof(as->label) - 1] || !as->count ||
	    as->count > WHB_MAX_LINES || as->flags & ~(WHB_CHIP_BIAS | WHB_CHIP_DRIVE))
		return -EINVAL;
	for (i = 0; i < as->count; i++)
		if (as->lines[i].name[sizeof(as->lines[i].name) - 1] ||
		    as->lines[i].flags & ~WHB_LINE_EDGES)
			return -EINVAL;
	pins = kzalloc(sizeof(*pins), GFP_KERNEL);
	if (!pins)
		return -ENOMEM;
	pins->as = *as;
	for (i = 0; i < as->count; i++)
		pins->names[i] = as->lines[i].name[0] ? pins->as.lines[i].name : NULL;
	mutex_init(&pins->watch);
	mutex_init(&pins->edge);
	pins->edge_line = -1;
	pins->chip = (struct gpio_chip) {
		.label = pins->as.label,
		.parent = whb_device.this_device,
		.owner = THIS_MODULE,
		.base = -1,
		.ngpio = as->count,
		.names = pins->names,
		.can_sleep = true,
		.request = whb_gpio_request,
		.free = whb_gpio_free,
		.direction_input = whb_gpio_input,
		.direction_output = whb_gpio_output,
		.get = whb_gpio_get,
		.set = whb_gpio_set,
		.set_config = whb_gpio_set_config,
		.irq.handler = handle_simple_irq,
		.irq.init_valid_mask = whb_irq_valid,
	};
	gpio_irq_chip_set_chip(&pins->chip.irq, &whb_irq_chip);
	whb_object_init(&pins->object, board, whb_gpio_removal);
	error = gpiochip_add_data(&pins->chip, pins);
	if (error)
		kfree(pins);
	return error;
}
